package dev.wavetank.core.kubelet;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.authentication.ServiceAccountTokens;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Tokens of ServiceAccounts as pods find them in a projected volume: JSON web tokens with the
 * claims of Kubernetes, by which the API server knows the account.
 *
 * <p>Follows pkg/serviceaccount/claims.go (v1.36).
 */
final class ServiceAccountToken {

  private static final String ISSUER = "https://kubernetes.default.svc.cluster.local";
  private static final long SECONDS_USUAL = 3600;

  /** What an hour's token of the API server's own volume really lives: it is extended to a year. */
  private static final long SECONDS_EXTENDED = 31_536_000 + 607;

  private static final long SECONDS_OF_THE_SERVER = 3607;

  private final ApiServer server;

  ServiceAccountToken(ApiServer server) {
    this.server = server;
  }

  /** The token of a pod that a source of a projected volume asks for, issued now. */
  String of(KubeObject pod, KubeMap source) {
    long now = server.simulation().instant().getEpochSecond();
    long asked = source.number("expirationSeconds", SECONDS_USUAL);
    long life = asked == SECONDS_OF_THE_SERVER ? SECONDS_EXTENDED : asked;
    String audience = source.string("audience", "");
    String account = pod.spec().string("serviceAccountName", "default");
    String claims =
        "{\"aud\":[\""
            + (audience.isEmpty() ? ISSUER : audience)
            + "\"],\"exp\":"
            + (now + life)
            + ",\"iat\":"
            + now
            + ",\"iss\":\""
            + ISSUER
            + "\",\"kubernetes.io\":{\"namespace\":\""
            + pod.namespace()
            + "\",\"node\":{\"name\":\""
            + pod.spec().string("nodeName", "")
            + "\"},\"pod\":{\"name\":\""
            + pod.name()
            + "\",\"uid\":\""
            + pod.uid()
            + "\"},\"serviceaccount\":{\"name\":\""
            + account
            + "\",\"uid\":\""
            + uid(pod.namespace(), account)
            + "\"}},\"nbf\":"
            + now
            + ",\"sub\":\"system:serviceaccount:"
            + pod.namespace()
            + ":"
            + account
            + "\"}";
    String text = encoded("{\"alg\":\"RS256\",\"kid\":\"wavetank\"}") + "." + encoded(claims);
    return ServiceAccountTokens.signed(server, text);
  }

  private String uid(String namespace, String account) {
    KubeObject found = server.find(ObjectKey.of(ResourceType.SERVICE_ACCOUNTS, namespace, account));
    return found == null ? "" : found.uid();
  }

  private static String encoded(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
