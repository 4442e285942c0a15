package dev.wavetank.dns.resolver;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;

/**
 * The name of a pod inside itself, and its {@code /etc/hosts}.
 *
 * <p>Follows pkg/kubelet/kubelet_pods.go (v1.36).
 *
 * @param hostname without domain, at most 63 letters
 * @param domain empty unless the pod has a subdomain
 */
public record PodHosts(String hostname, String domain) {
  private static final int HOSTNAME_MAX = 63;

  private static final String LOCAL_NAMES =
      """
      127.0.0.1\tlocalhost
      ::1\tlocalhost ip6-localhost ip6-loopback
      fe00::0\tip6-localnet
      fe00::0\tip6-mcastprefix
      fe00::1\tip6-allnodes
      fe00::2\tip6-allrouters
      """;

  /** The names of a pod in a cluster with that domain. */
  public static PodHosts of(KubeObject pod, String clusterDomain) {
    KubeMap spec = pod.spec();
    String override = spec.string("hostnameOverride", "");
    if (!override.isEmpty()) {
      return new PodHosts(truncated(override), "");
    }
    String hostname = spec.string("hostname", "");
    String subdomain = spec.string("subdomain", "");
    return new PodHosts(
        truncated(hostname.isEmpty() ? pod.name() : hostname),
        subdomain.isEmpty() ? "" : subdomain + "." + pod.namespace() + ".svc." + clusterDomain);
  }

  private static String truncated(String hostname) {
    if (hostname.length() <= HOSTNAME_MAX) {
      return hostname;
    }
    int end = HOSTNAME_MAX;
    while (end > 0 && (hostname.charAt(end - 1) == '-' || hostname.charAt(end - 1) == '.')) {
      end--;
    }
    return hostname.substring(0, end);
  }

  /** Hostname and domain. */
  public String fullName() {
    return domain.isEmpty() ? hostname : hostname + "." + domain;
  }

  /**
   * The file of a pod with its own network.
   *
   * @param podIps as in {@code status.podIPs}
   */
  public String etcHosts(KubeObject pod, ImmutableList<String> podIps) {
    StringBuilder text = new StringBuilder();
    text.append("# Kubernetes-managed hosts file.\n").append(LOCAL_NAMES);
    for (String ip : podIps) {
      text.append(ip).append('\t');
      if (!domain.isEmpty()) {
        text.append(fullName()).append('\t');
      }
      text.append(hostname).append('\n');
    }
    return text.append(aliases(pod)).toString();
  }

  /** The file of a pod with {@code hostNetwork}: that of its node, and its aliases. */
  public static String etcHostsOfNode(KubeObject pod, String nodeHosts) {
    return "# Kubernetes-managed hosts file (host network).\n" + nodeHosts + aliases(pod);
  }

  private static String aliases(KubeObject pod) {
    StringBuilder text = new StringBuilder();
    for (KubeMap alias : pod.spec().listOrEmpty("hostAliases").maps()) {
      if (text.length() == 0) {
        text.append("\n# Entries added by HostAliases.\n");
      }
      text.append(alias.string("ip", ""));
      for (Object hostname : alias.listOrEmpty("hostnames")) {
        text.append('\t').append(hostname);
      }
      text.append('\n');
    }
    return text.toString();
  }
}
