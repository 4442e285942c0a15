package dev.wavetank.core.apiserver.http;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import com.google.common.hash.HashCode;
import com.google.common.hash.Hashing;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.Json;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * What the server serves, told to clients: group by group, or all at once.
 *
 * <p>Follows staging/src/k8s.io/apiserver/pkg/endpoints/discovery (v1.36).
 */
final class Discovery {

  private static final String KIND = "kind";
  private static final String API_VERSION = "apiVersion";
  private static final String VERSION = "version";

  private final ResourceCatalog catalog;
  private final String address;

  /**
   * Discovery of a catalog.
   *
   * @param address host and port at which clients find the server
   */
  Discovery(ResourceCatalog catalog, String address) {
    this.catalog = catalog;
    this.address = address;
  }

  /** The answer to {@code /api}. */
  ApiResponse core(ApiRequest request) {
    if (aggregated(request)) {
      return aggregate(request, ImmutableList.of(""));
    }
    KubeMap addresses = KubeMap.of("clientCIDR", "0.0.0.0/0", "serverAddress", address);
    return document(
        request,
        KubeMap.of(
            KIND,
            "APIVersions",
            "versions",
            KubeList.copyOf(catalog.versions("")),
            "serverAddressByClientCIDRs",
            KubeList.of(addresses)));
  }

  /** The answer to {@code /apis}. */
  ApiResponse groups(ApiRequest request) {
    List<String> named = new ArrayList<>(catalog.groups());
    named.remove("");
    if (aggregated(request)) {
      return aggregate(request, named);
    }
    List<KubeMap> groups = new ArrayList<>();
    named.forEach(group -> groups.add(group(group)));
    return document(
        request,
        KubeMap.of(KIND, "APIGroupList", API_VERSION, "v1", "groups", KubeList.copyOf(groups)));
  }

  private KubeMap group(String group) {
    List<KubeMap> versions = new ArrayList<>();
    for (String version : catalog.versions(group)) {
      versions.add(KubeMap.of("groupVersion", group + "/" + version, VERSION, version));
    }
    return KubeMap.of(
        "name", group, "versions", KubeList.copyOf(versions), "preferredVersion", versions.get(0));
  }

  /** The answer to {@code /apis/GROUP}, of a group that is served. */
  ApiResponse group(ApiRequest request, String group) {
    KubeMap names = KubeMap.of(KIND, "APIGroup", API_VERSION, "v1");
    KubeMap body = group(group);
    for (int i = 0; i < body.size(); i++) {
      names = names.with(body.keyAt(i), body.valueAt(i));
    }
    return document(request, names);
  }

  /** The answer to {@code /apis/GROUP/VERSION} and {@code /api/v1}, of a version that is served. */
  ApiResponse resources(ApiRequest request, String group, String version) {
    List<KubeMap> resources = new ArrayList<>();
    for (ResourceType type : catalog.resources(group, version)) {
      resources.add(resource(type));
      for (ResourceCatalog.Subresource subresource : catalog.subresources(type)) {
        resources.add(subresource(type, subresource));
      }
    }
    return document(
        request,
        KubeMap.of(
            KIND,
            "APIResourceList",
            API_VERSION,
            group.isEmpty() ? null : "v1",
            "groupVersion",
            group.isEmpty() ? version : group + "/" + version,
            "resources",
            KubeList.copyOf(resources)));
  }

  private KubeMap resource(ResourceType type) {
    KubeMap.Builder resource =
        KubeMap.builder()
            .put("name", type.plural())
            .put("singularName", type.singular())
            .put("namespaced", type.namespaced())
            .put(KIND, type.kind())
            .put("verbs", KubeList.copyOf(catalog.verbs(type)));
    if (!type.shortNames().isEmpty()) {
      resource.put("shortNames", KubeList.copyOf(type.shortNames()));
    }
    if (!catalog.categories(type).isEmpty()) {
      resource.put("categories", KubeList.copyOf(catalog.categories(type)));
    }
    return catalog.isStored(type)
        ? resource.put("storageVersionHash", storageVersionHash(type)).build()
        : resource.build();
  }

  private static String storageVersionHash(ResourceType type) {
    String text = type.group() + "/" + type.version() + "/" + type.kind();
    HashCode hash = Hashing.sha256().hashString(text, StandardCharsets.UTF_8);
    return Base64.getEncoder().encodeToString(Arrays.copyOf(hash.asBytes(), 8));
  }

