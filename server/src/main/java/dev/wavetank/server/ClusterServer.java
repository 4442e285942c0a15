package dev.wavetank.server;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.UserInfo;
import dev.wavetank.core.apiserver.authentication.TokenFile;
import dev.wavetank.core.network.SocketAddress;
import dev.wavetank.core.sim.Simulation;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A simulated cluster that is served: real clients work with it as with a real one.
 *
 * <pre>{@code
 * try (ClusterServer server = ClusterServer.start(ClusterServer.options())) {
 *   System.out.println(server.url());
 * }
 * }</pre>
 */
public final class ClusterServer implements AutoCloseable {

  /**
   * How a cluster is served.
   *
   * @param host address to listen on; anything but a loopback address lets others in
   * @param port to listen on; 0 for any that is free
   * @param nodes of the cluster
   * @param seed of all choices
   * @param startsAt when the cluster begins, in virtual time; a whole second
   * @param clock how virtual time goes
   * @param manifests what is applied first
   * @param record file to write the session's record to, or null
   * @param users whom the server knows beside ServiceAccounts: the text of a token file
   * @param dnsPort port for questions to the cluster's DNS; 0 for any that is free, -1 for none
   * @param tls whether it speaks TLS, and so asks clients who they are; without, a request with no
   *     token is the administrator's
   * @param network how Services are reached
   * @param metricsServer whether there are metrics, for {@code kubectl top}
   */
  public record Options(
      InetAddress host,
      int port,
      int nodes,
      long seed,
      Instant startsAt,
      ClockMode clock,
      ImmutableList<SessionSettings.ManifestFile> manifests,
      @Nullable Path record,
      String users,
      int dnsPort,
      boolean tls,
      SessionSettings.NetworkSettings network,
      boolean metricsServer) {

    /** Options without users, port for DNS, TLS, and with a network as it is by default. */
    public Options(
        InetAddress host,
        int port,
        int nodes,
        long seed,
        Instant startsAt,
        ClockMode clock,
        ImmutableList<SessionSettings.ManifestFile> manifests,
        @Nullable Path record) {
      this(
          host,
          port,
          nodes,
          seed,
          startsAt,
          clock,
          manifests,
          record,
          "",
          NO_DNS,
          false,
          SessionSettings.NetworkSettings.DEFAULT,
          false);
    }

    public Options withClock(ClockMode mode) {
      return new Options(
          host,
          port,
          nodes,
          seed,
          startsAt,
          mode,
          manifests,
          record,
          users,
          dnsPort,
          tls,
          network,
          metricsServer);
    }

    public Options withRecord(Path file) {
      return new Options(
          host,
          port,
          nodes,
          seed,
          startsAt,
          clock,
          manifests,
          file,
          users,
          dnsPort,
          tls,
          network,
          metricsServer);
    }

    public Options withUsers(String tokenFile) {
      return new Options(
          host,
          port,
          nodes,
          seed,
          startsAt,
          clock,
          manifests,
          record,
          tokenFile,
          dnsPort,
          tls,
          network,
          metricsServer);
    }

    public Options withDnsPort(int wanted) {
      return new Options(
          host,
          port,
          nodes,
          seed,
          startsAt,
          clock,
          manifests,
          record,
          users,
          wanted,
          tls,
          network,
          metricsServer);
    }

    public Options withNetwork(SessionSettings.NetworkSettings settings) {
      return new Options(
          host,
          port,
          nodes,
          seed,
          startsAt,
          clock,
          manifests,
          record,
          users,
          dnsPort,
          tls,
          settings,
          metricsServer);
    }

    public Options withMetricsServer() {
      return new Options(
          host, port, nodes, seed, startsAt, clock, manifests, record, users, dnsPort, tls, network,
          true);
    }

    public Options withTls() {
      return new Options(
          host,
          port,
          nodes,
          seed,
          startsAt,
          clock,
          manifests,
          record,
          users,
          dnsPort,
          true,
          network,
          metricsServer);
    }
  }

  private static final int NO_DNS = -1;

  private final HttpServer http;
  private final @Nullable ServingTls tls;
  private final @Nullable DnsPort dns;
  private final Session session;
  private final SimulationThread simulation;
  private final @Nullable SessionLog log;
  private boolean closed;

  private ClusterServer(
      HttpServer http,
      @Nullable ServingTls tls,
      @Nullable DnsPort dns,
      Session session,
      SimulationThread simulation,
      @Nullable SessionLog log) {
    this.http = http;
    this.tls = tls;
    this.dns = dns;
    this.session = session;
    this.simulation = simulation;
    this.log = log;
  }

