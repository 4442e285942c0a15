package dev.wavetank.core.api;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;

/**
 * Who asks: a person, a component or a ServiceAccount.
 *
 * @param uid empty for none
 * @param extra what else the authenticator says, by key
 */
public record UserInfo(
    String name,
    String uid,
    ImmutableList<String> groups,
    ImmutableMap<String, ImmutableList<String>> extra) {

  /** The group that may do everything. */
  public static final String PRIVILEGED = "system:masters";

  public static final String ALL_AUTHENTICATED = "system:authenticated";
  public static final String ALL_UNAUTHENTICATED = "system:unauthenticated";
  public static final String ANONYMOUS_NAME = "system:anonymous";

  /** The administrator that the kubeconfig of a cluster is for. */
  public static final UserInfo ADMIN = of("kubernetes-admin", PRIVILEGED, ALL_AUTHENTICATED);

  /** Somebody who did not say who he is. */
  public static final UserInfo ANONYMOUS = of(ANONYMOUS_NAME, ALL_UNAUTHENTICATED);

  private static final String ACCOUNT = "system:serviceaccount:";

  /** A user in groups. */
  public static UserInfo of(String name, String... groups) {
    return new UserInfo(name, "", ImmutableList.copyOf(groups), ImmutableMap.of());
  }

  /** A ServiceAccount, in the groups of all of them. */
  public static UserInfo serviceAccount(String namespace, String name, String uid) {
    return new UserInfo(
        accountName(namespace, name), uid, accountGroups(namespace), ImmutableMap.of());
  }

  /** {@code system:serviceaccount:NAMESPACE:NAME}. */
  public static String accountName(String namespace, String name) {
    return ACCOUNT + namespace + ":" + name;
  }

  /** The groups of every ServiceAccount of a namespace. */
  public static ImmutableList<String> accountGroups(String namespace) {
    return ImmutableList.of(
        "system:serviceaccounts", "system:serviceaccounts:" + namespace, ALL_AUTHENTICATED);
  }

  /** Whether no authorizer is asked. */
  public boolean privileged() {
    return groups.contains(PRIVILEGED);
  }

  /** As reviews show it. */
  public KubeMap tree() {
    KubeMap made =
        KubeMap.of("username", name, "uid", uid.isEmpty() ? null : uid)
            .with("groups", groups.isEmpty() ? null : KubeList.copyOf(groups));
    KubeMap more = KubeMap.EMPTY;
    for (var entry : extra.entrySet()) {
      more = more.with(entry.getKey(), KubeList.copyOf(entry.getValue()));
    }
    return more.isEmpty() ? made : made.with("extra", more);
  }
}
