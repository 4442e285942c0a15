package dev.wavetank.core.apiserver.registry;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.Formats;
import dev.wavetank.core.apiserver.ResourceStrategy;
import dev.wavetank.core.network.IpAddress;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * EndpointSlices: at most 1000 endpoints, all of the slice's address type, which stays.
 *
 * <p>Follows pkg/registry/discovery/endpointslice/strategy.go, pkg/apis/discovery/v1/defaults.go
 * and pkg/apis/discovery/validation/validation.go (v1.36).
 */
final class EndpointSliceStrategy implements ResourceStrategy {

  private static final int ENDPOINTS_MAX = 1000;
  private static final int ADDRESSES_MAX = 100;
  private static final int PORTS_MAX = 20000;
  private static final int HINTS_MAX = 8;
  private static final ImmutableList<String> ADDRESS_TYPES =
      ImmutableList.of("FQDN", "IPv4", "IPv6");

  @Override
  public KubeObject defaults(KubeObject object) {
    return object.withRoot(
        PodDefaults.each(object.root(), "ports", EndpointSliceStrategy::portDefaults));
  }

  private static KubeMap portDefaults(KubeMap port) {
    KubeMap named = port.withDefault("name", "");
    return named.withDefault("protocol", "TCP");
  }

  @Override
  public boolean generation() {
    return true;
  }

  @Override
  public boolean raisesGeneration(KubeObject next, KubeObject old) {
    return !next.labels().equals(old.labels())
        || !same("endpoints", next, old)
        || !same("ports", next, old)
        || !same("addressType", next, old);
  }

  private static boolean same(String field, KubeObject next, KubeObject old) {
    return Objects.equals(next.root().get(field), old.root().get(field));
  }

  @Override
  public void validateCreate(KubeObject object, FieldErrors errors) {
    slice(object, true, errors);
  }

  @Override
  public void validateUpdate(KubeObject next, KubeObject old, FieldErrors errors) {
    slice(next, !same("endpoints", next, old), errors);
    Checks.immutable(
        next.root().get("addressType"), old.root().get("addressType"), "addressType", errors);
  }

  private static void slice(KubeObject slice, boolean endpoints, FieldErrors errors) {
    String type = slice.root().string("addressType", "");
    if (type.isEmpty()) {
      errors.required("addressType", "");
    } else if (!ADDRESS_TYPES.contains(type)) {
      errors.unsupported("addressType", type, ADDRESS_TYPES);
    }
    ports(slice.root().listOrEmpty("ports"), errors);
    if (endpoints) {
      endpoints(slice.root().listOrEmpty("endpoints"), type, errors);
    }
  }

  private static void ports(KubeList ports, FieldErrors errors) {
    if (ports.size() > PORTS_MAX) {
      errors.tooMany("ports", ports.size(), PORTS_MAX);
    }
    Set<String> names = new TreeSet<>();
    for (int i = 0; i < ports.size(); i++) {
      KubeMap port = ports.map(i);
      String path = "ports[" + i + "]";
      String name = port.string("name", "");
      Checks.dnsLabelIfSet(port, "name", path, errors);
      if (!names.add(name)) {
        errors.duplicate(path + ".name", name);
      }
      errors.oneOf(port, "protocol", Checks.PROTOCOLS, path);
      if (port.get("appProtocol") instanceof String protocol) {
        Checks.qualifiedName(protocol, path + ".appProtocol", errors);
      }
    }
  }

  private static void endpoints(KubeList endpoints, String type, FieldErrors errors) {
    if (endpoints.size() > ENDPOINTS_MAX) {
      errors.tooMany("endpoints", endpoints.size(), ENDPOINTS_MAX);
    }
    for (int i = 0; i < endpoints.size(); i++) {
      KubeMap endpoint = endpoints.map(i);
      KubeList addresses = endpoint.listOrEmpty("addresses");
      if (addresses.isEmpty()) {
        errors.required("endpoints[" + i + "].addresses", "must contain at least 1 address");
      } else if (addresses.size() > ADDRESSES_MAX) {
        errors.tooMany("endpoints[" + i + "].addresses", addresses.size(), ADDRESSES_MAX);
      }
      for (int j = 0; j < addresses.size(); j++) {
        address(addresses.get(j).toString(), type, i, j, errors);
      }
      rest(endpoint, i, errors);
    }
  }

  private static void address(String address, String type, int i, int j, FieldErrors errors) {
    if (type.equals("FQDN")) {
      if (address.isEmpty()) {
        errors.required("endpoints[" + i + "].addresses[" + j + "]", "");
      } else {
        Checks.dnsSubdomain(address, "endpoints[" + i + "].addresses[" + j + "]", errors);
      }
      return;
    }
    IpAddress ip = IpValidation.parse(address);
    boolean v6 = type.equals("IPv6");
    if (ip != null && ip.isV6() == v6 && unicast(ip)) {
      return;
    }
    String path = "endpoints[" + i + "].addresses";
    if (IpValidation.address(address, path + "[" + j + "]", errors)) {
      if (ip != null && ip.isV6() != v6) {
        errors.invalid(path, address, "must be an " + type + " address");
      }
      IpValidation.endpoint(address, path + "[" + j + "]", errors);
    }
  }

  /** Whether it is surely in none of the ranges that endpoints may not be in. */
  private static boolean unicast(IpAddress ip) {
    long first = ip.low() >>> 24;
    return !ip.isV6() && first != 0 && first != 127 && first != 169 && first < 224;
  }

  private static void rest(KubeMap endpoint, int i, FieldErrors errors) {
    if (endpoint.has("nodeName")) {
      String name = endpoint.string("nodeName", "");
      if (!Formats.dnsSubdomain(name).isEmpty()) {
        Checks.dnsSubdomain(name, "endpoints[" + i + "].nodeName", errors);
      }
    }
    if (endpoint.has("hostname")) {
      Checks.dnsLabel(endpoint.string("hostname", ""), "endpoints[" + i + "].hostname", errors);
    }
    KubeMap hints = endpoint.map("hints");
    if (hints != null) {
      String path = "endpoints[" + i + "].hints";
      hints(hints.listOrEmpty("forZones"), path + ".forZones", errors);
      hints(hints.listOrEmpty("forNodes"), path + ".forNodes", errors);
    }
  }

  private static void hints(KubeList hints, String path, FieldErrors errors) {
    if (hints.size() > HINTS_MAX) {
      errors.tooMany(path, hints.size(), HINTS_MAX);
    }
    Set<String> names = new TreeSet<>();
    for (int i = 0; i < hints.size(); i++) {
      String name = hints.map(i).string("name", "");
      if (!names.add(name)) {
        errors.duplicate(path + "[" + i + "].name", name);
      }
    }
  }
}
