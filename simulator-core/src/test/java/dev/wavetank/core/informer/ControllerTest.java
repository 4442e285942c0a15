package dev.wavetank.core.informer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.apiserver.Latencies;
import dev.wavetank.core.sim.Choices;
import dev.wavetank.core.sim.Simulation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ControllerTest {

  private static final long MILLI = 1_000_000L;
  private static final long SECOND = 1_000 * MILLI;

  /** Every request takes 10 ms. */
  private static final Latencies TEN_MILLIS = new Latencies(10 * MILLI, 10 * MILLI, 0, 0);

  private final Simulation simulation = new Simulation(Choices.first());
  private final ApiServer server = new ApiServer(simulation, TEN_MILLIS);
  private final ApiClient client = new ApiClient(server, "test");
  private final List<String> log = new ArrayList<>();

  private Controller<String> controller(int workers, int retriesMax, Reconciler<String> what) {
    return new Controller<>(
        "test",
        workers,
        client,
        RateLimiter.controllerDefault(),
        retriesMax,
        key -> {
          log.add(simulation.now() / MILLI + " " + key);
          return what.reconcile(key);
        });
  }

  private Result request() {
    client.find(ObjectKey.of(ResourceType.PODS, "default", "any"));
    return Result.done();
  }

  @Test
  void aWorkerIsBusyForAsLongAsItsRequestsTake() {
    Controller<String> controller = controller(2, 1, key -> request());
    for (String key : List.of("a", "b", "c", "d", "e")) {
      controller.enqueue(key);
    }
    simulation.runUntil(SECOND);
    assertThat(log).containsExactly("0 a", "0 b", "10 c", "10 d", "20 e");
    assertThat(controller.idle()).isTrue();
  }

  @Test
  void aKeyIsNeverReconciledTwiceAtATime() {
    Controller<String> controller = controller(5, 1, key -> request());
    controller.enqueue("a");
    simulation.runUntil(5 * MILLI);
    controller.enqueue("a");
    controller.enqueue("a");
    simulation.runUntil(SECOND);
    assertThat(log).containsExactly("0 a", "10 a");
  }

  @Test
  void aFailureIsRetriedAfterItsBackOffWhichBeginsWhenTheWorkerIsFree() {
    Controller<String> controller =
        controller(
            1,
            3,
            key -> {
              request();
              throw new ApiException(Status.internalError("no"));
            });
    controller.enqueue("a");
    simulation.runUntil(10 * SECOND);
    // 10 ms of work each time; 5, 10 and 20 ms of back-off; then it is dropped.
    assertThat(log).containsExactly("0 a", "15 a", "35 a", "65 a");
  }

  @Test
  void aDroppedKeyHasAllItsRetriesAgainWhenItIsAddedAgain() {
    Controller<String> controller = controller(1, 2, key -> Result.retry());
    controller.enqueue("a");
    simulation.runUntil(SECOND);
    assertThat(log).hasSize(3);
    controller.enqueue("a");
    simulation.runUntil(2 * SECOND);
    assertThat(log).hasSize(6);
  }

  @Test
  void successEndsTheRowOfFailures() {
    int[] attempt = {0};
    Controller<String> controller =
        controller(
            1,
            Controller.RETRIES_UNBOUNDED,
            key -> ++attempt[0] % 3 == 0 ? Result.done() : Result.retry());
    controller.enqueue("a");
    simulation.runUntil(SECOND);
    controller.enqueue("a");
    simulation.runUntil(2 * SECOND);
    assertThat(log).containsExactly("0 a", "5 a", "15 a", "1000 a", "1005 a", "1015 a");
  }

  @Test
  void lookingAgainLaterForgetsFailuresUnlessTheyAreToCountOn() {
    List<Result> results =
        new ArrayList<>(
            List.of(
                Result.retry(),
                Result.remaining(100 * MILLI),
                Result.retry(),
                Result.after(100 * MILLI),
                Result.retry(),
                Result.done()));
    Controller<String> controller =
        controller(1, Controller.RETRIES_UNBOUNDED, key -> results.remove(0));
    controller.enqueue("a");
    simulation.runUntil(SECOND);
    assertThat(log).containsExactly("0 a", "5 a", "105 a", "115 a", "215 a", "220 a");
  }

  @Test
  void theCauseOfAReconcileIsTheEventThatAddedTheKey() {
    Map<Long, String> labels = new LinkedHashMap<>();
    List<String> causes = new ArrayList<>();
    simulation.listen(
        (number, time, what, subject, cause) -> {
          labels.put(number, what + "/" + subject);
          if (what.equals("test/reconcile")) {
            causes.add(labels.getOrDefault(cause, "outside"));
          }
        });
    Controller<String> controller = controller(1, 1, key -> request());
    controller.enqueue("a");
    simulation.after(0, "user/asks", "b", () -> controller.enqueue("b"));
    simulation.runUntil(SECOND);
    assertThat(causes).containsExactly("outside", "user/asks/b");
  }

  @Property(tries = 200)
  void noMoreKeysAreWorkedOnThanThereAreWorkersAndEveryAdditionIsFollowedByAReconcile(
      @ForAll @IntRange(min = 1, max = 4) int workers,
      @ForAll @Size(max = 60) List<@IntRange(min = 0, max = 79) Integer> additions) {
    Simulation run = new Simulation(Choices.first());
    ApiServer api = new ApiServer(run, TEN_MILLIS);
    ApiClient requests = new ApiClient(api, "test");
    Map<Integer, Long> lastReconcile = new LinkedHashMap<>();
    Map<Integer, Long> lastAddition = new LinkedHashMap<>();
    List<Long> begins = new ArrayList<>();
    Controller<Integer> controller =
        new Controller<>(
            "test",
            workers,
            requests,
            RateLimiter.controllerDefault(),
            1,
            key -> {
              Long before = lastReconcile.put(key, run.now());
              assertThat(before == null || run.now() - before >= 10 * MILLI).isTrue();
              begins.add(run.now());
              requests.find(ObjectKey.of(ResourceType.PODS, "default", "any"));
              return Result.done();
            });
    for (int addition : additions) {
      int key = addition % 8;
      lastAddition.put(key, run.now());
      controller.enqueue(key);
      run.runUntil(run.now() + addition / 8 * MILLI);
    }
    run.runUntil(run.now() + 10 * SECOND);
    assertThat(controller.idle()).isTrue();
    lastAddition.forEach(
        (key, added) ->
            assertThat(lastReconcile.getOrDefault(key, -1L)).isGreaterThanOrEqualTo(added));
    for (int i = workers; i < begins.size(); i++) {
      assertThat(begins.get(i) - begins.get(i - workers)).isGreaterThanOrEqualTo(10 * MILLI);
    }
  }

  @Test
  void wl_TIME_02_aRequestTakesATimeWithinTheBoundsOfTheServer() {
    ApiServer real = new ApiServer(new Simulation(Choices.seeded(1)), Latencies.DEFAULT);
    ApiClient slow = new ApiClient(real, "test");
    for (int i = 0; i < 200; i++) {
      slow.find(ObjectKey.of(ResourceType.PODS, "default", "any"));
      assertThat(slow.takeElapsedNanos()).isBetween(2 * MILLI, 10 * MILLI);
    }
    assertThat(slow.takeElapsedNanos()).isZero();
  }

  @Test
  void aCollectionIsDeletedByOneRequestInTheOrderOfNames() {
    for (String name : List.of("b", "a", "c")) {
      server.create(
          ResourceType.CONFIG_MAPS,
          KubeObject.of(
              ResourceType.CONFIG_MAPS, KubeMap.of("name", name, "namespace", "default")));
    }
    server.create(
        ResourceType.CONFIG_MAPS,
        KubeObject.of(ResourceType.CONFIG_MAPS, KubeMap.of("name", "d", "namespace", "other")));
    List<String> deleted = new ArrayList<>();
    server.listen(commit -> deleted.add(commit.key().name()));
    List<String> writes = new ArrayList<>();
    client.listen((verb, key, subresource, sent) -> writes.add(verb + " " + key));
    client.deleteCollection(ResourceType.CONFIG_MAPS, "default", DeleteOptions.BACKGROUND);
    assertThat(deleted).containsExactly("a", "b", "c");
    assertThat(writes).containsExactly("deletecollection configmaps/default/");
    assertThat(client.takeElapsedNanos()).isEqualTo(10 * MILLI);
    assertThat(client.list(ResourceType.CONFIG_MAPS, "other")).hasSize(1);
  }
}
