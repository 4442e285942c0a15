package dev.wavetank.core.controller;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.LabelSelector;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.Commit;
import dev.wavetank.core.network.IpAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a Service sees its pods: which ones count, by what port, and which changes matter.
 *
 * <p>Follows staging/src/k8s.io/endpointslice/util/controller_utils.go and
 * staging/src/k8s.io/endpointslice/utils.go (v1.36).
 */
public final class ServicePods {

  private static final KubeMap NO_IPS = KubeMap.EMPTY;

  private ServicePods() {}

  /** Whether the pod is an endpoint at all: not terminal and with an address. */
  public static boolean endpoint(KubeObject pod, boolean includeTerminating) {
    return !Pods.terminal(pod) && hasAddress(pod) && (includeTerminating || !pod.terminating());
  }

  private static boolean hasAddress(KubeObject pod) {
    KubeMap status = pod.status();
    return !status.string("podIP", "").isEmpty() || !status.listOrEmpty("podIPs").isEmpty();
  }

  /** The pod's first address of a family; null when it has none. */
  public static @Nullable String address(KubeObject pod, boolean v6) {
    KubeList ips = pod.status().listOrEmpty("podIPs");
    for (int i = 0; i < ips.size(); i++) {
      String ip = ips.map(i).string("ip", "");
      if (!ip.isEmpty() && ip.indexOf(':') >= 0 == v6) {
        return v6 ? IpAddress.parse(ip).toString() : ip;
      }
    }
    return null;
  }

  /** Whether the endpoint carries the pod's hostname: the Service is its subdomain. */
  public static boolean hostnameSet(KubeObject pod, KubeObject service) {
    KubeMap spec = pod.spec();
    return !spec.string("hostname", "").isEmpty()
        && spec.string("subdomain", "").equals(service.name())
        && service.namespace().equals(pod.namespace());
  }

  /** Whether the Service has an address of its own. */
  public static boolean headless(KubeObject service) {
    String address = service.spec().string("clusterIP", "");
    return address.isEmpty() || address.equals("None");
  }

  /**
   * The number of the pod's port that a port of a Service targets.
   *
   * @return -1 when it targets a name that no container of the pod has
   */
  public static long findPort(KubeObject pod, KubeMap servicePort) {
    Object target = servicePort.get("targetPort");
    if (target instanceof Long number) {
      return number;
    }
    if (!(target instanceof String name)) {
      return servicePort.number("port", 0);
    }
    String protocol = servicePort.string("protocol", "TCP");
    for (KubeMap container : pod.spec().listOrEmpty("containers").maps()) {
      long port = findPort(container, name, protocol);
      if (port >= 0) {
        return port;
      }
    }
    for (KubeMap container : pod.spec().listOrEmpty("initContainers").maps()) {
      if ("Always".equals(container.get("restartPolicy"))) {
        long port = findPort(container, name, protocol);
        if (port >= 0) {
          return port;
        }
      }
    }
    return -1;
  }

  private static long findPort(KubeMap container, String name, String protocol) {
    for (KubeMap port : container.listOrEmpty("ports").maps()) {
      if (name.equals(port.get("name")) && protocol.equals(port.string("protocol", "TCP"))) {
        return port.number("containerPort", 0);
      }
    }
    return -1;
  }

  /** Whether a pod's change can change an endpoint of some Service. */
  public static boolean matters(Commit commit) {
    KubeObject before = commit.before();
    KubeObject after = commit.after();
    if (before == null || after == null) {
      return hasAddress(commit.object());
    }
    if (before.metadata() != after.metadata()
        && (before.terminating() != after.terminating()
            || !before.labels().equals(after.labels()))) {
      return true;
    }
    if (before.status() != after.status()
        && (Pods.ready(before) != Pods.ready(after) || !ips(before).equals(ips(after)))) {
      return true;
    }
    return before.spec() != after.spec()
        && !(same(before, after, "hostname") && same(before, after, "subdomain"));
  }

  private static Object ips(KubeObject pod) {
    KubeList ips = pod.status().list("podIPs");
    if (ips != null) {
      return ips;
    }
    Object ip = pod.status().get("podIP");
    return ip == null ? NO_IPS : ip;
  }

  private static boolean same(KubeObject before, KubeObject after, String field) {
    return before.spec().string(field, "").equals(after.spec().string(field, ""));
  }

  /** Files the selector of a Service that changed; one without a selector selects nothing. */
  public static void fileSelector(
      SelectorIndex services, @Nullable KubeObject before, @Nullable KubeObject after) {
    KubeObject service = after != null ? after : before;
    if (service == null) {
      return;
    }
    ObjectKey key = service.key(ResourceType.SERVICES);
    KubeMap selector = after == null ? null : after.spec().map("selector");
    if (selector == null) {
      services.remove(key);
    } else if (before == null || before.spec() != service.spec()) {
      services.put(key, LabelSelector.ofLabels(selector));
    }
  }

  /** Adds the pod's labels, old and new, to the Services to be synced. */
  public static void forEachService(
      SelectorIndex services,
      @Nullable KubeObject before,
      @Nullable KubeObject after,
      Consumer<ObjectKey> action) {
    if (after != null) {
      services.forEachMatch(after.namespace(), after.labels(), action);
    }
    if (before != null && (after == null || !before.labels().equals(after.labels()))) {
      services.forEachMatch(before.namespace(), before.labels(), action);
    }
  }
}
