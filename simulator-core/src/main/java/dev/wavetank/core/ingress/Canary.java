package dev.wavetank.core.ingress;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.container.http.HttpRequest;
import dev.wavetank.core.httpproxy.Backend;
import dev.wavetank.core.sim.ChoiceStream;

/**
 * A second backend that takes a part of the requests of a rule.
 *
 * <p>Follows docs/examples/canary and rootfs/etc/nginx/lua/balancer.lua of ingress-nginx: a header
 * decides before the weight does.
 *
 * @param header that decides; empty for none
 * @param headerValue with which it does; empty: {@code always} and {@code never} do
 * @param weight of requests in {@code weightTotal} that go here
 */
record Canary(Backend backend, String header, String headerValue, long weight, long weightTotal) {

  /** Most that a total of weights may be. */
  private static final long TOTAL_MAX = 1_000_000;

  static boolean isCanary(KubeMap annotations) {
    return IngressAnnotations.flag(annotations, "canary", false);
  }

  static Canary of(Backend backend, KubeMap annotations) {
    long total = IngressAnnotations.number(annotations, "canary-weight-total", 100);
    return new Canary(
        backend,
        IngressAnnotations.text(annotations, "canary-by-header"),
        IngressAnnotations.text(annotations, "canary-by-header-value"),
        IngressAnnotations.number(annotations, "canary-weight", 0),
        Math.max(1, Math.min(total, TOTAL_MAX)));
  }

  /** Whether it takes the request. */
  boolean takes(HttpRequest request, ChoiceStream random) {
    if (!header.isEmpty()) {
      String said = request.header(header);
      if (headerValue.isEmpty()) {
        if (said.equals("always") || said.equals("never")) {
          return said.equals("always");
        }
      } else if (said.equals(headerValue)) {
        return true;
      }
    }
    return weight > 0 && random.between(1, weightTotal) <= weight;
  }
}
