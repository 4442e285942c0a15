package dev.wavetank.core.apiserver.printers;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The rows of what is about addresses of pods: Endpoints and EndpointSlices with their first three
 * addresses and how many more.
 *
 * <p>Follows formatEndpoints, formatDiscoveryPorts and formatDiscoveryEndpoints of
 * pkg/printers/internalversion/printers.go (v1.36).
 */
final class EndpointPrinters {

  private static final int SHOWN_MAX = 3;

  static final TablePrinter ENDPOINTS =
      new TablePrinter(
          TablePrinter.NAME,
          TablePrinter.column("Endpoints", "The ready addresses with their ports."),
          TablePrinter.AGE) {
        @Override
        void print(KubeObject endpoints, Instant now, ImmutableList.Builder<Object> cells) {
          cells.add(endpoints.name()).add(addresses(endpoints)).add(age(endpoints, now));
        }
      };

  static final TablePrinter ENDPOINT_SLICES =
      new TablePrinter(
          TablePrinter.NAME,
          TablePrinter.column("AddressType", "The kind of address of all endpoints."),
          TablePrinter.column("Ports", "The ports of every endpoint."),
          TablePrinter.column("Endpoints", "The endpoints' addresses."),
          TablePrinter.AGE) {
        @Override
        void print(KubeObject slice, Instant now, ImmutableList.Builder<Object> cells) {
          cells
              .add(slice.name())
              .add(slice.root().string("addressType", ""))
              .add(orUnset(ports(slice)))
              .add(orUnset(sliceAddresses(slice)))
              .add(age(slice, now));
        }
      };

  private EndpointPrinters() {}

  private static String addresses(KubeObject endpoints) {
    KubeList subsets = endpoints.root().listOrEmpty("subsets");
    if (subsets.isEmpty()) {
      return "<none>";
    }
    List<String> all = new ArrayList<>();
    for (KubeMap subset : subsets.maps()) {
      KubeList addresses = subset.listOrEmpty("addresses");
      if (subset.listOrEmpty("ports").isEmpty()) {
        addresses.maps().forEach(address -> all.add(address.string("ip", "")));
      }
      for (KubeMap port : subset.listOrEmpty("ports").maps()) {
        for (KubeMap address : addresses.maps()) {
          String ip = address.string("ip", "");
          all.add((ip.contains(":") ? "[" + ip + "]" : ip) + ":" + port.number("port", 0));
        }
      }
    }
    return shortened(all);
  }

  private static List<String> ports(KubeObject slice) {
    List<String> ports = new ArrayList<>();
    for (KubeMap port : slice.root().listOrEmpty("ports").maps()) {
      boolean numbered = port.get("port") instanceof Long;
      ports.add(numbered ? Long.toString(port.number("port", 0)) : port.string("name", "*"));
    }
    return ports;
  }

  private static List<String> sliceAddresses(KubeObject slice) {
    List<String> addresses = new ArrayList<>();
    for (KubeMap endpoint : slice.root().listOrEmpty("endpoints").maps()) {
      endpoint.listOrEmpty("addresses").forEach(address -> addresses.add(address.toString()));
    }
    return addresses;
  }

  private static String orUnset(List<String> all) {
    String text = shortened(all);
    return text.isEmpty() ? "<unset>" : text;
  }

  private static String shortened(List<String> all) {
    return all.size() <= SHOWN_MAX
        ? String.join(",", all)
        : String.join(",", all.subList(0, SHOWN_MAX))
            + " + "
            + (all.size() - SHOWN_MAX)
            + " more...";
  }
}
