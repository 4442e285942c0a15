package dev.wavetank.core.apiserver;

import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The ordered list of admission steps. */
final class AdmissionChain {

  private final List<Admission> steps = new ArrayList<>();

  void add(Admission step) {
    steps.add(step);
  }

  /** The object as the steps leave it, which may see it twice. */
  KubeObject admit(
      ResourceType type, KubeObject object, @Nullable KubeObject before, boolean dryRun) {
    AdmissionRound round = new AdmissionRound(dryRun);
    KubeObject admitted = object;
    do {
      for (int i = 0; i < steps.size(); i++) {
        admitted = steps.get(i).admit(type, admitted, before, round);
      }
    } while (round.begin());
    return admitted;
  }

  void validate(ResourceType type, KubeObject object, @Nullable KubeObject before, boolean dryRun) {
    for (int i = 0; i < steps.size(); i++) {
      steps.get(i).validate(type, object, before, dryRun);
    }
  }

  void admitDelete(ResourceType type, KubeObject object, boolean dryRun) {
    for (int i = 0; i < steps.size(); i++) {
      steps.get(i).admitDelete(type, object, dryRun);
    }
  }
}
