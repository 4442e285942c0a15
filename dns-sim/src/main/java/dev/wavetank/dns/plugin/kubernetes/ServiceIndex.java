package dev.wavetank.dns.plugin.kubernetes;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeObject;
import org.jspecify.annotations.Nullable;

/** Services by name and by ClusterIP. */
record ServiceIndex(
    SortedTree<ServiceRecord> byKey, SortedTree<ImmutableList<String>> keysByClusterIp)
    implements Index<ServiceIndex> {

  static final ServiceIndex EMPTY = new ServiceIndex(SortedTree.empty(), SortedTree.empty());

  @Nullable ServiceRecord get(String namespace, String name) {
    return byKey.get(namespace + "/" + name);
  }

  /** The Service with this ClusterIP: the first by name, should there be several. */
  @Nullable ServiceRecord withClusterIp(String ip) {
    ImmutableList<String> keys = keysByClusterIp.get(ip);
    return keys == null ? null : byKey.get(keys.get(0));
  }

  @Override
  public ServiceIndex changed(@Nullable KubeObject before, @Nullable KubeObject after) {
    SortedTree<ServiceRecord> services = byKey;
    SortedTree<ImmutableList<String>> ips = keysByClusterIp;
    if (before != null) {
      String key = Index.key(before);
      ServiceRecord old = services.get(key);
      if (old != null) {
        for (String ip : old.clusterIps()) {
          ips = Index.minus(ips, ip, key);
        }
        services = services.without(key);
      }
    }
    if (after != null) {
      String key = Index.key(after);
      ServiceRecord record = ServiceRecord.of(after);
      services = services.with(key, record);
      if (!record.headless()) {
        for (String ip : record.clusterIps()) {
          ips = ip.isEmpty() ? ips : Index.plus(ips, ip, key);
        }
      }
    }
    return new ServiceIndex(services, ips);
  }

  @Override
  public boolean visible(KubeObject before, KubeObject after) {
    return !before.spec().equals(after.spec())
        && !ServiceRecord.of(before).equals(ServiceRecord.of(after));
  }
}
