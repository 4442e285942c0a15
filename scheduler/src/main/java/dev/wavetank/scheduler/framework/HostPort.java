package dev.wavetank.scheduler.framework;

import dev.wavetank.core.api.KubeMap;
import java.util.ArrayList;
import java.util.List;

/**
 * A port of the node that a container asks for.
 *
 * <p>Follows {@code HostPortInfo} of staging/src/k8s.io/kube-scheduler/framework/types.go (v1.36).
 *
 * @param ip {@code 0.0.0.0} for all addresses of the node
 */
public record HostPort(String ip, String protocol, long port) {

  private static final String ALL = "0.0.0.0";
  private static final HostPort[] NONE = {};

  /** The host ports of a pod: of its containers and of its sidecars. */
  public static HostPort[] of(KubeMap spec) {
    List<HostPort> found = null;
    for (KubeMap container : spec.listOrEmpty("containers").maps()) {
      found = collect(container, found);
    }
    for (KubeMap container : spec.listOrEmpty("initContainers").maps()) {
      if ("Always".equals(container.get("restartPolicy"))) {
        found = collect(container, found);
      }
    }
    return found == null ? NONE : found.toArray(NONE);
  }

  private static @org.jspecify.annotations.Nullable List<HostPort> collect(
      KubeMap container, @org.jspecify.annotations.Nullable List<HostPort> found) {
    for (KubeMap port : container.listOrEmpty("ports").maps()) {
      long hostPort = port.number("hostPort", 0);
      if (hostPort > 0) {
        String ip = port.string("hostIP", "");
        String protocol = port.string("protocol", "");
        if (found == null) {
          found = new ArrayList<>();
        }
        found.add(
            new HostPort(ip.isEmpty() ? ALL : ip, protocol.isEmpty() ? "TCP" : protocol, hostPort));
      }
    }
    return found;
  }

  /** Whether both cannot be had on one node. */
  public boolean conflicts(HostPort other) {
    return port == other.port
        && protocol.equals(other.protocol)
        && (ip.equals(other.ip) || ip.equals(ALL) || other.ip.equals(ALL));
  }
}