  private static KubeMap subresource(ResourceType type, ResourceCatalog.Subresource subresource) {
    KubeMap.Builder resource =
        KubeMap.builder()
            .put("name", type.plural() + "/" + subresource.name())
            .put("singularName", "")
            .put("namespaced", type.namespaced());
    if (!subresource.apiVersion().isEmpty()) {
      String[] parts = subresource.apiVersion().split("/", -1);
      resource.put("group", parts[0]).put(VERSION, parts[1]);
    }
    return resource
        .put(KIND, subresource.kind())
        .put("verbs", KubeList.copyOf(subresource.verbs()))
        .build();
  }

  private static boolean aggregated(ApiRequest request) {
    for (MediaType type : MediaType.parseAll(request.header("accept"))) {
      boolean json = type.name().equals("application/json");
      if (json && type.parameter("as").isEmpty()) {
        return false;
      }
      if (json
          && type.parameter("g").equals("apidiscovery.k8s.io")
          && type.parameter("v").equals("v2")
          && type.parameter("as").equals("APIGroupDiscoveryList")) {
        return true;
      }
    }
    return false;
  }

  private ApiResponse aggregate(ApiRequest request, List<String> groups) {
    List<KubeMap> items = new ArrayList<>();
    for (String group : groups) {
      List<KubeMap> versions = new ArrayList<>();
      for (String version : catalog.versions(group)) {
        versions.add(aggregatedVersion(group, version));
      }
      KubeMap metadata = group.isEmpty() ? KubeMap.EMPTY : KubeMap.of("name", group);
      items.add(KubeMap.of("metadata", metadata, "versions", KubeList.copyOf(versions)));
    }
    KubeMap list =
        KubeMap.of(
            KIND,
            "APIGroupDiscoveryList",
            API_VERSION,
            "apidiscovery.k8s.io/v2",
            "metadata",
            KubeMap.EMPTY,
            "items",
            KubeList.copyOf(items));
    byte[] body = (Json.write(list) + "\n").getBytes(StandardCharsets.UTF_8);
    String type = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
    return cached(request, ApiResponse.of(200, type, body)).with("Vary", "Accept");
  }

  /** An answer with the hash of its body; a client that has it already gets 304. */
  static ApiResponse cached(ApiRequest request, ApiResponse response) {
    String hash = Hashing.sha512().hashBytes(response.body()).toString();
    String tag = "\"" + Ascii.toUpperCase(hash) + "\"";
    if (request.header("if-none-match").equals(tag)) {
      return response.withoutBody(304).with("Etag", tag);
    }
    return response.with("Etag", tag);
  }

  private KubeMap aggregatedVersion(String group, String version) {
    List<KubeMap> resources = new ArrayList<>();
    for (ResourceType type : catalog.resources(group, version)) {
      resources.add(aggregatedResource(type));
    }
    return KubeMap.of(
        VERSION, version, "resources", KubeList.copyOf(resources), "freshness", "Current");
  }

  private KubeMap aggregatedResource(ResourceType type) {
    KubeMap.Builder resource =
        KubeMap.builder()
            .put("resource", type.plural())
            .put("responseKind", responseKind("", "", type.kind()))
            .put("scope", type.namespaced() ? "Namespaced" : "Cluster")
            .put("singularResource", type.singular())
            .put("verbs", KubeList.copyOf(catalog.verbs(type)));
    if (!type.shortNames().isEmpty()) {
      resource.put("shortNames", KubeList.copyOf(type.shortNames()));
    }
    if (!catalog.categories(type).isEmpty()) {
      resource.put("categories", KubeList.copyOf(catalog.categories(type)));
    }
    List<KubeMap> subresources = new ArrayList<>();
    for (ResourceCatalog.Subresource subresource : catalog.subresources(type)) {
      String[] of = (subresource.apiVersion() + "/").split("/", -1);
      subresources.add(
          KubeMap.of(
              "subresource",
              subresource.name(),
              "responseKind",
              responseKind(of[0], of[1], subresource.kind()),
              "verbs",
              KubeList.copyOf(subresource.verbs())));
    }
    if (!subresources.isEmpty()) {
      resource.put("subresources", KubeList.copyOf(subresources));
    }
    return resource.build();
  }

  private static KubeMap responseKind(String group, String version, String kind) {
    return KubeMap.of("group", group, VERSION, version, KIND, kind);
  }

  /** Documents have one form; who wants another is refused. */
  private static ApiResponse document(ApiRequest request, KubeMap body) {
    Representation form = Representation.of(request, false);
    if (form.view() != Representation.View.WHOLE) {
      throw new ApiException(
          Status.bare(
              406,
              "NotAcceptable",
              "only the following media types are accepted: application/json, application/yaml,"
                  + " application/vnd.kubernetes.protobuf"));
    }
    return ApiResponse.of(200, form.contentType(), form.bytes(body));
  }
}
