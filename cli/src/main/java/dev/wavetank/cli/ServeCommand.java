package dev.wavetank.cli;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.Manifests;
import dev.wavetank.core.apiserver.authentication.TokenFile;
import dev.wavetank.server.ClockMode;
import dev.wavetank.server.ClusterServer;
import dev.wavetank.server.SessionSettings.ManifestFile;
import dev.wavetank.server.SessionSettings.NetworkSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code wavetank serve}: a cluster that real clients talk to. */
@Command(
    name = "serve",
    description = "Serves a simulated cluster to kubectl and other clients, until interrupted.",
    mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {

  private static final int NODES_MAX = 5000;
  private static final int PORT_MAX = 65_535;
  private static final long WATCHED_MILLIS = 200;

  private static final ImmutableList<String> PROXY_MODES =
      ImmutableList.of("iptables", "nftables", "ipvs");
  private static final ImmutableList<String> LOAD_BALANCERS =
      ImmutableList.of("none", "VIP", "Proxy");

  /** For how long a cluster has been running when it is handed out. */
  private static final Duration UPTIME = Duration.ofMinutes(1);

  @Spec private CommandSpec spec;

  @Option(
      names = {"-f", "--filename"},
      paramLabel = "FILE",
      description = "Manifests that are applied first.")
  private List<Path> files = List.of();

  @Option(
      names = "--nodes",
      paramLabel = "N",
      defaultValue = "3",
      description = "How many nodes the cluster has. Default: ${DEFAULT-VALUE}.")
  private int nodes;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = Seeds.DEFAULT,
      description = "Seed of the session. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "0",
      description = "Port to listen on; 0 for any that is free. Default: ${DEFAULT-VALUE}.")
  private int port;

  @Option(
      names = "--dns-port",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Port at which the cluster's DNS answers, over UDP and TCP; 0 for any that is free."
              + " Default: ${DEFAULT-VALUE}.")
  private int dnsPort;

  @Option(
      names = "--listen",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description =
          "Address to listen on. Without --tls, whoever reaches it is an administrator of the"
              + " simulated cluster. Default: ${DEFAULT-VALUE}.")
  private InetAddress listen = InetAddress.getLoopbackAddress();

  @Option(
      names = "--tls",
      description =
          "Speaks TLS, and asks clients who they are: by the kubeconfig's client certificate, or by"
              + " a token. Others are anonymous.")
  private boolean tls;

  @Option(
      names = "--clock",
      paramLabel = "auto|real|manual|FACTORx",
      defaultValue = "auto",
      converter = ClockConverter.class,
      description =
          "How virtual time passes: while a client waits, as the wall clock does, when told to, or"
              + " so many times as fast. Default: ${DEFAULT-VALUE}.")
  private ClockMode clock = ClockMode.AUTO;

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "Where the kubeconfig is written. Default: a file in the temporary directory.")
  private @Nullable Path kubeconfig;

  @Option(
      names = "--token-auth-file",
      paramLabel = "FILE",
      description =
          "Users with bearer tokens: lines of TOKEN,USER,UID,\"GROUP,...\". Without --tls, requests"
              + " without a token stay the administrator's.")
  private @Nullable Path tokenFile;

  @Option(
      names = "--proxy-mode",
      paramLabel = "iptables|nftables|ipvs",
      defaultValue = "iptables",
      description = "kube-proxy's mode. Default: ${DEFAULT-VALUE}.")
  private String proxyMode = "iptables";

  @Option(
      names = "--load-balancers",
      paramLabel = "none|VIP|Proxy",
      defaultValue = "none",
      description =
          "What a cloud does for Services of type LoadBalancer: nothing, or an address after some"
              + " seconds, whose packets it hands to nodes as they are, or from its own address to"
              + " node ports. Default: ${DEFAULT-VALUE}.")
  private String loadBalancers = "none";

  @Option(
      names = "--metrics-server",
      description = "Tells what pods and nodes use, for kubectl top.")
  private boolean metricsServer;

  @Option(
      names = "--record",
      paramLabel = "FILE",
      description = "Writes the session there, for wavetank replay.")
  private @Nullable Path record;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (nodes < 0 || nodes > NODES_MAX) {
      throw new picocli.CommandLine.ParameterException(
          spec.commandLine(), "--nodes must be 0 to " + NODES_MAX);
    }
    if (port < 0 || port > PORT_MAX || dnsPort < 0 || dnsPort > PORT_MAX) {
      throw new picocli.CommandLine.ParameterException(
          spec.commandLine(), "--port and --dns-port must be 0 to " + PORT_MAX);
    }
    require("--proxy-mode", proxyMode, PROXY_MODES);
    require("--load-balancers", loadBalancers, LOAD_BALANCERS);
    ImmutableList.Builder<ManifestFile> manifests = ImmutableList.builder();
    for (Path file : files) {
      byte[] bytes = Files.readAllBytes(file);
      Manifests.read(file.toString(), bytes);
      manifests.add(new ManifestFile(file.toString(), new String(bytes, StandardCharsets.UTF_8)));
    }
    ClusterServer.Options options =
        ClusterServer.options()
            .withAddress(listen, port)
            .withNodes(nodes)
            .withSeed(seed)
            .withStart(startsAt())
            .withClock(clock)
            .withManifests(manifests.build())
            .withRecord(record)
            .withUsers(users())
            .withDnsPort(dnsPort)
            .withNetwork(new NetworkSettings(proxyMode, loadBalancers))
            .withTls(tls)
            .withMetricsServer(metricsServer);
    ClusterServer server = ClusterServer.start(options);
    Thread interrupted = new Thread(() -> close(server), "wavetank-interrupted");
    Runtime.getRuntime().addShutdownHook(interrupted);
    try {
      tell(server, Kubeconfig.write(kubeconfig, server.url(), server.administrator()));
      while (server.running()) {
        Thread.sleep(WATCHED_MILLIS);
      }
    } finally {
      close(server);
    }
    Throwable failure = server.failure();
    if (failure instanceof RuntimeException bug) {
      throw bug;
    }
    return ExitCode.ERROR;
  }

  private void require(String option, String word, ImmutableList<String> words) {
    if (!words.contains(word)) {
      throw new picocli.CommandLine.ParameterException(
          spec.commandLine(), option + " must be one of " + String.join(", ", words));
    }
  }

  private String users() throws IOException {
    if (tokenFile == null) {
      return "";
    }
    String text = Files.readString(tokenFile);
    TokenFile.parse(tokenFile.toString(), text);
    return text;
  }

  /** So that the virtual time of the first request is about now, by which clients reckon ages. */
  private static Instant startsAt() {
    return Instant.now().minus(UPTIME).truncatedTo(ChronoUnit.SECONDS);
  }

  private void tell(ClusterServer server, Path config) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(server.url());
    out.println("export KUBECONFIG=" + config);
    out.println("dig @" + listen.getHostAddress() + " -p " + server.dnsPort());
    out.flush();
    PrintWriter err = spec.commandLine().getErr();
    if (!tls && !listen.isLoopbackAddress()) {
      err.println("wavetank: others can reach this cluster, and there are no passwords");
    }
    err.println("wavetank: serving until interrupted");
  }

  private void close(ClusterServer server) {
    try {
      server.close();
    } catch (IOException e) {
      spec.commandLine().getErr().println("wavetank: " + e.getMessage());
    }
  }

  /** Reads a clock mode. */
  static final class ClockConverter implements ITypeConverter<ClockMode> {
    @Override
    public ClockMode convert(String text) {
      try {
        return ClockMode.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}
