package dev.wavetank.core.gateway;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Which listeners of a Gateway a {@code parentRef} of an HTTPRoute attaches it to.
 *
 * <p>Follows apis/v1/shared_types.go of gateway-api, {@code RouteConditionReason}.
 *
 * @param listeners none when the route is not accepted
 * @param reason of the condition {@code Accepted}
 */
record RouteAttachment(ImmutableList<Listener> listeners, String reason) {

  boolean accepted() {
    return !listeners.isEmpty();
  }

  /** Whether a {@code parentRef} of a route names a Gateway. */
  static boolean names(KubeObject route, KubeMap parent, KubeObject gateway) {
    return parent.string("group", GatewayObjects.GROUP).equals(GatewayObjects.GROUP)
        && parent.string("kind", "Gateway").equals("Gateway")
        && parent.string("name", "").equals(gateway.name())
        && parent.string("namespace", route.namespace()).equals(gateway.namespace());
  }

  /** The attachment by a {@code parentRef} that names this Gateway. */
  static RouteAttachment of(
      KubeObject route, KubeMap parent, KubeObject gateway, GatewayObjects objects) {
    String section = parent.string("sectionName", "");
    long port = parent.number("port", 0);
    List<Listener> named =
        kept(
            Listener.of(gateway),
            listener ->
                (section.isEmpty() || section.equals(listener.name()))
                    && (port == 0 || port == listener.port()));
    if (named.isEmpty()) {
      return refused("NoMatchingParent");
    }
    List<Listener> allowing =
        kept(
            named,
            listener ->
                listener.takesHttpRoutes() && listener.allows(gateway, route.namespace(), objects));
    if (allowing.isEmpty()) {
      return refused("NotAllowedByListeners");
    }
    List<Listener> meeting = kept(allowing, listener -> meets(route, listener));
    return meeting.isEmpty()
        ? refused("NoMatchingListenerHostname")
        : new RouteAttachment(ImmutableList.copyOf(meeting), "Accepted");
  }

  private static boolean meets(KubeObject route, Listener listener) {
    for (GatewayHost hostname : hostnames(route)) {
      if (hostname.intersects(listener.hostname())) {
        return true;
      }
    }
    return false;
  }

  /** The hostnames of a route; any when it says none. */
  static List<GatewayHost> hostnames(KubeObject route) {
    List<GatewayHost> hostnames = new ArrayList<>();
    for (Object hostname : route.spec().listOrEmpty("hostnames")) {
      hostnames.add(GatewayHost.of(hostname.toString()));
    }
    return hostnames.isEmpty() ? List.of(GatewayHost.ANY) : hostnames;
  }

  private static RouteAttachment refused(String reason) {
    return new RouteAttachment(ImmutableList.of(), reason);
  }

  private static List<Listener> kept(List<Listener> listeners, Predicate<Listener> which) {
    return listeners.stream().filter(which).toList();
  }
}
