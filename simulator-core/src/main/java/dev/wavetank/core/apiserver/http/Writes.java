package dev.wavetank.core.apiserver.http;

import com.google.common.base.Suppliers;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectDecoding;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.EphemeralContainers;
import dev.wavetank.core.apiserver.Patching;
import dev.wavetank.core.apiserver.SubresourceUpdate;
import dev.wavetank.core.apiserver.Write;
import dev.wavetank.core.apiserver.endpoints.Decoding;
import dev.wavetank.core.apiserver.endpoints.FieldValidation;
import dev.wavetank.core.apiserver.managedfields.FieldManager;
import dev.wavetank.core.apiserver.patch.Patch;
import dev.wavetank.core.apiserver.patch.PatchType;
import dev.wavetank.core.apiserver.registry.CertificateApproval;
import dev.wavetank.core.apiserver.registry.PodResize;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;

/**
 * Creates, updates and patches objects and their status.
 *
 * <p>Follows staging/src/k8s.io/apiserver/pkg/endpoints/handlers/create.go, update.go and patch.go
 * (v1.36).
 */
final class Writes {

  private static final String STATUS = "status";
  private static final String MANAGED_FIELDS = "managedFields";
  private static final String APPLY = "application/apply-patch+yaml";

  private final ApiServer server;
  private final ImmutableMap<String, SubresourceUpdate> subresources;

  Writes(ApiServer server) {
    this.server = server;
    this.subresources =
        ImmutableMap.of(
            "ephemeralcontainers", EphemeralContainers::updated,
            "resize", new PodResize(server),
            "approval", new CertificateApproval(server));
  }

  KubeObject create(ResourceRequest target, Warnings warnings) {
    WriteParameters parameters = WriteParameters.of(target.request(), "CreateOptions", false);
    KubeObject body = decoded(target, parameters, warnings);
    return warned(
        server.create(target.type(), inNamespace(target, body), tracked(target, parameters)),
        true,
        target,
        warnings);
  }

  KubeObject update(ResourceRequest target, Warnings warnings) {
    WriteParameters parameters = WriteParameters.of(target.request(), "UpdateOptions", false);
    KubeObject body = inNamespace(target, decoded(target, parameters, warnings));
    requireName(target, body);
    Write write = tracked(target, parameters);
    SubresourceUpdate subresource = subresources.get(target.subresource());
    if (subresource != null) {
      return server.updateSubresource(target.type(), body, subresource, write);
    }
    return target.subresource().equals(STATUS)
        ? server.updateStatus(target.type(), body, write)
        : warned(server.update(target.type(), body, write), false, target, warnings);
  }

  /** A write that counts what it changes as its client's. */
  private Write tracked(ResourceRequest target, WriteParameters parameters) {
    return TrackedWrites.of(server, target.type(), fields(target), parameters);
  }

  /** What each kind of write cannot change, it does not own. */
  private FieldManager fields(ResourceRequest target) {
    ResourceType type = target.type();
    if (subresources.containsKey(target.subresource())) {
      boolean ofStatus = target.subresource().equals("approval");
      return TrackedWrites.fields(type, target.subresource(), ofStatus ? "spec" : STATUS);
    }
    if (!target.subresource().equals(STATUS)) {
      return server.strategy(type).statusSubresource()
          ? TrackedWrites.fields(type, "", STATUS)
          : TrackedWrites.fields(type, "");
    }
    if (type.custom() != null) {
      return TrackedWrites.fields(type, STATUS, "spec", "metadata");
    }
    if (type.equals(ResourceType.PODS)) {
      return TrackedWrites.fields(
          type, STATUS, "spec", "metadata.deletionTimestamp", "metadata.ownerReferences");
    }
    return type.equals(ResourceType.DEPLOYMENTS)
        ? TrackedWrites.fields(type, STATUS, "spec", "metadata.labels")
        : TrackedWrites.fields(type, STATUS, "spec");
  }

  static boolean isApply(ApiRequest request) {
    return MediaType.parse(request.header("content-type")).name().equals(APPLY);
  }

