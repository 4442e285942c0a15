package dev.wavetank.core.apiserver.admission;

import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.MarkedClasses;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.Admission;
import dev.wavetank.core.apiserver.ApiServer;
import org.jspecify.annotations.Nullable;

/**
 * A new Ingress that names no class gets the newest of the default ones.
 *
 * <p>Follows plugin/pkg/admission/network/defaultingressclass/admission.go (v1.36).
 */
public final class DefaultIngressClass implements Admission {

  private static final String IS_DEFAULT = "ingressclass.kubernetes.io/is-default-class";
  private static final String OLD_CLASS = "kubernetes.io/ingress.class";

  private final ApiServer server;

  public DefaultIngressClass(ApiServer server) {
    this.server = server;
  }

  @Override
  public KubeObject admit(ResourceType type, KubeObject object, @Nullable KubeObject before) {
    if (before != null
        || !type.equals(ResourceType.INGRESSES)
        || object.spec().has("ingressClassName")
        || object.annotations().has(OLD_CLASS)) {
      return object;
    }
    KubeObject newest = MarkedClasses.newest(server.list(ResourceType.INGRESS_CLASSES), IS_DEFAULT);
    return newest == null
        ? object
        : object.withSpec(object.spec().with("ingressClassName", newest.name()));
  }
}
