package dev.wavetank.core.apiserver;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.GoQuote;
import dev.wavetank.core.api.Json;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectDecoding;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Schema;
import dev.wavetank.core.api.SchemaType;
import dev.wavetank.core.api.Status;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of a create or an update.
 *
 * <p>Follows staging/src/k8s.io/apiserver/pkg/endpoints/handlers/create.go and rest.go (v1.36).
 */
final class RequestBody {

  private RequestBody() {}

  static KubeObject decode(
      ResourceType type, KubeObject body, ResourceStrategy strategy, boolean strict) {
    if (type.custom() != null) {
      return custom(type, body, strategy, strict);
    }
    KubeObject named = named(type, body);
    SchemaType schema = Schema.builtIn().kindOf(type);
    if (schema == null) {
      return named;
    }
    @Nullable String refusal = ObjectDecoding.refusal(named, schema, strict);
    if (refusal != null) {
      throw new ApiException(Status.badRequest(refusal));
    }
    return named.withRoot(ObjectDecoding.normalized(named.root(), schema));
  }

  /** A custom resource must name its kind and version. */
  private static KubeObject custom(
      ResourceType type, KubeObject body, ResourceStrategy strategy, boolean strict) {
    for (String field : ImmutableList.of("kind", "apiVersion")) {
      if (body.root().string(field, "").isEmpty()) {
        throw new ApiException(Status.badRequest(missing(type, field, body)));
      }
    }
    if (!body.kind().equals(type.kind())) {
      FieldErrors errors = new FieldErrors();
      errors.invalid("kind", body.kind(), "must be " + type.kind());
      throw new ApiException(errors.status(kindOf(type, body), body.name()));
    }
    requireVersion(type, body.apiVersion());
    List<String> unknown = strict ? strategy.unknownFields(body) : List.of();
    if (!unknown.isEmpty()) {
      throw ObjectDecoding.strictlyRefused(type, unknown);
    }
    return body;
  }

  private static ResourceType kindOf(ResourceType type, KubeObject body) {
    String plural = type.plural();
    return new ResourceType(type.group(), type.version(), body.kind(), plural, plural, true);
  }

  private static String missing(ResourceType type, String field, KubeObject body) {
    return "the object provided is unrecognized (must be of type "
        + type.kind()
        + "): Object '"
        + (field.equals("kind") ? "Kind" : field)
        + "' is missing in '"
        + Json.write(body.root())
        + "'";
  }

  private static void requireVersion(ResourceType type, String apiVersion) {
    if (!apiVersion.equals(type.apiVersion())) {
      throw new ApiException(
          Status.badRequest(
              "the API version in the data ("
                  + apiVersion
                  + ") does not match the expected API version ("
                  + type.apiVersion()
                  + ")"));
    }
  }

  /** The body with its kind and version, which it may leave out but not have different. */
  private static KubeObject named(ResourceType type, KubeObject body) {
    String apiVersion = body.apiVersion();
    String kind = body.kind();
    if (apiVersion.equals(type.apiVersion()) && kind.equals(type.kind())) {
      return body;
    }
    if (!kind.isEmpty() && !kind.equals(type.kind())) {
      throw new ApiException(Status.badRequest(otherKind(type, apiVersion, kind)));
    }
    if (!apiVersion.isEmpty()) {
      requireVersion(type, apiVersion);
    }
    KubeMap names = KubeMap.of("apiVersion", type.apiVersion(), "kind", type.kind());
    KubeMap root = body.root().without("apiVersion").without("kind");
    for (int i = 0; i < root.size(); i++) {
      names = names.with(root.keyAt(i), root.valueAt(i));
    }
    return KubeObject.of(names);
  }

  private static String otherKind(ResourceType type, String apiVersion, String kind) {
    String version = apiVersion.substring(apiVersion.indexOf('/') + 1);
    String group = type.group().isEmpty() ? "core" : type.group();
    int dot = group.indexOf('.');
    return kind
        + " in version "
        + GoQuote.quote(version)
        + " cannot be handled as a "
        + type.kind()
        + ": converting ("
        + version
        + "."
        + kind
        + ") to ("
        + (dot < 0 ? group : group.substring(0, dot))
        + "."
        + type.kind()
        + "): unknown conversion";
  }
}
