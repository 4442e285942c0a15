package dev.wavetank.core.apiserver.registry;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.Json;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.Formats;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The rules of Services.
 *
 * <p>Follows pkg/apis/core/validation/validation.go (v1.36).
 */
final class ServiceValidation {

  private static final ImmutableList<String> TYPES =
      ImmutableList.of("ClusterIP", "ExternalName", "LoadBalancer", "NodePort");
  private static final ImmutableList<String> POLICIES = ImmutableList.of("Cluster", "Local");
  private static final ImmutableList<String> AFFINITIES = ImmutableList.of("ClientIP", "None");
  private static final ImmutableList<String> DISTRIBUTIONS =
      ImmutableList.of("PreferClose", "PreferSameZone", "PreferSameNode");
  private static final String SOURCE_RANGES =
      "service.beta.kubernetes.io/load-balancer-source-ranges";
  private static final String HINTS = "service.kubernetes.io/topology-aware-hints";
  private static final String MODE = "service.kubernetes.io/topology-mode";
  private static final String LOAD_BALANCER_ONLY = "may only be used when `type` is 'LoadBalancer'";
  private static final String EXTERNAL_NAME = "may not be set for ExternalName services";
  private static final String AFFINITY = "spec.sessionAffinityConfig";
  private static final ImmutableList<String> IP_MODES = ImmutableList.of("Proxy", "VIP");
  private static final long TIMEOUT_SECONDS_MAX = 86400;

  private ServiceValidation() {}

  /** The rules for one version; what an old version has of outdated forms is tolerated. */
  static void validate(KubeObject service, @Nullable KubeObject old, FieldErrors errors) {
    KubeMap spec = service.spec();
    topologyAnnotations(service.annotations(), errors);
    KubeList ports = spec.listOrEmpty("ports");
    if (ports.isEmpty() && !Services.headless(spec) && !Services.externalName(spec)) {
      errors.required("spec.ports", "");
    }
    byType(spec, errors);
    Set<String> names = new TreeSet<>();
    for (int i = 0; i < ports.size(); i++) {
      port(ports.map(i), ports.size() > 1, names, "spec.ports[" + i + "]", errors);
    }
    Formats.labels(spec.mapOrEmpty("selector"), "spec.selector", errors);
    sessionAffinity(spec, errors);
    ServiceClusterIps.fields(spec, errors);
    externalIps(spec, old, errors);
    errors.oneOf(spec, "type", TYPES, "spec");
    nodePorts(spec, errors);
    portsOnce(ports, errors);
    sourceRanges(service, errors);
    loadBalancerFields(spec, errors);
    externalTraffic(spec, errors);
    internalTraffic(spec, errors);
    if (spec.get("trafficDistribution") instanceof String distribution
        && !DISTRIBUTIONS.contains(distribution)) {
      errors.unsupported("spec.trafficDistribution", distribution, DISTRIBUTIONS);
    }
  }

  private static void topologyAnnotations(KubeMap annotations, FieldErrors errors) {
    String hints = annotations.string(HINTS);
    String mode = annotations.string(MODE);
    if (hints != null && mode != null && !hints.equals(mode)) {
      errors.invalid(
          "metadata.annotations[" + MODE + "]",
          mode,
          "must match annotations[" + HINTS + "] when both are specified");
    }
  }

  private static void byType(KubeMap spec, FieldErrors errors) {
    if (Services.hasNodePorts(spec) && Services.headless(spec)) {
      errors.invalid(
          "spec.clusterIPs[0]",
          Services.NONE,
          "may not be set to 'None' for " + Services.type(spec) + " services");
    }
    if (!Services.externalName(spec)) {
      return;
    }
    if (!spec.listOrEmpty("clusterIPs").isEmpty()) {
      errors.forbidden("spec.clusterIPs", EXTERNAL_NAME);
    }
    if (!spec.listOrEmpty("ipFamilies").isEmpty()) {
      errors.forbidden("spec.ipFamilies", EXTERNAL_NAME);
    }
    if (spec.has("ipFamilyPolicy")) {
      errors.forbidden("spec.ipFamilyPolicy", EXTERNAL_NAME);
    }
    String name = spec.string("externalName", "");
    String bare = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    if (bare.isEmpty()) {
      errors.required("spec.externalName", "");
    } else {
      Checks.dnsSubdomain(bare, "spec.externalName", errors);
    }
  }

