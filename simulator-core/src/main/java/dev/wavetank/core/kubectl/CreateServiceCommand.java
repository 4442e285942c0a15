package dev.wavetank.core.kubectl;

import dev.wavetank.core.api.GoQuote;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.Formats;
import dev.wavetank.core.kubectl.errors.CommandException;
import dev.wavetank.core.kubectl.flags.Flags;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code kubectl create service}, for each type of Services.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/cmd/create/create_service.go (v1.36).
 */
final class CreateServiceCommand extends CreateSubcommand {

  private static final String HEADLESS = "None";
  private static final int PORT_MAX = 65_535;

  private final String serviceType;

  private CreateServiceCommand(String serviceType, String name, String summary) {
    super(ResourceType.SERVICES, "failed to create " + serviceType + " service:", name, summary);
    this.serviceType = serviceType;
    flags().strings("tcp", "", "Ports, as PORT or PORT:TARGET");
  }

  static Command clusterIp() {
    Command command =
        new CreateServiceCommand("ClusterIP", "clusterip", "Create a ClusterIP service");
    command.flags().string("clusterip", "", "", "The address, or None for a headless Service");
    return command;
  }

  static Command nodePort() {
    Command command = new CreateServiceCommand("NodePort", "nodeport", "Create a NodePort service");
    command.flags().integer("node-port", 0, "The port on each node");
    return command;
  }

  static Command loadBalancer() {
    return new CreateServiceCommand(
        "LoadBalancer", "loadbalancer", "Create a LoadBalancer service");
  }

  static Command externalName() {
    Command command =
        new CreateServiceCommand("ExternalName", "externalname", "Create an ExternalName service");
    command.flags().string("external-name", "", "", "The name in DNS that is stood for");
    command.require("external-name");
    return command;
  }

  @Override
  KubeObject object(Invocation call, String name) {
    Flags flags = call.flags();
    String clusterIp = serviceType.equals("ClusterIP") ? flags.string("clusterip") : "";
    List<String> tcp = flags.strings("tcp");
    boolean external = serviceType.equals("ExternalName");
    if (!clusterIp.equals(HEADLESS) && tcp.isEmpty() && !external) {
      throw CommandException.of("at least one tcp port specifier must be provided");
    }
    String externalName = external ? flags.string("external-name") : "";
    if (external && !Formats.dnsSubdomain(externalName).isEmpty()) {
      throw CommandException.of("invalid service external name " + externalName);
    }
    long nodePort = serviceType.equals("NodePort") ? flags.number("node-port") : 0;
    List<KubeMap> ports = new ArrayList<>();
    for (String text : tcp) {
      ports.add(port(text, nodePort));
    }
    KubeMap app = KubeMap.of("app", name);
    KubeMap.Builder spec = KubeMap.builder();
    if (!ports.isEmpty()) {
      spec.put("ports", KubeList.copyOf(ports));
    }
    spec.put("selector", app).put("type", serviceType);
    spec.put("clusterIP", clusterIp.isEmpty() ? null : clusterIp);
    spec.put("externalName", externalName.isEmpty() ? null : externalName);
    return KubeObject.of(ResourceType.SERVICES, KubeMap.of("name", name, "labels", app))
        .withSpec(spec.build())
        .withStatus(KubeMap.of("loadBalancer", KubeMap.EMPTY));
  }

  private static KubeMap port(String text, long nodePort) {
    String[] parts = text.split(":", -1);
    long port = portNumber(parts[0]);
    KubeMap.Builder built =
        KubeMap.builder()
            .put("name", text.replace(':', '-'))
            .put("protocol", "TCP")
            .put("port", port)
            .put("targetPort", parts.length == 1 ? port : targetPort(parts[1]));
    return built.put("nodePort", nodePort == 0 ? null : nodePort).build();
  }

  private static long portNumber(String text) {
    boolean digits = text.matches("[0-9]+");
    if (!digits || text.length() > 6 || Long.parseLong(text) > PORT_MAX) {
      throw CommandException.of(
          "strconv.ParseUint: parsing "
              + GoQuote.quote(text)
              + (digits ? ": value out of range" : ": invalid syntax"));
    }
    return Long.parseLong(text);
  }

  private static Object targetPort(String text) {
    boolean number = text.matches("[+-]?[0-9]{1,18}");
    List<String> mistakes =
        number ? Formats.portNumber(Long.parseLong(text)) : Formats.portName(text);
    if (!mistakes.isEmpty()) {
      throw CommandException.of(String.join(",", mistakes));
    }
    return number ? (Object) Long.valueOf(text) : text;
  }
}
