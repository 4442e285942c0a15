package dev.wavetank.core.ingress;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.httpproxy.Backend;
import dev.wavetank.core.httpproxy.HostName;
import dev.wavetank.core.httpproxy.PathPattern;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the Ingresses of one controller say, host by host.
 *
 * <p>A host that is named by a rule is served by its own paths alone: what none of them matches
 * goes to the default backend, not to rules for any host. Where one path of a host is a regular
 * expression, all of them are.
 *
 * <p>Follows internal/ingress/controller/controller.go and template.go of ingress-nginx (1.14).
 */
final class IngressTable {

  /** Most paths that are kept; the oldest Ingresses come first. */
  static final int LOCATIONS_MAX = 100_000;

  static final IngressTable EMPTY = new IngressTable(new LinkedHashMap<>(), null);

  private static final Comparator<KubeObject> OLDEST_FIRST =
      Comparator.comparing(KubeObject::creationTimestamp)
          .thenComparing(KubeObject::namespace)
          .thenComparing(KubeObject::name);

  private record Host(HostPattern pattern, ImmutableList<Location> locations) {}

  private final Map<String, Host> hosts;
  private final ImmutableList<Host> wildcards;
  private final @Nullable Backend defaultBackend;

  private IngressTable(Map<String, Host> hosts, @Nullable Backend defaultBackend) {
    this.hosts = hosts;
    this.wildcards =
        hosts.values().stream()
            .filter(host -> host.pattern.rank() == 1)
            .collect(ImmutableList.toImmutableList());
    this.defaultBackend = defaultBackend;
  }

  /** The table of these Ingresses, in whatever order they come. */
  static IngressTable of(List<KubeObject> ingresses) {
    List<KubeObject> sorted = new ArrayList<>(ingresses);
    sorted.sort(OLDEST_FIRST);
    return new Builder().add(sorted).build();
  }

  /** The location for a request; null: the default backend is asked. */
  @Nullable Location find(String hostHeader, String path) {
    Host host = host(HostName.of(hostHeader));
    if (host != null) {
      for (Location location : host.locations) {
        if (location.path().matches(path)) {
          return location;
        }
      }
    }
    return null;
  }

  private @Nullable Host host(String name) {
    Host exact = name.isEmpty() ? null : hosts.get(name);
    if (exact != null) {
      return exact;
    }
    for (Host wildcard : wildcards) {
      if (wildcard.pattern.matches(name)) {
        return wildcard;
      }
    }
    return hosts.get(HostPattern.ANY.text());
  }

  /** Where requests go that no rule takes; null when no Ingress says so. */
  @Nullable Backend defaultBackend() {
    return defaultBackend;
  }

  private static final class Builder {
    private final Map<String, List<Location>> byHost = new LinkedHashMap<>();
    private final List<KubeObject> canaries = new ArrayList<>();
    private final Set<String> regexHosts = new LinkedHashSet<>();
    private @Nullable Backend defaultBackend;
    private int count;

    Builder add(List<KubeObject> ingresses) {
      for (KubeObject ingress : ingresses) {
        if (usesRegex(ingress.annotations())) {
          for (KubeMap rule : ingress.spec().listOrEmpty("rules").maps()) {
            regexHosts.add(HostPattern.of(rule.string("host", "")).text());
          }
        }
      }
      for (KubeObject ingress : ingresses) {
        if (Canary.isCanary(ingress.annotations())) {
          canaries.add(ingress);
        } else {
          addRules(ingress);
        }
      }
      canaries.forEach(this::addCanary);
      return this;
    }

    private static boolean usesRegex(KubeMap annotations) {
      return IngressAnnotations.flag(annotations, "use-regex", false)
          || !IngressAnnotations.text(annotations, "rewrite-target").isEmpty();
    }

    private void addRules(KubeObject ingress) {
      KubeMap annotations = ingress.annotations();
      Backend fallback =
          Backend.of(ingress.namespace(), ingress.spec().mapOrEmpty("defaultBackend"));
      if (defaultBackend == null) {
        defaultBackend = fallback;
      }
      Set<String> tlsHosts = tlsHosts(ingress);
      boolean redirects = IngressAnnotations.flag(annotations, "ssl-redirect", true);
      boolean always = IngressAnnotations.flag(annotations, "force-ssl-redirect", false);
      String rewrite = IngressAnnotations.text(annotations, "rewrite-target");
      for (KubeMap rule : ingress.spec().listOrEmpty("rules").maps()) {
        HostPattern host = HostPattern.of(rule.string("host", ""));
        boolean toTls = always || (redirects && tlsHosts.contains(host.text()));
        for (KubeMap path : rule.mapOrEmpty("http").listOrEmpty("paths").maps()) {
          Backend backend = Backend.of(ingress.namespace(), path.mapOrEmpty("backend"));
          add(new Location(host, pattern(host, path), backend, null, toTls, rewrite, count));
        }
      }
    }

    private void add(Location location) {
      if (count < LOCATIONS_MAX) {
        count++;
        byHost.computeIfAbsent(location.host().text(), any -> new ArrayList<>()).add(location);
      }
    }

    private static Set<String> tlsHosts(KubeObject ingress) {
      Set<String> hosts = new LinkedHashSet<>();
      for (KubeMap tls : ingress.spec().listOrEmpty("tls").maps()) {
        for (Object host : tls.listOrEmpty("hosts")) {
          hosts.add(HostPattern.of(host.toString()).text());
        }
      }
      return hosts;
    }

    private PathPattern pattern(HostPattern host, KubeMap path) {
      String text = path.string("path", "/");
      if (regexHosts.contains(host.text())) {
        return PathPattern.regex(text);
      }
      return switch (path.string("pathType", "")) {
        case "Exact" -> PathPattern.exact(text);
        case "Prefix" -> PathPattern.prefix(text);
        default -> PathPattern.beginning(text);
      };
    }

    /** A canary has no rules of its own: it joins the rule with the same host and path. */
    private void addCanary(KubeObject ingress) {
      for (KubeMap rule : ingress.spec().listOrEmpty("rules").maps()) {
        HostPattern host = HostPattern.of(rule.string("host", ""));
        List<Location> locations = byHost.getOrDefault(host.text(), List.of());
        for (KubeMap path : rule.mapOrEmpty("http").listOrEmpty("paths").maps()) {
          Backend backend = Backend.of(ingress.namespace(), path.mapOrEmpty("backend"));
          String text = pattern(host, path).text();
          for (int i = 0; i < locations.size() && backend != null; i++) {
            Location main = locations.get(i);
            if (main.path().text().equals(text) && main.canary() == null) {
              locations.set(i, main.withCanary(Canary.of(backend, ingress.annotations())));
            }
          }
        }
      }
    }

    IngressTable build() {
      Map<String, Host> hosts = new LinkedHashMap<>();
      byHost.forEach(
          (host, locations) ->
              hosts.put(
                  host,
                  new Host(
                      new HostPattern(host),
                      ImmutableList.sortedCopyOf(Location.PRECEDENCE, locations))));
      return new IngressTable(hosts, defaultBackend);
    }
  }
}
