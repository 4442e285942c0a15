package dev.wavetank.core.apiserver.http;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectDecoding;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Schema;
import dev.wavetank.core.api.SchemaType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.endpoints.FieldValidation;
import dev.wavetank.core.apiserver.patch.Patch;
import dev.wavetank.core.apiserver.patch.PatchType;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Creates, updates and patches objects and their status.
 *
 * <p>Follows staging/src/k8s.io/apiserver/pkg/endpoints/handlers/create.go, update.go and patch.go
 * (v1.36).
 */
final class Writes {

  private static final String STATUS = "status";

  private final ApiServer server;

  Writes(ApiServer server) {
    this.server = server;
  }

  KubeObject create(ResourceRequest target, Warnings warnings) {
    WriteParameters parameters = WriteParameters.of(target.request(), "CreateOptions", false);
    KubeObject body = decoded(target, parameters, warnings);
    return server.create(target.type(), inNamespace(target, body), parameters.options().dryRun());
  }

  KubeObject update(ResourceRequest target, Warnings warnings) {
    WriteParameters parameters = WriteParameters.of(target.request(), "UpdateOptions", false);
    KubeObject body = inNamespace(target, decoded(target, parameters, warnings));
    requireName(target, body);
    boolean dryRun = parameters.options().dryRun();
    return target.subresource().equals(STATUS)
        ? server.updateStatus(target.type(), body, dryRun)
        : server.update(target.type(), body, dryRun);
  }

  KubeObject patch(ResourceRequest target) {
    ApiRequest request = target.request();
    PatchType type = PatchType.of(request.header("content-type"));
    if (type == null) {
      throw new ApiException(
          StatusBody.bare(415, "UnsupportedMediaType", "415: Unsupported Media Type"));
    }
    WriteParameters parameters = WriteParameters.of(request, "PatchOptions", false);
    Patch patch = Patch.of(type, new String(request.body(), StandardCharsets.UTF_8));
    boolean strict = parameters.options().validation() == FieldValidation.STRICT;
    Patch asked = strict ? patch.strict() : patch;
    boolean dryRun = parameters.options().dryRun();
    return target.subresource().equals(STATUS)
        ? server.patchStatus(target.key(), asked, dryRun)
        : server.patch(target.key(), asked, dryRun);
  }

  private KubeObject decoded(
      ResourceRequest target, WriteParameters parameters, Warnings warnings) {
    ResourceType type = target.type();
    KubeObject body = BodyReader.read(target.request(), type.kind());
    FieldValidation validation = parameters.options().validation();
    KubeObject read = server.decode(type, body, validation == FieldValidation.STRICT);
    SchemaType schema = Schema.builtIn().kindOf(type);
    if (validation == FieldValidation.WARN && schema != null) {
      List<String> unknown = ObjectDecoding.unknownFields(body.root(), schema);
      unknown.forEach(warnings::add);
    }
    return read;
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
