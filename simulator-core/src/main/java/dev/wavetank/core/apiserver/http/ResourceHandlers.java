package dev.wavetank.core.apiserver.http;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.CustomResource;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.ComputedObjects;

/**
 * Answers the requests for resources, by method and what the path names.
 *
 * <p>Follows staging/src/k8s.io/apiserver/pkg/endpoints/installer.go (v1.36).
 */
final class ResourceHandlers {

  private static final String ENDPOINTS_DEPRECATED =
      "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice";

  private final ApiServer server;
  private final WatchHistory history;
  private final WatchEncoder encoder = new WatchEncoder();
  private final WholeWatches wholes;
  private final Lists lists;
  private final Writes writes;
  private final Deletes deletes;
  private final Subresources subresources;
  private final Logs logs;
  private final RemoteStreams streams;
  private final Proxies proxies;
  private final Reviews reviews;
  private final TokenRequests tokens;
  private final ComponentStatuses components;
  private final ComputedResources computed;

  ResourceHandlers(
      ApiServer server,
      ContainerLogs containerLogs,
      PodConnections connections,
      Reviews reviews,
      TokenRequests tokens) {
    this.reviews = reviews;
    this.tokens = tokens;
    this.components = new ComponentStatuses(server);
    this.computed = new ComputedResources(server);
    this.server = server;
    this.history = new WatchHistory(server);
    this.wholes = new WholeWatches(history, encoder);
    this.lists = new Lists(server, history);
    this.writes = new Writes(server);
    this.deletes = new Deletes(server);
    this.subresources = new Subresources(server);
    this.logs = new Logs(server, containerLogs);
    this.streams = new RemoteStreams(server, connections);
    this.proxies = new Proxies(server, connections);
  }

  ApiResponse handle(ResourceRequest target, Warnings warnings) {
    if (target.type().equals(ResourceType.ENDPOINTS)) {
      warnings.add(ENDPOINTS_DEPRECATED);
    }
    if (server.served().answers(target.type())) {
      return answered(target, warnings);
    }
    CustomResource custom = target.type().custom();
    if (custom != null && !custom.deprecationWarning().isEmpty()) {
      warnings.add(custom.deprecationWarning());
    }
    if (target.name().isEmpty() || target.watch()) {
      return collection(target, warnings);
    }
    return switch (target.subresource()) {
      case "" -> item(target, warnings);
      case "status", "ephemeralcontainers", "resize", "approval" -> status(target, warnings);
      case "scale" -> scale(target);
      case "log" -> {
        require(target, "GET");
        yield logs.log(target);
      }
      case "token" -> {
        require(target, "POST");
        yield plain(201, tokens.create(target), target);
      }
      case "exec" -> {
        requireConnect(target);
        yield streams.exec(target);
      }
      case "attach" -> {
        requireConnect(target);
        yield streams.attach(target);
      }
      case "portforward" -> {
        requireConnect(target);
        yield streams.portForward(target);
      }
      case "proxy" -> proxies.proxy(target);
      case "binding" -> {
        require(target, "POST");
        yield plain(201, subresources.bind(target), target);
      }
      case "eviction" -> {
        require(target, "POST");
        yield plain(201, subresources.evict(target), target);
      }
      case "finalize" -> {
        require(target, "PUT");
        Representation form = Representation.of(target.request(), false);
        yield object(200, subresources.finalizeNamespace(target), target, form);
      }
      default -> throw new ApiException(StatusBody.NO_RESOURCE);
    };
  }

  private ApiResponse answered(ResourceRequest target, Warnings warnings) {
    if (target.type().equals(ResourceType.COMPONENT_STATUSES)) {
      return components.answer(target, warnings);
    }
    ComputedObjects objects = server.served().computed(target.type());
    if (objects != null) {
      return computed.answer(target, objects);
    }
    require(target, "POST");
    Representation.requireNoTable(target.request());
    return target.type().equals(ResourceType.BINDINGS)
        ? plain(201, subresources.bindNamed(target), target)
        : plain(201, reviews.review(target), target);
  }

