package dev.wavetank.core.apiserver.http;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeNull;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.api.UserInfo;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.authentication.Authenticator;
import dev.wavetank.core.apiserver.authentication.ServiceAccountTokens;
import dev.wavetank.core.apiserver.authorization.Attributes;
import dev.wavetank.core.apiserver.authorization.RbacAuthorizer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Questions about users and what they may do, which are answered and not stored.
 *
 * <p>Follows pkg/registry/authorization and pkg/registry/authentication (v1.36).
 */
final class Reviews {

  private final ApiServer server;
  private final RbacAuthorizer authorizer;
  private final Authenticator authenticator;

  Reviews(ApiServer server, RbacAuthorizer authorizer, Authenticator authenticator) {
    this.server = server;
    this.authorizer = authorizer;
    this.authenticator = authenticator;
  }

  KubeObject review(ResourceRequest target) {
    ResourceType type = target.type();
    WriteParameters.of(target.request(), "CreateOptions", false);
    KubeObject asked = BodyReader.read(target.request(), type.kind());
    return switch (type.kind()) {
      case "SelfSubjectReview" ->
          answered(type, asked.root(), KubeMap.of("userInfo", user().tree()));
      case "SelfSubjectAccessReview" -> answered(type, asked.root(), access(type, asked, user()));
      case "SubjectAccessReview", "LocalSubjectAccessReview" ->
          answered(type, asked.root(), subjectAccess(target, asked));
      case "SelfSubjectRulesReview" ->
          answered(type, asked.root().with("spec", KubeMap.EMPTY), rules(asked));
      case "TokenReview" -> answered(type, asked.root(), token(asked));
      default -> throw new ApiException(StatusBody.NO_RESOURCE);
    };
  }

  private UserInfo user() {
    UserInfo user = server.request().user();
    return user == null ? UserInfo.ADMIN : user;
  }

  private static KubeObject answered(ResourceType type, KubeMap asked, KubeMap status) {
    return KubeObject.of(
        KubeMap.of(
            "kind",
            type.kind(),
            "apiVersion",
            type.apiVersion(),
            "metadata",
            asked.mapOrEmpty("metadata"),
            "spec",
            asked.get("spec"),
            "status",
            status));
  }

  private KubeMap access(ResourceType type, KubeObject asked, UserInfo user) {
    KubeMap spec = asked.spec();
    KubeMap resource = spec.map("resourceAttributes");
    KubeMap path = spec.map("nonResourceAttributes");
    if ((resource == null) == (path == null)) {
      FieldErrors errors = new FieldErrors();
      errors.invalid(
          "spec.resourceAttributes",
          path == null ? KubeNull.NULL : path,
          path == null
              ? "exactly one of nonResourceAttributes or resourceAttributes must be specified"
              : "cannot be specified in combination with nonResourceAttributes");
      throw new ApiException(errors.status(type, ""));
    }
    RbacAuthorizer.Decision decision = authorizer.authorize(user, attributes(resource, path));
    KubeMap status = KubeMap.of("allowed", decision.allowed());
    return decision.reason().isEmpty() ? status : status.with("reason", decision.reason());
  }

  private static Attributes attributes(@Nullable KubeMap resource, @Nullable KubeMap path) {
    if (resource == null) {
      KubeMap asked = path == null ? KubeMap.EMPTY : path;
      return Attributes.path(asked.string("verb", ""), asked.string("path", "/"));
    }
    return Attributes.resource(
        resource.string("verb", ""),
        resource.string("group", ""),
        resource.string("resource", ""),
        resource.string("subresource", ""),
        resource.string("namespace", ""),
        resource.string("name", ""));
  }

  private KubeMap subjectAccess(ResourceRequest target, KubeObject asked) {
    KubeMap spec = asked.spec();
    FieldErrors errors = new FieldErrors();
    if (spec.string("user", "").isEmpty() && spec.listOrEmpty("groups").isEmpty()) {
      errors.invalid("spec.user", "", "at least one of user or group must be specified");
    }
    boolean local = target.type().kind().equals("LocalSubjectAccessReview");
    String namespace = spec.mapOrEmpty("resourceAttributes").string("namespace", "");
    if (local && !namespace.equals(target.namespace())) {
      throw new ApiException(
          Status.badRequest(
              "spec.resourceAttributes.namespace must match namespace: " + target.namespace()));
    }
    if (!errors.isEmpty()) {
      throw new ApiException(errors.status(target.type(), ""));
    }
    ImmutableMap.Builder<String, ImmutableList<String>> extra = ImmutableMap.builder();
    KubeMap more = spec.mapOrEmpty("extra");
    more.keys().forEach(key -> extra.put(key, words(more.listOrEmpty(key))));
    UserInfo user =
        new UserInfo(
            spec.string("user", ""),
            spec.string("uid", ""),
            words(spec.listOrEmpty("groups")),
            extra.buildOrThrow());
    return access(target.type(), asked, user);
  }

  private static ImmutableList<String> words(KubeList list) {
    ImmutableList.Builder<String> words = ImmutableList.builder();
    list.forEach(word -> words.add(word.toString()));
    return words.build();
  }

  private KubeMap rules(KubeObject asked) {
    String namespace = asked.spec().string("namespace", "");
    if (namespace.isEmpty()) {
      throw new ApiException(Status.badRequest("no namespace on request"));
    }
    List<KubeMap> resources = new ArrayList<>();
    List<KubeMap> urls = new ArrayList<>();
    for (KubeMap rule : authorizer.rules(user(), namespace)) {
      if (rule.has("resources")) {
        resources.add(rule.without("nonResourceURLs"));
      }
      if (rule.has("nonResourceURLs")) {
        urls.add(
            KubeMap.of("verbs", rule.get("verbs"), "nonResourceURLs", rule.get("nonResourceURLs")));
      }
    }
    return KubeMap.of(
        "resourceRules",
        KubeList.copyOf(resources),
        "nonResourceRules",
        KubeList.copyOf(urls),
        "incomplete",
        false);
  }

  private KubeMap token(KubeObject asked) {
    String token = asked.spec().string("token", "");
    if (token.isEmpty()) {
      throw new ApiException(
          Status.badRequest("token is required for TokenReview in authentication"));
    }
    UserInfo user = authenticator.authenticate(token);
    if (user == null) {
      return KubeMap.of("user", KubeMap.EMPTY, "error", "invalid bearer token");
    }
    return KubeMap.of(
        "authenticated",
        true,
        "user",
        user.tree(),
        "audiences",
        KubeList.of(ServiceAccountTokens.ISSUER));
  }
}
