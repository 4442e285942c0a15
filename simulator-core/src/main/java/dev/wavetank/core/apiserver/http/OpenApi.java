package dev.wavetank.core.apiserver.http;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.hash.Hashing;
import dev.wavetank.core.api.Json;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.endpoints.VersionInfo;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The OpenAPI documents: v3, one for each version of a group, and v2, one for all. They hold what
 * clients work by: schemas with list types and merge keys, and the paths of resources with the
 * parameters of a patch.
 *
 * <p>Follows the vendored k8s.io/kube-openapi/pkg/handler and handler3 (v1.36).
 */
final class OpenApi {

  private static final String ROOT = "/openapi/v3";

  private static final String OLD_TYPE =
      "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

  /** Field 1, the version of the format; field 2, the title and the version of the API. */
  private static final byte[] OLD_DOCUMENT =
      ("\n\0032.0\022\025\n\nKubernetes\022\007" + VersionInfo.GIT_VERSION)
          .getBytes(StandardCharsets.US_ASCII);

  private static final String SWAGGER = "swagger";

  private static final ImmutableSet<String> JSON_TYPES =
      ImmutableSet.of("application/json", "application/*", "*/*");

  private static final ImmutableList<String> COLLECTION_METHODS =
      ImmutableList.of("get", "post", "delete");
  private static final ImmutableList<String> OBJECT_METHODS =
      ImmutableList.of("get", "put", "patch", "delete");

  private static final KubeMap INFO =
      KubeMap.of("title", "Kubernetes", "version", VersionInfo.GIT_VERSION);

  private final ResourceCatalog catalog;

  /** Documents that were asked for, by path, until what is served changes. */
  private final Map<String, byte[]> documents = new LinkedHashMap<>();

  OpenApi(ResourceCatalog catalog) {
    this.catalog = catalog;
    catalog.listen(documents::clear);
  }

  /**
   * The answer to {@code /openapi/v2}: the whole API in one document. In protobuf, the form that
   * kubectl asks for, it has no definitions: kubectl looks there for what it does not find in the
   * newer documents, and goes on without.
   */
  ApiResponse oldDocument(ApiRequest request) {
    List<MediaType> accepted = MediaType.parseAll(request.header("accept"));
    for (MediaType type : accepted) {
      if (type.name().equals("application/com.github.proto-openapi.spec.v2@v1.0+protobuf")) {
        return ApiResponse.of(200, OLD_TYPE, OLD_DOCUMENT);
      }
      if (JSON_TYPES.contains(type.name())) {
        return swagger(request);
      }
    }
    return accepted.isEmpty() ? swagger(request) : ApiResponse.empty(406);
  }

  private ApiResponse swagger(ApiRequest request) {
    byte[] body = documents.computeIfAbsent(SWAGGER, any -> writeSwagger());
    return Discovery.cached(request, ApiResponse.of(200, ApiResponse.JSON, body))
        .with("Vary", "Accept");
  }

  private byte[] writeSwagger() {
    KubeMap.Builder paths = KubeMap.builder();
    Map<String, Object> definitions = new TreeMap<>();
    for (String group : catalog.groups()) {
      for (String version : catalog.versions(group)) {
        OpenApiSchemas schemas = new OpenApiSchemas(true);
        catalog.resources(group, version).forEach(schemas::addKind);
        schemas.tree().forEach(definitions::putIfAbsent);
        addPaths(group, version, true, paths);
      }
    }
    KubeMap document =
        KubeMap.of(
            SWAGGER,
            "2.0",
            "info",
            INFO,
            "paths",
            paths.build(),
            "definitions",
            KubeMap.copyOf(definitions));
    return Json.write(document).getBytes(StandardCharsets.UTF_8);
  }

