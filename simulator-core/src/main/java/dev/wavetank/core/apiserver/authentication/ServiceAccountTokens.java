package dev.wavetank.core.apiserver.authentication;

import com.google.common.base.Strings;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.hash.HashFunction;
import com.google.common.hash.Hashing;
import com.google.common.io.BaseEncoding;
import dev.wavetank.core.api.Json;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.UserInfo;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.sim.ChoiceStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * Tokens of ServiceAccounts. They look like those of a real cluster and carry the same claims; what
 * stands in the place of the signature only this server can check, by a key of its own.
 *
 * <p>Follows pkg/serviceaccount/claims.go and pkg/serviceaccount/jwt.go (v1.36).
 */
public final class ServiceAccountTokens {

  /** Who issues them, and who they are for when nobody else is named. */
  public static final String ISSUER = "https://kubernetes.default.svc.cluster.local";

  /** Most characters of a token that is looked at. */
  static final int LENGTH_MAX = 16_384;

  private static final BaseEncoding BASE64 = BaseEncoding.base64Url().omitPadding();
  private static final String CLAIM = "kubernetes.io";

  private final ApiServer server;
  private final ChoiceStream choices;

  /** The tokens of a server's accounts. */
  public ServiceAccountTokens(ApiServer server) {
    this.server = server;
    this.choices = server.simulation().choices().stream("apiserver/token");
  }

  /**
   * A new token of an account.
   *
   * @param audiences who it is for; none for this server
   * @param pod that it is bound to; null for none
   * @param seconds how long it holds
   */
  public String issue(
      KubeObject account, ImmutableList<String> audiences, @Nullable KubeObject pod, long seconds) {
    long now = server.simulation().instant().getEpochSecond();
    ImmutableList<String> meant = audiences.isEmpty() ? ImmutableList.of(ISSUER) : audiences;
    KubeMap bound =
        KubeMap.of(
            "namespace",
            account.namespace(),
            "serviceaccount",
            KubeMap.of("name", account.name(), "uid", account.uid()));
    if (pod != null) {
      bound = bound.with("pod", KubeMap.of("name", pod.name(), "uid", pod.uid()));
    }
    KubeMap claims =
        KubeMap.of(
            "aud",
            KubeList.copyOf(meant),
            "exp",
            now + seconds,
            "iat",
            now,
            "iss",
            ISSUER,
            "jti",
            identifier(),
            CLAIM,
            bound,
            "nbf",
            now,
            "sub",
            UserInfo.accountName(account.namespace(), account.name()));
    String header = encoded("{\"alg\":\"RS256\",\"kid\":\"wavetank\"}");
    String signed = header + "." + encoded(Json.write(claims));
    return signed(server, signed);
  }

  /** A token of that header and those claims, encoded, with what the server knows it by. */
  public static String signed(ApiServer server, String headerAndClaims) {
    return headerAndClaims + "." + signature(server, headerAndClaims);
  }

  private String identifier() {
    String hex = hexadecimal() + hexadecimal();
    return String.join(
        "-",
        hex.substring(0, 8),
        hex.substring(8, 12),
        "4" + hex.substring(13, 16),
        "8" + hex.substring(17, 20),
        hex.substring(20));
  }

  private String hexadecimal() {
    return Strings.padStart(Long.toHexString(choices.between(0, Long.MAX_VALUE)), 16, '0');
  }

  private static String encoded(String json) {
    return BASE64.encode(json.getBytes(StandardCharsets.UTF_8));
  }

  private static String signature(ApiServer server, String signed) {
    HashFunction function = Hashing.hmacSha512(server.tokenKey());
    return BASE64.encode(function.hashString(signed, StandardCharsets.UTF_8).asBytes());
  }

  /** The account that a token is of; null when it is none, is over, or is not for this server. */
  public @Nullable UserInfo authenticate(String token) {
    int dot = token.lastIndexOf('.');
    if (token.length() > LENGTH_MAX || dot < 0) {
      return null;
    }
    byte[] expected = signature(server, token.substring(0, dot)).getBytes(StandardCharsets.UTF_8);
    byte[] sent = token.substring(dot + 1).getBytes(StandardCharsets.UTF_8);
    if (!MessageDigest.isEqual(expected, sent)) {
      return null;
    }
    KubeMap claims = claims(token.substring(token.indexOf('.') + 1, dot));
    long now = server.simulation().instant().getEpochSecond();
    boolean meant = claims.listOrEmpty("aud").contains(ISSUER);
    if (!meant || now >= claims.number("exp", 0) || now < claims.number("nbf", 0)) {
      return null;
    }
    KubeMap bound = claims.mapOrEmpty(CLAIM);
    String namespace = bound.string("namespace", "");
    KubeMap account = bound.mapOrEmpty("serviceaccount");
    if (!exists(ResourceType.SERVICE_ACCOUNTS, namespace, account)) {
      return null;
    }
    KubeMap pod = bound.map("pod");
    if (pod != null && !exists(ResourceType.PODS, namespace, pod)) {
      return null;
    }
    return user(claims, namespace, account, pod);
  }

  private static KubeMap claims(String encoded) {
    try {
      String json = new String(BASE64.decode(encoded), StandardCharsets.UTF_8);
      return Json.read(json) instanceof KubeMap map ? map : KubeMap.EMPTY;
    } catch (IllegalArgumentException e) {
      return KubeMap.EMPTY;
    }
  }

  private boolean exists(ResourceType type, String namespace, KubeMap reference) {
    KubeObject found = server.find(ObjectKey.of(type, namespace, reference.string("name", "")));
    return found != null && found.uid().equals(reference.string("uid", ""));
  }

  private static UserInfo user(
      KubeMap claims, String namespace, KubeMap account, @Nullable KubeMap pod) {
    ImmutableMap.Builder<String, ImmutableList<String>> extra = ImmutableMap.builder();
    String jti = "JTI=" + claims.string("jti", "");
    extra.put("authentication.kubernetes.io/credential-id", ImmutableList.of(jti));
    if (pod != null) {
      String prefix = "authentication.kubernetes.io/pod-";
      extra.put(prefix + "name", ImmutableList.of(pod.string("name", "")));
      extra.put(prefix + "uid", ImmutableList.of(pod.string("uid", "")));
    }
    return new UserInfo(
        UserInfo.accountName(namespace, account.string("name", "")),
        account.string("uid", ""),
        UserInfo.accountGroups(namespace),
        extra.buildOrThrow());
  }
}
