package dev.wavetank.core.apiserver.registry;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.Formats;
import dev.wavetank.core.apiserver.SpecStrategy;
import dev.wavetank.core.network.IpAddress;

/**
 * NetworkPolicies.
 *
 * <p>Follows pkg/registry/networking/networkpolicy/strategy.go, pkg/apis/networking/v1/defaults.go
 * and pkg/apis/networking/validation/validation.go (v1.36).
 */
final class NetworkPolicyStrategy extends SpecStrategy {

  private static final ImmutableList<String> TYPES = ImmutableList.of("Egress", "Ingress");
  private static final ImmutableList<String> TYPES_AS_NAMED = ImmutableList.of("Ingress", "Egress");

  /** A policy that names no type is about ingress, and about egress when it has such rules. */
  @Override
  public KubeObject defaults(KubeObject object) {
    KubeMap spec = object.spec();
    if (!spec.listOrEmpty("policyTypes").isEmpty()) {
      return object;
    }
    KubeList types =
        spec.listOrEmpty("egress").isEmpty()
            ? KubeList.of("Ingress")
            : KubeList.of("Ingress", "Egress");
    return object.withSpec(spec.with("policyTypes", types));
  }

  @Override
  public void validateCreate(KubeObject object, FieldErrors errors) {
    KubeMap spec = object.spec();
    Checks.labelSelector(spec.map("podSelector"), "spec.podSelector", errors);
    rules(spec.listOrEmpty("ingress"), "spec.ingress", "from", errors);
    rules(spec.listOrEmpty("egress"), "spec.egress", "to", errors);
    KubeList types = spec.listOrEmpty("policyTypes");
    if (types.size() > TYPES.size()) {
      errors.invalid("spec.policyTypes", types, "may not specify more than two policyTypes");
      return;
    }
    for (int i = 0; i < types.size(); i++) {
      if (!TYPES.contains(types.get(i).toString())) {
        errors.unsupported("spec.policyTypes[" + i + "]", types.get(i), TYPES_AS_NAMED);
      }
    }
  }

  private static void rules(KubeList rules, String path, String peers, FieldErrors errors) {
    for (int i = 0; i < rules.size(); i++) {
      KubeMap rule = rules.map(i);
      KubeList ports = rule.listOrEmpty("ports");
      for (int j = 0; j < ports.size(); j++) {
        port(ports.map(j), path + "[" + i + "].ports[" + j + "]", errors);
      }
      KubeList all = rule.listOrEmpty(peers);
      for (int j = 0; j < all.size(); j++) {
        peer(all.map(j), path + "[" + i + "]." + peers + "[" + j + "]", errors);
      }
    }
  }

  private static void port(KubeMap port, String path, FieldErrors errors) {
    Checks.oneOfIfSet(port, "protocol", Checks.PROTOCOLS, path, errors);
    Object number = port.get("port");
    Object last = port.get("endPort");
    if (number instanceof Long first) {
      errors.invalid(path + ".port", first, Formats.portNumber(first));
      if (last instanceof Long end) {
        if (end < first) {
          errors.invalid(path + ".endPort", first, "must be greater than or equal to `port`");
        }
        errors.invalid(path + ".endPort", end, Formats.portNumber(end));
      }
      return;
    }
    if (last != null) {
      String why = number == null ? "is not specified" : "is non-numeric";
      errors.invalid(path + ".endPort", last, "may not be specified when `port` " + why);
    }
    if (number instanceof String name) {
      errors.invalid(path + ".port", name, Formats.portName(name));
    }
  }

  private static void peer(KubeMap peer, String path, FieldErrors errors) {
    boolean selects = peer.has("podSelector") || peer.has("namespaceSelector");
    Checks.labelSelector(peer.map("podSelector"), path + ".podSelector", errors);
    Checks.labelSelector(peer.map("namespaceSelector"), path + ".namespaceSelector", errors);
    KubeMap block = peer.map("ipBlock");
    if (block != null) {
      block(block, path + ".ipBlock", errors);
    }
    if (block == null && !selects) {
      errors.required(path, "must specify a peer");
    } else if (block != null && selects) {
      errors.forbidden(path, "may not specify both ipBlock and another peer");
    }
  }

  private static void block(KubeMap block, String path, FieldErrors errors) {
    String cidr = block.string("cidr", "");
    if (cidr.isEmpty()) {
      errors.required(path + ".cidr", "");
      return;
    }
    IpValidation.network(cidr, path + ".cidr", errors);
    IpAddress network = IpValidation.firstAddress(cidr);
    if (network == null) {
      return;
    }
    int length = IpValidation.prefixLength(cidr);
    KubeList except = block.listOrEmpty("except");
    for (int i = 0; i < except.size(); i++) {
      String text = except.get(i).toString();
      String at = path + ".except[" + i + "]";
      IpValidation.network(text, at, errors);
      IpAddress inner = IpValidation.firstAddress(text);
      if (inner != null
          && (!inner.in(network, length) || length >= IpValidation.prefixLength(text))) {
        errors.invalid(at, text, "must be a strict subset of `cidr`");
      }
    }
  }
}
