package dev.wavetank.core.apiserver.http;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.api.UserInfo;
import dev.wavetank.core.apiserver.authentication.Authenticator;
import dev.wavetank.core.apiserver.authorization.Attributes;
import dev.wavetank.core.apiserver.authorization.RbacAuthorizer;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds out who sends a request, and refuses what he may not do: the holder of a client certificate
 * first, then of a bearer token, then whoever the connection lets in without either.
 *
 * <p>Follows staging/src/k8s.io/apiserver/pkg/endpoints/filters/authentication.go, authorization.go
 * and impersonation (v1.36).
 */
final class RequestAccess {

  private static final Status UNAUTHORIZED = Status.bare(401, "Unauthorized", "Unauthorized");
  private static final String IMPERSONATE = "impersonate-";
  private static final String EXTRA = "impersonate-extra-";
  private static final String ACCOUNT = "system:serviceaccount:";

  private final Authenticator authenticator;
  private final RbacAuthorizer authorizer;

  RequestAccess(Authenticator authenticator, RbacAuthorizer authorizer) {
    this.authenticator = authenticator;
    this.authorizer = authorizer;
  }

  /**
   * Who a request counts as, who may do what it asks for.
   *
   * @throws ApiException 401 for a token that is nobody's or a strange certificate, 403 for what is
   *     not allowed
   */
  UserInfo admit(ApiRequest request) {
    Attributes asked = RequestAttributes.of(request);
    UserInfo user = impersonated(authenticated(request), request, asked);
    if (!authorizer.authorize(user, asked).allowed()) {
      throw new ApiException(forbidden(user, asked, asked.verb()));
    }
    return user;
  }

  private UserInfo authenticated(ApiRequest request) {
    Peer peer = request.peer();
    if (peer.proof() == Peer.Proof.CERTIFICATE) {
      return peer.user();
    }
    String sent = request.header("authorization");
    List<String> words = Splitter.on(' ').omitEmptyStrings().splitToList(sent);
    if (words.size() != 2 || !words.get(0).equalsIgnoreCase("Bearer")) {
      if (peer.proof() == Peer.Proof.STRANGE_CERTIFICATE) {
        throw new ApiException(UNAUTHORIZED);
      }
      return peer.user();
    }
    UserInfo user = authenticator.authenticate(words.get(1));
    if (user == null) {
      throw new ApiException(UNAUTHORIZED);
    }
    return user;
  }

  private UserInfo impersonated(UserInfo user, ApiRequest request, Attributes asked) {
    String name = request.header("impersonate-user");
    ImmutableList<String> groups = list(request.header("impersonate-group"));
    String uid = request.header("impersonate-uid");
    ImmutableMap.Builder<String, ImmutableList<String>> extra = ImmutableMap.builder();
    boolean any = false;
    for (String header : request.headers().keySet()) {
      any |= header.startsWith(IMPERSONATE);
      if (header.startsWith(EXTRA)) {
        extra.put(header.substring(EXTRA.length()), list(request.header(header)));
      }
    }
    if (!any) {
      return user;
    }
    if (name.isEmpty()) {
      throw new ApiException(
          Status.internalError("requested impersonation without impersonating a user name"));
    }
    ImmutableMap<String, ImmutableList<String>> more = extra.buildOrThrow();
    for (Attributes needed : needed(name, groups, uid, more)) {
      if (!authorizer.authorize(user, needed).allowed()) {
        throw new ApiException(forbidden(user, asked, "impersonate-on:user-info:" + asked.verb()));
      }
    }
    return new UserInfo(name, uid, groupsOf(name, groups), more);
  }

  private static ImmutableList<String> list(String header) {
    return ImmutableList.copyOf(
        Splitter.on(',').trimResults().omitEmptyStrings().splitToList(header));
  }

  private static List<Attributes> needed(
      String name,
      ImmutableList<String> groups,
      String uid,
      ImmutableMap<String, ImmutableList<String>> extra) {
    List<Attributes> needed = new ArrayList<>();
    List<String> account = account(name);
    needed.add(
        account.isEmpty()
            ? impersonate("", "users", "", name)
            : Attributes.resource(
                "impersonate", "", "serviceaccounts", "", account.get(0), account.get(1)));
    groups.forEach(group -> needed.add(impersonate("", "groups", "", group)));
    if (!uid.isEmpty()) {
      needed.add(impersonate("authentication.k8s.io", "uids", "", uid));
    }
    extra.forEach(
        (key, values) ->
            values.forEach(
                value ->
                    needed.add(impersonate("authentication.k8s.io", "userextras", key, value))));
    return needed;
  }

  private static Attributes impersonate(
      String group, String resource, String subresource, String name) {
    return Attributes.resource("impersonate", group, resource, subresource, "", name);
  }

  /** Namespace and name of a ServiceAccount; empty for other users. */
  private static List<String> account(String name) {
    List<String> parts =
        name.startsWith(ACCOUNT)
            ? Splitter.on(':').splitToList(name.substring(ACCOUNT.length()))
            : List.of();
    return parts.size() == 2 ? parts : List.of();
  }

  private static ImmutableList<String> groupsOf(String name, ImmutableList<String> asked) {
    List<String> groups = new ArrayList<>(asked);
    List<String> account = account(name);
    if (groups.isEmpty() && !account.isEmpty()) {
      groups.addAll(UserInfo.accountGroups(account.get(0)));
    }
    String all =
        name.equals(UserInfo.ANONYMOUS_NAME)
            ? UserInfo.ALL_UNAUTHENTICATED
            : UserInfo.ALL_AUTHENTICATED;
    boolean told =
        groups.contains(UserInfo.ALL_AUTHENTICATED)
            || groups.contains(UserInfo.ALL_UNAUTHENTICATED);
    if (!told) {
      groups.add(all);
    }
    return ImmutableList.copyOf(groups);
  }

  private static Status forbidden(UserInfo user, Attributes asked, String verb) {
    String who = "User \"" + user.name() + "\" cannot " + verb;
    if (!asked.isResource()) {
      return Status.bare(403, "Forbidden", "forbidden: " + who + " path \"" + asked.path() + "\"");
    }
    String resource = asked.resource();
    ResourceType type =
        new ResourceType(
            asked.group(), "", resource, resource, resource, !asked.namespace().isEmpty());
    String where =
        asked.namespace().isEmpty()
            ? " at the cluster scope"
            : " in the namespace \"" + asked.namespace() + "\"";
    String named = asked.name().isEmpty() ? "" : " \"" + asked.name() + "\"";
    String message =
        type.groupResource()
            + named
            + " is forbidden: "
            + who
            + " resource \""
            + asked.combinedResource()
            + "\" in API group \""
            + asked.group()
            + "\""
            + where;
    return new Status(403, "Forbidden", message, type, asked.name(), ImmutableList.of());
  }
}
