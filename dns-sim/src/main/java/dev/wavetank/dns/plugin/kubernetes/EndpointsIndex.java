package dev.wavetank.dns.plugin.kubernetes;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeObject;
import org.jspecify.annotations.Nullable;

/** EndpointSlices by Service and by ready address; always in the order of their names. */
record EndpointsIndex(
    SortedTree<EndpointsRecord> byKey,
    SortedTree<ImmutableList<String>> keysByService,
    SortedTree<ImmutableList<String>> keysByIp)
    implements Index<EndpointsIndex> {

  static final EndpointsIndex EMPTY =
      new EndpointsIndex(SortedTree.empty(), SortedTree.empty(), SortedTree.empty());

  ImmutableList<EndpointsRecord> ofService(String namespace, String service) {
    return records(keysByService.get(namespace + "/" + service));
  }

  ImmutableList<EndpointsRecord> withIp(String ip) {
    return records(keysByIp.get(ip));
  }

  private ImmutableList<EndpointsRecord> records(@Nullable ImmutableList<String> keys) {
    if (keys == null) {
      return ImmutableList.of();
    }
    ImmutableList.Builder<EndpointsRecord> records =
        ImmutableList.builderWithExpectedSize(keys.size());
    for (String key : keys) {
      EndpointsRecord record = byKey.get(key);
      if (record != null) {
        records.add(record);
      }
    }
    return records.build();
  }

  @Override
  public EndpointsIndex changed(@Nullable KubeObject before, @Nullable KubeObject after) {
    EndpointsRecord old = before == null ? null : byKey.get(Index.key(before));
    EndpointsRecord next = after == null ? null : EndpointsRecord.of(after);
    SortedTree<EndpointsRecord> slices = byKey;
    SortedTree<ImmutableList<String>> services = keysByService;
    if (old != null && next == null) {
      slices = slices.without(old.key());
    }
    if (next != null) {
      slices = slices.with(next.key(), next);
    }
    if (old == null || next == null || !old.service().equals(next.service())) {
      if (old != null) {
        services = Index.minus(services, old.namespace() + "/" + old.service(), old.key());
      }
      if (next != null && !next.service().isEmpty()) {
        services = Index.plus(services, next.namespace() + "/" + next.service(), next.key());
      }
    }
    return new EndpointsIndex(slices, services, addresses(old, next));
  }

  /** Only addresses that came or went are touched: a slice may hold a thousand. */
  private SortedTree<ImmutableList<String>> addresses(
      @Nullable EndpointsRecord old, @Nullable EndpointsRecord next) {
    SortedTree<ImmutableList<String>> ips = keysByIp;
    SortedTree<Boolean> kept = SortedTree.empty();
    if (next != null) {
      for (EndpointsRecord.Address address : next.addresses()) {
        kept = kept.with(address.ip(), true);
        ips = Index.plus(ips, address.ip(), next.key());
      }
    }
    if (old != null) {
      for (EndpointsRecord.Address address : old.addresses()) {
        if (kept.get(address.ip()) == null) {
          ips = Index.minus(ips, address.ip(), old.key());
        }
      }
    }
    return ips;
  }

  @Override
  public boolean visible(KubeObject before, KubeObject after) {
    return !before.root().listOrEmpty("endpoints").equals(after.root().listOrEmpty("endpoints"))
        || !before.root().listOrEmpty("ports").equals(after.root().listOrEmpty("ports"));
  }
}
