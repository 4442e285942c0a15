package dev.wavetank.core.apiserver.http;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.authentication.ServiceAccountTokens;
import org.jspecify.annotations.Nullable;

/**
 * The subresource {@code token} of a ServiceAccount, which makes tokens.
 *
 * <p>Follows pkg/registry/core/serviceaccount/storage/token.go and
 * pkg/apis/authentication/validation/validation.go (v1.36).
 */
final class TokenRequests {

  private static final long SECONDS_DEFAULT = 3600;
  private static final long SECONDS_MIN = 600;
  private static final long SECONDS_MAX = 1L << 32;

  private static final ResourceType TYPE =
      new ResourceType(
          "authentication.k8s.io", "v1", "TokenRequest", "tokenrequests", "tokenrequest", true);

  private final ApiServer server;
  private final ServiceAccountTokens tokens;

  TokenRequests(ApiServer server, ServiceAccountTokens tokens) {
    this.server = server;
    this.tokens = tokens;
  }

  KubeObject create(ResourceRequest target) {
    WriteParameters parameters = WriteParameters.of(target.request(), "CreateOptions", false);
    KubeObject asked = BodyReader.read(target.request(), TYPE.kind());
    KubeObject account = server.get(target.key());
    KubeMap spec = asked.spec();
    long seconds = spec.number("expirationSeconds", SECONDS_DEFAULT);
    FieldErrors errors = new FieldErrors();
    if (seconds < SECONDS_MIN) {
      errors.invalid(
          "spec.expirationSeconds", seconds, "may not specify a duration less than 10 minutes");
    } else if (seconds > SECONDS_MAX) {
      errors.invalid(
          "spec.expirationSeconds", seconds, "may not specify a duration larger than 2^32 seconds");
    }
    if (!errors.isEmpty()) {
      throw new ApiException(errors.status(TYPE, account.name()));
    }
    KubeObject pod = boundPod(spec.map("boundObjectRef"), account.namespace());
    ImmutableList.Builder<String> audiences = ImmutableList.builder();
    spec.listOrEmpty("audiences").forEach(audience -> audiences.add(audience.toString()));
    ImmutableList<String> meant = audiences.build();
    String token = parameters.options().dryRun() ? "" : tokens.issue(account, meant, pod, seconds);
    KubeList shown =
        meant.isEmpty() ? KubeList.of(ServiceAccountTokens.ISSUER) : KubeList.copyOf(meant);
    return KubeObject.of(
        KubeMap.of(
            "kind",
            TYPE.kind(),
            "apiVersion",
            TYPE.apiVersion(),
            "metadata",
            KubeMap.of(
                "name",
                account.name(),
                "namespace",
                account.namespace(),
                "creationTimestamp",
                server.timestamp()),
            "spec",
            KubeMap.of("audiences", shown, "expirationSeconds", seconds)
                .with("boundObjectRef", spec.get("boundObjectRef")),
            "status",
            KubeMap.of(
                "token",
                token,
                "expirationTimestamp",
                server.timestampAfter(seconds * 1_000_000_000L))));
  }

  /** The pod that a token is to be bound to; tokens bound to other things are bound to nothing. */
  private @Nullable KubeObject boundPod(@Nullable KubeMap reference, String namespace) {
    if (reference == null || !reference.string("kind", "").equals("Pod")) {
      return null;
    }
    String name = reference.string("name", "");
    KubeObject pod = server.get(ObjectKey.of(ResourceType.PODS, namespace, name));
    String uid = reference.string("uid", "");
    if (!uid.isEmpty() && !uid.equals(pod.uid())) {
      throw new ApiException(
          Status.conflict(
              ResourceType.PODS,
              name,
              "the UID in the bound object reference ("
                  + uid
                  + ") does not match the UID in record. The object might have been deleted and"
                  + " then recreated"));
    }
    return pod;
  }
}
