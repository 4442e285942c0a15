package dev.wavetank.core.controller.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.Commit;
import dev.wavetank.core.controller.ControlPlane;
import dev.wavetank.core.controller.Pods;
import dev.wavetank.core.controller.replicaset.ReplicaSetController;
import dev.wavetank.core.sim.Choices;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * What a rolling update keeps, whatever happens during it. The caches are fresh: with late ones the
 * real controller, too, can overshoot when the template changes between a write and its notice.
 */
class RolloutBoundsTest {

  enum What {
    /** A template that there was not before. */
    IMAGE,
    /** The first template again. */
    REVERT,
    SCALE,
    FAIL
  }

  /** One thing that happens: when after the one before, and how strongly. */
  record Step(What what, int afterMillis, int amount) {}

  record Plan(long seed, int replicas, Object surge, Object unavailable, List<Step> steps) {}

  @Provide
  Arbitrary<Plan> plans() {
    return plans(Arbitraries.of(What.values()));
  }

  /**
   * New templates, one rollout after the other. With several at once the real controller, too, can
   * go below: the status of a ReplicaSet that was scaled down a moment ago still counts the pods
   * that go, and they are taken for available.
   */
  @Provide
  Arbitrary<Plan> rollouts() {
    return plans(Arbitraries.just(What.IMAGE));
  }

  private static Arbitrary<Plan> plans(Arbitrary<What> whats) {
    Arbitrary<Object> knob =
        Arbitraries.oneOf(
            Arbitraries.longs().between(0, 4).map(n -> (Object) n),
            Arbitraries.integers().between(0, 100).map(n -> (Object) (n + "%")));
    Arbitrary<Step> step =
        Combinators.combine(
                whats,
                Arbitraries.integers().between(0, 9_000),
                Arbitraries.integers().between(0, 12))
            .as(Step::new);
    return Combinators.combine(
            Arbitraries.longs(),
            Arbitraries.integers().between(1, 12),
            knob,
            knob,
            step.list().ofMaxSize(8))
        .as(Plan::new);
  }

  private static final class Run {
    final Plan plan;
    final ControlPlane plane;
    final List<String> broken = new ArrayList<>();
    final Map<Long, Long> mostByGeneration = new TreeMap<>();
    boolean settled;

    Run(Plan plan) {
      this.plan = plan;
      this.plane = new ControlPlane(Choices.seeded(plan.seed()), ControlPlane.FRESH);
      plane.readyAfter =
          pod -> plane.simulation.choices().between("ready", 0, 5 * ControlPlane.SECOND);
      plane.withKubelets();
      new ReplicaSetController(plane.server);
      new DeploymentController(plane.server);
      plane.server.listen(this::bounds);
    }

    private void bounds(Commit commit) {
      KubeObject after = commit.after();
      if (commit.key().type().equals(ResourceType.DEPLOYMENTS) && after != null) {
        mostByGeneration.put(
            after.generation(), Replicas.desired(after) + Replicas.maxSurge(after));
        long observed = after.status().number("observedGeneration", 0);
        mostByGeneration.keySet().removeIf(generation -> generation < observed);
      }
      if (commit.key().type().equals(ResourceType.REPLICA_SETS) && after != null) {
        KubeObject before = commit.before();
        if (Replicas.size(after) > (before == null ? 0 : Replicas.size(before))) {
          long total = Replicas.sizes(plane.list(ResourceType.REPLICA_SETS));
          long most = mostByGeneration.values().stream().max(Long::compare).orElse(0L);
          if (total > most) {
            broken.add(total + " pods asked for, " + most + " allowed");
          }
        }
      }
      if (settled && commit.key().type().equals(ResourceType.PODS)) {
        KubeObject deployment = plane.deployment();
        long available = plane.pods(pod -> Pods.active(pod) && Pods.ready(pod)).size();
        if (available < Replicas.minAvailable(deployment)) {
          broken.add(available + " available, not " + Replicas.minAvailable(deployment));
        }
      }
    }

    void settle() {
      plane.deployment(plan.replicas(), plan.surge(), plan.unavailable());
      plane.run(60);
    }

    void steps(int pauseSeconds) {
      int image = 1;
      for (Step step : plan.steps()) {
        plane.run(pauseSeconds + step.afterMillis() / 1e3);
        switch (step.what()) {
          case IMAGE -> plane.image("img:" + ++image);
          case REVERT -> plane.image("img:1");
          case SCALE -> plane.change((long) step.amount(), "spec", "replicas");
          case FAIL -> fail(step.amount());
        }
      }
      plane.run(300);
    }

    private void fail(int which) {
      List<KubeObject> ready = plane.pods(pod -> Pods.active(pod) && Pods.ready(pod));
      if (!ready.isEmpty()) {
        ObjectKey key = ready.get(which % ready.size()).key(ResourceType.PODS);
        plane.ready(key, false);
        plane.simulation.after(
            7 * ControlPlane.SECOND, "kubelet/recover", key, () -> plane.ready(key, true));
      }
    }

    /** See {@code DeploymentControllerTest.wl_DEP_14_…}: nothing moves it but another change. */
    private boolean stalledAsUpstream(KubeObject deployment) {
      List<KubeObject> active = ReplicaSets.active(plane.list(ResourceType.REPLICA_SETS));
      return active.size() == 1
          && Replicas.size(active.get(0)) == Replicas.desired(deployment)
          && !Long.valueOf(Replicas.desired(deployment))
              .equals(Revisions.count(active.get(0), Revisions.DESIRED_REPLICAS));
    }

    void complete() {
      KubeObject deployment = plane.deployment();
      assertThat(broken).isEmpty();
      if (stalledAsUpstream(deployment)) {
        return;
      }
      assertThat(Progress.complete(deployment, deployment.status()))
          .as(deployment.status().toString())
          .isTrue();
    }
  }

  @Property(tries = 150, edgeCases = EdgeCasesMode.MIXIN)
  void wl_DEP_07_neverMorePodsThanReplicasAndSurge(@ForAll("plans") Plan plan) {
    Run run = new Run(plan);
    run.settle();
    run.steps(0);
    run.complete();
  }

  @Property(tries = 150, edgeCases = EdgeCasesMode.MIXIN)
  void wl_DEP_09_neverFewerAvailableThanReplicasLessUnavailable(@ForAll("rollouts") Plan plan) {
    Run run = new Run(plan);
    run.settle();
    run.settled = true;
    run.steps(90);
    run.complete();
  }
}
