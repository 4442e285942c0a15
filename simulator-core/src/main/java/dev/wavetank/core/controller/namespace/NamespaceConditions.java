package dev.wavetank.core.controller.namespace;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.apiserver.Conditions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The conditions that tell how the deletion of a namespace goes.
 *
 * <p>Follows pkg/controller/namespace/deletion/status_condition_utils.go (v1.36).
 */
final class NamespaceConditions {

  private static final String CONTENT_FAILURE = "NamespaceDeletionContentFailure";
  private static final String CONTENT_REMAINING = "NamespaceContentRemaining";
  private static final String FINALIZERS_REMAINING = "NamespaceFinalizersRemaining";

  private record Success(String type, String reason, String message) {}

  private static final ImmutableList<Success> SUCCESSES =
      ImmutableList.of(
          new Success(
              "NamespaceDeletionDiscoveryFailure",
              "ResourcesDiscovered",
              "All resources successfully discovered"),
          new Success(
              "NamespaceDeletionGroupVersionParsingFailure",
              "ParsedGroupVersions",
              "All legacy kube types successfully parsed"),
          new Success(
              CONTENT_FAILURE,
              "ContentDeleted",
              "All content successfully deleted, may be waiting on finalization"),
          new Success(CONTENT_REMAINING, "ContentRemoved", "All content successfully removed"),
          new Success(
              FINALIZERS_REMAINING,
              "ContentHasNoFinalizers",
              "All content-preserving finalizers finished"));

  private final String now;
  private final List<String> deleteContentErrors = new ArrayList<>();
  private final Map<String, KubeMap> failures = new LinkedHashMap<>();

  /**
   * Conditions without a failure so far.
   *
   * @param now the time as an API timestamp
   */
  NamespaceConditions(String now) {
    this.now = now;
  }

  private KubeMap condition(String type, boolean status, String reason, String message) {
    return KubeMap.of(
        "type", type,
        "status", status ? "True" : "False",
        "lastTransitionTime", now,
        "reason", reason,
        "message", message);
  }

  private void fail(String type, String reason, String message) {
    failures.put(type, condition(type, true, reason, message));
  }

  void deleteContentError(String message) {
    deleteContentErrors.add(message);
  }

  /** Tells what remains; not told while pods do, as upstream. */
  void contentTotals(NamespacedResourcesDeleter.Remaining remaining) {
    if (!remaining.resources.isEmpty()) {
      fail(
          CONTENT_REMAINING,
          "SomeResourcesRemain",
          "Some resources are remaining: " + sorted(remaining.resources));
    }
    List<String> finalizers = remaining.finalizers.phrases();
    if (!finalizers.isEmpty()) {
      fail(
          FINALIZERS_REMAINING,
          "SomeFinalizersRemain",
          "Some content in the namespace has finalizers remaining: " + sorted(finalizers));
    }
  }

  private static String sorted(List<String> phrases) {
    List<String> copy = new ArrayList<>(phrases);
    Collections.sort(copy);
    return String.join(", ", copy);
  }

  /** The status with these conditions. */
  KubeMap update(KubeMap status) {
    if (!deleteContentErrors.isEmpty()) {
      fail(
          CONTENT_FAILURE,
          "ContentDeletionFailed",
          "Failed to delete all resource types, "
              + deleteContentErrors.size()
              + " remaining: "
              + sorted(deleteContentErrors));
    }
    KubeMap result = status;
    for (Success success : SUCCESSES) {
      @Nullable KubeMap failure = failures.get(success.type);
      result =
          Conditions.with(
              result,
              failure != null
                  ? failure
                  : condition(success.type, false, success.reason, success.message));
    }
    return result;
  }
}
