package dev.wavetank.core.kubectl;

import dev.wavetank.core.api.GoQuote;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.apiserver.Formats;
import dev.wavetank.core.kubectl.errors.CommandException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code kubectl label}.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/cmd/label/label.go (v1.36).
 */
final class LabelCommand extends MetadataCommand {

  LabelCommand() {
    super("label", "Update the labels on a resource", "label", "pod");
  }

  @Override
  Pairs parse(List<String> arguments) {
    Map<String, String> set = new LinkedHashMap<>();
    List<String> removed = new ArrayList<>();
    for (String argument : arguments) {
      String[] parts = argument.split("=", -1);
      if (parts.length == 1) {
        removed.add(argument.substring(0, argument.length() - 1));
        continue;
      }
      if (parts.length != 2) {
        throw CommandException.of("invalid label spec: " + argument);
      }
      List<String> mistakes = Formats.labelValue(parts[1]);
      if (!mistakes.isEmpty()) {
        throw CommandException.of(
            "invalid label value: " + GoQuote.quote(argument) + ": " + String.join(";", mistakes));
      }
      set.put(parts[0], parts[1]);
    }
    if (removed.stream().anyMatch(set::containsKey)) {
      throw CommandException.of("can not both modify and remove a label in the same command");
    }
    return new Pairs(set, removed);
  }

  @Override
  void checkOverwrites(KubeMap current, Pairs changes) {
    List<CommandException> errors = new ArrayList<>();
    changes
        .set()
        .forEach(
            (key, value) -> {
              String old = current.string(key);
              if (old != null && !old.equals(value)) {
                errors.add(
                    CommandException.of(
                        "'"
                            + key
                            + "' already has a value ("
                            + old
                            + "), and --overwrite is false"));
              }
            });
    CommandException.throwAll(errors);
  }

  @Override
  String operation(KubeMap before, KubeMap after) {
    boolean added = false;
    for (String key : after.keys()) {
      added |= !after.string(key, "").equals(before.string(key));
    }
    boolean removed = false;
    for (String key : before.keys()) {
      removed |= !after.has(key);
    }
    if (added) {
      return removed ? "modified" : "labeled";
    }
    return removed ? "unlabeled" : "not labeled";
  }

  @Override
  void missing(Invocation call, String key) {
    call.println("label " + GoQuote.quote(key) + " not found.");
  }
}
