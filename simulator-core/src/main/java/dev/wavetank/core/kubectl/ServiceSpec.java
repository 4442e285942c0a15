package dev.wavetank.core.kubectl;

import com.google.common.base.Ascii;
import dev.wavetank.core.api.GoQuote;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.kubectl.errors.CommandException;
import dev.wavetank.core.kubectl.flags.Flags;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Service that is made for pods that run already.
 *
 * <p>Follows createService of staging/src/k8s.io/kubectl/pkg/cmd/expose/expose.go (v1.36).
 */
final class ServiceSpec {

  private KubeMap spec;

  ServiceSpec(KubeMap selector) {
    spec = KubeMap.of("selector", selector);
  }

  /**
   * The Service's ports.
   *
   * @param protocol for all of them; empty for those of the pods
   * @param protocols of the pods, by port
   * @param target number or name of the pods' port; empty for the same port
   */
  ServiceSpec ports(
      List<String> ports, String protocol, Map<String, List<String>> protocols, String target) {
    List<KubeMap> built = new ArrayList<>();
    for (int i = 0; i < ports.size(); i++) {
      String port = ports.get(i);
      String name = ports.size() > 1 ? "port-" + (i + 1) : "";
      List<String> own = protocol.isEmpty() ? protocols.getOrDefault(port, List.of()) : List.of();
      if (own.size() > 1) {
        for (String each : own) {
          built.add(port(port, "port-" + (i + 1) + "-" + Ascii.toLowerCase(each), each, target));
        }
      } else {
        String one = own.isEmpty() ? protocol.isEmpty() ? "TCP" : protocol : own.get(0);
        built.add(port(port, name, one, target));
      }
    }
    spec = spec.with("ports", built.isEmpty() ? null : KubeList.copyOf(built));
    return this;
  }

  private static KubeMap port(String text, String name, String protocol, String target) {
    long port = number(text);
    return KubeMap.builder()
        .put("name", name.isEmpty() ? null : name)
        .put("protocol", protocol)
        .put("port", port)
        .put("targetPort", target.isEmpty() ? port : target(target))
        .build();
  }

  private static Object target(String text) {
    return text.matches("[+-]?[0-9]{1,9}") ? (Object) Long.valueOf(text) : text;
  }

  private static long number(String text) {
    if (!text.matches("[+-]?[0-9]{1,9}")) {
      throw CommandException.of(
          "strconv.Atoi: parsing " + GoQuote.quote(text) + ": invalid syntax");
    }
    return Long.parseLong(text);
  }

  /** What the flags of {@code expose} say beside ports. */
  ServiceSpec flags(Flags flags) {
    String type = flags.string("type");
    String affinity = flags.string("session-affinity");
    if (!affinity.isEmpty() && !affinity.equals("None") && !affinity.equals("ClientIP")) {
      throw CommandException.of("unknown session affinity: " + affinity);
    }
    String external = flags.string("external-ip");
    spec =
        spec.with("externalIPs", external.isEmpty() ? null : KubeList.of(external))
            .with("type", orNull(type))
            .with("sessionAffinity", orNull(affinity))
            .with("clusterIP", orNull(flags.string("cluster-ip")));
    if (type.equals("LoadBalancer")) {
      spec = spec.with("loadBalancerIP", orNull(flags.string("load-balancer-ip")));
    }
    return this;
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }

  KubeObject named(String name, KubeMap labels) {
    KubeMap metadata = KubeMap.of("name", name).with("labels", labels.isEmpty() ? null : labels);
    return KubeObject.of(ResourceType.SERVICES, metadata)
        .withSpec(spec)
        .withStatus(KubeMap.of("loadBalancer", KubeMap.EMPTY));
  }
}
