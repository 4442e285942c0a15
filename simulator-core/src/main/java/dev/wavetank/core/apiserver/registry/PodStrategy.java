package dev.wavetank.core.apiserver.registry;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.Conditions;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.Memo;
import dev.wavetank.core.apiserver.ResourceStrategy;
import java.util.function.Supplier;

/**
 * Pods. A new pod is Pending with its quality of service class; its spec stays the one instance
 * that all pods of its template share.
 *
 * <p>Follows pkg/registry/core/pod/strategy.go (v1.36).
 */
final class PodStrategy implements ResourceStrategy {

  private final PodDefaults podDefaults;
  private final PodSpecValidation podSpecs;
  private final Supplier<String> now;
  private final Memo<KubeMap> initialStatus =
      new Memo<>(spec -> KubeMap.of("phase", "Pending", "qosClass", QosClass.of(spec)));
  private final Memo<KubeMap> merged = new Memo<>(PodStrategy::mergeLabelKeyFields);

  /**
   * A strategy.
   *
   * @param now the current time as an API timestamp
   */
  PodStrategy(PodDefaults podDefaults, PodSpecValidation podSpecs, Supplier<String> now) {
    this.podDefaults = podDefaults;
    this.podSpecs = podSpecs;
    this.now = now;
  }

  @Override
  public KubeMap statusMetadata(KubeMap next, KubeMap old) {
    return next.with("ownerReferences", old.get("ownerReferences"));
  }

  @Override
  public KubeObject defaults(KubeObject object) {
    return object
        .withRoot(PodDefaults.withoutOldAnnotations(object.root()))
        .withSpec(podDefaults.ofPod(object.spec()));
  }

  @Override
  public KubeObject prepareForCreate(KubeObject object) {
    KubeMap spec = object.spec();
    KubeMap status = initialStatus.of(spec);
    if (!spec.listOrEmpty("schedulingGates").isEmpty()) {
      status =
          Conditions.with(
              status,
              KubeMap.of(
                  "type", "PodScheduled",
                  "status", "False",
                  "lastTransitionTime", now.get(),
                  "reason", "SchedulingGated",
                  "message", "Scheduling is blocked due to non-empty scheduling gates"));
    }
    KubeObject prepared = object.withStatus(status);
    return usesMatchLabelKeys(spec) ? withMergedSelectors(prepared) : prepared;
  }

  private static boolean usesMatchLabelKeys(KubeMap spec) {
    return spec.has("affinity") || spec.has("topologySpreadConstraints");
  }

  /** The values of {@code matchLabelKeys} become part of the label selectors. */
  private KubeObject withMergedSelectors(KubeObject pod) {
    KubeMap probe = KubeMap.of("labels", pod.labels(), "spec", pod.spec());
    return pod.withSpec(merged.of(probe));
  }

  private static KubeMap mergeLabelKeyFields(KubeMap labelsAndSpec) {
    return MatchLabelKeys.merge(
        labelsAndSpec.mapOrEmpty("spec"), labelsAndSpec.mapOrEmpty("labels"));
  }

  @Override
  public boolean statusSubresource() {
    return true;
  }

  @Override
  public boolean raisesGeneration(KubeObject next, KubeObject old) {
    return !next.spec().equals(old.spec());
  }

  @Override
  public void validateCreate(KubeObject object, FieldErrors errors) {
    KubeMap spec = object.spec();
    podSpecs.pod(spec, errors);
    if (!spec.listOrEmpty("ephemeralContainers").isEmpty()) {
      errors.forbidden("spec.ephemeralContainers", "cannot be set on create");
    }
    if (spec.has("nodeName") && !spec.listOrEmpty("schedulingGates").isEmpty()) {
      errors.forbidden(
          "spec.nodeName", "cannot be set until all schedulingGates have been cleared");
    }
  }

  @Override
  public void validateUpdate(KubeObject next, KubeObject old, FieldErrors errors) {
    if (next.spec() == old.spec()) {
      return;
    }
    podSpecs.pod(next.spec(), errors);
    PodUpdates.validate(next.spec(), old.spec(), errors);
  }

  @Override
  public KubeObject prepareForStatusUpdate(KubeObject next, KubeObject old) {
    KubeMap before = old.status();
    KubeMap status = next.status();
    if (status == before) {
      return next;
    }
    KubeMap kept = status.withDefault("qosClass", before.get("qosClass"));
    if (kept.number("observedGeneration", 0) == 0) {
      kept = kept.with("observedGeneration", before.get("observedGeneration"));
    }
    KubeList conditions = kept.listOrEmpty("conditions");
    KubeList result = conditions;
    for (int i = 0; i < conditions.size(); i++) {
      KubeMap condition = conditions.map(i);
      if (condition.number("observedGeneration", 0) == 0) {
        KubeMap earlier = Conditions.find(before, condition.string("type", ""));
        Object generation = earlier == null ? null : earlier.get("observedGeneration");
        if (generation != null) {
          result = result.with(i, condition.with("observedGeneration", generation));
        }
      }
    }
    return next.withStatus(result == conditions ? kept : kept.with("conditions", result));
  }

  @Override
  public long graceSeconds(KubeObject pod, long asked) {
    String phase = pod.status().string("phase", "");
    if (pod.spec().string("nodeName", "").isEmpty()
        || phase.equals("Failed")
        || phase.equals("Succeeded")) {
      return 0;
    }
    long period = asked >= 0 ? asked : pod.spec().number("terminationGracePeriodSeconds", 0);
    return period < 0 ? 1 : period;
  }
}
