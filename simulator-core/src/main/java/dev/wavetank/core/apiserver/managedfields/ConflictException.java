package dev.wavetank.core.apiserver.managedfields;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.GoQuote;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.managedfields.ManagedFields.Owner;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Fields that an apply would change and others own.
 *
 * <p>Follows staging/src/k8s.io/apimachinery/pkg/util/managedfields/internal/conflict.go (v1.36).
 */
final class ConflictException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient Map<Owner, FieldSet> conflicts;

  ConflictException(Map<Owner, FieldSet> conflicts) {
    super("conflict", null, false, false);
    this.conflicts = conflicts;
  }

  /** The conflicts about other fields than those; null when there are none left. */
  @Nullable ConflictException without(FieldSet allowed) {
    Map<Owner, FieldSet> left = new LinkedHashMap<>();
    conflicts.forEach(
        (owner, fields) -> {
          FieldSet others = fields.difference(allowed);
          if (!others.isEmpty()) {
            left.put(owner, others);
          }
        });
    return left.isEmpty() ? null : new ConflictException(left);
  }

  /** The refusal, code 409. */
  Status status() {
    Map<String, List<String>> byOwner = new TreeMap<>();
    conflicts.forEach(
        (owner, fields) ->
            fields.forEach(
                path -> byOwner.computeIfAbsent(shown(owner), any -> new ArrayList<>()).add(path)));
    List<Status.Cause> causes = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    byOwner.forEach(
        (owner, paths) -> {
          lines.add("conflicts with " + owner + ":");
          for (String path : paths) {
            lines.add("- " + path);
            causes.add(new Status.Cause("FieldManagerConflict", "conflict with " + owner, path));
          }
        });
    String message =
        causes.size() == 1
            ? "Apply failed with 1 conflict: "
                + causes.get(0).message()
                + ": "
                + causes.get(0).field()
            : "Apply failed with " + causes.size() + " conflicts: " + String.join("\n", lines);
    return new Status(409, "Conflict", message, null, "", ImmutableList.copyOf(causes));
  }

  private static String shown(Owner owner) {
    String text = GoQuote.quote(owner.manager());
    if (!owner.subresource().isEmpty()) {
      text += " with subresource " + GoQuote.quote(owner.subresource());
    }
    return owner.apply() ? text : text + " using " + owner.apiVersion();
  }

  /** The refusal of what is not of its type. */
  static Status typed(KubeObject applied, String problem) {
    String apiVersion = applied.apiVersion();
    String version = apiVersion.indexOf('/') < 0 ? "/" + apiVersion : apiVersion;
    String message =
        "failed to create typed patch object ("
            + applied.namespace()
            + "/"
            + applied.name()
            + "; "
            + version
            + ", Kind="
            + applied.kind()
            + "): "
            + problem;
    return Status.bare(500, "", message);
  }
}
