package dev.wavetank.scenarios.cluster;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import dev.wavetank.core.container.ProgramNetwork.Failure;
import dev.wavetank.core.container.http.HttpResponse;
import dev.wavetank.core.httpproxy.Backend;
import dev.wavetank.core.httpproxy.EndpointPool;
import dev.wavetank.core.httpproxy.ServiceEndpoints;
import dev.wavetank.core.httpproxy.SlowStart;
import dev.wavetank.core.sim.Simulation;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A client's requests to the ready endpoints of a Service, between which it balances itself: what a
 * sidecar proxy such as Envoy, or a gRPC library, does. The Service's address and the rules of
 * nodes play no part. Without an endpoint the answer is 503, as Envoy's.
 */
public final class BalancedSession implements RequestSession {

  /** A sidecar's own answer takes so long, so that who asks again at once does not ask for ever. */
  private static final long OWN_ANSWER_NANOS = 1_000_000L;

  private static final HttpResponse NO_ENDPOINT =
      HttpResponse.of(503, "text/plain", "no healthy upstream");

  private final Cluster cluster;
  private final String from;
  private final String host;
  private final int port;
  private final String header;
  private final HttpSession.Reuse reuse;
  private final EndpointPool pool;
  private final Map<ServiceEndpoints.Endpoint, HttpSession> sessions = new LinkedHashMap<>();
  private long changes;

  /**
   * A client that knows no endpoint yet but those that are there now.
   *
   * @param name of the source, for its choices
   * @param from as {@link Cluster#connect} takes it
   * @param host name of the Service, see {@link #isService}
   * @param header Host of the requests
   * @param reuse how connections to each endpoint are kept
   */
  public BalancedSession(
      Cluster cluster,
      String name,
      String from,
      String host,
      int port,
      String header,
      HttpSession.Reuse reuse,
      SlowStart slowStart) {
    this.cluster = cluster;
    this.from = from;
    this.host = host;
    this.port = port;
    this.header = header;
    this.reuse = reuse;
    List<String> labels = Splitter.on('.').splitToList(host);
    String own = Client.Reference.parse(from).namespace();
    String namespace = own.isEmpty() ? Cluster.DEFAULT_NAMESPACE : own;
    this.pool =
        new EndpointPool(
            cluster.api(),
            "traffic/" + name,
            new Backend(
                labels.size() > 1 ? labels.get(1) : namespace,
                labels.get(0),
                Integer.toString(port)),
            slowStart,
            simulation().choices().stream("traffic/" + name + "/balance"));
  }

  /** Whether a host is the name of a Service: {@code web}, {@code web.ns}, {@code web.ns.svc…}. */
  public static boolean isService(String host) {
    List<String> labels = Splitter.on('.').splitToList(host);
    boolean named =
        labels.stream().allMatch(label -> label.matches("[a-z0-9]([-a-z0-9]*[a-z0-9])?"));
    return named && (labels.size() < 3 || labels.get(2).equals("svc"));
  }

  private Simulation simulation() {
    return cluster.simulation();
  }

  @Override
  public void send(String path, Duration patience, Consumer<Reach> then) {
    if (changes != pool.changes()) {
      changes = pool.changes();
      letGo();
    }
    ServiceEndpoints.Endpoint endpoint = pool.next();
    if (endpoint == null) {
      simulation().after(OWN_ANSWER_NANOS, "traffic/no-endpoint", host, () -> then.accept(none()));
      return;
    }
    sessions
        .computeIfAbsent(endpoint, to -> cluster.session(from, to.host(), to.port(), header, reuse))
        .send(path, patience, then);
  }

  /** Connections to endpoints that are gone take no further requests. */
  private void letGo() {
    for (ServiceEndpoints.Endpoint known : ImmutableList.copyOf(sessions.keySet())) {
      if (!pool.endpoints().contains(known)) {
        HttpSession session = sessions.remove(known);
        if (session != null) {
          session.retire();
        }
      }
    }
  }

  private Reach none() {
    return new Reach(
        from,
        host + ":" + port,
        Failure.NONE,
        "",
        "",
        "",
        "",
        "",
        NO_ENDPOINT,
        Duration.ofNanos(OWN_ANSWER_NANOS));
  }
}
