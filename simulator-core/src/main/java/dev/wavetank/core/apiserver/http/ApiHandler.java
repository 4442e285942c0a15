package dev.wavetank.core.apiserver.http;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.Json;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.api.UserInfo;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.authentication.Authenticator;
import dev.wavetank.core.apiserver.authentication.ServiceAccountTokens;
import dev.wavetank.core.apiserver.authorization.RbacAuthorizer;
import dev.wavetank.core.apiserver.endpoints.VersionInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Answers the requests of HTTP clients: the API server's front door.
 *
 * <p>Each request is handled within one act of the simulation, and virtual time stands still
 * meanwhile. What is answered with a stream goes on afterwards, until it ends or is stopped.
 *
 * <p>Follows staging/src/k8s.io/apiserver/pkg/endpoints/installer.go and
 * staging/src/k8s.io/apiserver/pkg/server/config.go (v1.36).
 */
public final class ApiHandler {

  /** Most bytes of a request's body. */
  public static final int BODY_BYTES_MAX = 3 * 1024 * 1024;

  private static final String FOUND_NOTHING = "404 page not found\n";

  private final ResourceCatalog catalog;
  private final Discovery discovery;
  private final OpenApi openApi;
  private final ResourceHandlers resources;
  private final RequestAccess access;
  private final Metrics metrics;
  private final ApiServer server;

  /** A handler of a server's requests, without connections into pods. */
  public ApiHandler(ApiServer server, ContainerLogs logs, String address) {
    this(server, logs, PodConnections.NONE, address);
  }

  /**
   * A handler of a server's requests.
   *
   * @param address host and port at which clients find it
   */
  public ApiHandler(
      ApiServer server, ContainerLogs logs, PodConnections connections, String address) {
    this(server, logs, connections, address, ImmutableMap.of());
  }

  /**
   * A handler of a server's requests.
   *
   * @param address host and port at which clients find it
   * @param users whom it knows beside ServiceAccounts, by their tokens
   */
  public ApiHandler(
      ApiServer server,
      ContainerLogs logs,
      PodConnections connections,
      String address,
      ImmutableMap<String, UserInfo> users) {
    RbacAuthorizer authorizer = new RbacAuthorizer(server);
    ServiceAccountTokens tokens = new ServiceAccountTokens(server);
    Authenticator authenticator = new Authenticator(tokens, users);
    this.server = server;
    this.access = new RequestAccess(authenticator, authorizer);
    this.catalog = new ResourceCatalog(server);
    this.metrics = new Metrics(server, catalog);
    this.discovery = new Discovery(catalog, address);
    this.openApi = new OpenApi(catalog);
    this.resources =
        new ResourceHandlers(
            server,
            logs,
            connections,
            new Reviews(server, authorizer, authenticator),
            new TokenRequests(server, tokens));
  }

  /** Answers a request; a refusal is an answer too. */
  public ApiResponse handle(ApiRequest request) {
    Warnings warnings = new Warnings();
    ApiResponse response;
    try {
      server.request().begin(access.admit(request));
      response = route(request, warnings);
    } catch (ApiException e) {
      response = refused(request, e.status());
    } finally {
      server.request().warnings().forEach(warnings::add);
      server.request().end();
    }
    metrics.count(request, response.code());
    LaterResponse later = response.later();
    return later == null
        ? finished(response, warnings)
        : ApiResponse.later(
            new LaterResponse() {
              @Override
              public void start(Consumer<ApiResponse> then) {
                later.start(answer -> then.accept(finished(answer, warnings)));
              }

              @Override
              public void stop() {
                later.stop();
              }
            });
  }

  /**
   * Finds out who sends a request for a path that is answered elsewhere.
   *
   * @throws ApiException 401 for credentials that are nobody's, 403 when he may not
   */
  public void admit(ApiRequest request) {
    access.admit(request);
  }

  private static ApiResponse finished(ApiResponse response, Warnings warnings) {
    boolean cacheable = response.headers().containsKey("Etag");
    return warnings.on(response).with("Cache-Control", cacheable ? "public" : "no-cache, private");
  }

  /** The answer that refuses a request. */
  public static ApiResponse refused(ApiRequest request, Status status) {
    KubeObject body = StatusBody.failure(status);
    ApiResponse response =
        ObjectResponses.plain(status.code(), body, Representation.plain(request));
    int seconds = status.retryAfterSeconds();
    return seconds > 0 ? response.with("Retry-After", Integer.toString(seconds)) : response;
  }