  private static void port(
      KubeMap port, boolean named, Set<String> names, String path, FieldErrors errors) {
    String name = port.string("name", "");
    if (named && name.isEmpty()) {
      errors.required(path + ".name", "");
    } else if (!name.isEmpty()) {
      Checks.dnsLabel(name, path + ".name", errors);
      if (!names.add(name)) {
        errors.duplicate(path + ".name", name);
      }
    }
    long number = port.number("port", 0);
    errors.invalid(path + ".port", number, Formats.portNumber(number));
    errors.oneOf(port, "protocol", Checks.PROTOCOLS, path);
    Checks.portNumberOrName(port.get("targetPort"), path + ".targetPort", errors);
    if (port.get("appProtocol") instanceof String protocol) {
      Checks.qualifiedName(protocol, path + ".appProtocol", errors);
    }
  }

  private static void sessionAffinity(KubeMap spec, FieldErrors errors) {
    String affinity = spec.string("sessionAffinity", "");
    errors.oneOf(spec, "sessionAffinity", AFFINITIES, "spec");
    KubeMap config = spec.map("sessionAffinityConfig");
    if (affinity.equals("None") && config != null) {
      errors.forbidden(AFFINITY, "must not be set when session affinity is None");
    }
    if (!affinity.equals("ClientIP")) {
      return;
    }
    String when = "when session affinity type is ClientIP";
    if (config == null) {
      errors.required(AFFINITY, when);
      return;
    }
    KubeMap clientIp = config.map("clientIP");
    if (clientIp == null) {
      errors.required(AFFINITY + ".clientIP", when);
    } else if (clientIp.get("timeoutSeconds") instanceof Long seconds) {
      if (seconds <= 0 || seconds > TIMEOUT_SECONDS_MAX) {
        errors.invalid(
            AFFINITY + ".clientIP.timeoutSeconds",
            seconds,
            "must be greater than 0 and less than " + TIMEOUT_SECONDS_MAX);
      }
    } else {
      errors.required(AFFINITY + ".clientIP.timeoutSeconds", when);
    }
  }

  private static void externalIps(KubeMap spec, @Nullable KubeObject old, FieldErrors errors) {
    KubeList ips = spec.listOrEmpty("externalIPs");
    KubeList known = old == null ? KubeList.EMPTY : old.spec().listOrEmpty("externalIPs");
    for (int i = 0; i < ips.size(); i++) {
      String ip = ips.get(i).toString();
      String path = "spec.externalIPs[" + i + "]";
      if (known.contains(ip) || IpValidation.address(ip, path, errors)) {
        IpValidation.endpoint(ip, path, errors);
      }
    }
  }

  private static void nodePorts(KubeMap spec, FieldErrors errors) {
    KubeList ports = spec.listOrEmpty("ports");
    Set<String> taken = new TreeSet<>();
    if (Services.type(spec).equals("ClusterIP")) {
      for (int i = 0; i < ports.size(); i++) {
        if (ports.map(i).number("nodePort", 0) != 0) {
          errors.forbidden(
              "spec.ports[" + i + "].nodePort", "may not be used when `type` is 'ClusterIP'");
        }
      }
    }
    for (int i = 0; i < ports.size(); i++) {
      long nodePort = ports.map(i).number("nodePort", 0);
      String protocol = ports.map(i).string("protocol", "");
      if (nodePort != 0 && !taken.add(protocol + "/" + nodePort)) {
        errors.duplicate("spec.ports[" + i + "].nodePort", nodePort);
      }
    }
  }

  private static void portsOnce(KubeList ports, FieldErrors errors) {
    Set<String> taken = new TreeSet<>();
    for (int i = 0; i < ports.size(); i++) {
      String protocol = ports.map(i).string("protocol", "");
      long port = ports.map(i).number("port", 0);
      if (!taken.add(protocol + "/" + port)) {
        errors.duplicateText(
            "spec.ports[" + i + "]",
            "{\"Name\":\"\",\"Protocol\":"
                + Json.write(protocol)
                + ",\"AppProtocol\":null,\"Port\":"
                + port
                + ",\"TargetPort\":0,\"NodePort\":0}",
            "");
      }
    }
  }

  private static void sourceRanges(KubeObject service, FieldErrors errors) {
    KubeMap spec = service.spec();
    KubeList ranges = spec.listOrEmpty("loadBalancerSourceRanges");
    String annotation = service.annotations().string(SOURCE_RANGES);
    if (!ranges.isEmpty()) {
      String path = "spec.LoadBalancerSourceRanges";
      if (!Services.loadBalancer(spec)) {
        errors.forbidden(path, LOAD_BALANCER_ONLY);
      }
      for (int i = 0; i < ranges.size(); i++) {
        IpValidation.network(ranges.get(i).toString().strip(), path + "[" + i + "]", errors);
      }
    } else if (annotation != null) {
      String path = "metadata.annotations[" + SOURCE_RANGES + "]";
      if (!Services.loadBalancer(spec)) {
        errors.forbidden(path, LOAD_BALANCER_ONLY);
      }
      if (!annotation.isBlank()) {
        for (String range : com.google.common.base.Splitter.on(',').split(annotation)) {
          IpValidation.network(range.strip(), path, errors);
        }
      }
    }
  }