  /** Server-side apply, which creates what does not exist, unless it is to a subresource. */
  KubeObject apply(ResourceRequest target, Warnings warnings) {
    ApiRequest request = target.request();
    WriteParameters parameters = WriteParameters.of(request, "PatchOptions", true);
    KubeObject body = BodyReader.applied(request);
    if (!body.namespace().isEmpty()) {
      inNamespace(target, body);
    }
    requireName(target, body);
    boolean creates = target.subresource().isEmpty();
    KubeObject stored = creates ? server.find(target.key()) : server.get(target.key());
    KubeObject live = stored == null ? named(target) : target.type().view(stored);
    KubeObject merged =
        fields(target)
            .apply(live, body, parameters.fieldManager(), parameters.force(), server.timestamp());
    if (parameters.options().validation() == FieldValidation.STRICT) {
      BodyReader.refuseDuplicates(request);
    }
    KubeObject next = server.decode(target.type(), merged, false);
    Write write = Write.untracked(parameters.options().dryRun());
    if (target.subresource().equals(STATUS)) {
      return server.updateStatus(target.type(), next, write);
    }
    SubresourceUpdate subresource = subresources.get(target.subresource());
    if (subresource != null) {
      Object owners = next.metadata().get(MANAGED_FIELDS);
      Write owned =
          new Write(
              write.dryRun(), (old, updated) -> updated.with(owners, "metadata", MANAGED_FIELDS));
      return server.updateSubresource(target.type(), next, subresource, owned);
    }
    KubeObject written =
        stored == null
            ? server.create(target.type(), withoutVersion(next), write)
            : server.update(target.type(), next, write);
    return warned(written, stored == null, target, warnings);
  }

  /** A version in what creates an object is no precondition. */
  private static KubeObject withoutVersion(KubeObject object) {
    return object.withMetadata(object.metadata().without("resourceVersion"));
  }

  private static KubeObject named(ResourceRequest target) {
    KubeMap metadata = KubeMap.of("name", target.name());
    return KubeObject.of(
        target.type(),
        target.namespace().isEmpty() ? metadata : metadata.with("namespace", target.namespace()));
  }

  KubeObject patch(ResourceRequest target, Warnings warnings) {
    ApiRequest request = target.request();
    PatchType type = PatchType.of(request.header("content-type"));
    if (type == null) {
      throw new ApiException(
          Status.bare(415, "UnsupportedMediaType", "415: Unsupported Media Type"));
    }
    WriteParameters parameters = WriteParameters.of(request, "PatchOptions", false);
    Patch patch = Patch.of(type, new String(request.body(), StandardCharsets.UTF_8));
    boolean strict = parameters.options().validation() == FieldValidation.STRICT;
    Patch asked = strict ? patch.strict() : patch;
    Write write = tracked(target, parameters);
    SubresourceUpdate subresource = subresources.get(target.subresource());
    if (subresource != null) {
      KubeObject live = server.get(target.key());
      KubeObject patched =
          Patching.patched(
              target.type(), target.key(), live, asked, server.strategy(target.type()));
      return server.updateSubresource(target.type(), patched, subresource, write);
    }
    return target.subresource().equals(STATUS)
        ? server.patchStatus(target.type(), target.key(), asked, write)
        : warned(server.patch(target.type(), target.key(), asked, write), false, target, warnings);
  }

  private KubeObject warned(
      KubeObject written, boolean created, ResourceRequest target, Warnings warnings) {
    server.strategy(target.type()).warnings(written, created).forEach(warnings::add);
    return written;
  }

  private KubeObject decoded(
      ResourceRequest target, WriteParameters parameters, Warnings warnings) {
    ResourceType type = target.type();
    KubeObject body = BodyReader.read(target.request(), type.kind());
    FieldValidation validation = parameters.options().validation();
    if (validation != FieldValidation.IGNORE) {
      Supplier<List<String>> unknown =
          Suppliers.memoize(() -> Decoding.unknownFields(server, type, body));
      List<String> problems = BodyReader.duplicateKeys(target.request(), unknown);
      if (!problems.isEmpty() && validation == FieldValidation.STRICT) {
        throw ObjectDecoding.strictlyRefused(type, problems);
      }
      problems.stream().filter(problem -> !unknown.get().contains(problem)).forEach(warnings::add);
    }
    return Decoding.decoded(server, type, body, validation, warnings::add);
  }

  private static KubeObject inNamespace(ResourceRequest target, KubeObject body) {
    String namespace = target.namespace();
    if (!body.namespace().isEmpty() && !body.namespace().equals(namespace)) {
      throw new ApiException(
          Status.badRequest(
              "the namespace of the provided object does not match the namespace sent on the"
                  + " request"));
    }
    if (namespace.isEmpty()) {
      return body;
    }
    KubeMap metadata = body.metadata().with("namespace", namespace);
    return body.withMetadata(metadata);
  }

  /** An update's body may leave its name out, but not have another. */
  static void requireName(ResourceRequest target, KubeObject body) {
    if (body.name().isEmpty()) {
      throw new ApiException(
          Status.badRequest(
              "the name of the object ("
                  + target.name()
                  + " based on URL) was undeterminable: name must be provided"));
    }
    if (!body.name().equals(target.name())) {
      throw new ApiException(
          Status.badRequest(
              "the name of the object ("
                  + body.name()
                  + ") does not match the name on the URL ("
                  + target.name()
                  + ")"));
    }
  }
}
