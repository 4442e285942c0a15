package dev.wavetank.core.apiserver.admission;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.Admission;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.Memo;
import org.jspecify.annotations.Nullable;

/**
 * A pod's priority is that of its class: the one that it names, else the one that is the default of
 * the cluster, else 0.
 *
 * <p>Follows plugin/pkg/admission/priority/admission.go (v1.36).
 */
public final class Priority implements Admission {

  private static final String POLICY = "PreemptLowerPriority";

  private final ApiServer server;
  private Memo<KubeMap> prioritized = new Memo<>(this::prioritized);

  /** The step of a server, in which it finds the classes. */
  public Priority(ApiServer server) {
    this.server = server;
    server.listen(
        commit -> {
          if (commit.key().type().equals(ResourceType.PRIORITY_CLASSES)) {
            prioritized = new Memo<>(this::prioritized);
          }
        });
  }

  @Override
  public KubeObject admit(ResourceType type, KubeObject object, @Nullable KubeObject before) {
    if (type.equals(ResourceType.PRIORITY_CLASSES)) {
      onlyOneDefault(object, before);
      return object;
    }
    if (!type.equals(ResourceType.PODS)) {
      return object;
    }
    if (before != null) {
      return object.spec() == before.spec()
          ? object
          : object.withSpec(kept(object.spec(), before.spec()));
    }
    KubeMap spec = object.spec();
    KubeMap computed = prioritized.of(spec);
    if (computed.isEmpty()) {
      throw refused(
          object,
          "no PriorityClass with name " + spec.string("priorityClassName", "") + " was found");
    }
    same(object, "integer value of priority", spec.get("priority"), computed.get("priority"));
    same(
        object,
        "string value of PreemptionPolicy",
        spec.get("preemptionPolicy"),
        computed.get("preemptionPolicy"));
    return object.withSpec(computed);
  }

  private static void same(
      KubeObject pod, String what, @Nullable Object asked, @Nullable Object computed) {
    if (asked != null && !asked.equals(computed)) {
      throw refused(
          pod,
          "the "
              + what
              + " ("
              + asked
              + ") must not be provided in pod spec; priority admission controller computed "
              + computed
              + " from the given PriorityClass name");
    }
  }

  private static ApiException refused(KubeObject pod, String why) {
    return new ApiException(Status.forbidden(ResourceType.PODS, pod.name(), why));
  }

  /** The spec with what its class says; empty when there is no such class. */
  private KubeMap prioritized(KubeMap spec) {
    String name = spec.string("priorityClassName", "");
    if (name.isEmpty()) {
      KubeObject byDefault = defaultClass();
      return byDefault == null
          ? spec.with("priority", 0L).with("preemptionPolicy", POLICY)
          : with(spec, byDefault).with("priorityClassName", byDefault.name());
    }
    KubeObject named = server.find(ObjectKey.of(ResourceType.PRIORITY_CLASSES, "", name));
    return named == null ? KubeMap.EMPTY : with(spec, named);
  }

  private static KubeMap with(KubeMap spec, KubeObject priorityClass) {
    return spec.with("priority", priorityClass.root().number("value", 0))
        .with("preemptionPolicy", priorityClass.root().string("preemptionPolicy", POLICY));
  }

  /** The class that is the default; the least of several. */
  private @Nullable KubeObject defaultClass() {
    KubeObject found = null;
    for (KubeObject candidate : server.list(ResourceType.PRIORITY_CLASSES)) {
      if (candidate.root().bool("globalDefault", false)
          && (found == null || value(candidate) < value(found))) {
        found = candidate;
      }
    }
    return found;
  }

  private static long value(KubeObject priorityClass) {
    return priorityClass.root().number("value", 0);
  }

  private void onlyOneDefault(KubeObject next, @Nullable KubeObject before) {
    KubeObject byDefault = next.root().bool("globalDefault", false) ? defaultClass() : null;
    if (byDefault != null && (before == null || !byDefault.name().equals(next.name()))) {
      throw new ApiException(
          Status.forbidden(
              ResourceType.PRIORITY_CLASSES,
              next.name(),
              "PriorityClass "
                  + byDefault.name()
                  + " is already marked as default. Only one default can exist"));
    }
  }

  /** What an update leaves out stays. */
  private static KubeMap kept(KubeMap spec, KubeMap before) {
    KubeMap s = spec.withDefault("priority", before.get("priority"));
    return s.withDefault("preemptionPolicy", before.get("preemptionPolicy"));
  }
}
