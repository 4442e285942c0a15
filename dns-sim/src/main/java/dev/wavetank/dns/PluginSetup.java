package dev.wavetank.dns;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Ints;
import dev.wavetank.core.api.ScenarioException;
import dev.wavetank.dns.Corefile.Directive;
import dev.wavetank.dns.Corefile.ServerBlock;
import dev.wavetank.dns.Corefile.Token;
import dev.wavetank.dns.plugin.AutoPath;
import dev.wavetank.dns.plugin.Cache;
import dev.wavetank.dns.plugin.DnsNames;
import dev.wavetank.dns.plugin.Forward;
import dev.wavetank.dns.plugin.Handler;
import dev.wavetank.dns.plugin.Hosts;
import dev.wavetank.dns.plugin.Loadbalance;
import dev.wavetank.dns.plugin.Zones;
import dev.wavetank.dns.plugin.kubernetes.Kubernetes;
import dev.wavetank.dns.plugin.kubernetes.Kubernetes.PodMode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;

/**
 * Reads the lines of a server block and builds its chain, in the fixed order of upstream's plugin
 * list, whatever the order of the lines.
 *
 * <p>Follows plugin.cfg and the setup.go of each plugin (CoreDNS v1.14).
 */
final class PluginSetup {
  /** Plugins that stand in the chain, first to last. */
  private static final ImmutableList<String> CHAIN =
      ImmutableList.of(
          "loadbalance", "rewrite", "autopath", "cache", "hosts", "kubernetes", "forward");

  /** Plugins without influence on answers: read and left out. */
  private static final ImmutableList<String> SILENT =
      ImmutableList.of(
          "errors", "health", "ready", "prometheus", "loop", "reload", "log", "debug", "pprof");

  /** Plugins that change answers in a way that is not simulated. */
  private static final ImmutableList<String> ABSENT =
      ImmutableList.of(
          "root",
          "metadata",
          "geoip",
          "cancel",
          "timeouts",
          "multisocket",
          "nsid",
          "bufsize",
          "bind",
          "trace",
          "dnstap",
          "local",
          "dns64",
          "any",
          "chaos",
          "tsig",
          "acl",
          "header",
          "dnssec",
          "tls",
          "minimal",
          "template",
          "transfer",
          "route53",
          "azure",
          "clouddns",
          "k8s_external",
          "file",
          "auto",
          "secondary",
          "etcd",
          "grpc",
          "erratic",
          "whoami",
          "on",
          "sign",
          "view",
          "nomad");

  private static final int TTL_SECONDS_MAX = 3600;
  private static final int KUBERNETES_TTL_SECONDS = 5;

  private final Corefile corefile;
  private final ServerBlock block;
  private final ServerEnvironment environment;
  private @Nullable Kubernetes kubernetes;

  PluginSetup(Corefile corefile, ServerBlock block, ServerEnvironment environment) {
    this.corefile = corefile;
    this.block = block;
    this.environment = environment;
  }

  /** The zones of the block, without ports. */
  Zones zones() {
    List<Token> zones = new ArrayList<>();
    for (Token key : block.keys()) {
      String text = key.text().startsWith("dns://") ? key.text().substring(6) : key.text();
      if (text.contains("://")) {
        throw corefile.wrong(key, "expected a zone for plain DNS, found " + key.text());
      }
      int port = text.lastIndexOf(':');
      zones.add(new Token(port < 0 ? text : text.substring(0, port), key.line(), key.column()));
    }
    return zonesOf(zones);
  }

  /** The first handler of the chain. */
  Handler chain() {
    for (Directive plugin : block.plugins()) {
      known(plugin);
    }
    Handler handler = Handler.NONE;
    for (String name : CHAIN.reverse()) {
      boolean rewritten = false;
      for (Directive plugin : block.plugins().reverse()) {
        if (plugin.name().text().equals(name) && !rewritten) {
          handler = handler(plugin, handler);
          // All rules of a block are one plugin.
          rewritten = name.equals("rewrite");
        }
      }
    }
    return handler;
  }

  private void known(Directive plugin) {
    String name = plugin.name().text();
    if (CHAIN.contains(name)) {
      boolean once = !name.equals("forward") && !name.equals("rewrite");
      for (Directive other : block.plugins()) {
        if (once && other != plugin && other.name().text().equals(name)) {
          Token second = other.name().line() > plugin.name().line() ? other.name() : plugin.name();
          throw corefile.wrong(second, "plugin " + name + " may stand only once in a server block");
        }
      }
      return;
    }
    if (SILENT.contains(name)) {
      return;
    }
    if (ABSENT.contains(name)) {
      throw corefile.wrong(plugin.name(), "plugin " + name + " is not simulated");
    }
    throw unknown(
        plugin.name(),
        "plugin",
        ImmutableList.<String>builder().addAll(CHAIN).addAll(SILENT).build());
  }

