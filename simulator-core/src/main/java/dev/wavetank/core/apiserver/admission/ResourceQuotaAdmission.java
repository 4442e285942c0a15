package dev.wavetank.core.apiserver.admission;

import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.PodResources;
import dev.wavetank.core.api.Quantity;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.ValidatingAdmission;
import dev.wavetank.core.apiserver.quota.QuotaScopes;
import dev.wavetank.core.apiserver.quota.QuotaUsage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Nothing is created beyond what the ResourceQuotas of a namespace leave; what is admitted is
 * counted at once.
 *
 * <p>Follows staging/src/k8s.io/apiserver/pkg/admission/plugin/resourcequota/controller.go (v1.36).
 */
public final class ResourceQuotaAdmission implements ValidatingAdmission {

  private final ApiServer server;
  private final NamespacedIndex quotas;

  /** The step of a server, in which it finds the quotas and counts. */
  public ResourceQuotaAdmission(ApiServer server) {
    this.server = server;
    this.quotas = new NamespacedIndex(server, ResourceType.RESOURCE_QUOTAS);
  }

  @Override
  public void validate(
      ResourceType type, KubeObject object, @Nullable KubeObject before, boolean dryRun) {
    Collection<KubeObject> all = quotas.in(object.namespace());
    if (all.isEmpty() || !QuotaUsage.counts(type) || !handles(type, object, before)) {
      return;
    }
    Instant now = server.simulation().instant();
    Map<String, Quantity> used = QuotaUsage.of(type, object, now);
    Map<String, Quantity> usedBefore =
        before == null ? ImmutableMap.of() : QuotaUsage.of(type, before, now);
    List<KubeObject> charged = new ArrayList<>();
    for (KubeObject quota : all) {
      KubeMap hard = quota.status().mapOrEmpty("hard");
      Set<String> limited = QuotaUsage.matching(type, hard.keys());
      if (limited.isEmpty() || !QuotaScopes.match(quota, type, object)) {
        continue;
      }
      constrain(quota, type, object, limited);
      boolean counted = before != null && QuotaScopes.match(quota, type, before);
      Map<String, Quantity> more = counted ? difference(used, usedBefore) : used;
      KubeObject next = charge(quota, type, object, masked(more, limited));
      if (next != null) {
        charged.add(next);
      }
    }
    for (KubeObject quota : dryRun ? List.<KubeObject>of() : charged) {
      KubeMap status = quota.status();
      server.patchStatus(quota.key(ResourceType.RESOURCE_QUOTAS), was -> status);
    }
  }

  private static boolean handles(
      ResourceType type, KubeObject object, @Nullable KubeObject before) {
    if (before == null) {
      return true;
    }
    if (type.equals(ResourceType.PODS)) {
      return QuotaScopes.isTerminating(before) != QuotaScopes.isTerminating(object);
    }
    return type.equals(ResourceType.SERVICES) || type.equals(ResourceType.PERSISTENT_VOLUME_CLAIMS);
  }

  private static void constrain(
      KubeObject quota, ResourceType type, KubeObject object, Set<String> limited) {
    String missing = type.equals(ResourceType.PODS) ? QuotaUsage.missing(object, limited) : null;
    if (missing != null) {
      throw refused(type, object, "failed quota: " + quota.name() + ": " + missing);
    }
    for (String resource : limited) {
      if (!quota.status().mapOrEmpty("used").has(resource)) {
        throw refused(
            type,
            object,
            "status unknown for quota: "
                + quota.name()
                + ", resources: "
                + String.join(",", limited));
      }
    }
  }

  private static ApiException refused(ResourceType type, KubeObject object, String why) {
    return new ApiException(Status.forbidden(type, object.name(), why));
  }

  private static Map<String, Quantity> difference(
      Map<String, Quantity> used, Map<String, Quantity> before) {
    Map<String, Quantity> more = new TreeMap<>();
    used.forEach(
        (name, amount) -> {
          Quantity was = before.get(name);
          Quantity delta = was == null ? amount : amount.sub(was);
          more.put(name, delta.sign() < 0 ? Quantity.ZERO : delta);
        });
    return more;
  }

  private static Map<String, Quantity> masked(Map<String, Quantity> amounts, Set<String> names) {
    Map<String, Quantity> kept = new TreeMap<>();
    amounts.forEach(
        (name, amount) -> {
          if (names.contains(name) && !amount.isZero()) {
            kept.put(name, amount);
          }
        });
    return kept;
  }

  /** The quota with more used; null when nothing changes. */
  private static @Nullable KubeObject charge(
      KubeObject quota, ResourceType type, KubeObject object, Map<String, Quantity> more) {
    if (more.isEmpty()) {
      return null;
    }
    Map<String, Quantity> hard = PodResources.list(quota.status().mapOrEmpty("hard"));
    Map<String, Quantity> used = PodResources.list(quota.status().mapOrEmpty("used"));
    KubeMap next = quota.status().mapOrEmpty("used");
    List<String> exceeded = new ArrayList<>();
    for (Map.Entry<String, Quantity> one : more.entrySet()) {
      String name = one.getKey();
      Quantity sum = used.getOrDefault(name, Quantity.ZERO).add(one.getValue());
      Quantity most = hard.get(name);
      if (most != null && sum.cmp(most) > 0) {
        exceeded.add(name);
      }
      next = next.with(name, sum.toString());
    }
    if (!exceeded.isEmpty()) {
      throw refused(
          type,
          object,
          "exceeded quota: "
              + quota.name()
              + ", requested: "
              + shown(more, exceeded)
              + ", used: "
              + shown(used, exceeded)
              + ", limited: "
              + shown(hard, exceeded));
    }
    return quota.withStatus(quota.status().with("used", next));
  }

  private static String shown(Map<String, Quantity> amounts, List<String> names) {
    List<String> parts = new ArrayList<>();
    for (String name : names) {
      parts.add(name + "=" + amounts.getOrDefault(name, Quantity.ZERO));
    }
    return String.join(",", parts);
  }
}
