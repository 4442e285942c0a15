package dev.wavetank.core.apiserver.registry;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.apiserver.FieldErrors;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * The conditions of CertificateSigningRequests: who may add which, and that none goes.
 *
 * <p>Follows pkg/registry/certificates/certificates/strategy.go and
 * pkg/apis/certificates/validation/validation.go (v1.36).
 */
final class CertificateConditions {

  private static final String PATH = "status.conditions";
  private static final ImmutableList<String> DECISIONS = ImmutableList.of("Approved", "Denied");
  private static final ImmutableList<String> KEPT =
      ImmutableList.of("Approved", "Denied", "Failed");

  private CertificateConditions() {}

  /** The conditions with the times that they lack. */
  static KubeMap timed(KubeMap status, KubeMap old, String now) {
    KubeList conditions = status.listOrEmpty("conditions");
    for (int i = 0; i < conditions.size(); i++) {
      KubeMap condition = conditions.map(i);
      KubeMap made = condition.withDefault("lastUpdateTime", now);
      if (!made.has("lastTransitionTime")) {
        made = made.with("lastTransitionTime", transition(made, old, now));
      }
      conditions = conditions.with(i, made);
    }
    return conditions.isEmpty() ? status : status.with("conditions", conditions);
  }

  private static Object transition(KubeMap condition, KubeMap old, String now) {
    for (KubeMap before : old.listOrEmpty("conditions").maps()) {
      Object time = before.get("lastTransitionTime");
      if (time != null
          && Objects.equals(before.get("type"), condition.get("type"))
          && Objects.equals(before.get("status"), condition.get("status"))) {
        return time;
      }
    }
    return now;
  }

  private static List<KubeMap> of(KubeMap status, String type) {
    List<KubeMap> found = new ArrayList<>();
    for (KubeMap condition : status.listOrEmpty("conditions").maps()) {
      if (type.equals(condition.get("type"))) {
        found.add(condition);
      }
    }
    return found;
  }

  /** The status with the decisions as they were, where as many are there. */
  static KubeMap decisionsKept(KubeMap status, KubeMap old) {
    KubeList conditions = status.listOrEmpty("conditions");
    for (String type : DECISIONS) {
      List<KubeMap> before = of(old, type);
      if (before.size() == of(status, type).size()) {
        int next = 0;
        for (int i = 0; i < conditions.size(); i++) {
          if (type.equals(conditions.map(i).get("type"))) {
            conditions = conditions.with(i, before.get(next++));
          }
        }
      }
    }
    return conditions.isEmpty() ? status : status.with("conditions", conditions);
  }

  /**
   * What is wrong with new conditions.
   *
   * @param deciding whether the client may approve or deny
   */
  static void validate(KubeMap status, KubeMap old, boolean deciding, FieldErrors errors) {
    KubeList conditions = status.listOrEmpty("conditions");
    Set<String> seen = new TreeSet<>();
    for (int i = 0; i < conditions.size(); i++) {
      KubeMap condition = conditions.map(i);
      String type = condition.string("type", "");
      String path = PATH + "[" + i + "]";
      if (type.isEmpty()) {
        errors.required(path + ".type", "");
      }
      ImmutableList<String> values =
          KEPT.contains(type)
              ? ImmutableList.of("True")
              : ImmutableList.of("False", "True", "Unknown");
      errors.oneOf(condition, "status", values, path);
      if (DECISIONS.contains(type)
          && seen.contains(type.equals("Approved") ? "Denied" : "Approved")) {
        errors.invalid(PATH, type, "Approved and Denied conditions are mutually exclusive");
      }
      if (!seen.add(type)) {
        errors.duplicate(path + ".type", type);
      }
    }
    for (String type : KEPT) {
      int before = of(old, type).size();
      int after = of(status, type).size();
      if (after < before) {
        errors.forbidden(PATH, "updates may not remove a condition of type \"" + type + "\"");
      } else if (!deciding && after > before && DECISIONS.contains(type)) {
        errors.forbidden(PATH, "updates may not add a condition of type \"" + type + "\"");
      }
    }
  }
}
