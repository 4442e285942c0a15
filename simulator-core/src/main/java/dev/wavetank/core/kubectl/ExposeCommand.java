package dev.wavetank.core.kubectl;

import com.google.common.collect.ImmutableSet;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.patch.LastApplied;
import dev.wavetank.core.kubectl.errors.CommandException;
import dev.wavetank.core.kubectl.flags.Flags;
import dev.wavetank.core.kubectl.resource.ResourceInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code kubectl expose}: makes a Service for the pods of an object.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/cmd/expose/expose.go and
 * pkg/polymorphichelpers/mapbasedselectorforobject.go (v1.36).
 */
final class ExposeCommand extends Command {

  private static final ImmutableSet<ResourceType> EXPOSABLE =
      ImmutableSet.of(
          ResourceType.SERVICES,
          ResourceType.PODS,
          ResourceType.DEPLOYMENTS,
          ResourceType.REPLICA_SETS);
  private static final int NAME_LENGTH_MAX = 63;

  ExposeCommand() {
    super(
        "expose",
        "Take a service, deployment, replica set or pod and expose it as a new Kubernetes service");
    PrintFlags.addTo(flags());
    FileFlags.addTo(flags());
    DryRun.addFlag(flags());
    Recorder.addFlag(flags());
    Overrides.addFlags(flags());
    flags()
        .string("protocol", "", "", "TCP, UDP or SCTP; else the object's, else TCP")
        .string("port", "", "", "The Service's port; else the ports of the object")
        .string("type", "", "", "The Service's type; ClusterIP by default")
        .string("load-balancer-ip", "", "", "Address of a LoadBalancer")
        .string("selector", "", "", "The Service's selector; else the object's")
        .string("labels", "l", "", "The Service's labels; else the object's")
        .string("target-port", "", "", "Number or name of the pods' port; else the same port")
        .string("external-ip", "", "", "An external address of the Service")
        .string("name", "", "", "The Service's name; else the object's")
        .string("session-affinity", "", "", "None or ClientIP")
        .string("cluster-ip", "", "", "The Service's address, or None for a headless one")
        .bool("save-config", "", false, "Keep the configuration in an annotation, as apply does")
        .string("field-manager", "", "kubectl-expose", "Has no effect");
  }

  @Override
  void run(Invocation call) {
    DryRun dryRun = DryRun.of(call);
    PrintFlags.Teller teller = PrintFlags.teller(call, dryRun);
    Service service = new Service(call.flags());
    call.builder()
        .continueOnError()
        .files(
            call.namespaceGiven(), call.flags().strings("filename"), call.flags().bool("recursive"))
        .args(false, call.args())
        .build()
        .visit(
            info -> {
              KubeObject made = Overrides.apply(call, ResourceType.SERVICES, service.of(info));
              teller.tell(create(call, Recorder.record(call, made), dryRun), "exposed");
            });
  }

  private static KubeObject create(Invocation call, KubeObject service, DryRun dryRun) {
    if (dryRun == DryRun.CLIENT) {
      return call.namespaceGiven()
          ? service.with(call.namespace(), "metadata", "namespace")
          : service;
    }
    KubeObject kept = call.flags().bool("save-config") ? LastApplied.on(service) : service;
    return call.handlers()
        .create(
            ResourceType.SERVICES,
            kept.with(call.namespace(), "metadata", "namespace"),
            Invocation.plainWrite(dryRun));
  }

  /**
   * The Service that the flags describe. What they leave open is taken from the first object and
   * stays for the others.
   */
  private static final class Service {
    private final Flags flags;
    private @Nullable KubeMap selector;
    private @Nullable KubeMap labels;
    private List<String> ports = List.of();

    Service(Flags flags) {
      this.flags = flags;
      String port = flags.string("port");
      if (!port.isEmpty()) {
        ports = List.of(port.split(",", -1));
      }
    }

