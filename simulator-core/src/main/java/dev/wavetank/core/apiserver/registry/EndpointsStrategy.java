package dev.wavetank.core.apiserver.registry;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.Formats;
import dev.wavetank.core.apiserver.ResourceStrategy;

/**
 * Endpoints.
 *
 * <p>Follows pkg/apis/core/v1/defaults.go and pkg/apis/core/validation/validation.go (v1.36).
 */
final class EndpointsStrategy implements ResourceStrategy {

  @Override
  public boolean createOnUpdate() {
    return true;
  }

  @Override
  public KubeObject defaults(KubeObject object) {
    return object.withRoot(
        PodDefaults.each(
            object.root(),
            "subsets",
            subset ->
                PodDefaults.each(
                    subset, "ports", port -> PodDefaults.unlessSet(port, "protocol", "TCP"))));
  }

  @Override
  public void validateCreate(KubeObject object, FieldErrors errors) {
    KubeList subsets = object.root().listOrEmpty("subsets");
    for (int i = 0; i < subsets.size(); i++) {
      subset(subsets.map(i), "subsets[" + i + "]", errors);
    }
  }

  private static void subset(KubeMap subset, String path, FieldErrors errors) {
    KubeList addresses = subset.listOrEmpty("addresses");
    KubeList notReady = subset.listOrEmpty("notReadyAddresses");
    if (addresses.isEmpty() && notReady.isEmpty()) {
      errors.required(path, "must specify `addresses` or `notReadyAddresses`");
    }
    addresses(addresses, path + ".addresses", errors);
    addresses(notReady, path + ".notReadyAddresses", errors);
    KubeList ports = subset.listOrEmpty("ports");
    for (int i = 0; i < ports.size(); i++) {
      port(ports.map(i), ports.size() > 1, path + ".ports[" + i + "]", errors);
    }
  }

  private static void addresses(KubeList addresses, String path, FieldErrors errors) {
    for (int i = 0; i < addresses.size(); i++) {
      KubeMap address = addresses.map(i);
      String at = path + "[" + i + "]";
      String ip = address.string("ip", "");
      IpValidation.address(ip, at + ".ip", errors);
      Checks.dnsLabelIfSet(address, "hostname", at, errors);
      Checks.dnsSubdomainIfSet(address, "nodeName", at, errors);
      IpValidation.endpoint(ip, at + ".ip", errors);
    }
  }

  private static void port(KubeMap port, boolean named, String path, FieldErrors errors) {
    String name = port.string("name", "");
    if (named && name.isEmpty()) {
      errors.required(path + ".name", "");
    } else if (!name.isEmpty()) {
      Checks.dnsLabel(name, path + ".name", errors);
    }
    long number = port.number("port", 0);
    errors.invalid(path + ".port", number, Formats.portNumber(number));
    errors.oneOf(port, "protocol", Checks.PROTOCOLS, path);
    if (port.get("appProtocol") instanceof String protocol) {
      Checks.qualifiedName(protocol, path + ".appProtocol", errors);
    }
  }

  @Override
  public void validateUpdate(KubeObject next, KubeObject old, FieldErrors errors) {
    Object before = old.root().get("subsets");
    Object after = next.root().get("subsets");
    if (after != before && (after == null || !after.equals(before))) {
      validateCreate(next, errors);
    }
  }
}
