package dev.wavetank.core.kubectl;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;

/**
 * {@code kubectl cluster-info}: where the control plane and the cluster's own Services are.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/cmd/clusterinfo/clusterinfo.go (v1.36).
 */
final class ClusterInfoCommand extends Command {

  ClusterInfoCommand() {
    super("cluster-info", "Display cluster information");
    subcommands(new AbsentCommand("dump"));
  }

  @Override
  void run(Invocation call) {
    String address = call.session().serverAddress();
    String namespace = call.namespaceGiven() ? call.namespace() : "kube-system";
    call.println("Kubernetes control plane is running at " + address);
    for (KubeObject service :
        call.reader()
            .list(ResourceType.SERVICES, namespace, "kubernetes.io/cluster-service=true", "")) {
      String name = service.labels().string("kubernetes.io/name", "");
      call.println(
          (name.isEmpty() ? service.name() : name) + " is running at " + link(service, address));
    }
    call.print(
        "\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.\n");
  }

  private static String link(KubeObject service, String address) {
    KubeList ports = service.spec().listOrEmpty("ports");
    KubeList ingress = service.status().mapOrEmpty("loadBalancer").listOrEmpty("ingress");
    if (!ingress.isEmpty()) {
      String ip = ingress.map(0).string("ip", "");
      String host = ip.isEmpty() ? ingress.map(0).string("hostname", "") : ip;
      StringBuilder links = new StringBuilder();
      for (KubeMap port : ports.maps()) {
        links.append("http://").append(host).append(':').append(port.number("port", 0)).append(' ');
      }
      return links.toString();
    }
    return address
        + "/api/v1/namespaces/"
        + service.namespace()
        + "/services/"
        + (ports.isEmpty() ? service.name() : named(service.name(), ports.map(0)))
        + "/proxy";
  }

  /** {@code https:name:port}, without the parts that are not known. */
  private static String named(String service, KubeMap port) {
    String name = port.string("name", "");
    boolean secure = name.equals("https") || port.number("port", 0) == 443;
    return secure
        ? "https:" + service + ":" + name
        : name.isEmpty() ? service : service + ":" + name;
  }
}