  /** Three nodes, seed 1, clock auto, on any free port of the loopback address. */
  public static Options options() {
    return new Options(
        InetAddress.getLoopbackAddress(),
        0,
        3,
        1,
        Simulation.START,
        ClockMode.AUTO,
        ImmutableList.of(),
        null);
  }

  /**
   * Builds the cluster and serves it.
   *
   * @throws IOException when the address cannot be had or the record not be written
   * @throws dev.wavetank.core.api.ManifestException when a manifest is wrong
   */
  public static ClusterServer start(Options options) throws IOException {
    return start(options, WholeCluster::new);
  }

  /**
   * Serves a cluster that somebody else puts together. Its session can be recorded, but only they
   * can play it again.
   *
   * @param factory makes it by the settings, on the calling thread
   */
  public static ClusterServer start(
      Options options, Function<SessionSettings, ServedCluster> factory) throws IOException {
    SimulationThread[] ready = new SimulationThread[1];
    ServingTls tls = options.tls() ? new ServingTls(options.host(), options.startsAt()) : null;
    HttpServer http =
        new HttpServer(
            new InetSocketAddress(options.host(), options.port()),
            tls,
            requests -> new HttpConnection(ready[0], requests, tls));
    try {
      return start(options, factory, http, tls, ready);
    } catch (IOException | RuntimeException | Error e) {
      http.stop();
      throw e;
    }
  }

  private static ClusterServer start(
      Options options,
      Function<SessionSettings, ServedCluster> factory,
      HttpServer http,
      @Nullable ServingTls tls,
      SimulationThread[] ready)
      throws IOException {
    SessionSettings settings =
        new SessionSettings(
            options.nodes(),
            options.seed(),
            options.startsAt(),
            hostAndPort(http),
            options.manifests(),
            options.users(),
            options.network(),
            options.metricsServer());
    ImmutableMap<String, UserInfo> users = TokenFile.parse("users", settings.users());
    Session session = new Session(factory.apply(settings), settings.address(), users);
    SessionLog log = options.record() == null ? null : new SessionLog(options.record(), settings);
    session.reachWebhooks(new RecordedWebhooks(new HttpsWebhooks(), log));
    if (tls != null) {
      session.certifyBy(new RecordedCertificates(tls.authority(), log));
    }
    SimulationThread thread = new SimulationThread(session, options.clock(), log);
    ready[0] = thread;
    InetSocketAddress dnsAddress =
        options.dnsPort() == NO_DNS
            ? null
            : new InetSocketAddress(options.host(), options.dnsPort());
    DnsPort dns = dnsAddress == null ? null : new DnsPort(dnsAddress, thread, http.requests());
    thread.start();
    http.accept();
    return new ClusterServer(http, tls, dns, session, thread, log);
  }

  private static String hostAndPort(HttpServer http) {
    InetSocketAddress address = http.address();
    String host = address.getAddress().getHostAddress();
    return SocketAddress.text(host, address.getPort());
  }

  /** Such as {@code http://127.0.0.1:34567}, or {@code https:} with TLS. */
  public String url() {
    return (tls == null ? "http://" : "https://") + hostAndPort(http);
  }

  /** What the administrator's client has; null without TLS, where nothing is asked for. */
  public @Nullable ClientCredentials administrator() {
    return tls == null
        ? null
        : tls.credentials(UserInfo.ADMIN.name(), ImmutableList.of(UserInfo.PRIVILEGED));
  }

  /**
   * What a client of a server with TLS has who is to be known as that user.
   *
   * @param groups to which {@code system:authenticated} is added
   * @throws IllegalStateException without TLS
   */
  public ClientCredentials credentials(String user, ImmutableList<String> groups) {
    if (tls == null) {
      throw new IllegalStateException("there are no certificates without TLS");
    }
    return tls.credentials(user, groups);
  }

  /** Where the cluster's DNS answers real resolvers, over UDP and TCP; -1 for nowhere. */
  public int dnsPort() {
    return dns == null ? NO_DNS : dns.port();
  }

  /** Why the simulation ended by itself, which is a bug; null while all is well. */
  public @Nullable Throwable failure() {
    return simulation.failure();
  }

  /** Whether requests are still answered. */
  public boolean running() {
    return simulation.alive();
  }

  /** Ends the connections and the simulation, and finishes the record. */
  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    http.stop();
    if (dns != null) {
      dns.stop();
    }
    simulation.stop();
    if (log != null) {
      try (log) {
        if (simulation.failure() == null) {
          log.end(session);
        }
      }
    }
  }
}