  private ScenarioException unknown(Token token, String what, ImmutableList<String> valid) {
    String nearest = ScenarioException.nearest(token.text(), valid);
    return corefile.wrong(
        token,
        "unknown "
            + what
            + " "
            + token.text()
            + (nearest == null
                ? ", expected one of " + String.join(", ", valid)
                : ", did you mean " + nearest + "?"));
  }

  private Handler handler(Directive plugin, Handler next) {
    return switch (plugin.name().text()) {
      case "loadbalance" -> loadbalance(plugin, next);
      case "rewrite" -> RewriteSetup.plugin(corefile, block, next);
      case "autopath" -> autopath(plugin, next);
      case "cache" -> cache(plugin, next);
      case "hosts" -> hosts(plugin, next);
      case "kubernetes" -> kubernetes(plugin, next);
      default -> forward(plugin, next);
    };
  }

  private Handler loadbalance(Directive plugin, Handler next) {
    for (Token policy : plugin.arguments()) {
      if (!policy.text().equals("round_robin")) {
        throw corefile.wrong(policy, "expected round_robin, found " + policy.text());
      }
    }
    noBlock(plugin);
    return new Loadbalance(environment.choices("loadbalance"), next);
  }

  private Handler autopath(Directive plugin, Handler next) {
    List<Token> arguments = new ArrayList<>(plugin.arguments());
    Token from = arguments.isEmpty() ? plugin.name() : arguments.remove(arguments.size() - 1);
    Kubernetes knows = kubernetes;
    if (!from.text().equals("@kubernetes")) {
      throw corefile.wrong(from, "autopath is simulated with @kubernetes only");
    }
    if (knows == null) {
      throw corefile.wrong(from, "autopath @kubernetes needs the plugin kubernetes");
    }
    noBlock(plugin);
    return new AutoPath(originsOrBlock(arguments), knows::searchPath, next);
  }

  private Handler kubernetes(Directive plugin, Handler next) {
    PodMode podMode = PodMode.DISABLED;
    boolean podNames = false;
    boolean ignoreEmpty = false;
    boolean endpoints = true;
    int ttl = KUBERNETES_TTL_SECONDS;
    Zones fallThrough = Zones.NONE;
    ImmutableList.Builder<String> namespaces = ImmutableList.builder();
    for (Directive option : plugin.block()) {
      switch (option.name().text()) {
        case "pods" -> podMode = podMode(option);
        case "ttl" -> ttl = number(option, 0, 0, TTL_SECONDS_MAX);
        case "fallthrough" -> fallThrough = originsOrRoot(option.arguments());
        case "endpoint_pod_names" -> podNames = true;
        case "noendpoints" -> endpoints = false;
        case "ignore" -> ignoreEmpty = oneOf(argument(option, 0), "empty_service") == 0;
        case "namespaces" -> {
          argument(option, 0);
          option.arguments().forEach(namespace -> namespaces.add(namespace.text()));
        }
        case "endpoint",
            "tls",
            "kubeconfig",
            "startup_timeout",
            "apiserver_qps",
            "apiserver_burst",
            "apiserver_max_inflight" ->
            argument(option, 0);
        case "labels", "namespace_labels", "multicluster", "zonal" ->
            throw corefile.wrong(
                option.name(), "kubernetes " + option.name().text() + " is not simulated");
        default ->
            throw unknown(
                option.name(),
                "property",
                ImmutableList.of(
                    "pods",
                    "ttl",
                    "fallthrough",
                    "endpoint_pod_names",
                    "noendpoints",
                    "ignore",
                    "namespaces"));
      }
    }
    Zones zones = originsOrBlock(plugin.arguments());
    checkPrimaryZone(plugin, zones);
    Kubernetes.Config config =
        new Kubernetes.Config(
            zones, podMode, podNames, ignoreEmpty, endpoints, namespaces.build(), fallThrough, ttl);
    kubernetes =
        new Kubernetes(
            config,
            environment.controller(),
            environment.localIps(),
            environment.start(),
            environment.entry(),
            next);
    return kubernetes;
  }

  private void checkPrimaryZone(Directive plugin, Zones zones) {
    for (Name zone : zones.names()) {
      String text = zone.toString();
      if (!text.endsWith("in-addr.arpa.") && !text.endsWith("ip6.arpa.")) {
        return;
      }
    }
    throw corefile.wrong(plugin.name(), "non-reverse zone name must be used");
  }

  private PodMode podMode(Directive option) {
    return switch (oneOf(argument(option, 0), "disabled", "insecure", "verified")) {
      case 0 -> PodMode.DISABLED;
      case 1 -> PodMode.INSECURE;
      default -> PodMode.VERIFIED;
    };
  }

