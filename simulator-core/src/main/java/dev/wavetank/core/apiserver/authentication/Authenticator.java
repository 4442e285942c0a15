package dev.wavetank.core.apiserver.authentication;

import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.UserInfo;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds out who a bearer token is of: a user that is known from the start, or a ServiceAccount.
 * Tokens are compared in a time that does not depend on how much of them is right.
 *
 * <p>Follows staging/src/k8s.io/apiserver/pkg/authentication/token (v1.36).
 */
public final class Authenticator {

  private final ServiceAccountTokens accounts;
  private final ImmutableMap<String, UserInfo> users;

  /**
   * An authenticator.
   *
   * @param users by their tokens
   */
  public Authenticator(ServiceAccountTokens accounts, ImmutableMap<String, UserInfo> users) {
    this.accounts = accounts;
    this.users = users;
  }

  /** Who a token is of; null when it is nobody's. */
  public @Nullable UserInfo authenticate(String token) {
    byte[] sent = token.getBytes(StandardCharsets.UTF_8);
    UserInfo found = null;
    for (Map.Entry<String, UserInfo> user : users.entrySet()) {
      byte[] known = user.getKey().getBytes(StandardCharsets.UTF_8);
      found = MessageDigest.isEqual(known, sent) ? user.getValue() : found;
    }
    return found != null ? found : accounts.authenticate(token);
  }
}
