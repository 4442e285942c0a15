package dev.wavetank.core.apiserver.printers;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.LabelSelector;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * The row of a Service.
 *
 * <p>Follows printService of pkg/printers/internalversion/printers.go (v1.36).
 */
final class ServicePrinter extends TablePrinter {

  static final ServicePrinter PRINTER = new ServicePrinter();

  private ServicePrinter() {
    super(
        NAME,
        column("Type", "How the Service is exposed."),
        column("Cluster-IP", "The Service's virtual address."),
        column("External-IP", "The addresses at which the Service is reached from outside."),
        column("Port(s)", "The Service's ports, with node ports and protocols."),
        AGE,
        wide("Selector", "The labels of the pods that serve."));
  }

  @Override
  void print(KubeObject service, Instant now, ImmutableList.Builder<Object> cells) {
    KubeMap spec = service.spec();
    KubeList clusterIps = spec.listOrEmpty("clusterIPs");
    cells
        .add(service.name())
        .add(spec.string("type", ""))
        .add(clusterIps.isEmpty() ? "<none>" : clusterIps.get(0).toString())
        .add(externalIp(service))
        .add(orNone(ports(spec.listOrEmpty("ports"))))
        .add(age(service, now))
        .add(orNone(LabelSelector.ofLabels(spec.mapOrEmpty("selector")).toString()));
  }

  private static String externalIp(KubeObject service) {
    KubeMap spec = service.spec();
    List<String> addresses = new ArrayList<>();
    switch (spec.string("type", "")) {
      case "LoadBalancer" -> addresses.addAll(ingress(service));
      case "ClusterIP", "NodePort" -> {}
      case "ExternalName" -> {
        return spec.string("externalName", "");
      }
      default -> {
        return "<unknown>";
      }
    }
    spec.listOrEmpty("externalIPs").forEach(address -> addresses.add(address.toString()));
    if (!addresses.isEmpty()) {
      return String.join(",", addresses);
    }
    return "LoadBalancer".equals(spec.get("type")) ? "<pending>" : "<none>";
  }

  /** The addresses of a load balancer, in order. */
  static TreeSet<String> ingress(KubeObject service) {
    TreeSet<String> addresses = new TreeSet<>();
    KubeMap balancer = service.status().mapOrEmpty("loadBalancer");
    for (KubeMap ingress : balancer.listOrEmpty("ingress").maps()) {
      String ip = ingress.string("ip", "");
      addresses.add(ip.isEmpty() ? ingress.string("hostname", "") : ip);
    }
    addresses.remove("");
    return addresses;
  }

  private static String ports(KubeList ports) {
    List<String> pieces = new ArrayList<>();
    for (KubeMap port : ports.maps()) {
      long nodePort = port.number("nodePort", 0);
      pieces.add(
          port.number("port", 0)
              + (nodePort > 0 ? ":" + nodePort : "")
              + "/"
              + port.string("protocol", ""));
    }
    return String.join(",", pieces);
  }
}