  private Handler cache(Directive plugin, Handler next) {
    List<Token> arguments = new ArrayList<>(plugin.arguments());
    long successMax = Cache.SUCCESS_TTL_SECONDS_MAX;
    long denialMax = Cache.DENIAL_TTL_SECONDS_MAX;
    Integer ttl = arguments.isEmpty() ? null : Ints.tryParse(arguments.get(0).text());
    if (ttl != null) {
      if (ttl <= 0) {
        throw corefile.wrong(arguments.get(0), "cache TTL can not be zero or negative: " + ttl);
      }
      successMax = ttl;
      denialMax = ttl;
      arguments.remove(0);
    }
    Cache.Limits success =
        new Cache.Limits(Cache.CAPACITY, successMax, Cache.TTL_SECONDS_MIN, Zones.NONE);
    Cache.Limits denial =
        new Cache.Limits(Cache.CAPACITY, denialMax, Cache.TTL_SECONDS_MIN, Zones.NONE);
    long failure = Cache.TTL_SECONDS_MIN;
    boolean keepTtl = false;
    for (Directive option : plugin.block()) {
      switch (option.name().text()) {
        case "success" -> success = limits(option, success);
        case "denial" -> denial = limits(option, denial);
        case "disable" -> {
          boolean denials = oneOf(argument(option, 0), "success", "denial") == 1;
          Zones zones = originsOrRoot(option.arguments().subList(1, option.arguments().size()));
          if (denials) {
            denial = disabled(denial, zones);
          } else {
            success = disabled(success, zones);
          }
        }
        case "servfail" -> failure = seconds(argument(option, 0));
        case "keepttl" -> keepTtl = true;
        case "prefetch", "serve_stale", "serve_stale_policy" ->
            throw corefile.wrong(
                option.name(), "cache " + option.name().text() + " is not simulated");
        default ->
            throw unknown(
                option.name(),
                "property",
                ImmutableList.of("success", "denial", "disable", "servfail", "keepttl"));
      }
    }
    return new Cache(
        new Cache.Config(originsOrBlock(arguments), success, denial, failure, keepTtl), next);
  }

  private static Cache.Limits disabled(Cache.Limits limits, Zones zones) {
    return new Cache.Limits(
        limits.capacity(), limits.ttlSecondsMax(), limits.ttlSecondsMin(), zones);
  }

  private Cache.Limits limits(Directive option, Cache.Limits limits) {
    int count = option.arguments().size();
    return new Cache.Limits(
        number(option, 0, 1, Integer.MAX_VALUE),
        count > 1 ? number(option, 1, 1, Integer.MAX_VALUE) : limits.ttlSecondsMax(),
        count > 2 ? number(option, 2, 0, Integer.MAX_VALUE) : limits.ttlSecondsMin(),
        limits.disabled());
  }

  private Handler hosts(Directive plugin, Handler next) {
    ImmutableList.Builder<ImmutableList<String>> lines = ImmutableList.builder();
    List<Token> arguments = new ArrayList<>(plugin.arguments());
    if (!arguments.isEmpty() && arguments.get(0).text().startsWith("/")) {
      throw corefile.wrong(arguments.get(0), "hosts from a file is not simulated");
    }
    int ttl = (int) Hosts.TTL_SECONDS;
    boolean reverse = true;
    Zones fallThrough = Zones.NONE;
    for (Directive option : plugin.block()) {
      switch (option.name().text()) {
        case "ttl" -> ttl = number(option, 0, 1, 65535);
        case "no_reverse" -> reverse = false;
        case "reload" -> argument(option, 0);
        case "fallthrough" -> fallThrough = originsOrRoot(option.arguments());
        default -> {
          if (DnsNames.address(option.name().text()) == null) {
            throw unknown(
                option.name(),
                "property",
                ImmutableList.of("ttl", "no_reverse", "reload", "fallthrough"));
          }
          argument(option, 0);
          ImmutableList.Builder<String> line = ImmutableList.builder();
          line.add(option.name().text());
          option.arguments().forEach(host -> line.add(host.text()));
          lines.add(line.build());
        }
      }
    }
    return new Hosts(
        new Hosts.Config(originsOrBlock(arguments), lines.build(), ttl, reverse, fallThrough),
        next);
  }

