package dev.wavetank.core.kubectl;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.kubectl.errors.CommandException;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code kubectl annotate}.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/cmd/annotate/annotate.go (v1.36).
 */
final class AnnotateCommand extends MetadataCommand {

  private static final String CHANGE_CAUSE = "kubernetes.io/change-cause";

  AnnotateCommand() {
    super("annotate", "Update the annotations on a resource", "annotation", "rsrc");
  }

  @Override
  Pairs parse(List<String> arguments) {
    Pairs pairs = Pairs.parse(arguments, "annotation", true);
    List<String> both = new ArrayList<>(pairs.removed());
    both.removeIf(key -> !pairs.set().containsKey(key));
    if (!both.isEmpty()) {
      throw CommandException.of(
          "can not both modify and remove the following annotation(s) in the same command: "
              + String.join(", ", both));
    }
    return pairs;
  }

  /** The change cause may always be changed. */
  @Override
  void checkOverwrites(KubeMap current, Pairs changes) {
    List<String> found = new ArrayList<>();
    changes
        .set()
        .forEach(
            (key, value) -> {
              String old = current.string(key);
              if (old != null && !old.equals(value) && !key.equals(CHANGE_CAUSE)) {
                found.add("'" + key + "' already has a value (" + old + ")");
              }
            });
    if (!found.isEmpty()) {
      throw CommandException.of(
          "--overwrite is false but found the following declared annotation(s): "
              + String.join("; ", found));
    }
  }

  @Override
  String operation(KubeMap before, KubeMap after) {
    return "annotated";
  }

  @Override
  void missing(Invocation call, String key) {}
}
