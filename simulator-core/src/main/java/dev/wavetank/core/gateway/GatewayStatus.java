package dev.wavetank.core.gateway;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.Conditions;
import dev.wavetank.core.network.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a controller says of GatewayClasses, Gateways and HTTPRoutes.
 *
 * <p>Follows apis/v1/gateway_types.go, gatewayclass_types.go and shared_types.go of gateway-api.
 *
 * @param controller its name
 * @param now the time of conditions that change
 */
record GatewayStatus(String controller, String now) {

  private KubeMap condition(
      KubeObject about, String type, boolean holds, String reason, String message) {
    return KubeMap.of(
        "type", type,
        "status", holds ? "True" : "False",
        "observedGeneration", about.generation(),
        "lastTransitionTime", now,
        "reason", reason,
        "message", message);
  }

  /** The status of a class that is this controller's. */
  KubeMap ofClass(KubeObject gatewayClass) {
    return Conditions.with(
        gatewayClass.status(),
        condition(
            gatewayClass,
            "Accepted",
            true,
            "Accepted",
            "GatewayClass is handled by " + controller));
  }

  /**
   * The status of a Gateway.
   *
   * @param failure why its infrastructure could not be made; empty when it could
   */
  KubeMap ofGateway(
      KubeObject gateway,
      GatewayObjects objects,
      @Nullable KubeObject service,
      @Nullable KubeObject deployment,
      String failure) {
    KubeMap status = gateway.status();
    Predicate<Listener> valid = listener -> listener.served(gateway, objects);
    boolean allValid = Listener.of(gateway).stream().allMatch(valid);
    boolean someValid = Listener.of(gateway).stream().anyMatch(valid);
    KubeList addresses = service == null ? KubeList.EMPTY : addresses(service);
    status =
        Conditions.with(
            status,
            condition(
                gateway,
                "Accepted",
                someValid,
                allValid ? "Accepted" : "ListenersNotValid",
                allValid ? "Gateway is accepted" : "some listeners are not valid"));
    status =
        Conditions.with(status, programmed(gateway, someValid, addresses, deployment, failure));
    status = status.with("addresses", addresses.isEmpty() ? null : addresses);
    List<Object> listeners = new ArrayList<>();
    for (Listener listener : Listener.of(gateway)) {
      KubeMap before = status.listOrEmpty("listeners").find("name", listener.name());
      listeners.add(
          ofListener(gateway, listener, before == null ? KubeMap.EMPTY : before, objects));
    }
    return status.with("listeners", KubeList.copyOf(listeners));
  }

  private KubeMap programmed(
      KubeObject gateway,
      boolean valid,
      KubeList addresses,
      @Nullable KubeObject deployment,
      String failure) {
    boolean available =
        deployment != null && deployment.status().number("availableReplicas", 0) > 0;
    String reason = "Programmed";
    String message = "Gateway is programmed";
    if (!valid || !failure.isEmpty()) {
      reason = "Invalid";
      message = valid ? failure : "no listener is valid";
    } else if (addresses.isEmpty()) {
      reason = "AddressNotAssigned";
      message = "the Service has no address yet";
    } else if (!available) {
      reason = "Pending";
      message = "no proxy is available yet";
    }
    return condition(gateway, "Programmed", reason.equals("Programmed"), reason, message);
  }

  private static KubeList addresses(KubeObject service) {
    List<Object> found = new ArrayList<>();
    KubeMap spec = service.spec();
    if (spec.string("type", "").equals("LoadBalancer")) {
      for (KubeMap point :
          service.status().mapOrEmpty("loadBalancer").listOrEmpty("ingress").maps()) {
        found.add(address(point.string("ip", point.string("hostname", ""))));
      }
    } else {
      found.add(address(spec.string("clusterIP", "")));
    }
    return KubeList.copyOf(found);
  }

  private static KubeMap address(String place) {
    boolean ip = IpAddress.parseOrNull(place) != null;
    return KubeMap.of("type", ip ? "IPAddress" : "Hostname", "value", place);
  }

