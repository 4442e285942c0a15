package dev.wavetank.core.container;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.container.filesystem.FileOwner;

/** Who a container's processes are, as its security context or the pod's says. */
public final class SecurityContext {

  private SecurityContext() {}

  /** The user and the group of a container's processes. */
  static FileOwner owner(Container container) {
    return new FileOwner(number(container, "runAsUser"), number(container, "runAsGroup"));
  }

  /** The number that the container's security context or the pod's sets, or 0. */
  public static long number(Container container, String field) {
    KubeMap own = container.spec().mapOrEmpty("securityContext");
    KubeMap pod = container.sandbox().podSpec().mapOrEmpty("securityContext");
    return own.has(field) ? own.number(field, 0) : pod.number(field, 0);
  }

  /** The group that the pod gives its volumes; 0 for none. */
  static long fsGroup(Container container) {
    return container.sandbox().podSpec().mapOrEmpty("securityContext").number("fsGroup", 0);
  }
}
