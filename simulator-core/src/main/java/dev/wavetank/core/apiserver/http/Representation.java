package dev.wavetank.core.apiserver.http;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.GoQuote;
import dev.wavetank.core.api.Json;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.Manifests;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.printers.Table.IncludeObject;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The form in which a client wants an answer.
 *
 * <p>Follows staging/src/k8s.io/apiserver/pkg/endpoints/handlers/negotiation (v1.36).
 *
 * @param view what is shown of objects
 * @param yaml whether it is YAML, else JSON
 * @param pretty whether JSON is indented
 * @param include what the rows of a table hold of their objects
 */
record Representation(View view, boolean yaml, boolean pretty, IncludeObject include) {

  /** What is shown of objects. */
  enum View {
    WHOLE,
    TABLE,
    METADATA
  }

  private static final String ACCEPTED =
      "application/json, application/yaml, application/vnd.kubernetes.protobuf";

  private static final String STREAMS =
      ", application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch";

  /** The form of errors and of what has one form only. */
  static Representation plain(ApiRequest request) {
    boolean yaml = false;
    for (MediaType type : MediaType.parseAll(request.header("accept"))) {
      if (isJson(type.name())) {
        break;
      }
      if (type.name().equals("application/yaml")) {
        yaml = true;
        break;
      }
    }
    return new Representation(View.WHOLE, yaml, isPretty(request), IncludeObject.METADATA);
  }

  /**
   * The first form of the header Accept that can be served.
   *
   * @param collection whether a list or a watch is asked for
   * @throws ApiException 406 when none can be served
   */
  static Representation of(ApiRequest request, boolean collection) {
    return of(request, collection, true);
  }

  /**
   * Checks that a client takes the answer to a question, which cannot be made a table of.
   *
   * @throws ApiException 406 when it does not
   */
  static void requireNoTable(ApiRequest request) {
    of(request, false, false);
  }

  private static Representation of(ApiRequest request, boolean collection, boolean tables) {
    ImmutableList<MediaType> accepted = MediaType.parseAll(request.header("accept"));
    boolean pretty = isPretty(request);
    if (accepted.isEmpty()) {
      return new Representation(View.WHOLE, false, pretty, IncludeObject.METADATA);
    }
    boolean known = false;
    for (MediaType type : accepted) {
      boolean yaml = type.name().equals("application/yaml");
      if (!yaml && !isJson(type.name())) {
        continue;
      }
      known = true;
      View view = view(type, collection);
      if (view != null && (tables || view != View.TABLE)) {
        return new Representation(view, yaml, pretty, include(request, view));
      }
    }
    String message =
        known
            ? "only the following media types are accepted: " + ACCEPTED
            : "406: Not Acceptable\n\nAvailable representations: "
                + ACCEPTED
                + (collection ? STREAMS : "");
    throw new ApiException(Status.bare(406, "NotAcceptable", message));
  }

  private static boolean isJson(String name) {
    return name.equals("application/json") || name.equals("*/*") || name.equals("application/*");
  }

  /** What a type of the header asks for; null when that cannot be served. */
  private static @Nullable View view(MediaType type, boolean collection) {
    String as = type.parameter("as");
    if (as.isEmpty()) {
      boolean streamKnown = type.parameter("stream").isEmpty() || collection;
      return streamKnown ? View.WHOLE : null;
    }
    boolean known = type.parameter("g").equals("meta.k8s.io") && type.parameter("v").equals("v1");
    if (!known) {
      return null;
    }
    return switch (as) {
      case "Table" -> View.TABLE;
      case "PartialObjectMetadata" -> View.METADATA;
      case "PartialObjectMetadataList" -> collection ? View.METADATA : null;
      default -> null;
    };
  }

  private static IncludeObject include(ApiRequest request, View view) {
    String asked = request.query().string("includeObject");
    return switch (view == View.TABLE ? asked : "") {
      case "", "Metadata" -> IncludeObject.METADATA;
      case "Object" -> IncludeObject.OBJECT;
      case "None" -> IncludeObject.NONE;
      default ->
          throw new ApiException(
              Status.badRequest(
                  "Unable to convert to Table as requested: includeObject: Invalid value: "
                      + GoQuote.quote(asked)
                      + ": must be 'Metadata', 'Object', 'None', or empty"));
    };
  }

  /** The tree in this form, as bytes. */
  byte[] bytes(KubeMap tree) {
    String text = yaml ? Manifests.toYaml(tree) : json(tree) + "\n";
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private String json(KubeMap tree) {
    return pretty ? PrettyJson.write(tree) : Json.write(tree);
  }

  String contentType() {
    return yaml ? "application/yaml" : ApiResponse.JSON;
  }

  private static boolean isPretty(ApiRequest request) {
    String asked = request.query().string("pretty");
    if (!asked.isEmpty()) {
      return asked.equals("1") || asked.equals("t") || asked.equalsIgnoreCase("true");
    }
    String agent = request.header("user-agent");
    return agent.startsWith("curl") || agent.startsWith("Wget") || agent.startsWith("Mozilla/5.0");
  }
}
