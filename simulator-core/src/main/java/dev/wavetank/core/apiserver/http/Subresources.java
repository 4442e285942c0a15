package dev.wavetank.core.apiserver.http;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.CustomResource;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.LabelSelector;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.Write;
import dev.wavetank.core.apiserver.patch.JsonPatch;
import dev.wavetank.core.apiserver.patch.MergePatch;
import dev.wavetank.core.apiserver.patch.Patch;
import dev.wavetank.core.apiserver.patch.PatchException;
import dev.wavetank.core.apiserver.patch.PatchType;
import java.nio.charset.StandardCharsets;

/**
 * The subresources that are objects of another kind: {@code scale}, {@code binding}, {@code
 * eviction}; and {@code finalize}.
 *
 * <p>Follows pkg/registry/apps/deployment/storage/storage.go, pkg/registry/core/pod/storage and
 * pkg/registry/core/namespace/storage (v1.36).
 */
final class Subresources {

  private static final ResourceType SCALES =
      new ResourceType("autoscaling", "v1", "Scale", "scales", "scale", true);
  private static final String REPLICAS = "replicas";

  private final ApiServer server;

  Subresources(ApiServer server) {
    this.server = server;
  }

  KubeObject scale(ResourceRequest target) {
    return scaleOf(target.type(), target.type().view(server.get(target.key())));
  }

  private static KubeObject scaleOf(ResourceType type, KubeObject object) {
    KubeMap metadata = KubeMap.EMPTY;
    for (String field :
        ImmutableList.of("name", "namespace", "uid", "resourceVersion", "creationTimestamp")) {
      metadata = metadata.with(field, object.metadata().get(field));
    }
    CustomResource custom = type.custom();
    CustomResource.ScalePaths paths = custom == null ? null : custom.scale();
    long wanted =
        paths == null ? object.spec().number(REPLICAS, 0) : number(object, paths.specReplicas());
    String text =
        paths == null
            ? selectorText(object.spec().mapOrEmpty("selector"))
            : text(object, paths.labelSelector());
    long present =
        paths == null
            ? object.status().number(REPLICAS, 0)
            : number(object, paths.statusReplicas());
    KubeMap status =
        KubeMap.of(REPLICAS, present, "selector", paths != null && text.isEmpty() ? null : text);
    return KubeObject.of(
        KubeMap.of(
            "kind",
            "Scale",
            "apiVersion",
            "autoscaling/v1",
            "metadata",
            metadata,
            "spec",
            wanted == 0 ? KubeMap.EMPTY : KubeMap.of(REPLICAS, wanted),
            "status",
            status));
  }

  private static String[] fields(String path) {
    return path.substring(1).split("\\.", -1);
  }

  private static long number(KubeObject object, String path) {
    return object.at(fields(path)) instanceof Long value ? value : 0;
  }

  private static String text(KubeObject object, String path) {
    return !path.isEmpty() && object.at(fields(path)) instanceof String value ? value : "";
  }

  /** The old controllers select by labels alone. */
  private static String selectorText(KubeMap selector) {
    boolean structured = selector.has("matchLabels") || selector.has("matchExpressions");
    LabelSelector parsed =
        structured ? LabelSelector.of(selector) : LabelSelector.ofLabels(selector);
    return parsed.toString();
  }

  KubeObject updateScale(ResourceRequest target) {
    WriteParameters parameters = WriteParameters.of(target.request(), "UpdateOptions", false);
    KubeObject body = BodyReader.read(target.request(), "Scale");
    Writes.requireName(target, body);
    return setScale(target, body, parameters);
  }

  KubeObject patchScale(ResourceRequest target) {
    WriteParameters parameters = WriteParameters.of(target.request(), "PatchOptions", false);
    PatchType type = PatchType.of(target.request().header("content-type"));
    if (type == null) {
      throw new ApiException(
          Status.bare(415, "UnsupportedMediaType", "415: Unsupported Media Type"));
    }
    KubeMap current = scale(target).root();
    String text = new String(target.request().body(), StandardCharsets.UTF_8);
    Object patched;
    try {
      Object tree = Patch.of(type, text).tree();
      patched =
          type == PatchType.JSON ? JsonPatch.apply(current, tree) : MergePatch.apply(current, tree);
    } catch (PatchException e) {
      throw new ApiException(Status.badRequest(String.valueOf(e.getMessage())));
    }
    KubeMap root = patched instanceof KubeMap map ? map : KubeMap.EMPTY;
    return setScale(target, KubeObject.of(root), parameters);
  }

