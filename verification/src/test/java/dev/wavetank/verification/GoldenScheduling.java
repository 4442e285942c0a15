package dev.wavetank.verification;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeNull;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.sim.Choices;
import dev.wavetank.scheduler.framework.Profile;
import dev.wavetank.scheduler.plugins.DefaultPlugins;
import dev.wavetank.scheduler.whatif.DryRun;
import java.util.ArrayList;
import java.util.List;

/** Recorded clusters as the scheduler sees them. */
final class GoldenScheduling {

  /** Kinds of the lists of a recorded cluster. */
  private static final ImmutableMap<String, KubeMap> KINDS =
      ImmutableMap.<String, KubeMap>builder()
          .put("nodes", kind("v1", "Node"))
          .put("pods", kind("v1", "Pod"))
          .put("namespaces", kind("v1", "Namespace"))
          .put("services", kind("v1", "Service"))
          .put("replicaSets", kind("apps/v1", "ReplicaSet"))
          .put("pdbs", kind("policy/v1", "PodDisruptionBudget"))
          .put("pvcs", kind("v1", "PersistentVolumeClaim"))
          .buildOrThrow();

  private GoldenScheduling() {}

  private static KubeMap kind(String apiVersion, String kind) {
    return KubeMap.of("apiVersion", apiVersion, "kind", kind);
  }

  /** A scheduler with that profile that sees a recorded cluster. */
  static DryRun of(JsonNode cluster, Profile profile) {
    DryRun dryRun = new DryRun(DefaultPlugins.registry(), profile, Choices.first());
    cluster
        .properties()
        .forEach(
            list -> {
              KubeMap kind = KINDS.get(list.getKey());
              if (kind == null) {
                throw new IllegalArgumentException("objects of unknown kind: " + list.getKey());
              }
              list.getValue().forEach(object -> dryRun.put(object(object, kind)));
            });
    return dryRun;
  }

  static KubeObject pod(JsonNode json) {
    return object(json, KINDS.get("pods"));
  }

  private static KubeObject object(JsonNode json, KubeMap kind) {
    KubeMap tree = (KubeMap) tree(json);
    return KubeObject.of(
        tree.with("apiVersion", kind.get("apiVersion")).with("kind", kind.get("kind")));
  }

  static Object tree(JsonNode json) {
    if (json.isObject()) {
      KubeMap.Builder map = KubeMap.builder();
      json.properties().forEach(entry -> map.put(entry.getKey(), tree(entry.getValue())));
      return map.build();
    }
    if (json.isArray()) {
      List<Object> list = new ArrayList<>();
      json.forEach(element -> list.add(tree(element)));
      return KubeList.copyOf(list);
    }
    if (json.isIntegralNumber()) {
      return json.asLong();
    }
    if (json.isNumber()) {
      return json.asDouble();
    }
    if (json.isBoolean()) {
      return json.asBoolean();
    }
    return json.isNull() ? KubeNull.NULL : json.asText();
  }
}
