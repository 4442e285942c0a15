package dev.wavetank.core.apiserver.http;

import com.google.common.collect.ImmutableList;
import com.google.common.io.BaseEncoding;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.DuplicateFields;
import dev.wavetank.core.api.Json;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ManifestException;
import dev.wavetank.core.api.Manifests;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.protobuf.ProtobufException;
import dev.wavetank.core.apiserver.protobuf.ProtobufReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;

/**
 * Reads the body of a create, an update or a delete, by its content type.
 *
 * <p>Follows staging/src/k8s.io/apiserver/pkg/endpoints/handlers/create.go and
 * staging/src/k8s.io/apimachinery/pkg/runtime/serializer/json/json.go (v1.36).
 */
final class BodyReader {

  private static final String ACCEPTED =
      "the body of the request was in an unknown format - accepted media types include:"
          + " application/json, application/yaml, application/vnd.kubernetes.protobuf";

  /** Most bytes of a body that a message shows. */
  private static final int SHOWN_MAX = 30;

  private BodyReader() {}

  /**
   * The object of a body.
   *
   * @param kind that is expected, as messages name it
   * @throws ApiException 400 when it is none, 415 when the content type is not known
   */
  static KubeObject read(ApiRequest request, String kind) {
    String contentType = MediaType.parse(request.header("content-type")).name();
    switch (contentType) {
      case "", "application/json" -> {
        return json(request, kind);
      }
      case "application/yaml" -> {
        return yaml(request, kind);
      }
      case "application/vnd.kubernetes.protobuf" -> {
        return protobuf(request);
      }
      default -> throw new ApiException(Status.bare(415, "UnsupportedMediaType", ACCEPTED));
    }
  }

  /**
   * What strict decoding says of a body that has keys twice, its unknown fields included.
   *
   * @param unknown what is said of them; asked only when a key is there twice
   * @return empty when no key is there twice
   */
  static List<String> duplicateKeys(ApiRequest request, Supplier<List<String>> unknown) {
    return switch (MediaType.parse(request.header("content-type")).name()) {
      case "", "application/json" -> duplicatesInJson(request, unknown);
      case "application/yaml" -> duplicatesInYaml(request, unknown);
      default -> ImmutableList.of();
    };
  }

  private static List<String> duplicatesInJson(ApiRequest request, Supplier<List<String>> unknown) {
    String text = text(request);
    return DuplicateFields.inJson(text, ImmutableList.of()).isEmpty()
        ? ImmutableList.of()
        : DuplicateFields.inJson(text, unknown.get());
  }

  private static List<String> duplicatesInYaml(ApiRequest request, Supplier<List<String>> unknown) {
    String duplicates = Manifests.duplicateKeys("body", text(request));
    return duplicates.isEmpty()
        ? ImmutableList.of()
        : ImmutableList.<String>builder().add(duplicates).addAll(unknown.get()).build();
  }

  /**
   * The object of a server-side apply, which is YAML.
   *
   * @throws ApiException 400 when it is none
   */
  static KubeObject applied(ApiRequest request) {
    String text = text(request);
    try {
      if (Manifests.value("body", text) instanceof KubeMap map) {
        return KubeObject.of(map);
      }
    } catch (ManifestException e) {
      throw new ApiException(Status.badRequest("error decoding YAML: " + e.getMessage()));
    }
    throw new ApiException(Status.badRequest("error decoding YAML: the body is not an object"));
  }

  /**
   * Refuses the body of a server-side apply that has keys twice.
   *
   * @throws ApiException 400
   */
  static void refuseDuplicates(ApiRequest request) {
    String duplicates = Manifests.duplicateKeys("body", text(request));
    if (!duplicates.isEmpty()) {
      throw new ApiException(
          Status.badRequest(
              "error strict decoding YAML: error converting YAML to JSON: " + duplicates));
    }
  }

  private static KubeObject json(ApiRequest request, String kind) {
    String text = text(request);
    Object read;
    try {
      read = Json.read(text);
    } catch (IllegalArgumentException e) {
      throw unrecognized(kind, "json parse error: " + e.getMessage(), text);
    }
    return object(read, kind, text);
  }

  private static KubeObject yaml(ApiRequest request, String kind) {
    String text = text(request);
    Object read;
    try {
      read = Manifests.value("body", text);
    } catch (ManifestException e) {
      throw unrecognized(kind, "json parse error: " + e.getMessage(), text);
    }
    return object(read, kind, text);
  }

  private static KubeObject object(Object read, String kind, String text) {
    if (read instanceof KubeMap map) {
      return KubeObject.of(map);
    }
    String what = read instanceof String ? "string" : read instanceof Boolean ? "bool" : "array";
    throw unrecognized(
        kind,
        "json parse error: json: cannot unmarshal "
            + what
            + " into Go value of type struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\";"
            + " Kind string \"json:\\\"kind,omitempty\\\"\" }",
        text);
  }

  private static String text(ApiRequest request) {
    return new String(request.body(), StandardCharsets.UTF_8);
  }

  private static ApiException unrecognized(String kind, String why, String text) {
    return new ApiException(
        Status.badRequest(
            "the object provided is unrecognized (must be of type "
                + kind
                + "): couldn't get version/kind; "
                + why
                + " ("
                + shown(text)
                + ")"));
  }

  /** The beginning of the body, as upstream shows it. */
  private static String shown(String text) {
    if (text.isEmpty()) {
      return "<empty>";
    }
    boolean object = text.startsWith("{");
    String shown = object ? text : hex(text);
    int max = object ? SHOWN_MAX : 2 * SHOWN_MAX;
    return shown.length() <= max ? shown : shown.substring(0, max) + " ...";
  }

  private static String hex(String text) {
    return BaseEncoding.base16().lowerCase().encode(text.getBytes(StandardCharsets.UTF_8));
  }

  private static KubeObject protobuf(ApiRequest request) {
    try {
      return ProtobufReader.read(request.body());
    } catch (ProtobufException e) {
      throw new ApiException(Status.badRequest(String.valueOf(e.getMessage())));
    }
  }
}
