package dev.wavetank.core.kubelet;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.network.IpAddress;
import java.util.ArrayList;
import java.util.List;

/** The lists {@code podIPs} and {@code hostIPs} of a pod's status. */
final class PodIps {

  private PodIps() {}

  static KubeList list(List<IpAddress> addresses) {
    List<KubeMap> list = new ArrayList<>(addresses.size());
    for (IpAddress address : addresses) {
      list.add(KubeMap.of("ip", address.toString()));
    }
    return KubeList.copyOf(list);
  }

  /** The first of a list; empty when there is none. */
  static String first(KubeList ips) {
    return ips.isEmpty() ? "" : ips.map(0).string("ip", "");
  }

  /** All of a list, with commas between, as the downward API writes them. */
  static String joined(KubeList ips) {
    if (ips.size() < 2) {
      return first(ips);
    }
    List<String> texts = new ArrayList<>(ips.size());
    ips.maps().forEach(ip -> texts.add(ip.string("ip", "")));
    return String.join(",", texts);
  }
}
