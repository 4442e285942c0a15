package dev.wavetank.core.apiserver.registry;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.GoQuote;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.network.IpAddress;
import java.util.List;

/**
 * What a client is told of a Service that is accepted: fields that are ignored or deprecated, and
 * addresses in a form that is not the canonical one.
 *
 * <p>Follows pkg/api/service/warnings.go and
 * staging/src/k8s.io/apimachinery/pkg/util/validation/ip.go (v1.36).
 */
final class ServiceWarnings {

  private static final String HINTS = "service.kubernetes.io/topology-aware-hints";
  private static final String MODE = "service.kubernetes.io/topology-mode";

  private ServiceWarnings() {}

  static List<String> of(KubeObject service) {
    ImmutableList.Builder<String> warnings = ImmutableList.builder();
    KubeMap spec = service.spec();
    KubeList externalIps = spec.listOrEmpty("externalIPs");
    boolean headless =
        Services.type(spec).equals("ClusterIP")
            && spec.string("clusterIP", "").equals(Services.NONE);
    if (service.annotations().has(HINTS)) {
      warnings.add("annotation " + HINTS + " is deprecated, please use " + MODE + " instead");
    }
    if (!spec.string("clusterIP", "").isEmpty() && !headless) {
      addresses(spec.listOrEmpty("clusterIPs"), "spec.clusterIPs", warnings);
    }
    if (headless) {
      headless(spec, warnings);
    }
    addresses(externalIps, "spec.externalIPs", warnings);
    if (!externalIps.isEmpty() && !headless && !Services.externalName(spec)) {
      warnings.add(
          "spec.externalIPs is deprecated and may no longer be implemented in some clusters");
    }
    address(spec.string("loadBalancerIP", ""), "spec.loadBalancerIP", warnings);
    networks(spec.listOrEmpty("loadBalancerSourceRanges"), warnings);
    if (Services.externalName(spec) && !externalIps.isEmpty()) {
      warnings.add("spec.externalIPs is ignored when spec.type is \"ExternalName\"");
    }
    if (!Services.externalName(spec) && !spec.string("externalName", "").isEmpty()) {
      warnings.add("spec.externalName is ignored when spec.type is not \"ExternalName\"");
    }
    if ("PreferClose".equals(spec.get("trafficDistribution"))) {
      warnings.add(
          "spec.trafficDistribution: \"PreferClose\" is deprecated; use \"PreferSameZone\"");
    }
    return warnings.build();
  }

  private static void headless(KubeMap spec, ImmutableList.Builder<String> warnings) {
    if (!spec.string("loadBalancerIP", "").isEmpty()) {
      warnings.add("spec.loadBalancerIP is ignored for headless services");
    }
    if (!spec.listOrEmpty("externalIPs").isEmpty()) {
      warnings.add("spec.externalIPs is ignored for headless services");
    }
    if (!spec.string("sessionAffinity", "").equals("None")) {
      warnings.add("spec.SessionAffinity is ignored for headless services");
    }
  }

  private static void addresses(
      KubeList addresses, String path, ImmutableList.Builder<String> warnings) {
    for (int i = 0; i < addresses.size(); i++) {
      address(addresses.get(i).toString(), path + "[" + i + "]", warnings);
    }
  }

  private static void address(String text, String path, ImmutableList.Builder<String> warnings) {
    IpAddress ip = IpValidation.parse(text);
    if (ip != null && ip.isV6() && !ip.toString().equals(text)) {
      warnings.add(path + ": IPv6 address " + canonical(text, ip.toString()));
    }
  }

  private static void networks(KubeList networks, ImmutableList.Builder<String> warnings) {
    for (int i = 0; i < networks.size(); i++) {
      String text = networks.get(i).toString();
      int slash = text.indexOf('/');
      IpAddress ip = slash < 0 ? null : IpValidation.parse(text.substring(0, slash));
      String canonical = ip == null ? text : ip + text.substring(slash);
      if (ip != null && ip.isV6() && !canonical.equals(text)) {
        warnings.add(
            "spec.loadBalancerSourceRanges["
                + i
                + "]: IPv6 CIDR value "
                + canonical(text, canonical));
      }
    }
  }

  private static String canonical(String text, String canonical) {
    return GoQuote.quote(text)
        + " should be in RFC 5952 canonical format ("
        + GoQuote.quote(canonical)
        + ")";
  }
}
