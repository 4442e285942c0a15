package dev.wavetank.core.apiserver.flowcontrol;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.SpecStrategy;
import java.util.Set;
import java.util.TreeSet;

/**
 * What both kinds have in common beside a spec: conditions.
 *
 * <p>Follows pkg/registry/flowcontrol/flowschema/strategy.go (v1.36).
 */
abstract class FlowControlStrategy extends SpecStrategy {

  FlowControlStrategy() {
    super(KubeMap.EMPTY);
  }

  @Override
  public void validateStatusUpdate(KubeObject next, KubeObject old, FieldErrors errors) {
    conditions(next.status(), errors);
  }

  static void conditions(KubeMap status, FieldErrors errors) {
    KubeList conditions = status.listOrEmpty("conditions");
    Set<String> seen = new TreeSet<>();
    for (int i = 0; i < conditions.size(); i++) {
      String type = conditions.map(i).string("type", "");
      String path = "status.conditions[" + i + "].type";
      if (!seen.add(type)) {
        errors.duplicate(path, type);
      }
      if (type.isEmpty()) {
        errors.required(path, "");
      }
    }
  }

  /** A number that 0 stands for the usual one of. */
  static KubeMap nonZero(KubeMap map, String key, long usual) {
    return map.number(key, 0) == 0 ? map.with(key, usual) : map;
  }
}
