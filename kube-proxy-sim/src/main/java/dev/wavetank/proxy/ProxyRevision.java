package dev.wavetank.proxy;

import dev.wavetank.proxy.netfilter.IpFamily;

/**
 * Services and EndpointSlices as of one commit, in both families.
 *
 * @param timeNanos when the commit was made
 * @param cause event of the commit
 * @param number of changes that matter to kube-proxy so far
 * @param udpEndpointChanges how many of them concern endpoints of a Service with UDP ports
 */
record ProxyRevision(
    long timeNanos,
    long cause,
    long number,
    long udpEndpointChanges,
    ProxyState ipv4,
    ProxyState ipv6) {

  ProxyState state(IpFamily family) {
    return family == IpFamily.IPV4 ? ipv4 : ipv6;
  }
}