  private Handler forward(Directive plugin, Handler next) {
    Token from = argument(plugin, 0);
    argument(plugin, 1);
    ImmutableList.Builder<String> to = ImmutableList.builder();
    for (Token server : plugin.arguments().subList(1, plugin.arguments().size())) {
      if (server.text().startsWith("/")) {
        to.addAll(environment.resolvConfNameservers());
      } else {
        to.add(upstreamAddress(server));
      }
    }
    ImmutableList<String> servers = to.build();
    if (servers.isEmpty() || servers.size() > Forward.TO_MAX) {
      throw corefile.wrong(
          plugin.name(),
          "expected 1 to " + Forward.TO_MAX + " servers to forward to, found " + servers.size());
    }
    Zones except = Zones.NONE;
    Forward.Policy policy = Forward.Policy.RANDOM;
    int failuresMax = Forward.FAILURES_MAX;
    for (Directive option : plugin.block()) {
      switch (option.name().text()) {
        case "except" -> except = zonesOf(option.arguments());
        case "policy" ->
            policy =
                switch (oneOf(argument(option, 0), "random", "round_robin", "sequential")) {
                  case 0 -> Forward.Policy.RANDOM;
                  case 1 -> Forward.Policy.ROUND_ROBIN;
                  default -> Forward.Policy.SEQUENTIAL;
                };
        case "max_fails" -> failuresMax = number(option, 0, 0, Integer.MAX_VALUE);
        case "max_concurrent", "expire", "health_check", "force_tcp", "prefer_udp" -> {}
        case "tls", "tls_servername", "next", "failover", "failfast_all_unhealthy_upstreams" ->
            throw corefile.wrong(
                option.name(), "forward " + option.name().text() + " is not simulated");
        default ->
            throw unknown(
                option.name(),
                "property",
                ImmutableList.of(
                    "except", "policy", "max_fails", "max_concurrent", "expire", "health_check"));
      }
    }
    return new Forward(
        new Forward.Config(zonesOf(List.of(from)), except, servers, policy, failuresMax),
        environment.upstream(),
        environment.choices("forward"),
        next);
  }

  private String upstreamAddress(Token server) {
    String text = server.text().startsWith("dns://") ? server.text().substring(6) : server.text();
    int port = text.indexOf(':') == text.lastIndexOf(':') ? text.indexOf(':') : -1;
    String host = port < 0 ? text : text.substring(0, port);
    if (DnsNames.address(host) == null) {
      throw corefile.wrong(server, "expected an IP address or a file, found " + server.text());
    }
    return text.endsWith(":53") && port >= 0 ? host : text;
  }

  private void noBlock(Directive plugin) {
    if (!plugin.block().isEmpty()) {
      throw corefile.wrong(
          plugin.block().get(0).name(), plugin.name().text() + " takes no properties");
    }
  }

  private Token argument(Directive option, int position) {
    if (option.arguments().size() <= position) {
      throw corefile.wrong(option.name(), "expected an argument after " + option.name().text());
    }
    return option.arguments().get(position);
  }

  private int number(Directive option, int position, int min, int max) {
    Token token = argument(option, position);
    Integer number = Ints.tryParse(token.text());
    if (number == null || number < min || number > max) {
      throw corefile.wrong(
          token,
          option.name().text()
              + " must be in range ["
              + min
              + ", "
              + max
              + "], found "
              + token.text());
    }
    return number;
  }

  /** A Go duration in whole seconds or minutes. */
  private long seconds(Token token) {
    String text = token.text();
    Integer number = text.isEmpty() ? null : Ints.tryParse(text.substring(0, text.length() - 1));
    if (text.equals("0")) {
      return 0;
    }
    if (number == null || number < 0 || !(text.endsWith("s") || text.endsWith("m"))) {
      throw corefile.wrong(token, "expected a duration such as 5s, found " + text);
    }
    long seconds = text.endsWith("m") ? number * 60L : number;
    if (seconds > 300) {
      throw corefile.wrong(token, "caching SERVFAIL responses over 5 minutes is not permitted");
    }
    return seconds;
  }

  private int oneOf(Token token, String... words) {
    for (int i = 0; i < words.length; i++) {
      if (words[i].equals(token.text())) {
        return i;
      }
    }
    throw unknown(token, "value", ImmutableList.copyOf(words));
  }

  private Zones originsOrBlock(List<Token> arguments) {
    return arguments.isEmpty() ? zones() : zonesOf(arguments);
  }

  private Zones originsOrRoot(List<Token> arguments) {
    return arguments.isEmpty() ? Zones.ROOT : zonesOf(arguments);
  }

  private Zones zonesOf(List<Token> tokens) {
    ImmutableList.Builder<Name> names = ImmutableList.builder();
    for (Token token : tokens) {
      Name name = zone(token.text());
      if (name == null) {
        throw corefile.wrong(token, "expected a zone, found " + token.text());
      }
      names.add(name);
    }
    return new Zones(names.build());
  }

  private static @Nullable Name zone(String text) {
    return text.equals(".") || text.isEmpty() ? Name.root : DnsNames.absolute(text);
  }
}
