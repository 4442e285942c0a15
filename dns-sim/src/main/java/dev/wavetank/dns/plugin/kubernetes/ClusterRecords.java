package dev.wavetank.dns.plugin.kubernetes;

/** What all DNS servers of one cluster share: the states of its names, by revision. */
public final class ClusterRecords {
  final Versions<ServiceIndex> services = new Versions<>(ServiceIndex.EMPTY);
  final Versions<EndpointsIndex> endpoints = new Versions<>(EndpointsIndex.EMPTY);
  final Versions<NamespaceIndex> namespaces = new Versions<>(NamespaceIndex.EMPTY);
  final Versions<PodIndex> pods = new Versions<>(PodIndex.EMPTY);
}
