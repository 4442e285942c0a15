package dev.wavetank.core.kubectl;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.kubectl.errors.CommandException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Arguments {@code KEY=VALUE}, which set, and {@code KEY-}, which remove.
 *
 * <p>Follows ParsePairs of staging/src/k8s.io/kubectl/pkg/cmd/util/helpers.go (v1.36).
 *
 * @param set values by key
 * @param removed keys
 */
record Pairs(Map<String, String> set, List<String> removed) {

  /**
   * Reads arguments.
   *
   * @param kind how an error names them, such as {@code annotation}
   * @param removal whether {@code KEY-} is one
   * @throws CommandException when one is neither
   */
  static Pairs parse(List<String> arguments, String kind, boolean removal) {
    Map<String, String> set = new LinkedHashMap<>();
    List<String> removed = new ArrayList<>();
    List<String> invalid = new ArrayList<>();
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      if (equals > 0) {
        set.put(argument.substring(0, equals), argument.substring(equals + 1));
      } else if (removal && argument.endsWith("-") && argument.length() > 1) {
        removed.add(argument.substring(0, argument.length() - 1));
      } else {
        invalid.add(argument);
      }
    }
    if (!invalid.isEmpty()) {
      throw CommandException.of("invalid " + kind + " format: " + String.join(", ", invalid));
    }
    return new Pairs(set, removed);
  }

  /** Arguments, as those that choose objects and those that change them. */
  record Arguments(List<String> resources, List<String> pairs) {}

  /**
   * Divides arguments: objects come first.
   *
   * @param kind how an error names the pairs, such as {@code label}
   * @throws CommandException when an object follows a pair
   */
  static Arguments divide(List<String> arguments, String kind) {
    List<String> resources = new ArrayList<>();
    List<String> pairs = new ArrayList<>();
    for (String argument : arguments) {
      boolean pair = argument.indexOf('=') > 0 || (argument.endsWith("-") && !argument.equals("-"));
      if (!pair && !pairs.isEmpty()) {
        throw CommandException.of(
            "all resources must be specified before " + kind + " changes: " + argument);
      }
      (pair ? pairs : resources).add(argument);
    }
    return new Arguments(resources, pairs);
  }

  /**
   * Labels as a flag gives them: {@code a=1,b=2}.
   *
   * @throws CommandException when they are none
   */
  static KubeMap labels(String text) {
    KubeMap.Builder labels = KubeMap.builder();
    for (String label : text.split(",", -1)) {
      String[] parts = label.split("=", -1);
      if (parts.length != 2) {
        throw CommandException.of("unexpected label spec: " + label);
      }
      if (parts[0].isEmpty()) {
        throw CommandException.of("unexpected empty label key");
      }
      labels.put(parts[0], parts[1]);
    }
    return labels.build();
  }
}
