package dev.wavetank.core.apiserver.registry;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.Formats;
import dev.wavetank.core.apiserver.ResourceStrategy;
import java.util.List;

/**
 * Namespaces: their name as a label, and a finalizer that only the finalize subresource changes.
 *
 * <p>Follows pkg/registry/core/namespace/strategy.go and pkg/apis/core/v1/defaults.go (v1.36).
 */
final class NamespaceStrategy implements ResourceStrategy {

  private static final String NAME_LABEL = "kubernetes.io/metadata.name";
  private static final String FINALIZER = "kubernetes";

  @Override
  public KubeObject defaults(KubeObject object) {
    if (object.name().isEmpty()) {
      return object;
    }
    KubeMap labels = object.labels().with(NAME_LABEL, object.name());
    return object.withMetadata(object.metadata().with("labels", labels));
  }

  @Override
  public KubeObject prepareForCreate(KubeObject object) {
    KubeList finalizers = object.spec().listOrEmpty("finalizers");
    KubeList all = finalizers.contains(FINALIZER) ? finalizers : finalizers.plus(FINALIZER);
    return object
        .withSpec(object.spec().with("finalizers", all))
        .withStatus(KubeMap.of("phase", "Active"));
  }

  @Override
  public KubeObject prepareForUpdate(KubeObject next, KubeObject old) {
    Object finalizers = old.spec().get("finalizers");
    return next.withSpec(next.spec().with("finalizers", finalizers));
  }

  @Override
  public boolean statusSubresource() {
    return true;
  }

  @Override
  public boolean generation() {
    return false;
  }

  @Override
  public List<String> nameErrors(String name) {
    return Formats.dnsLabel(name);
  }

  @Override
  public void validateCreate(KubeObject object, FieldErrors errors) {
    for (Object value : object.spec().listOrEmpty("finalizers")) {
      String finalizer = value.toString();
      String path = "spec.finalizers";
      Checks.qualifiedName(finalizer, path, errors);
      if (finalizer.indexOf('/') < 0
          && !finalizer.equals(FINALIZER)
          && !finalizer.equals("orphan")
          && !finalizer.equals("foregroundDeletion")) {
        errors.invalid(
            path, finalizer, "name is neither a standard finalizer name nor is it fully qualified");
      }
    }
  }

  @Override
  public void validateStatusUpdate(KubeObject next, KubeObject old, FieldErrors errors) {
    String phase = next.status().string("phase", "");
    if (!next.terminating() && !phase.equals("Active")) {
      errors.invalid("status.Phase", phase, "may only be 'Active' if `deletionTimestamp` is empty");
    } else if (next.terminating() && !phase.equals("Terminating")) {
      errors.invalid(
          "status.Phase", phase, "may only be 'Terminating' if `deletionTimestamp` is not empty");
    }
  }
}