  private static void loadBalancerFields(KubeMap spec, FieldErrors errors) {
    boolean balancer = Services.loadBalancer(spec);
    if (spec.has("allocateLoadBalancerNodePorts") && !balancer) {
      errors.forbidden("spec.allocateLoadBalancerNodePorts", LOAD_BALANCER_ONLY);
    }
    if (spec.get("loadBalancerClass") instanceof String name) {
      if (balancer) {
        Checks.qualifiedName(name, "spec.loadBalancerClass", errors);
      } else {
        errors.forbidden("spec.loadBalancerClass", LOAD_BALANCER_ONLY);
      }
    }
  }

  private static void externalTraffic(KubeMap spec, FieldErrors errors) {
    String policy = spec.string("externalTrafficPolicy", "");
    if (!Services.externallyAccessible(spec)) {
      if (!policy.isEmpty()) {
        errors.invalid(
            "spec.externalTrafficPolicy",
            policy,
            "may only be set for externally-accessible services");
      }
    } else {
      errors.oneOf(spec, "externalTrafficPolicy", POLICIES, "spec");
    }
    long port = spec.number("healthCheckNodePort", 0);
    String path = "spec.healthCheckNodePort";
    if (!Services.needsHealthCheck(spec)) {
      if (port != 0) {
        errors.invalid(
            path,
            port,
            "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is"
                + " 'Local'");
      }
    } else if (port == 0) {
      errors.required(path, "");
    } else {
      errors.invalid(path, port, Formats.portNumber(port));
    }
  }

  private static void internalTraffic(KubeMap spec, FieldErrors errors) {
    String path = "spec.internalTrafficPolicy";
    String policy = spec.string("internalTrafficPolicy");
    if (policy == null) {
      if (Services.hasNodePorts(spec) || Services.type(spec).equals("ClusterIP")) {
        errors.required(path, "");
      }
    } else if (!POLICIES.contains(policy)) {
      errors.unsupported(path, policy, POLICIES);
    }
  }

  /** What an update may not change. */
  static void update(KubeMap next, KubeMap old, FieldErrors errors) {
    ServiceClusterIps.update(next, old, errors);
    if (Services.loadBalancer(next)
        && Services.loadBalancer(old)
        && !Objects.equals(next.get("loadBalancerClass"), old.get("loadBalancerClass"))) {
      errors.invalid(
          "spec.loadBalancerClass", next.get("loadBalancerClass"), "may not change once set");
    }
    if (Services.needsHealthCheck(next)
        && Services.needsHealthCheck(old)
        && next.number("healthCheckNodePort", 0) != old.number("healthCheckNodePort", 0)) {
      errors.forbidden("spec.healthCheckNodePort", "field is immutable");
    }
  }

  /** The rules for the addresses that a load balancer reports. */
  static void status(KubeObject next, KubeObject old, FieldErrors errors) {
    String path = "status.loadBalancer.ingress";
    KubeList ingress = next.status().mapOrEmpty("loadBalancer").listOrEmpty("ingress");
    if (!ingress.isEmpty() && !Services.loadBalancer(next.spec())) {
      errors.forbidden(path, "may only be used when `spec.type` is 'LoadBalancer'");
      return;
    }
    Set<String> known = new TreeSet<>();
    for (KubeMap before : old.status().mapOrEmpty("loadBalancer").listOrEmpty("ingress").maps()) {
      known.add(before.string("ip", ""));
    }
    for (int i = 0; i < ingress.size(); i++) {
      ingress(ingress.map(i), known, path + "[" + i + "]", errors);
    }
  }

  private static void ingress(KubeMap ingress, Set<String> known, String path, FieldErrors errors) {
    String ip = ingress.string("ip", "");
    String mode = ingress.string("ipMode");
    if (!ip.isEmpty() && !known.contains(ip)) {
      IpValidation.address(ip, path + ".ip", errors);
    }
    if (mode == null && !ip.isEmpty()) {
      errors.required(path + ".ipMode", "must be specified when `ip` is set");
    } else if (mode != null && ip.isEmpty()) {
      errors.forbidden(path + ".ipMode", "may not be specified when `ip` is not set");
    } else if (mode != null && !IP_MODES.contains(mode)) {
      errors.unsupported(path + ".ipMode", mode, IP_MODES);
    }
    String hostname = ingress.string("hostname", "");
    if (!hostname.isEmpty()) {
      Checks.dnsSubdomain(hostname, path + ".hostname", errors);
      if (IpValidation.parse(hostname) != null) {
        errors.invalid(path + ".hostname", hostname, "must be a DNS name, not an IP address");
      }
    }
  }
}
