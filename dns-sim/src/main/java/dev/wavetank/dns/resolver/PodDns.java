package dev.wavetank.dns.resolver;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes the resolver file of a pod from its {@code dnsPolicy}, its {@code dnsConfig} and what the
 * kubelet was told.
 *
 * <p>Upstream leaves the order of merged options to a hash map; here the file's come first, then
 * the pod's, each at its first place.
 *
 * <p>Follows pkg/kubelet/network/dns/dns.go (v1.36).
 *
 * @param clusterDns the addresses that the kubelet was given, such as 10.96.0.10; may be empty
 * @param clusterDomain such as {@code cluster.local}; empty for none
 * @param nodeResolvConf the file that the kubelet's {@code resolvConf} names
 */
public record PodDns(
    ImmutableList<String> clusterDns, String clusterDomain, ResolvConf nodeResolvConf) {

  static final int NAMESERVERS_MAX = 3;
  static final int SEARCHES_MAX = 32;
  static final int SEARCH_CHARS_MAX = 2048;
  static final int DOMAIN_CHARS_MAX = 253;

  private static final ImmutableList<String> CLUSTER_OPTIONS = ImmutableList.of("ndots:5");

  private enum Kind {
    CLUSTER,
    HOST,
    NONE
  }

  /**
   * A warning that the kubelet records.
   *
   * @param aboutNode true for an event of the Node, false for one of the Pod
   */
  public record Warning(boolean aboutNode, String reason, String message) {}

  /** The file and what there is to warn of. */
  public record Result(ResolvConf resolvConf, ImmutableList<Warning> warnings) {}

  /** The resolver file of a pod. */
  public Result forPod(KubeObject pod) {
    List<Warning> warnings = new ArrayList<>();
    KubeMap spec = pod.spec();
    ResolvConf base =
        switch (kind(spec)) {
          case NONE -> ResolvConf.EMPTY;
          case HOST -> nodeResolvConf;
          case CLUSTER -> clusterDns.isEmpty() ? missing(pod, warnings) : cluster(pod);
        };
    KubeMap dnsConfig = spec.map("dnsConfig");
    ResolvConf merged = dnsConfig == null ? base : merged(base, dnsConfig);
    return new Result(fitted(merged, warnings), ImmutableList.copyOf(warnings));
  }

  private static Kind kind(KubeMap spec) {
    return switch (spec.string("dnsPolicy", "ClusterFirst")) {
      case "None" -> Kind.NONE;
      case "Default" -> Kind.HOST;
      case "ClusterFirst" -> spec.bool("hostNetwork", false) ? Kind.HOST : Kind.CLUSTER;
      default -> Kind.CLUSTER;
    };
  }

  private ResolvConf missing(KubeObject pod, List<Warning> warnings) {
    String message =
        "kubelet does not have ClusterDNS IP configured and cannot create Pod using"
            + " \"ClusterFirst\" policy. Falling back to \"Default\" policy.";
    warnings.add(new Warning(true, "MissingClusterDNS", message));
    String format = pod.name() + "_" + pod.namespace() + "(" + pod.uid() + ")";
    warnings.add(new Warning(false, "MissingClusterDNS", "pod: \"" + format + "\". " + message));
    return nodeResolvConf;
  }

  private ResolvConf cluster(KubeObject pod) {
    ImmutableList<String> searches = nodeResolvConf.searches();
    if (!clusterDomain.isEmpty()) {
      String services = "svc." + clusterDomain;
      searches =
          distinct(
              ImmutableList.<String>builder()
                  .add(pod.namespace() + "." + services, services, clusterDomain)
                  .addAll(searches)
                  .build());
    }
    return new ResolvConf(clusterDns, searches, CLUSTER_OPTIONS);
  }

  private static ResolvConf merged(ResolvConf base, KubeMap dnsConfig) {
    Map<String, String> options = new LinkedHashMap<>();
    for (String option : base.options()) {
      options.put(ResolvConf.optionName(option), option);
    }
    for (KubeMap option : dnsConfig.listOrEmpty("options").maps()) {
      String name = option.string("name", "");
      String value = option.string("value", "");
      options.put(name, value.isEmpty() ? name : name + ":" + value);
    }
    return new ResolvConf(
        appended(base.nameservers(), dnsConfig.listOrEmpty("nameservers")),
        appended(base.searches(), dnsConfig.listOrEmpty("searches")),
        ImmutableList.copyOf(options.values()));
  }

  private static ImmutableList<String> appended(ImmutableList<String> base, KubeList more) {
    ImmutableList.Builder<String> all = ImmutableList.<String>builder().addAll(base);
    for (Object value : more) {
      all.add((String) value);
    }
    return distinct(all.build());
  }

  private static ImmutableList<String> distinct(ImmutableList<String> values) {
    Map<String, Boolean> seen = new LinkedHashMap<>();
    values.forEach(value -> seen.put(value, true));
    return ImmutableList.copyOf(seen.keySet());
  }

  private static ResolvConf fitted(ResolvConf conf, List<Warning> warnings) {
    ImmutableList<String> nameservers = conf.nameservers();
    if (nameservers.size() > NAMESERVERS_MAX) {
      nameservers = nameservers.subList(0, NAMESERVERS_MAX);
      warnings.add(
          new Warning(
              false,
              "DNSConfigForming",
              "Nameserver limits were exceeded, some nameservers have been omitted, the applied"
                  + " nameserver line is: "
                  + String.join(" ", nameservers)));
    }
    return new ResolvConf(nameservers, fittedSearches(conf, warnings), conf.options());
  }

  private static ImmutableList<String> fittedSearches(ResolvConf conf, List<Warning> warnings) {
    List<String> searches = new ArrayList<>(conf.searches());
    if (searches.size() > SEARCHES_MAX) {
      searches = new ArrayList<>(searches.subList(0, SEARCHES_MAX));
    }
    searches.removeIf(search -> search.length() > DOMAIN_CHARS_MAX);
    while (String.join(" ", searches).length() > SEARCH_CHARS_MAX) {
      searches.remove(searches.size() - 1);
    }
    if (searches.size() < conf.searches().size()) {
      warnings.add(
          new Warning(
              false,
              "DNSConfigForming",
              "Search Line limits were exceeded, some search paths have been omitted, the applied"
                  + " search line is: "
                  + String.join(" ", searches)));
    }
    return ImmutableList.copyOf(searches);
  }
}
