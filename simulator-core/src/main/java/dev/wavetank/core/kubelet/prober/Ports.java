package dev.wavetank.core.kubelet.prober;

import dev.wavetank.core.api.KubeMap;
import org.jspecify.annotations.Nullable;

/**
 * Numbers of ports that a probe or hook may name.
 *
 * <p>Follows pkg/probe/util.go (v1.36).
 */
public final class Ports {

  private Ports() {}

  /** The number of a port given by number or by name; -1 when it is none. */
  public static int resolve(@Nullable Object port, KubeMap container) {
    long number = -1;
    if (port instanceof Long given) {
      number = given;
    } else if (port instanceof String name) {
      KubeMap named = container.listOrEmpty("ports").find("name", name);
      if (named != null) {
        number = named.number("containerPort", -1);
      } else if (name.matches("\\d{1,5}")) {
        number = Long.parseLong(name);
      }
    }
    return number > 0 && number < 65536 ? (int) number : -1;
  }
}
