package dev.wavetank.core.apiserver.http;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.UserInfo;

/**
 * What a request's connection says of who is at its other end.
 *
 * <p>Follows staging/src/k8s.io/apiserver/pkg/authentication/request/x509/x509.go (v1.36), but for
 * the certificate's hash in {@link UserInfo#extra}, which would be another in each session.
 *
 * @param proof what it rests on
 * @param user who a request without a token counts as; of a {@link Proof#STRANGE_CERTIFICATE} there
 *     is none, and the user is the anonymous one
 */
public record Peer(Proof proof, UserInfo user) {

  /** What a connection proves. */
  public enum Proof {
    /** That the client can reach the server, which is enough where nothing else is asked for. */
    REACH,
    /** Nothing. */
    NONE,
    /** The key of a client certificate that the server's authority has signed. */
    CERTIFICATE,
    /** The key of a certificate of somebody else. */
    STRANGE_CERTIFICATE
  }

  /** Whoever reaches the server is its administrator, unless he sends a token. */
  public static final Peer TRUSTED = new Peer(Proof.REACH, UserInfo.ADMIN);

  /** Whoever sends no token is nobody in particular. */
  public static final Peer ANONYMOUS = new Peer(Proof.NONE, UserInfo.ANONYMOUS);

  /** Without a token he is refused. */
  public static final Peer STRANGER = new Peer(Proof.STRANGE_CERTIFICATE, UserInfo.ANONYMOUS);

  /**
   * The holder of a certificate, who is in {@code system:authenticated} too.
   *
   * @param name the common name
   * @param groups the organizations
   */
  public static Peer certified(String name, ImmutableList<String> groups) {
    boolean told =
        groups.contains(UserInfo.ALL_AUTHENTICATED)
            || groups.contains(UserInfo.ALL_UNAUTHENTICATED);
    ImmutableList<String> all =
        told
            ? groups
            : ImmutableList.<String>builder()
                .addAll(groups)
                .add(UserInfo.ALL_AUTHENTICATED)
                .build();
    return new Peer(Proof.CERTIFICATE, new UserInfo(name, "", all, ImmutableMap.of()));
  }
}