    KubeObject of(ResourceInfo info) {
      KubeObject exposed = info.required();
      ResourceType type = info.type();
      if (!EXPOSABLE.contains(type)) {
        throw CommandException.of(
            "cannot expose a " + type.kind() + (type.group().isEmpty() ? "" : "." + type.group()));
      }
      KubeMap selected = selector(type, exposed);
      Map<String, List<String>> protocols = protocols(type, exposed);
      String clusterIp = flags.string("cluster-ip");
      if (ports.isEmpty()) {
        ports = List.copyOf(protocols.keySet());
      }
      if (ports.isEmpty() && !clusterIp.equals("None")) {
        throw CommandException.of("couldn't find port via --port flag or introspection");
      }
      String name = flags.string("name");
      if (name.isEmpty()) {
        name = exposed.name().substring(0, Math.min(exposed.name().length(), NAME_LENGTH_MAX));
      }
      return new ServiceSpec(selected)
          .ports(ports, flags.string("protocol"), protocols, flags.string("target-port"))
          .flags(flags)
          .named(name, labels(exposed));
    }

    private KubeMap selector(ResourceType type, KubeObject exposed) {
      if (selector == null) {
        String given = flags.string("selector");
        selector = given.isEmpty() ? introspected(type, exposed) : Pairs.labels(given);
      }
      return selector;
    }

    private KubeMap labels(KubeObject exposed) {
      if (labels == null) {
        String given = flags.string("labels");
        labels = given.isEmpty() ? exposed.labels() : Pairs.labels(given);
      }
      return labels;
    }
  }

  private static KubeMap introspected(ResourceType type, KubeObject exposed) {
    if (type.equals(ResourceType.PODS)) {
      return required(exposed.labels(), "the pod has no labels and cannot be exposed");
    }
    if (type.equals(ResourceType.SERVICES)) {
      return required(exposed.spec().mapOrEmpty("selector"), "the service has no pod selector set");
    }
    String kind = type.equals(ResourceType.DEPLOYMENTS) ? "deployment" : "replicaset";
    KubeMap own = exposed.spec().mapOrEmpty("selector");
    KubeMap labels =
        required(
            own.mapOrEmpty("matchLabels"),
            "invalid " + kind + ": no selectors, therefore cannot be exposed");
    if (!own.listOrEmpty("matchExpressions").isEmpty()) {
      throw noSelector("couldn't convert expressions to map-based selector format");
    }
    return labels;
  }

  private static KubeMap required(KubeMap labels, String why) {
    if (labels.isEmpty()) {
      throw noSelector(why);
    }
    return labels;
  }

  private static CommandException noSelector(String why) {
    return CommandException.of(
        "couldn't retrieve selectors via --selector flag or introspection: " + why);
  }

  /** Protocols by port, in the order of the ports. */
  private static Map<String, List<String>> protocols(ResourceType type, KubeObject exposed) {
    Map<String, List<String>> protocols = new LinkedHashMap<>();
    if (type.equals(ResourceType.SERVICES)) {
      for (KubeMap port : exposed.spec().listOrEmpty("ports").maps()) {
        add(protocols, port, "port");
      }
      return protocols;
    }
    KubeMap pod =
        type.equals(ResourceType.PODS)
            ? exposed.spec()
            : exposed.spec().mapOrEmpty("template").mapOrEmpty("spec");
    for (KubeMap container : pod.listOrEmpty("containers").maps()) {
      for (KubeMap port : container.listOrEmpty("ports").maps()) {
        add(protocols, port, "containerPort");
      }
    }
    return protocols;
  }

  private static void add(Map<String, List<String>> protocols, KubeMap port, String field) {
    String protocol = port.string("protocol", "");
    protocols
        .computeIfAbsent(String.valueOf(port.number(field, 0)), number -> new ArrayList<>())
        .add(protocol.isEmpty() ? "TCP" : protocol);
  }
}