  private KubeObject setScale(
      ResourceRequest target, KubeObject scale, WriteParameters parameters) {
    Object asked = scale.spec().get(REPLICAS);
    FieldErrors errors = new FieldErrors();
    long replicas = scale.spec().number(REPLICAS, 0);
    if (asked != null && !(asked instanceof Long)) {
      throw new ApiException(
          Status.badRequest(
              "Scale in version \"v1\" cannot be handled as a Scale: json: cannot unmarshal value"
                  + " into Go struct field ScaleSpec.spec.replicas of type int32"));
    }
    if (replicas < 0) {
      errors.invalid("spec.replicas", replicas, "must be greater than or equal to 0");
      throw new ApiException(errors.status(SCALES, target.name()));
    }
    KubeObject old = server.get(target.key());
    KubeObject next =
        target
            .type()
            .view(old)
            .with(replicas, sizeOf(target.type()))
            .with(scale.metadata().get("resourceVersion"), "metadata", "resourceVersion");
    return scaleOf(target.type(), server.update(target.type(), next, tracked(target, parameters)));
  }

  /** The size is its writer's, by the subresource. */
  private Write tracked(ResourceRequest target, WriteParameters parameters) {
    ResourceType type = target.type();
    return TrackedWrites.of(server, type, TrackedWrites.fields(type, "scale"), parameters);
  }

  private static String[] sizeOf(ResourceType type) {
    CustomResource custom = type.custom();
    CustomResource.ScalePaths paths = custom == null ? null : custom.scale();
    return paths == null ? new String[] {"spec", REPLICAS} : fields(paths.specReplicas());
  }

  KubeObject bind(ResourceRequest target) {
    WriteParameters.of(target.request(), "CreateOptions", false);
    return bind(target.key(), BodyReader.read(target.request(), "Binding"));
  }

  /** As {@link #bind}, of the pod that the body names. */
  KubeObject bindNamed(ResourceRequest target) {
    WriteParameters.of(target.request(), "CreateOptions", false);
    KubeObject body = BodyReader.read(target.request(), "Binding");
    return bind(ObjectKey.of(ResourceType.PODS, target.namespace(), body.name()), body);
  }

  private KubeObject bind(ObjectKey pod, KubeObject body) {
    KubeMap node = body.root().mapOrEmpty("target");
    FieldErrors errors = new FieldErrors();
    String kind = node.string("kind", "");
    if (!kind.isEmpty() && !kind.equals("Node")) {
      errors.unsupported("target.kind", kind, ImmutableList.of("Node", "<empty>"));
    }
    if (node.string("name", "").isEmpty()) {
      errors.required("target.name", "");
    }
    if (!errors.isEmpty()) {
      throw new ApiException(Status.bare(500, "", texts(errors)));
    }
    server.bind(pod, node.string("name", ""));
    return StatusBody.created();
  }

  private static String texts(FieldErrors errors) {
    StringBuilder out = new StringBuilder();
    for (Status.Cause cause : errors.causes()) {
      out.append(out.length() == 0 ? "" : ", ").append(cause.field()).append(": ");
      out.append(cause.message());
    }
    return errors.size() > 1 ? "[" + out + "]" : out.toString();
  }

  KubeObject evict(ResourceRequest target) {
    WriteParameters parameters = WriteParameters.of(target.request(), "CreateOptions", false);
    KubeObject body = BodyReader.read(target.request(), "Eviction");
    if (!body.name().equals(target.name())) {
      throw new ApiException(
          Status.badRequest("name in URL does not match name in Eviction object"));
    }
    KubeMap options = body.root().mapOrEmpty("deleteOptions");
    boolean dryRun = parameters.options().dryRun() || Deletes.dryRunWithin(options);
    try {
      server.evict(target.key(), Deletes.within(options), dryRun);
    } catch (ApiException e) {
      if (e.status().code() != 500) {
        throw e;
      }
      // Upstream answers that the eviction was created, and the object says that it was not.
      return StatusBody.failure(e.status());
    }
    return StatusBody.created();
  }

  KubeObject finalizeNamespace(ResourceRequest target) {
    KubeObject body = BodyReader.read(target.request(), "Namespace");
    Writes.requireName(target, body);
    return server.finalizeNamespace(body);
  }
}
