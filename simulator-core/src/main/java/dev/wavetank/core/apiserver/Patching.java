package dev.wavetank.core.apiserver;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.GoQuote;
import dev.wavetank.core.api.GoText;
import dev.wavetank.core.api.Json;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectDecoding;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Schema;
import dev.wavetank.core.api.SchemaType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.api.UnstructuredConverter;
import dev.wavetank.core.apiserver.patch.JsonPatch;
import dev.wavetank.core.apiserver.patch.MergePatch;
import dev.wavetank.core.apiserver.patch.Patch;
import dev.wavetank.core.apiserver.patch.PatchException;
import dev.wavetank.core.apiserver.patch.PatchType;
import dev.wavetank.core.apiserver.patch.StrategicMergePatch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Applies a client's patch to an object and reads the result as the API server reads it.
 *
 * <p>Follows staging/src/k8s.io/apiserver/pkg/endpoints/handlers/patch.go (v1.36).
 */
public final class Patching {

  private Patching() {}

  /**
   * The patched object, as an update of the whole object would send it.
   *
   * @throws ApiException 400, 413, 415, 422 or 500 when the patch does not apply
   */
  public static KubeObject patched(
      ResourceType resource,
      ObjectKey key,
      KubeObject object,
      Patch patch,
      ResourceStrategy strategy) {
    SchemaType type = Schema.builtIn().kindOf(resource);
    if (type == null && patch.type() == PatchType.STRATEGIC) {
      throw new ApiException(unsupported());
    }
    KubeMap result;
    try {
      result = apply(object.root(), type, patch);
    } catch (PatchException e) {
      throw new ApiException(status(e));
    }
    KubeObject read = KubeObject.of(result);
    requirePlace(key, read);
    List<String> unknown = patch.isStrict() ? strategy.unknownFields(read) : List.of();
    if (!unknown.isEmpty()) {
      throw new ApiException(invalid(Json.write(result), ObjectDecoding.strictError(unknown)));
    }
    KubeMap root = result.with("apiVersion", resource.apiVersion()).with("kind", resource.kind());
    KubeMap metadata = read.metadata();
    metadata = metadata.with("namespace", key.namespace().isEmpty() ? null : key.namespace());
    return KubeObject.of(root.with("metadata", metadata));
  }

  private static KubeMap apply(KubeMap object, @Nullable SchemaType type, Patch patch) {
    Object tree = patch.tree();
    if (type != null && patch.type() == PatchType.STRATEGIC) {
      KubeMap changes = (KubeMap) tree;
      KubeMap result = StrategicMergePatch.apply(type, object, changes);
      String wrong = UnstructuredConverter.problem(result, type);
      return decoded(result, type, wrong, GoText.of(changes), patch);
    }
    KubeMap current = type == null ? object : ObjectDecoding.normalized(object, type);
    if (tree instanceof KubeList operations && operations.size() > JsonPatch.OPERATIONS_MAX) {
      throw new ApiException(tooLarge(operations.size()));
    }
    Object result =
        patch.type() == PatchType.JSON
            ? JsonPatch.apply(current, tree)
            : MergePatch.apply(current, tree);
    if (!(result instanceof KubeMap root)) {
      String wrong = "json: cannot unmarshal array into Go value of type struct";
      throw new ApiException(invalid(Json.write(result), wrong));
    }
    return type == null
        ? root
        : decoded(root, type, ObjectDecoding.wrongType(root, type), Json.write(root), patch);
  }

  private static KubeMap decoded(
      KubeMap result, SchemaType type, @Nullable String wrong, String shown, Patch patch) {
    if (wrong != null) {
      throw new ApiException(invalid(shown, wrong));
    }
    if (patch.isStrict()) {
      List<String> unknown = ObjectDecoding.unknownFields(result, type);
      if (!unknown.isEmpty()) {
        throw new ApiException(invalid(shown, ObjectDecoding.strictError(unknown)));
      }
    }
    return ObjectDecoding.normalized(result, type);
  }

  private static void requirePlace(ObjectKey key, KubeObject object) {
    String namespace = object.namespace();
    if (!key.namespace().isEmpty() && !namespace.isEmpty() && !namespace.equals(key.namespace())) {
      throw new ApiException(
          Status.badRequest(
              "the namespace of the provided object does not match the namespace sent on the"
                  + " request"));
    }
    if (object.name().isEmpty()) {
      throw new ApiException(
          Status.badRequest(
              "the name of the object ("
                  + key.name()
                  + " based on URL) was undeterminable: name must be provided"));
    }
    if (!object.name().equals(key.name())) {
      throw new ApiException(
          Status.badRequest(
              "the name of the object ("
                  + object.name()
                  + ") does not match the name on the URL ("
                  + key.name()
                  + ")"));
    }
  }

  private static Status invalid(String shown, String detail) {
    String message = "Invalid value: " + GoQuote.quote(shown) + ": " + detail;
    return new Status(
        422,
        "Invalid",
        " \"\" is invalid: patch: " + message,
        null,
        "",
        ImmutableList.of(new Status.Cause("FieldValueInvalid", message, "patch")));
  }

  private static Status tooLarge(int operations) {
    return new Status(
        413,
        "RequestEntityTooLarge",
        "Request entity too large: The allowed maximum operations in a JSON patch is "
            + JsonPatch.OPERATIONS_MAX
            + ", got "
            + operations,
        null,
        "",
        ImmutableList.of());
  }

  private static Status unsupported() {
    return new Status(
        415,
        "UnsupportedMediaType",
        "the body of the request was in an unknown format - accepted media types include: "
            + PatchType.JSON.contentType()
            + ", "
            + PatchType.MERGE.contentType()
            + ", application/apply-patch+yaml",
        null,
        "",
        ImmutableList.of());
  }

  private static Status status(PatchException e) {
    String message = String.valueOf(e.getMessage());
    switch (e.kind()) {
      case BAD_REQUEST:
        return Status.badRequest(message);
      case UNPROCESSABLE:
        return new Status(
            422,
            "Invalid",
            "the server rejected our request due to an error in our request",
            null,
            "",
            ImmutableList.of());
      default:
        return Status.bare(500, "", message);
    }
  }
}