  private KubeMap ofListener(
      KubeObject gateway, Listener listener, KubeMap before, GatewayObjects objects) {
    KubeMap kind = KubeMap.of("group", GatewayObjects.GROUP, "kind", "HTTPRoute");
    KubeMap status =
        KubeMap.of(
            "name", listener.name(),
            "supportedKinds", listener.takesHttpRoutes() ? KubeList.of(kind) : KubeList.EMPTY,
            "attachedRoutes", attachedRoutes(gateway, listener, objects),
            "conditions", before.listOrEmpty("conditions"));
    boolean supported = listener.supported();
    status =
        Conditions.with(
            status,
            condition(
                gateway,
                "Accepted",
                listener.usable(),
                !supported
                    ? "UnsupportedProtocol"
                    : listener.conflicted() ? "ProtocolConflict" : "Accepted",
                listener.usable() ? "Listener is accepted" : "Listener is not served"));
    status =
        Conditions.with(
            status,
            condition(
                gateway,
                "Conflicted",
                listener.conflicted(),
                listener.conflicted() ? "ProtocolConflict" : "NoConflicts",
                listener.conflicted() ? "its port is wanted for another protocol" : ""));
    status = Conditions.with(status, resolvedRefs(gateway, listener, objects));
    boolean programmed = listener.served(gateway, objects) && listener.takesHttpRoutes();
    return Conditions.with(
        status,
        condition(
            gateway,
            "Programmed",
            programmed,
            programmed ? "Programmed" : "Invalid",
            programmed ? "" : "Listener is not served"));
  }

  private KubeMap resolvedRefs(KubeObject gateway, Listener listener, GatewayObjects objects) {
    String reason = "ResolvedRefs";
    String message = "";
    if (!listener.kindsValid()) {
      reason = "InvalidRouteKinds";
      message = "only HTTPRoutes are supported";
    } else {
      String unresolved = GatewayCertificates.unresolved(gateway, listener, objects);
      if (!unresolved.isEmpty()) {
        reason = unresolved;
        message =
            unresolved.equals("RefNotPermitted")
                ? "no ReferenceGrant permits a certificateRef"
                : "a certificateRef names no Secret with a certificate";
      }
    }
    return condition(gateway, "ResolvedRefs", reason.equals("ResolvedRefs"), reason, message);
  }

  private static long attachedRoutes(
      KubeObject gateway, Listener listener, GatewayObjects objects) {
    return objects.routes().stream()
        .filter(route -> attached(route, gateway, listener, objects))
        .count();
  }

  private static boolean attached(
      KubeObject route, KubeObject gateway, Listener listener, GatewayObjects objects) {
    for (KubeMap parent : route.spec().listOrEmpty("parentRefs").maps()) {
      if (RouteAttachment.names(route, parent, gateway)
          && RouteAttachment.of(route, parent, gateway, objects).listeners().contains(listener)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The status of a route. What other controllers say stays.
   *
   * @param gateways of this controller
   */
  KubeMap ofRoute(KubeObject route, List<KubeObject> gateways, GatewayObjects objects) {
    KubeList old = route.status().listOrEmpty("parents");
    List<Object> parents = new ArrayList<>();
    for (KubeMap parent : old.maps()) {
      if (!parent.string("controllerName", "").equals(controller)) {
        parents.add(parent);
      }
    }
    for (KubeMap parent : route.spec().listOrEmpty("parentRefs").maps()) {
      for (KubeObject gateway : gateways) {
        if (RouteAttachment.names(route, parent, gateway)) {
          parents.add(ofParent(route, parent, gateway, objects, old));
        }
      }
    }
    boolean nothingSaid = parents.isEmpty() && old.isEmpty();
    return nothingSaid ? route.status() : route.status().with("parents", KubeList.copyOf(parents));
  }

  private KubeMap ofParent(
      KubeObject route,
      KubeMap parent,
      KubeObject gateway,
      GatewayObjects objects,
      KubeList before) {
    KubeMap status = KubeMap.of("parentRef", parent, "controllerName", controller);
    for (KubeMap known : before.maps()) {
      if (parent.equals(known.map("parentRef"))
          && known.string("controllerName", "").equals(controller)) {
        status = status.with("conditions", known.listOrEmpty("conditions"));
      }
    }
    RouteAttachment attachment = RouteAttachment.of(route, parent, gateway, objects);
    status =
        Conditions.with(
            status,
            condition(
                route,
                "Accepted",
                attachment.accepted(),
                attachment.reason(),
                attachment.accepted() ? "Route is accepted" : "Route is not accepted"));
    BackendReference invalid = firstInvalid(route, objects);
    return Conditions.with(
        status,
        condition(
            route,
            "ResolvedRefs",
            invalid == null,
            invalid == null ? "ResolvedRefs" : invalid.reason(),
            invalid == null ? "all references are resolved" : invalid.message()));
  }

  private static @Nullable BackendReference firstInvalid(KubeObject route, GatewayObjects objects) {
    for (KubeMap rule : route.spec().listOrEmpty("rules").maps()) {
      List<KubeMap> references = new ArrayList<>();
      rule.listOrEmpty("backendRefs").maps().forEach(references::add);
      references.addAll(RouteFilters.of(rule.listOrEmpty("filters")).mirrors());
      for (KubeMap reference : references) {
        BackendReference resolved = BackendReference.of(route, reference, objects);
        if (resolved.backend() == null) {
          return resolved;
        }
      }
    }
    return null;
  }
}
