package dev.wavetank.core.kubectl.describe;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.LabelSelector;
import dev.wavetank.core.api.ResourceType;
import java.util.ArrayList;
import java.util.List;

/**
 * Describes Services with the ready endpoints of each port.
 *
 * <p>Follows describeService and formatEndpointSlices of
 * staging/src/k8s.io/kubectl/pkg/describe/describe.go (v1.36).
 */
final class ServiceDescriber {

  private static final int SHOWN_MAX = 3;

  private ServiceDescriber() {}

  static void describe(KubeObject service, Context context, Sheet sheet) {
    KubeMap spec = service.spec();
    sheet.field(0, "Name", service.name()).field(0, "Namespace", service.namespace());
    sheet.labels("Labels", service.labels());
    sheet.annotations("Annotations", service.annotations());
    String selector = LabelSelector.ofLabels(spec.mapOrEmpty("selector")).toString();
    sheet.field(0, "Selector", Sheet.orNone(selector));
    sheet.field(0, "Type", spec.string("type", ""));
    ifSet(sheet, "IP Family Policy", spec.string("ipFamilyPolicy", ""));
    sheet.field(0, "IP Families", Sheet.orNone(joined(spec.listOrEmpty("ipFamilies"))));
    sheet.field(0, "IP", spec.string("clusterIP", ""));
    sheet.field(0, "IPs", Sheet.orNone(joined(spec.listOrEmpty("clusterIPs"))));
    ifSet(sheet, "External IPs", joined(spec.listOrEmpty("externalIPs")));
    ifSet(sheet, "Desired LoadBalancer IP", spec.string("loadBalancerIP", ""));
    ifSet(sheet, "External Name", spec.string("externalName", ""));
    ifSet(sheet, "LoadBalancer Ingress", ingress(service));
    ports(service, context, sheet);
    sheet.field(0, "Session Affinity", spec.string("sessionAffinity", ""));
    ifSet(sheet, "External Traffic Policy", spec.string("externalTrafficPolicy", ""));
    ifSet(sheet, "Internal Traffic Policy", spec.string("internalTrafficPolicy", ""));
    if (spec.number("healthCheckNodePort", 0) != 0) {
      sheet.field(0, "HealthCheck NodePort", spec.number("healthCheckNodePort", 0));
    }
    ifSet(
        sheet, "LoadBalancer Source Ranges", joined(spec.listOrEmpty("loadBalancerSourceRanges")));
    ifSet(sheet, "Traffic Distribution", spec.string("trafficDistribution", ""));
    EventsDescriber.describe(service, context, sheet);
  }

  private static void ifSet(Sheet sheet, String name, String value) {
    if (!value.isEmpty()) {
      sheet.field(0, name, value);
    }
  }

  private static String joined(KubeList list) {
    List<String> texts = new ArrayList<>();
    list.forEach(element -> texts.add(element.toString()));
    return String.join(",", texts);
  }

  private static String ingress(KubeObject service) {
    List<String> texts = new ArrayList<>();
    KubeMap balancer = service.status().mapOrEmpty("loadBalancer");
    for (KubeMap ingress : balancer.listOrEmpty("ingress").maps()) {
      String ip = ingress.string("ip", "");
      String mode = ingress.string("ipMode", "");
      texts.add(
          ip.isEmpty()
              ? ingress.string("hostname", "")
              : mode.isEmpty() ? ip : ip + " (" + mode + ")");
    }
    return String.join(", ", texts);
  }

  private static void ports(KubeObject service, Context context, Sheet sheet) {
    List<KubeObject> slices =
        context
            .reader()
            .list(
                ResourceType.ENDPOINT_SLICES,
                service.namespace(),
                "kubernetes.io/service-name=" + service.name(),
                "");
    for (KubeMap port : service.spec().listOrEmpty("ports").maps()) {
      String name = port.string("name", "");
      String shown = name.isEmpty() ? "<unset>" : name;
      String protocol = "/" + port.string("protocol", "");
      sheet.field(0, "Port", shown + "\t" + port.number("port", 0) + protocol);
      sheet.field(0, "TargetPort", port.get("targetPort") + protocol);
      ifSet(sheet, "AppProtocol", port.string("appProtocol", ""));
      if (port.number("nodePort", 0) != 0) {
        sheet.field(0, "NodePort", shown + "\t" + port.number("nodePort", 0) + protocol);
      }
      sheet.field(0, "Endpoints", slices.isEmpty() ? "<none>" : endpoints(slices, name));
    }
  }

  private static String endpoints(List<KubeObject> slices, String portName) {
    List<String> all = new ArrayList<>();
    for (KubeObject slice : slices) {
      KubeList ports = slice.root().listOrEmpty("ports");
      if (ports.isEmpty()) {
        addAddresses(slice, "", all);
      }
      for (KubeMap port : ports.maps()) {
        if (port.string("name", "").equals(portName)) {
          addAddresses(slice, ":" + port.number("port", 0), all);
        }
      }
    }
    String first = String.join(",", all.subList(0, Math.min(SHOWN_MAX, all.size())));
    return all.size() > SHOWN_MAX ? first + " + " + (all.size() - SHOWN_MAX) + " more..." : first;
  }

  private static void addAddresses(KubeObject slice, String port, List<String> all) {
    for (KubeMap endpoint : slice.root().listOrEmpty("endpoints").maps()) {
      KubeList addresses = endpoint.listOrEmpty("addresses");
      if (endpoint.mapOrEmpty("conditions").bool("ready", true) && !addresses.isEmpty()) {
        String address = addresses.get(0).toString();
        boolean bracketed = !port.isEmpty() && address.contains(":");
        all.add((bracketed ? "[" + address + "]" : address) + port);
      }
    }
  }
}
