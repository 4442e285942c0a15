package dev.wavetank.core.gateway;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.informer.ApiClient;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The Deployment and the Service of each Gateway, which are owned by it and named after it and its
 * class.
 *
 * <p>Names and labels follow GEP-1762 of gateway-api, In-Cluster Gateway Deployments.
 */
final class GatewayInfrastructure {

  private static final String GATEWAY_LABEL = GatewayObjects.GROUP + "/gateway-name";
  private static final String CLASS_LABEL = GatewayObjects.GROUP + "/gateway-class-name";

  private final ApiClient client;
  private final String proxyImage;
  private final String serviceType;

  /**
   * What a controller makes.
   *
   * @param serviceType type of the Services, such as {@code LoadBalancer}
   */
  GatewayInfrastructure(ApiClient client, String proxyImage, String serviceType) {
    this.client = client;
    this.proxyImage = proxyImage;
    this.serviceType = serviceType;
  }

  /** The name of both. */
  static String name(KubeObject gateway) {
    return gateway.name() + "-" + gateway.spec().string("gatewayClassName", "");
  }

  /** Whether an object is part of what a controller of Gateways makes. */
  static boolean marked(KubeObject object) {
    return object.labels().has(GATEWAY_LABEL);
  }

  static ObjectKey deploymentKey(KubeObject gateway) {
    return ObjectKey.of(ResourceType.DEPLOYMENTS, gateway.namespace(), name(gateway));
  }

  static ObjectKey serviceKey(KubeObject gateway) {
    return ObjectKey.of(ResourceType.SERVICES, gateway.namespace(), name(gateway));
  }

  /**
   * Makes both, or brings the Service's ports in line.
   *
   * @return why that is not possible; empty when it is
   */
  String ensure(KubeObject gateway) {
    try {
      String failure = ensureService(gateway);
      return failure.isEmpty() ? ensureDeployment(gateway) : failure;
    } catch (ApiException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private String ensureService(KubeObject gateway) {
    KubeList ports = ports(gateway);
    KubeObject service = client.server().find(serviceKey(gateway));
    if (service == null) {
      if (!ports.isEmpty()) {
        client.create(ResourceType.SERVICES, service(gateway, ports));
      }
      return "";
    }
    if (!service.controlledBy(gateway.uid())) {
      return "service " + service.name() + " belongs to something else";
    }
    boolean same = offered(service.spec().listOrEmpty("ports")).equals(offered(ports));
    if (!same && !ports.isEmpty()) {
      client.patch(
          serviceKey(gateway), old -> old.withSpec(old.spec().with("ports", kept(old, ports))));
    }
    return "";
  }

  private String ensureDeployment(KubeObject gateway) {
    KubeObject deployment = client.server().find(deploymentKey(gateway));
    if (deployment == null) {
      client.create(ResourceType.DEPLOYMENTS, deployment(gateway));
      return "";
    }
    return deployment.controlledBy(gateway.uid())
        ? ""
        : "deployment " + deployment.name() + " belongs to something else";
  }

  private static List<Object> offered(KubeList ports) {
    List<Object> offered = new ArrayList<>();
    for (KubeMap port : ports.maps()) {
      offered.add(Objects.requireNonNull(port.get("port")));
    }
    return offered;
  }

  /** The wanted ports; those that were there stay as they were, with their node ports. */
  private static KubeList kept(KubeObject service, KubeList wanted) {
    List<Object> ports = new ArrayList<>();
    for (KubeMap port : wanted.maps()) {
      KubeMap known = service.spec().listOrEmpty("ports").find("name", port.string("name", ""));
      ports.add(known == null ? port : known);
    }
    return KubeList.copyOf(ports);
  }

  /** A port for each that some listener is served at. */
  private static KubeList ports(KubeObject gateway) {
    Map<Integer, Object> ports = new LinkedHashMap<>();
    for (Listener listener : Listener.of(gateway)) {
      if (listener.usable()) {
        long port = listener.port();
        ports.putIfAbsent(
            listener.port(),
            KubeMap.of(
                "name",
                listener.scheme() + "-" + port,
                "protocol",
                "TCP",
                "port",
                port,
                "targetPort",
                port));
      }
    }
    return KubeList.copyOf(ports.values());
  }

  private KubeObject service(KubeObject gateway, KubeList ports) {
    return object("v1", "Service", gateway)
        .withSpec(KubeMap.of("type", serviceType, "selector", selector(gateway), "ports", ports));
  }

  private KubeObject deployment(KubeObject gateway) {
    KubeMap probe =
        KubeMap.of(
            "httpGet",
            KubeMap.of("path", "/ready", "port", (long) GatewayProxyProcess.HEALTH_PORT),
            "periodSeconds",
            2L);
    KubeMap container =
        KubeMap.of(
            "name",
            "proxy",
            "image",
            proxyImage,
            "args",
            KubeList.of("--gateway=" + gateway.namespace() + "/" + gateway.name()),
            "readinessProbe",
            probe);
    return object("apps/v1", "Deployment", gateway)
        .withSpec(
            KubeMap.of(
                "selector",
                KubeMap.of("matchLabels", selector(gateway)),
                "template",
                KubeMap.of(
                    "metadata",
                    KubeMap.of("labels", labels(gateway)),
                    "spec",
                    KubeMap.of("containers", KubeList.of(container)))));
  }

  private static KubeObject object(String apiVersion, String kind, KubeObject gateway) {
    KubeMap metadata =
        KubeMap.of(
            "name", name(gateway),
            "namespace", gateway.namespace(),
            "labels", labels(gateway),
            "ownerReferences", KubeList.of(gateway.asControllerRef()));
    return KubeObject.of(KubeMap.of("apiVersion", apiVersion, "kind", kind, "metadata", metadata));
  }

  private static KubeMap selector(KubeObject gateway) {
    return KubeMap.of(GATEWAY_LABEL, gateway.name());
  }

  private static KubeMap labels(KubeObject gateway) {
    return selector(gateway).with(CLASS_LABEL, gateway.spec().string("gatewayClassName", ""));
  }
}
