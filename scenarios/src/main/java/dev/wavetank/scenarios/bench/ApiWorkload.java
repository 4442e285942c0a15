package dev.wavetank.scenarios.bench;

import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.apiserver.http.ApiHandler;
import dev.wavetank.core.apiserver.http.ApiRequest;
import dev.wavetank.core.apiserver.http.ApiResponse;
import dev.wavetank.core.apiserver.http.ResponseStream;
import dev.wavetank.core.sim.SimulationBug;
import dev.wavetank.scenarios.cluster.Cluster;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The API server as clients over HTTP meet it, up to the bytes that would be sent: the pods of one
 * Deployment become Ready while clients watch all pods, or they are listed as a Table.
 */
public final class ApiWorkload {

  private static final Duration LIMIT = Duration.ofHours(24);
  private static final String ADDRESS = "wavetank.invalid";
  private static final String PODS = "/api/v1/pods";
  private static final Map<String, String> AS_TABLE =
      ImmutableMap.of("Accept", "application/json;as=Table;v=v1;g=meta.k8s.io,application/json");

  /** Takes a stream's bytes and keeps only their number. */
  private static final class Counter implements ResponseStream.Sink {
    private long bytes;

    @Override
    public void write(byte[] piece) {
      bytes += piece.length;
    }

    @Override
    public void end() {
      throw new SimulationBug("a watch of the benchmark does not end");
    }
  }

  private final int nodes;
  private final int pods;
  private final long seed;
  private @Nullable Cluster cluster;

  /** A workload; nothing is done yet. */
  public ApiWorkload(int nodes, int pods, long seed) {
    this.nodes = nodes;
    this.pods = pods;
    this.seed = seed;
  }

  /**
   * Brings all pods up while clients watch them.
   *
   * @param watches how many clients
   */
  public Workload.Done watched(int watches) {
    cluster = null;
    Cluster started = Cluster.builder().nodes(nodes).seed(seed).dns(false).start();
    ApiHandler handler = new ApiHandler(started.api(), started.containerLogs(), ADDRESS);
    Counter[] counters = new Counter[watches];
    for (int i = 0; i < watches; i++) {
      counters[i] = new Counter();
      ResponseStream stream =
          handler
              .handle(request(PODS + "?watch=true&timeoutSeconds=86400", ImmutableMap.of()))
              .stream();
      if (stream == null) {
        throw new SimulationBug("a watch is answered with a stream");
      }
      stream.start(counters[i]);
    }
    ReadyPods count = new ReadyPods(started);
    Deployments.create(started, "web", pods);
    boolean done = started.runUntil(() -> count.ready() == pods, LIMIT);
    SimulationBug.check(done, "every pod of the benchmark becomes Ready");
    cluster = started;
    long bytes = 0;
    for (Counter counter : counters) {
      bytes += counter.bytes;
    }
    return done(started, ImmutableMap.of("pods", (long) pods), ImmutableMap.of("bytes", bytes));
  }

  /** Lists the pods of the cluster that was brought up last, as kubectl does. */
  public Workload.Done table() {
    Cluster up = cluster;
    if (up == null) {
      throw new SimulationBug("pods are listed after they were brought up");
    }
    ApiHandler handler = new ApiHandler(up.api(), up.containerLogs(), ADDRESS);
    ApiResponse response = handler.handle(request(PODS + "?limit=0", AS_TABLE));
    SimulationBug.check(response.code() == 200, "pods are listed");
    long bytes = response.body().length;
    return done(up, ImmutableMap.of("rows", (long) pods), ImmutableMap.of("bytes", bytes));
  }

  private static ApiRequest request(String target, Map<String, String> headers) {
    return new ApiRequest("GET", target, headers, new byte[0]);
  }

  private static Workload.Done done(
      Cluster up, ImmutableMap<String, Long> work, ImmutableMap<String, Long> figures) {
    return new Workload.Done(
        work,
        figures,
        up.simulation().now(),
        up.simulation().eventNumber(),
        up.api().revision(),
        up.trace().hash());
  }
}