  private ApiResponse collection(ResourceRequest target, Warnings warnings) {
    Representation form = Representation.of(target.request(), true);
    switch (target.request().method()) {
      case "GET" -> {
        ListParameters parameters = ListParameters.of(target);
        return parameters.watch()
            ? watch(target, parameters, form)
            : lists.list(target, parameters, form);
      }
      case "POST" -> {
        if (!target.acrossNamespaces()) {
          return object(201, writes.create(target, warnings), target, form);
        }
      }
      case "DELETE" -> {
        if (!target.acrossNamespaces() && !target.type().equals(ResourceType.NAMESPACES)) {
          return deletes.deleteCollection(target, form);
        }
      }
      default -> {}
    }
    throw new ApiException(StatusBody.NO_METHOD);
  }

  private ApiResponse watch(
      ResourceRequest target, ListParameters parameters, Representation form) {
    parameters.revision();
    WatchStream stream =
        new WatchStream(server, history, encoder, wholes, target, parameters, form);
    return StreamProtocol.watches(target.request())
        ? ApiResponse.switching(StreamProtocol.WATCH, new WatchConnection(stream))
        : ApiResponse.streaming(ApiResponse.JSON, stream);
  }

  private ApiResponse item(ResourceRequest target, Warnings warnings) {
    Representation form = Representation.of(target.request(), false);
    return switch (target.request().method()) {
      case "GET" -> {
        KubeObject found = server.get(target.key());
        String version = target.request().query().string("resourceVersion");
        if (!version.isEmpty()) {
          ListParameters parameters = ListParameters.of(target);
          Lists.requireReached(parameters.revision(), server.revision());
        }
        yield object(200, found, target, form);
      }
      case "PUT" -> {
        boolean present = server.find(target.key()) != null;
        yield object(present ? 200 : 201, writes.update(target, warnings), target, form);
      }
      case "PATCH" -> patch(target, warnings, form);
      case "DELETE" -> deletes.delete(target, form);
      default -> throw new ApiException(StatusBody.NO_METHOD);
    };
  }

  private ApiResponse status(ResourceRequest target, Warnings warnings) {
    Representation form = Representation.of(target.request(), false);
    return switch (target.request().method()) {
      case "GET" -> object(200, server.get(target.key()), target, form);
      case "PUT" -> object(200, writes.update(target, warnings), target, form);
      case "PATCH" -> patch(target, warnings, form);
      default -> throw new ApiException(StatusBody.NO_METHOD);
    };
  }

  private ApiResponse patch(ResourceRequest target, Warnings warnings, Representation form) {
    if (!Writes.isApply(target.request())) {
      return object(200, writes.patch(target, warnings), target, form);
    }
    boolean present = server.find(target.key()) != null;
    return object(present ? 200 : 201, writes.apply(target, warnings), target, form);
  }

  private ApiResponse scale(ResourceRequest target) {
    return switch (target.request().method()) {
      case "GET" -> plain(200, subresources.scale(target), target);
      case "PUT" -> plain(200, subresources.updateScale(target), target);
      case "PATCH" -> plain(200, subresources.patchScale(target), target);
      default -> throw new ApiException(StatusBody.NO_METHOD);
    };
  }

  private static void require(ResourceRequest target, String method) {
    if (!target.request().method().equals(method)) {
      throw new ApiException(StatusBody.NO_METHOD);
    }
  }

  /** Browsers can only upgrade a GET. */
  private static void requireConnect(ResourceRequest target) {
    if (!target.request().method().equals("GET")) {
      require(target, "POST");
    }
  }

  private ApiResponse object(
      int code, KubeObject object, ResourceRequest target, Representation form) {
    return ObjectResponses.object(code, target.type(), object, form, server.simulation().instant());
  }

  private static ApiResponse plain(int code, KubeObject object, ResourceRequest target) {
    return ObjectResponses.plain(code, object, Representation.plain(target.request()));
  }
}
