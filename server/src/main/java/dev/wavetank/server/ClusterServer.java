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
import java.util.function.Consumer;
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

  /** How a cluster is served. */
  public static final class Options {
    private InetAddress host = InetAddress.getLoopbackAddress();
    private int port;
    private int nodes = 3;
    private long seed = 1;
    private Instant startsAt = Simulation.START;
    private ClockMode clock = ClockMode.AUTO;
    private ImmutableList<SessionSettings.ManifestFile> manifests = ImmutableList.of();
    private @Nullable Path record;
    private String users = "";
    private int dnsPort = NO_DNS;
    private boolean tls;
    private SessionSettings.NetworkSettings network = SessionSettings.NetworkSettings.DEFAULT;
    private boolean metricsServer;

    private Options() {}

    private Options(Options other) {
      this.host = other.host;
      this.port = other.port;
      this.nodes = other.nodes;
      this.seed = other.seed;
      this.startsAt = other.startsAt;
      this.clock = other.clock;
      this.manifests = other.manifests;
      this.record = other.record;
      this.users = other.users;
      this.dnsPort = other.dnsPort;
      this.tls = other.tls;
      this.network = other.network;
      this.metricsServer = other.metricsServer;
    }

    private Options with(Consumer<Options> change) {
      Options next = new Options(this);
      change.accept(next);
      return next;
    }

    /** Listens there: anything but a loopback address lets others in, port 0 is any free one. */
    public Options withAddress(InetAddress address, int wanted) {
      return with(
          next -> {
            next.host = address;
            next.port = wanted;
          });
    }

    /** Has so many nodes. */
    public Options withNodes(int count) {
      return with(next -> next.nodes = count);
    }

    /** Draws all choices from that seed. */
    public Options withSeed(long number) {
      return with(next -> next.seed = number);
    }

    /** Begins then, in virtual time: a whole second. */
    public Options withStart(Instant start) {
      return with(next -> next.startsAt = start);
    }

    /** Applies these first. */
    public Options withManifests(ImmutableList<SessionSettings.ManifestFile> files) {
      return with(next -> next.manifests = files);
    }

    /** Lets virtual time go that way. */
    public Options withClock(ClockMode mode) {
      return with(next -> next.clock = mode);
    }

    /** Writes the session's record there; null for nowhere. */
    public Options withRecord(@Nullable Path file) {
      return with(next -> next.record = file);
    }

    /** Knows users beside ServiceAccounts: the text of a token file. */
    public Options withUsers(String tokenFile) {
      return with(next -> next.users = tokenFile);
    }

    /** Answers questions to the cluster's DNS at a port; 0 for any that is free. */
    public Options withDnsPort(int wanted) {
      return with(next -> next.dnsPort = wanted);
    }

    /** Says how Services are reached. */
    public Options withNetwork(SessionSettings.NetworkSettings settings) {
      return with(next -> next.network = settings);
    }

    /** Has metrics, for {@code kubectl top}. */
    public Options withMetricsServer() {
      return withMetricsServer(true);
    }

    /** Has metrics or not. */
    public Options withMetricsServer(boolean on) {
      return with(next -> next.metricsServer = on);
    }

    /**
     * Speaks TLS, and so asks clients who they are; without, a request with no token is the
     * administrator's.
     */
    public Options withTls() {
      return withTls(true);
    }

    /** Speaks TLS or not. */
    public Options withTls(boolean on) {
      return with(next -> next.tls = on);
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
    return new Options();
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
    ServingTls tls = options.tls ? new ServingTls(options.host, options.startsAt) : null;
    HttpServer http =
        new HttpServer(
            new InetSocketAddress(options.host, options.port),
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
            options.nodes,
            options.seed,
            options.startsAt,
            hostAndPort(http),
            options.manifests,
            options.users,
            options.network,
            options.metricsServer);
    ImmutableMap<String, UserInfo> users = TokenFile.parse("users", settings.users());
    Session session = new Session(factory.apply(settings), settings.address(), users);
    SessionLog log = options.record == null ? null : new SessionLog(options.record, settings);
    session.reachWebhooks(new RecordedWebhooks(new HttpsWebhooks(), log));
    if (tls != null) {
      session.certifyBy(new RecordedCertificates(tls.authority(), log));
    }
    SimulationThread thread = new SimulationThread(session, options.clock, log);
    ready[0] = thread;
    InetSocketAddress dnsAddress =
        options.dnsPort == NO_DNS ? null : new InetSocketAddress(options.host, options.dnsPort);
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