  /** The answer to {@code /openapi/v3}. */
  ApiResponse index() {
    KubeMap paths = KubeMap.EMPTY;
    for (String group : catalog.groups()) {
      for (String version : catalog.versions(group)) {
        String path = path(group, version);
        String hash = hash(document(group, version));
        paths =
            paths.with(path, KubeMap.of("serverRelativeURL", ROOT + "/" + path + "?hash=" + hash));
      }
    }
    return ApiResponse.json(Json.write(KubeMap.of("paths", paths)));
  }

  private static String path(String group, String version) {
    return group.isEmpty() ? "api/" + version : "apis/" + group + "/" + version;
  }

  private static String hash(byte[] document) {
    return Ascii.toUpperCase(Hashing.sha512().hashBytes(document).toString());
  }

  /**
   * The answer to a path below.
   *
   * @param segments behind {@code /openapi/v3}
   */
  ApiResponse document(ApiRequest request, ImmutableList<String> segments) {
    boolean core = segments.size() == 2 && segments.get(0).equals("api");
    boolean named = segments.size() == 3 && segments.get(0).equals("apis");
    String group = named ? segments.get(1) : "";
    String version = segments.get(segments.size() - 1);
    if (!(core || named) || catalog.resources(group, version).isEmpty()) {
      return ApiHandler.notFound();
    }
    byte[] body = document(group, version);
    String asked = request.query().string("hash");
    if (!asked.isEmpty() && !asked.equals(hash(body))) {
      String right = ROOT + "/" + path(group, version) + "?hash=" + hash(body);
      return ApiResponse.text(301, "").with("Location", right);
    }
    return Discovery.cached(request, ApiResponse.of(200, ApiResponse.JSON, body))
        .with("Vary", "Accept");
  }

  private byte[] document(String group, String version) {
    return documents.computeIfAbsent(path(group, version), any -> write(group, version));
  }

  private byte[] write(String group, String version) {
    OpenApiSchemas schemas = new OpenApiSchemas(false);
    catalog.resources(group, version).forEach(schemas::addKind);
    KubeMap.Builder paths = KubeMap.builder();
    addPaths(group, version, false, paths);
    KubeMap document =
        KubeMap.of(
            "openapi",
            "3.0.0",
            "info",
            INFO,
            "paths",
            paths.build(),
            "components",
            KubeMap.of("schemas", schemas.tree()));
    return Json.write(document).getBytes(StandardCharsets.UTF_8);
  }

  private void addPaths(String group, String version, boolean swagger, KubeMap.Builder paths) {
    for (ResourceType type : catalog.resources(group, version)) {
      String base = "/" + path(group, version) + "/";
      String collection =
          type.namespaced()
              ? base + "namespaces/{namespace}/" + type.plural()
              : base + type.plural();
      paths.put(collection, operations(type, COLLECTION_METHODS, swagger));
      paths.put(collection + "/{name}", operations(type, OBJECT_METHODS, swagger));
    }
  }

  private static KubeMap operations(
      ResourceType type, ImmutableList<String> methods, boolean swagger) {
    KubeMap kind =
        KubeMap.of("group", type.group(), "version", type.version(), "kind", type.kind());
    KubeMap operations = KubeMap.EMPTY;
    for (String method : methods) {
      KubeMap operation =
          KubeMap.of(
              "responses",
              KubeMap.of("200", KubeMap.of("description", "OK")),
              "x-kubernetes-group-version-kind",
              kind);
      if (!method.equals("get") && !method.equals("delete")) {
        operation = operation.with("parameters", writeParameters(swagger));
      }
      operations = operations.with(method, operation);
    }
    return operations;
  }

  private static KubeList writeParameters(boolean swagger) {
    KubeList parameters = KubeList.EMPTY;
    for (String name : ImmutableList.of("dryRun", "fieldManager", "fieldValidation")) {
      KubeMap parameter = KubeMap.of("name", name, "in", "query");
      parameters =
          parameters.plus(
              swagger
                  ? parameter.with("type", "string")
                  : parameter.with("schema", KubeMap.of("type", "string")));
    }
    return parameters;
  }
}
