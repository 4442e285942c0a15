package dev.wavetank.core.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.Commit;
import dev.wavetank.core.apiserver.Latencies;
import dev.wavetank.core.container.Container;
import dev.wavetank.core.sim.Choices;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for every pod, whatever runs in it and whatever happens to it. */
class KubeletPropertiesTest {

  /** A container, by numbers that {@link #container} reads. */
  record Inside(int image, int probes, int lifecycle, int policy) {}

  /** What happens, so many tenths of a second after the thing before. */
  record Deed(int tenths, int what) {}

  /** A pod and its fate. */
  record Fate(
      long seed,
      int restartPolicy,
      int graceSeconds,
      List<Inside> inits,
      List<Inside> containers,
      List<Deed> deeds) {}

  /** Containers of a pod share its address: each listens on a port of its own, from this one on. */
  private static final int PORT_FIRST = 80;

  private static final int CONTAINERS_MAX = 4;

  /** Their port is that of the first container. */
  private static final List<String> IMAGES =
      List.of(
          "{image: i0, ports: [{port: 80}]}",
          "{image: i1, exit: {after: 4s, code: 0}}",
          "{image: i2, exit: {after: 7s, code: 1}}",
          "{image: i3, ports: [{port: 80, after: 6s, until: 40s}], terminate: {after: 3s, code: 143}}",
          "{image: i4, ports: [{port: 80}], terminate: {ignore: true}}",
          "{image: i5, size: 100M, exit: {after: 30s, code: 0}}",
          "{image: i6, tags: [none]}");

  private static final List<String> PROBES =
      List.of(
          "",
          ", readinessProbe: {tcpSocket: {port: 80}, periodSeconds: 3}",
          ", livenessProbe: {tcpSocket: {port: 80}, periodSeconds: 4, failureThreshold: 2}",
          ", startupProbe: {tcpSocket: {port: 80}, periodSeconds: 2, failureThreshold: 5},"
              + " readinessProbe: {httpGet: {port: 80}}");

  private static final List<String> LIFECYCLES =
      List.of(
          "",
          ", lifecycle: {preStop: {sleep: {seconds: 3}}}",
          ", lifecycle: {preStop: {exec: {command: [sleep, '30']}}}",
          ", lifecycle: {postStart: {exec: {command: [\"false\"]}}}",
          ", lifecycle: {postStart: {sleep: {seconds: 2}}}");

  /** What is said of the first container's port, said of another one's. */
  private static String onPortOf(int container, String text) {
    return text.replace("port: " + PORT_FIRST, "port: " + (PORT_FIRST + container));
  }

  private static String container(Inside inside, int number, String name, boolean init) {
    String policy = init && inside.policy() % 2 == 1 ? ", restartPolicy: Always" : "";
    boolean plainInit = init && policy.isEmpty();
    return "{name: "
        + name
        + ", image: "
        + image(inside.image(), number)
        + ", imagePullPolicy: IfNotPresent"
        + policy
        + (plainInit
            ? ""
            : onPortOf(number, PROBES.get(inside.probes())) + LIFECYCLES.get(inside.lifecycle()))
        + "}";
  }

  private static String image(int image, int container) {
    return "i" + image + "-" + container;
  }

  private static String spec(Fate fate) {
    List<String> inits = new ArrayList<>();
    List<String> containers = new ArrayList<>();
    for (Inside inside : fate.inits()) {
      inits.add(container(inside, inits.size(), "i" + inits.size(), true));
    }
    for (Inside inside : fate.containers()) {
      int number = inits.size() + containers.size();
      containers.add(container(inside, number, "c" + containers.size(), false));
    }
    return "restartPolicy: "
        + List.of("Always", "OnFailure", "Never").get(fate.restartPolicy())
        + "\nterminationGracePeriodSeconds: "
        + fate.graceSeconds()
        + "\ninitContainers: "
        + inits
        + "\ncontainers: "
        + containers
        + "\n";
  }

  /** Watches over what must never happen. */
  private static final class Guard {
    private final KubeletCluster cluster;

    Guard(KubeletCluster cluster) {
      this.cluster = cluster;
      cluster.server.listen(this::committed);
    }

    private void committed(Commit commit) {
      KubeObject after = commit.after();
      KubeObject before = commit.before();
      if (after == null) {
        return;
      }
      if (commit.key().type().equals(ResourceType.PODS) && before != null) {
        phaseGoesOn(after, before.status().string("phase", ""));
        restartsGrow(before.status(), after.status());
        readyMeansRunning(after.status());
      } else if (after.root().string("reason", "").equals("Started")) {
        initializedBefore(after.root().mapOrEmpty("involvedObject").string("fieldPath", ""));
      }
    }

    private static final List<String> ORDER = List.of("", "Pending", "Running", "Succeeded");

    /** A pod that lost its sandbox with its node is initialized anew, as upstream. */
    private void phaseGoesOn(KubeObject pod, String before) {
      String after = pod.status().string("phase", "");
      boolean anew =
          cluster.node().boot() > 0 && !pod.spec().listOrEmpty("initContainers").isEmpty();
      if (rank(before) == 3) {
        assertThat(after).isEqualTo(before);
      } else if (!(anew && before.equals("Running"))) {
        assertThat(rank(after)).as("%s to %s", before, after).isGreaterThanOrEqualTo(rank(before));
      }
    }

    private static int rank(String phase) {
      return phase.equals("Failed") ? 3 : ORDER.indexOf(phase);
    }

