package dev.wavetank.core.apiserver.admission;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.Admission;
import dev.wavetank.core.apiserver.ApiServer;
import org.jspecify.annotations.Nullable;

/**
 * A new pod gets the overhead of its RuntimeClass, and goes only where that runs.
 *
 * <p>Follows plugin/pkg/admission/runtimeclass/admission.go and pkg/util/tolerations (v1.36).
 */
public final class RuntimeClass implements Admission {

  private static final String NODE_SELECTOR = "nodeSelector";
  private static final String TOLERATIONS = "tolerations";
  private static final String OVERHEAD = "overhead";
  private static final String DIFFERENT =
      "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead";

  private final ApiServer server;

  /** The step of a server, in which it finds the classes. */
  public RuntimeClass(ApiServer server) {
    this.server = server;
  }

  @Override
  public KubeObject admit(ResourceType type, KubeObject object, @Nullable KubeObject before) {
    if (before != null || !type.equals(ResourceType.PODS)) {
      return object;
    }
    KubeObject found = runtimeClass(object);
    if (found == null) {
      return object;
    }
    KubeMap spec = object.spec();
    KubeMap fixed = found.root().mapOrEmpty(OVERHEAD).map("podFixed");
    if (found.root().has(OVERHEAD)) {
      KubeMap asked = spec.mapOrEmpty(OVERHEAD);
      if (!asked.isEmpty() && !asked.equals(fixed)) {
        throw refused(object, DIFFERENT);
      }
      spec = spec.with(OVERHEAD, fixed);
    }
    KubeMap scheduling = found.root().map("scheduling");
    return object.withSpec(scheduling == null ? spec : placed(object, spec, scheduling));
  }

  @Override
  public void validate(
      ResourceType type, KubeObject object, @Nullable KubeObject before, boolean dryRun) {
    if (before != null || !type.equals(ResourceType.PODS)) {
      return;
    }
    KubeObject found = runtimeClass(object);
    KubeMap overhead = object.spec().map(OVERHEAD);
    KubeMap defined = found == null ? null : found.root().map(OVERHEAD);
    if (defined == null && overhead != null) {
      throw refused(
          object,
          "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead");
    }
    boolean same =
        defined == null
            || defined.mapOrEmpty("podFixed").equals(object.spec().mapOrEmpty(OVERHEAD));
    if (!same) {
      throw refused(object, DIFFERENT);
    }
  }

  /** The class that a pod names; null when it names none. */
  private @Nullable KubeObject runtimeClass(KubeObject pod) {
    String name = pod.spec().string("runtimeClassName");
    if (name == null) {
      return null;
    }
    KubeObject found = server.find(ObjectKey.of(ResourceType.RUNTIME_CLASSES, "", name));
    if (found == null) {
      throw refused(pod, "pod rejected: RuntimeClass \"" + name + "\" not found");
    }
    return found;
  }

  private static KubeMap placed(KubeObject pod, KubeMap spec, KubeMap scheduling) {
    KubeMap selector = spec.mapOrEmpty(NODE_SELECTOR);
    KubeMap wanted = scheduling.mapOrEmpty(NODE_SELECTOR);
    for (String key : wanted.keys()) {
      String value = wanted.string(key, "");
      if (selector.has(key) && !selector.string(key, "").equals(value)) {
        throw refused(
            pod,
            "conflict: runtimeClass.scheduling.nodeSelector["
                + key
                + "] = "
                + value
                + "; pod.spec.nodeSelector["
                + key
                + "] = "
                + selector.string(key, ""));
      }
      selector = selector.with(key, value);
    }
    KubeList tolerations =
        merged(spec.listOrEmpty(TOLERATIONS), scheduling.listOrEmpty(TOLERATIONS));
    return spec.with(NODE_SELECTOR, selector.isEmpty() ? null : selector)
        .with(TOLERATIONS, tolerations.isEmpty() ? null : tolerations);
  }

  /**
   * Both lists one after the other, without what another toleration covers; of equals the first.
   */
  private static KubeList merged(KubeList first, KubeList second) {
    KubeList all = first;
    for (Object toleration : second) {
      all = all.plus(toleration);
    }
    KubeList merged = KubeList.EMPTY;
    for (int i = 0; i < all.size(); i++) {
      boolean redundant = covered(all.map(i), merged, 0, true);
      if (!redundant && !covered(all.map(i), all, i + 1, false)) {
        merged = merged.plus(all.get(i));
      }
    }
    return merged;
  }

  private static boolean covered(KubeMap toleration, KubeList others, int from, boolean byEqual) {
    for (int i = from; i < others.size(); i++) {
      boolean equal = others.map(i).equals(toleration);
      if (equal ? byEqual : tolerates(others.map(i), toleration)) {
        return true;
      }
    }
    return false;
  }

  /** Whether one tolerates all that another one does, to which it is not equal. */
  private static boolean tolerates(KubeMap one, KubeMap other) {
    boolean exists = one.string("operator", "").equals("Exists");
    String key = one.string("key", "");
    String effect = one.string("effect", "");
    boolean keys = key.equals(other.string("key", "")) || (key.isEmpty() && exists);
    boolean effects = effect.isEmpty() || effect.equals(other.string("effect", ""));
    boolean values =
        exists
            || (other.string("operator", "").equals("Equal")
                && one.string("value", "").equals(other.string("value", "")));
    return keys && effects && values && (!effect.equals("NoExecute") || lasts(one, other));
  }

  private static boolean lasts(KubeMap one, KubeMap other) {
    long seconds = one.number("tolerationSeconds", Long.MAX_VALUE);
    return other.number("tolerationSeconds", Long.MAX_VALUE) <= seconds;
  }

  private static ApiException refused(KubeObject pod, String why) {
    return new ApiException(Status.forbidden(ResourceType.PODS, pod.name(), why));
  }
}
