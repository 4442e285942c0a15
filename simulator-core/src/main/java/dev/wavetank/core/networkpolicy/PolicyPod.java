package dev.wavetank.core.networkpolicy;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.Protocol;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A pod with addresses of its own, as an agent knows it. */
final class PolicyPod {

  private static final int NO_PORT = -1;

  private final KubeObject pod;
  private final ImmutableList<IpAddress> addresses;

  /** The policies that isolate it; null until someone asks. */
  @Nullable Map<Direction, List<Policy>> isolating;

  private PolicyPod(KubeObject pod, ImmutableList<IpAddress> addresses) {
    this.pod = pod;
    this.addresses = addresses;
  }

  /** The pod; null for one that has no address of its own, or not any more. */
  static @Nullable PolicyPod of(KubeObject pod) {
    String phase = pod.status().string("phase", "");
    boolean over = phase.equals("Succeeded") || phase.equals("Failed");
    if (over || pod.spec().bool("hostNetwork", false)) {
      return null;
    }
    ImmutableList.Builder<IpAddress> addresses = ImmutableList.builder();
    for (KubeMap address : pod.status().listOrEmpty("podIPs").maps()) {
      IpAddress ip = IpAddress.parseOrNull(address.string("ip", ""));
      if (ip != null) {
        addresses.add(ip);
      }
    }
    ImmutableList<IpAddress> found = addresses.build();
    return found.isEmpty() ? null : new PolicyPod(pod, found);
  }

  ImmutableList<IpAddress> addresses() {
    return addresses;
  }

  String uid() {
    return pod.uid();
  }

  String namespace() {
    return pod.namespace();
  }

  String node() {
    return pod.spec().string("nodeName", "");
  }

  KubeMap labels() {
    return pod.labels();
  }

  /** The number of a named container port; -1 when there is none. */
  int port(String name, Protocol protocol) {
    int found = port(pod.spec().listOrEmpty("containers"), name, protocol);
    return found == NO_PORT
        ? port(pod.spec().listOrEmpty("initContainers"), name, protocol)
        : found;
  }

  private static int port(KubeList containers, String name, Protocol protocol) {
    for (KubeMap container : containers.maps()) {
      for (KubeMap port : container.listOrEmpty("ports").maps()) {
        if (port.string("name", "").equals(name)
            && Protocol.of(port.string("protocol", "")) == protocol) {
          return (int) port.number("containerPort", NO_PORT);
        }
      }
    }
    return NO_PORT;
  }

  /** {@code pod default/web}. */
  @Override
  public String toString() {
    return "pod " + pod.namespace() + "/" + pod.name();
  }
}