    private static void restartsGrow(KubeMap before, KubeMap after) {
      for (String list : new String[] {"containerStatuses", "initContainerStatuses"}) {
        for (KubeMap was : before.listOrEmpty(list).maps()) {
          KubeMap is = after.listOrEmpty(list).find("name", was.string("name", ""));
          assertThat(is).isNotNull();
          assertThat(is.number("restartCount", -1))
              .isGreaterThanOrEqualTo(was.number("restartCount", 0));
        }
      }
    }

    private static void readyMeansRunning(KubeMap status) {
      for (KubeMap container : status.listOrEmpty("containerStatuses").maps()) {
        if (container.bool("ready", false)) {
          assertThat(container.mapOrEmpty("state").has("running")).as("%s", container).isTrue();
          assertThat(container.get("started")).as("%s", container).isEqualTo(true);
        }
      }
    }

    private void initializedBefore(String fieldPath) {
      if (!fieldPath.startsWith("spec.containers{")) {
        return;
      }
      for (PodWorker worker : cluster.node().workers()) {
        for (ContainerRecord record : worker.records()) {
          Container current = record.current;
          if (record.init()) {
            assertThat(current).as("init container %s", record.name()).isNotNull();
            assertThat(current.sandbox()).isSameAs(worker.sandbox());
            if (!record.sidecar()) {
              assertThat(current.exited() && current.exitCode() == 0).isTrue();
            }
          }
        }
      }
    }
  }

  private static KubeletCluster cluster(Fate fate) {
    KubeletCluster cluster = new KubeletCluster(Choices.seeded(fate.seed()), Latencies.DEFAULT);
    cluster.join("node-1");
    for (int number = 0; number < CONTAINERS_MAX; number++) {
      for (int i = 0; i < IMAGES.size(); i++) {
        String image = IMAGES.get(i).replace("image: i" + i, "image: " + image(i, number));
        cluster.image(onPortOf(number, image));
      }
    }
    return cluster;
  }

  private static void suffer(KubeletCluster cluster, Deed deed) {
    cluster.run(deed.tenths() / 10.0);
    Kubelet node = cluster.node();
    switch (deed.what()) {
      case 0 -> node.killContainer("default", "p", "");
      case 1 -> node.killContainer("default", "p", "c0");
      case 2 -> node.crash();
      case 3 -> node.recover();
      case 4 -> {
        Container running = node.container("default", "p", "");
        if (running != null) {
          running.changed();
        }
      }
      case 5 -> {
        if (cluster.find() != null) {
          cluster.delete(-1);
        }
      }
      default -> {
        if (cluster.find() != null) {
          cluster.server.patch(
              ResourceType.PODS,
              KubeletCluster.key("p"),
              pod ->
                  pod.withMetadata(
                      pod.metadata()
                          .with(
                              "labels", KubeMap.of("t", Long.toString(cluster.simulation.now())))));
        }
      }
    }
  }

  @Property(tries = 300)
  void phasesRestartsAndInitializationGoOneWay(@ForAll("fates") Fate fate) {
    KubeletCluster cluster = cluster(fate);
    new Guard(cluster);
    cluster.pod(spec(fate));
    for (Deed deed : fate.deeds()) {
      suffer(cluster, deed);
    }
    cluster.node().recover();
    cluster.run(400);
  }

  @Property(tries = 300)
  void aPodThatIsDeletedIsGoneAfterItsGrace(@ForAll("fates") Fate fate) {
    KubeletCluster cluster = cluster(fate);
    new Guard(cluster);
    cluster.pod(spec(fate));
    for (Deed deed : fate.deeds()) {
      suffer(cluster, deed);
    }
    cluster.node().recover();
    cluster.run(1);
    if (cluster.find() == null) {
      return;
    }
    cluster.delete(-1);
    double asked = cluster.now();
    double gone = cluster.until("gone", c -> c.find() == null);
    // What a sync under way may still do: pull, start each container and wait for its hook.
    int steps = fate.inits().size() + fate.containers().size();
    assertThat(gone - asked).isLessThan(fate.graceSeconds() + 10 + steps * (6 + 3.5 + 2 + 30));
    cluster.run(120);
    assertThat(cluster.node().sandboxes()).isEmpty();
    assertThat(cluster.node().workers()).isEmpty();
  }

  @Property(tries = 60)
  void sameFateSameBytes(@ForAll("fates") Fate fate) {
    assertThat(run(fate)).isEqualTo(run(fate));
  }

  private static List<String> run(Fate fate) {
    KubeletCluster cluster = cluster(fate);
    cluster.pod(spec(fate));
    for (Deed deed : fate.deeds()) {
      suffer(cluster, deed);
    }
    cluster.run(60);
    List<String> all = new ArrayList<>(cluster.history(KubeObject::toString));
    cluster.eventObjects().forEach(event -> all.add(event.toString()));
    return all;
  }

  @Provide
  Arbitrary<Fate> fates() {
    Arbitrary<Inside> inside =
        Combinators.combine(
                Arbitraries.integers().between(0, IMAGES.size() - 1),
                Arbitraries.integers().between(0, PROBES.size() - 1),
                Arbitraries.integers().between(0, LIFECYCLES.size() - 1),
                Arbitraries.integers().between(0, 1))
            .as(Inside::new);
    Arbitrary<Deed> deed =
        Combinators.combine(
                Arbitraries.integers().between(0, 300), Arbitraries.integers().between(0, 8))
            .as(Deed::new);
    return Combinators.combine(
            Arbitraries.longs(),
            Arbitraries.integers().between(0, 2),
            Arbitraries.integers().between(5, 20),
            inside.list().ofMaxSize(2),
            inside.list().ofMinSize(1).ofMaxSize(2),
            deed.list().ofMaxSize(6))
        .as(Fate::new);
  }
}
