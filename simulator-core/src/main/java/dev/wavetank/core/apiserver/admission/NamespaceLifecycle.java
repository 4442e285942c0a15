package dev.wavetank.core.apiserver.admission;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.Admission;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Nothing is created in a namespace that does not exist or is being deleted, and the namespaces of
 * the cluster itself stay.
 *
 * <p>Follows staging/src/k8s.io/apiserver/pkg/admission/plugin/namespace/lifecycle/admission.go
 * (v1.36).
 */
public final class NamespaceLifecycle implements Admission {

  private static final ImmutableList<String> IMMORTAL =
      ImmutableList.of("default", "kube-system", "kube-public");

  private final Function<ObjectKey, @Nullable KubeObject> objects;
  private ObjectKey last = ObjectKey.of(ResourceType.NAMESPACES, "", "default");

  /**
   * The step.
   *
   * @param objects finds the newest version of an object, or null
   */
  public NamespaceLifecycle(Function<ObjectKey, @Nullable KubeObject> objects) {
    this.objects = objects;
  }

  @Override
  public KubeObject admit(ResourceType type, KubeObject object, @Nullable KubeObject before) {
    if (before != null || !type.namespaced()) {
      return object;
    }
    String name = object.namespace();
    if (!last.name().equals(name)) {
      last = ObjectKey.of(ResourceType.NAMESPACES, "", name);
    }
    KubeObject namespace = objects.apply(last);
    if (namespace == null) {
      throw new ApiException(Status.notFound(ResourceType.NAMESPACES, name));
    }
    if (namespace.status().string("phase", "").equals("Terminating")) {
      throw new ApiException(terminating(type, object.name(), name));
    }
    return object;
  }

  private static Status terminating(ResourceType type, String name, String namespace) {
    Status status =
        Status.forbidden(
            type,
            name,
            "unable to create new content in namespace "
                + namespace
                + " because it is being terminated");
    Status.Cause cause =
        new Status.Cause(
            "NamespaceTerminating",
            "namespace " + namespace + " is being terminated",
            "metadata.namespace");
    return new Status(
        status.code(), status.reason(), status.message(), type, name, ImmutableList.of(cause));
  }

  @Override
  public void admitDelete(ResourceType type, KubeObject object) {
    if (type.equals(ResourceType.NAMESPACES) && IMMORTAL.contains(object.name())) {
      throw new ApiException(
          Status.forbidden(type, object.name(), "this namespace may not be deleted"));
    }
  }
}
