package dev.wavetank.core.apiserver.http;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.apiserver.DeleteOptions.Propagation;
import dev.wavetank.core.apiserver.FieldErrors;
import java.util.ArrayList;
import java.util.List;

/**
 * Deletes objects, with the options of the body or else of the query.
 *
 * <p>Follows staging/src/k8s.io/apiserver/pkg/endpoints/handlers/delete.go (v1.36).
 */
final class Deletes {

  private static final ImmutableList<String> POLICIES =
      ImmutableList.of("Foreground", "Background", "Orphan", "nil");

  /** What is asked of a delete. */
  private record Asked(DeleteOptions options, boolean dryRun) {}

  private final ApiServer server;

  Deletes(ApiServer server) {
    this.server = server;
  }

  ApiResponse delete(ResourceRequest target, Representation form) {
    Asked asked = asked(target.request());
    KubeObject before = server.get(target.key());
    KubeObject after = server.delete(target.key(), asked.options(), asked.dryRun());
    ResourceType type = target.type();
    boolean gone = asked.dryRun() ? !after.terminating() : server.find(target.key()) == null;
    if (gone && !type.equals(ResourceType.PODS)) {
      return ObjectResponses.plain(200, StatusBody.deleted(type, before), form);
    }
    return ObjectResponses.object(200, type, after, form, server.simulation().instant());
  }

  ApiResponse deleteCollection(ResourceRequest target, Representation form) {
    Asked asked = asked(target.request());
    ListParameters parameters = ListParameters.of(target);
    List<KubeObject> deleted =
        server.deleteCollection(
            target.type(),
            target.listNamespace(),
            parameters::selects,
            asked.options(),
            asked.dryRun());
    KubeMap metadata = KubeMap.of("resourceVersion", Long.toString(server.revision()));
    KubeMap list =
        ObjectResponses.list(target.type(), deleted, form, metadata, server.simulation().instant());
    return ApiResponse.of(200, form.contentType(), form.bytes(list));
  }

  /** With a body the query does not count. */
  private static Asked asked(ApiRequest request) {
    KubeMap options =
        request.hasBody()
            ? BodyReader.read(request, "DeleteOptions").root()
            : ofQuery(request.query());
    return of(options);
  }

  private static KubeMap ofQuery(QueryParameters query) {
    KubeMap.Builder options = KubeMap.builder();
    Long grace = query.number("gracePeriodSeconds");
    options.put("gracePeriodSeconds", grace);
    if (query.has("orphanDependents")) {
      options.put("orphanDependents", query.bool("orphanDependents"));
    }
    if (query.has("propagationPolicy")) {
      options.put("propagationPolicy", query.string("propagationPolicy"));
    }
    if (query.has("dryRun")) {
      options.put("dryRun", KubeList.copyOf(query.strings("dryRun")));
    }
    return options.build();
  }

  private static Asked of(KubeMap options) {
    FieldErrors errors = new FieldErrors();
    String policy = options.string("propagationPolicy");
    Object orphan = options.get("orphanDependents");
    if (policy != null && orphan instanceof Boolean) {
      errors.invalid(
          "propagationPolicy",
          policy,
          "orphanDependents and deletionPropagation cannot be both set");
    }
    Propagation propagation =
        orphan instanceof Boolean orphaned
            ? (orphaned ? Propagation.ORPHAN : Propagation.BACKGROUND)
            : propagation(policy == null ? "" : policy, errors);
    List<Object> dryRun = new ArrayList<>();
    options.listOrEmpty("dryRun").forEach(dryRun::add);
    boolean dry = WriteParameters.dryRun(dryRun, errors);
    WriteParameters.refuse(errors, "DeleteOptions");
    KubeMap preconditions = options.mapOrEmpty("preconditions");
    boolean graceGiven = options.get("gracePeriodSeconds") instanceof Long;
    long grace = options.number("gracePeriodSeconds", -1);
    return new Asked(
        new DeleteOptions(
            graceGiven && grace < 0 ? 1 : grace,
            propagation,
            preconditions.string("uid", ""),
            preconditions.string("resourceVersion", "")),
        dry);
  }

  /** The propagation of a policy. */
  private static Propagation propagation(String policy, FieldErrors errors) {
    return switch (policy) {
      case "" -> Propagation.DEFAULT;
      case "Foreground" -> Propagation.FOREGROUND;
      case "Background" -> Propagation.BACKGROUND;
      case "Orphan" -> Propagation.ORPHAN;
      default -> {
        errors.unsupported("propagationPolicy", policy, POLICIES);
        yield Propagation.DEFAULT;
      }
    };
  }

  /** The options of an eviction or of another request that holds them. */
  static DeleteOptions within(KubeMap options) {
    return of(options).options();
  }

  static boolean dryRunWithin(KubeMap options) {
    return of(options).dryRun();
  }
}
