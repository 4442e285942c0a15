package dev.wavetank.core.kubectl.describe;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import java.util.ArrayList;
import java.util.List;

/**
 * Describes Endpoints and EndpointSlices.
 *
 * <p>Follows describeEndpoints and describeEndpointSliceV1 of
 * staging/src/k8s.io/kubectl/pkg/describe/describe.go (v1.36).
 */
final class EndpointDescribers {

  private static final String UNSET = "<unset>";

  private EndpointDescribers() {}

  private static void head(KubeObject object, Sheet sheet) {
    sheet.field(0, "Name", object.name()).field(0, "Namespace", object.namespace());
    sheet.labels("Labels", object.labels());
    sheet.annotations("Annotations", object.annotations());
  }

  static void endpoints(KubeObject endpoints, Context context, Sheet sheet) {
    head(endpoints, sheet);
    sheet.line(0, "Subsets:");
    for (KubeMap subset : endpoints.root().listOrEmpty("subsets").maps()) {
      sheet.field(1, "Addresses", addresses(subset.listOrEmpty("addresses")));
      sheet.field(1, "NotReadyAddresses", addresses(subset.listOrEmpty("notReadyAddresses")));
      if (!subset.listOrEmpty("ports").isEmpty()) {
        sheet.line(1, "Ports:");
        sheet.line(2, "Name\tPort\tProtocol").line(2, "----\t----\t--------");
        for (KubeMap port : subset.listOrEmpty("ports").maps()) {
          sheet.line(2, name(port) + "\t" + port.number("port", 0) + "\t" + protocol(port));
        }
      }
      sheet.line(0, "");
    }
    EventsDescriber.describe(endpoints, context, sheet);
  }

  private static String addresses(KubeList addresses) {
    List<String> ips = new ArrayList<>();
    addresses.maps().forEach(address -> ips.add(address.string("ip", "")));
    return Sheet.orNone(String.join(",", ips));
  }

  private static String name(KubeMap port) {
    String name = port.string("name", "");
    return name.isEmpty() ? UNSET : name;
  }

  private static String protocol(KubeMap port) {
    return port.string("protocol", "");
  }

  static void endpointSlice(KubeObject slice, Context context, Sheet sheet) {
    head(slice, sheet);
    sheet.field(0, "AddressType", slice.root().string("addressType", ""));
    KubeList ports = slice.root().listOrEmpty("ports");
    sheet.line(0, ports.isEmpty() ? "Ports: <unset>" : "Ports:");
    if (!ports.isEmpty()) {
      sheet.line(1, "Name\tPort\tProtocol").line(1, "----\t----\t--------");
    }
    for (KubeMap port : ports.maps()) {
      Object number = port.get("port");
      sheet.line(1, name(port) + "\t" + (number == null ? UNSET : number) + "\t" + protocol(port));
    }
    KubeList endpoints = slice.root().listOrEmpty("endpoints");
    sheet.line(0, endpoints.isEmpty() ? "Endpoints: <none>" : "Endpoints:");
    endpoints.maps().forEach(endpoint -> endpoint(endpoint, sheet));
    EventsDescriber.describe(slice, context, sheet);
  }

  private static void endpoint(KubeMap endpoint, Sheet sheet) {
    List<String> addresses = new ArrayList<>();
    endpoint.listOrEmpty("addresses").forEach(address -> addresses.add(address.toString()));
    sheet.field(1, "- Addresses", Sheet.orNone(String.join(", ", addresses)));
    sheet.line(2, "Conditions:");
    Object ready = endpoint.mapOrEmpty("conditions").get("ready");
    sheet.field(3, "Ready", ready == null ? UNSET : ready.toString());
    sheet.field(2, "Hostname", endpoint.string("hostname", UNSET));
    KubeMap target = endpoint.map("targetRef");
    if (target != null) {
      sheet.field(2, "TargetRef", target.string("kind", "") + "/" + target.string("name", ""));
    }
    sheet.field(2, "NodeName", endpoint.string("nodeName", UNSET));
    sheet.field(2, "Zone", endpoint.string("zone", UNSET));
  }
}
