package dev.wavetank.core.apiserver.admission;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.Admission;
import dev.wavetank.core.apiserver.Memo;
import dev.wavetank.core.sim.ChoiceStream;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A pod runs as a ServiceAccount of its namespace: {@code default} unless it names one that exists.
 * It gets the account's token in a volume, unless pod or account do not want it, and the account's
 * image pull secrets when it has none of its own.
 *
 * <p>Upstream draws a name for the volume of each pod; here pods with equal specs share one, so
 * that their specs stay one tree. Upstream waits up to a second for the account {@code default} of
 * a new namespace; here a pod need not wait for it.
 *
 * <p>Follows plugin/pkg/admission/serviceaccount/admission.go (v1.36).
 */
public final class ServiceAccounts implements Admission {

  private static final String DEFAULT = "default";
  private static final String AUTOMOUNT = "automountServiceAccountToken";

  private final Function<ObjectKey, @Nullable KubeObject> objects;
  private final Memo<KubeMap> withDefault =
      new Memo<>(spec -> spec.with("serviceAccountName", DEFAULT).with("serviceAccount", DEFAULT));
  private final Memo<KubeMap> withToken;

  /**
   * The step.
   *
   * @param objects finds the newest version of an object, or null
   * @param suffixes draws the suffixes of the names of token volumes
   */
  public ServiceAccounts(Function<ObjectKey, @Nullable KubeObject> objects, ChoiceStream suffixes) {
    this.objects = objects;
    this.withToken = new Memo<>(new TokenVolume(suffixes)::in);
  }

  @Override
  public KubeObject admit(ResourceType type, KubeObject pod, @Nullable KubeObject before) {
    if (before != null || !type.equals(ResourceType.PODS)) {
      return pod;
    }
    KubeMap spec = pod.spec();
    String name = spec.string("serviceAccountName", "");
    if (name.isEmpty()) {
      spec = withDefault.of(spec);
      name = DEFAULT;
    }
    KubeObject account =
        objects.apply(ObjectKey.of(ResourceType.SERVICE_ACCOUNTS, pod.namespace(), name));
    if (account == null) {
      if (!name.equals(DEFAULT)) {
        throw new ApiException(
            Status.forbidden(
                type,
                pod.name(),
                "error looking up service account "
                    + pod.namespace()
                    + "/"
                    + name
                    + ": serviceaccount \""
                    + name
                    + "\" not found"));
      }
      return pod.withSpec(automounts(spec, null) ? withToken.of(spec) : spec);
    }
    if (automounts(spec, account)) {
      spec = withToken.of(spec);
    }
    KubeList secrets = account.root().listOrEmpty("imagePullSecrets");
    if (!secrets.isEmpty() && spec.listOrEmpty("imagePullSecrets").isEmpty()) {
      spec = spec.with("imagePullSecrets", secrets);
    }
    return pod.withSpec(spec);
  }

  /** The pod's word counts, then the account's. */
  private static boolean automounts(KubeMap spec, @Nullable KubeObject account) {
    boolean accounts = account == null || account.root().bool(AUTOMOUNT, true);
    return spec.bool(AUTOMOUNT, accounts);
  }
}
