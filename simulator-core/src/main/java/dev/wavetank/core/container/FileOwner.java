package dev.wavetank.core.container;

import dev.wavetank.core.api.KubeMap;

/** Whom a file belongs to, by the numbers of a user and a group. */
public record FileOwner(long user, long group) {

  /** The owner of what nobody has given to anybody else. */
  public static final FileOwner ROOT = new FileOwner(0, 0);

  /** Who a container's processes are. */
  static FileOwner of(Container container) {
    return new FileOwner(security(container, "runAsUser"), security(container, "runAsGroup"));
  }

  /** The number that the container's security context or the pod's sets, or 0. */
  static long security(Container container, String field) {
    KubeMap own = container.spec().mapOrEmpty("securityContext");
    KubeMap pod = container.sandbox().podSpec().mapOrEmpty("securityContext");
    return own.has(field) ? own.number(field, 0) : pod.number(field, 0);
  }

  /** The group that the pod gives its volumes; 0 for none. */
  static long ofVolumes(Container container) {
    return container.sandbox().podSpec().mapOrEmpty("securityContext").number("fsGroup", 0);
  }

  /** A number as programs show it where it has a name. */
  static String named(long number) {
    return number == 0 ? "root" : Long.toString(number);
  }
}
