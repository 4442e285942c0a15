package dev.wavetank.core.controllermanager;

import com.sun.management.ThreadMXBean;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.apiserver.Latencies;
import dev.wavetank.core.controller.ControlPlane;
import dev.wavetank.core.sim.Choices;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/**
 * What controllers cost: Deployments with their Services come up, roll once and are deleted. Run
 * its main method with the test classes on the class path; it is not a test.
 *
 * <p>Arguments: Deployments, pods of each, rounds, and {@code registry} for an API server that
 * defaults and validates.
 */
final class ControllersBenchmark {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final int deployments;
  private final int replicas;
  private final ControlPlane plane;

  private ControllersBenchmark(int deployments, int replicas, boolean registry) {
    this.deployments = deployments;
    this.replicas = replicas;
    this.plane = new ControlPlane(Choices.seeded(1), Latencies.DEFAULT);
    if (registry) {
      plane.withRegistry();
    }
    for (int i = 0; i < 3; i++) {
      plane.node("node-" + i);
    }
    plane.withKubelets();
    new KubeControllerManager(plane.server, node -> plane.simulation.now());
  }

  private static long cpuNanos() {
    return THREADS.getCurrentThreadCpuTime();
  }

  private void create() {
    for (int i = 0; i < deployments; i++) {
      String name = "web-" + i;
      KubeMap labels = KubeMap.of("app", name);
      KubeMap metadata = KubeMap.of("name", name, "namespace", "default");
      KubeMap knobs = KubeMap.of("maxSurge", "25%", "maxUnavailable", "25%");
      KubeMap strategy = KubeMap.of("type", "RollingUpdate", "rollingUpdate", knobs);
      plane.server.create(
          ResourceType.DEPLOYMENTS,
          KubeObject.of(ResourceType.DEPLOYMENTS, metadata)
              .withSpec(
                  KubeMap.of(
                      "replicas",
                      (long) replicas,
                      "selector",
                      KubeMap.of("matchLabels", labels),
                      "strategy",
                      strategy,
                      "revisionHistoryLimit",
                      10L,
                      "progressDeadlineSeconds",
                      600L,
                      "template",
                      ControlPlane.template(labels, "img:1"))));
      plane.server.create(
          ResourceType.SERVICES,
          KubeObject.of(ResourceType.SERVICES, metadata)
              .withSpec(
                  KubeMap.of(
                      "selector",
                      labels,
                      "ports",
                      KubeList.of(ControlPlane.port("http", 80, 8080)))));
    }
  }

  private void roll() {
    KubeList containers = KubeList.of(KubeMap.of("name", "c", "image", "img:2"));
    for (KubeObject deployment : plane.list(ResourceType.DEPLOYMENTS)) {
      plane.server.patch(
          ResourceType.DEPLOYMENTS,
          deployment.key(ResourceType.DEPLOYMENTS),
          found -> found.with(containers, "spec", "template", "spec", "containers"));
    }
  }

  private void delete() {
    for (KubeObject deployment : plane.list(ResourceType.DEPLOYMENTS)) {
      plane.server.delete(deployment.key(ResourceType.DEPLOYMENTS), DeleteOptions.BACKGROUND);
    }
  }

  private void phase(String name, Runnable change, int podsAtTheEnd) {
    long events = plane.simulation.eventNumber();
    long allocated = THREADS.getCurrentThreadAllocatedBytes();
    long start = cpuNanos();
    change.run();
    plane.run(3_600);
    double seconds = (cpuNanos() - start) / 1e9;
    long bytes = THREADS.getCurrentThreadAllocatedBytes() - allocated;
    int pods = plane.server.count(ResourceType.PODS);
    if (pods != podsAtTheEnd) {
      throw new IllegalStateException(name + ": " + pods + " pods, not " + podsAtTheEnd);
    }
    int all = deployments * replicas;
    System.out.printf(
        Locale.ROOT,
        "%-7s %7d pods %7.3f s CPU %7.2f us a pod %7.1f kB a pod %9d events%n",
        name,
        all,
        seconds,
        seconds * 1e6 / all,
        bytes / 1e3 / all,
        plane.simulation.eventNumber() - events);
  }

  private void run() {
    int all = deployments * replicas;
    phase("create", this::create, all);
    phase("roll", this::roll, all);
    phase("delete", this::delete, 0);
  }

  public static void main(String[] args) {
    int deployments = Integer.parseInt(args[0]);
    int replicas = Integer.parseInt(args[1]);
    int rounds = Integer.parseInt(args[2]);
    boolean registry = args.length > 3 && args[3].equals("registry");
    for (int round = 1; round <= rounds; round++) {
      new ControllersBenchmark(deployments, replicas, registry).run();
    }
  }
}