  /** A document of its own as an answer. */
  public static ApiResponse document(KubeMap tree) {
    return ApiResponse.json(Json.write(tree));
  }

  /** The refusal of a body that is too large. */
  public static Status tooLarge() {
    return Status.bare(
        413, "RequestEntityTooLarge", "Request entity too large: limit is " + BODY_BYTES_MAX);
  }

  /** What is said of a request that broke the server. */
  public static Status panicked() {
    return Status.internalError(
        "This request caused apiserver to panic. Look in the logs for details.");
  }

  /** The refusal of one request too many. */
  public static Status tooManyRequests() {
    return Status.bare(429, "TooManyRequests", "too many requests, please try again later")
        .retryAfter(1);
  }

  static ApiResponse notFound() {
    return ApiResponse.text(404, FOUND_NOTHING);
  }

  private ApiResponse route(ApiRequest request, Warnings warnings) {
    if (request.path().equals("/")) {
      return index(request);
    }
    ImmutableList<String> segments = RequestPath.segments(ProxyPath.of(request.path()).own());
    String first = segments.isEmpty() ? "" : segments.get(0);
    return switch (first) {
      case "version" -> segments.size() == 1 ? version() : notFound();
      case "healthz", "livez", "readyz" -> Health.answer(request, segments);
      case "metrics" -> onlyGet(request, segments.size() == 1 ? metrics.answer() : notFound());
      case "openapi" -> openApi(request, segments);
      case "api" -> core(request, segments, warnings);
      case "apis" -> named(request, segments, warnings);
      default -> notFound();
    };
  }

  private ApiResponse core(ApiRequest request, ImmutableList<String> segments, Warnings warnings) {
    if (segments.size() == 1) {
      return onlyGet(request, discovery.core(request));
    }
    String version = segments.get(1);
    if (!catalog.versions("").contains(version)) {
      return notFound();
    }
    if (segments.size() == 2) {
      return onlyGet(request, discovery.resources(request, "", version));
    }
    ImmutableList<String> rest = segments.subList(2, segments.size());
    return resources.handle(ResourceRequest.of(request, catalog, "", version, rest), warnings);
  }

  private ApiResponse named(ApiRequest request, ImmutableList<String> segments, Warnings warnings) {
    if (segments.size() == 1) {
      return onlyGet(request, discovery.groups(request));
    }
    String group = segments.get(1);
    List<String> versions = catalog.versions(group);
    if (group.isEmpty() || versions.isEmpty()) {
      return notFound();
    }
    if (segments.size() == 2) {
      return onlyGet(request, discovery.group(request, group));
    }
    String version = segments.get(2);
    if (!versions.contains(version)) {
      throw new ApiException(StatusBody.NO_RESOURCE);
    }
    if (segments.size() == 3) {
      return onlyGet(request, discovery.resources(request, group, version));
    }
    ImmutableList<String> rest = segments.subList(3, segments.size());
    return resources.handle(ResourceRequest.of(request, catalog, group, version, rest), warnings);
  }

  private static ApiResponse onlyGet(ApiRequest request, ApiResponse response) {
    if (!request.method().equals("GET")) {
      throw new ApiException(StatusBody.NO_METHOD);
    }
    return response;
  }

  private ApiResponse openApi(ApiRequest request, ImmutableList<String> segments) {
    if (segments.size() == 2 && segments.get(1).equals("v2")) {
      return openApi.oldDocument(request);
    }
    if (segments.size() < 2 || !segments.get(1).equals("v3")) {
      return notFound();
    }
    return segments.size() == 2
        ? openApi.index()
        : openApi.document(request, segments.subList(2, segments.size()));
  }

  private static ApiResponse version() {
    return ApiResponse.json(PrettyJson.write(VersionInfo.ofServer()));
  }

  private ApiResponse index(ApiRequest request) {
    List<String> paths = new ArrayList<>();
    paths.add("/api");
    catalog.versions("").forEach(version -> paths.add("/api/" + version));
    paths.add("/apis");
    for (String group : catalog.groups()) {
      if (!group.isEmpty()) {
        paths.add("/apis/" + group);
        catalog.versions(group).forEach(version -> paths.add("/apis/" + group + "/" + version));
      }
    }
    for (String path :
        ImmutableList.of("/healthz", "/livez", "/metrics", "/openapi/v3", "/readyz")) {
      paths.add(path);
    }
    paths.add("/version");
    paths.sort(null);
    KubeMap tree = KubeMap.of("paths", KubeList.copyOf(paths));
    return onlyGet(request, ApiResponse.json(PrettyJson.write(tree)));
  }
}
