package dev.wavetank.core.controller;

import dev.wavetank.core.api.DeepHash;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The canonical form of the subsets of an Endpoints object: one subset for each set of addresses,
 * with all ports that those offer. Addresses are in the order of their text and of the uid of what
 * they stand for; ports and subsets are in the order of their hashes, as upstream.
 *
 * <p>Follows pkg/api/v1/endpoints/util.go (v1.36).
 */
public final class EndpointSubsets {

  private static final Comparator<KubeMap> BY_IP_AND_UID = EndpointSubsets::compareAddresses;

  /** Addresses are the same when they are equal in these two; uid is empty without a target. */
  private record AddressKey(String ip, String uid) {}

  /** What one port, or a subset without ports, is offered by; false for not ready. */
  private static final class Addresses extends LinkedHashMap<AddressKey, Boolean> {
    private static final long serialVersionUID = 1;
  }

  private EndpointSubsets() {}

  /** One subset, or none when there is no address; all addresses differ. */
  public static KubeList of(List<KubeMap> ready, List<KubeMap> notReady, KubeList ports) {
    if (ready.isEmpty() && notReady.isEmpty()) {
      return KubeList.EMPTY;
    }
    return KubeList.of(subset(ready, notReady, ports));
  }

  /**
   * Subsets in their canonical form.
   *
   * @param subsets any subsets; an address that is both ready and not ready for a port counts as
   *     not ready
   */
  public static KubeList repack(Iterable<KubeMap> subsets) {
    Map<AddressKey, KubeMap> known = new LinkedHashMap<>();
    Map<KubeMap, Addresses> byPort = new LinkedHashMap<>();
    for (KubeMap subset : subsets) {
      KubeList ports = subset.listOrEmpty("ports");
      if (ports.isEmpty()) {
        collect(subset, byPort.computeIfAbsent(KubeMap.EMPTY, none -> new Addresses()), known);
      }
      for (KubeMap port : ports.maps()) {
        collect(subset, byPort.computeIfAbsent(port, p -> new Addresses()), known);
      }
    }
    Map<Addresses, List<KubeMap>> portsByAddresses = new LinkedHashMap<>();
    byPort.forEach(
        (port, addresses) -> {
          List<KubeMap> ports =
              portsByAddresses.computeIfAbsent(addresses, a -> new ArrayList<>(2));
          if (!port.isEmpty()) {
            ports.add(port);
          }
        });
    List<KubeMap> packed = new ArrayList<>(portsByAddresses.size());
    portsByAddresses.forEach(
        (addresses, ports) -> packed.add(subset(addresses, known, KubeList.copyOf(ports))));
    return sortedByHash(packed, "core.EndpointSubset");
  }

  private static void collect(KubeMap subset, Addresses addresses, Map<AddressKey, KubeMap> known) {
    for (KubeMap address : subset.listOrEmpty("addresses").maps()) {
      addresses.putIfAbsent(key(address, known), true);
    }
    for (KubeMap address : subset.listOrEmpty("notReadyAddresses").maps()) {
      addresses.put(key(address, known), false);
    }
  }

  private static AddressKey key(KubeMap address, Map<AddressKey, KubeMap> known) {
    AddressKey key = new AddressKey(address.string("ip", ""), uid(address));
    known.putIfAbsent(key, address);
    return key;
  }

  private static KubeMap subset(
      Addresses addresses, Map<AddressKey, KubeMap> known, KubeList ports) {
    List<KubeMap> ready = new ArrayList<>();
    List<KubeMap> notReady = new ArrayList<>();
    addresses.forEach(
        (key, isReady) -> {
          KubeMap address = known.get(key);
          if (address != null) {
            (isReady ? ready : notReady).add(address);
          }
        });
    return subset(ready, notReady, ports);
  }

  private static KubeMap subset(List<KubeMap> ready, List<KubeMap> notReady, KubeList ports) {
    ready.sort(BY_IP_AND_UID);
    notReady.sort(BY_IP_AND_UID);
    return KubeMap.of(
        "addresses", ready.isEmpty() ? null : KubeList.copyOf(ready),
        "notReadyAddresses", notReady.isEmpty() ? null : KubeList.copyOf(notReady),
        "ports", ports.isEmpty() ? null : sortedPorts(ports));
  }

  private static KubeList sortedPorts(KubeList ports) {
    List<KubeMap> list = new ArrayList<>(ports.size());
    ports.maps().forEach(list::add);
    return sortedByHash(list, "core.EndpointPort");
  }

  private static KubeList sortedByHash(List<KubeMap> parts, String schemaType) {
    if (parts.size() > 1) {
      Map<KubeMap, String> hashes = new LinkedHashMap<>();
      for (KubeMap part : parts) {
        hashes.put(part, DeepHash.fnv1a128(part, schemaType));
      }
      parts.sort(Comparator.comparing((Function<KubeMap, String>) p -> hashes.getOrDefault(p, "")));
    }
    return KubeList.copyOf(parts);
  }

  private static int compareAddresses(KubeMap one, KubeMap other) {
    int byIp = one.string("ip", "").compareTo(other.string("ip", ""));
    return byIp != 0 ? byIp : uid(one).compareTo(uid(other));
  }

  private static String uid(KubeMap address) {
    return address.mapOrEmpty("targetRef").string("uid", "");
  }
}
