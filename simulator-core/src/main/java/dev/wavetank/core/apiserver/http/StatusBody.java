package dev.wavetank.core.apiserver.http;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import java.util.ArrayList;
import java.util.List;

/**
 * A {@code v1} Status object.
 *
 * <p>Follows staging/src/k8s.io/apiserver/pkg/endpoints/handlers/responsewriters/status.go and
 * staging/src/k8s.io/apimachinery/pkg/api/errors/errors.go (v1.36).
 */
final class StatusBody {

  static final Status NO_RESOURCE =
      Status.bare(404, "NotFound", "the server could not find the requested resource");
  static final Status NO_METHOD =
      Status.bare(
          405,
          "MethodNotAllowed",
          "the server does not allow this method on the requested resource");

  private StatusBody() {}

  static KubeObject failure(Status status) {
    KubeMap.Builder body = begin("Failure").put("message", status.message());
    if (!status.reason().isEmpty()) {
      body.put("reason", status.reason());
    }
    boolean detailed =
        status.type() != null
            || !status.causes().isEmpty()
            || status.code() == 404
            || status.code() == 405
            || status.code() == 415
            || status.code() == 422
            || status.retryAfterSeconds() > 0;
    if (detailed) {
      body.put("details", details(status));
    }
    return KubeObject.of(body.put("code", status.code()).build());
  }

  private static KubeMap.Builder begin(String outcome) {
    return KubeMap.builder()
        .put("kind", "Status")
        .put("apiVersion", "v1")
        .put("metadata", KubeMap.EMPTY)
        .put("status", outcome);
  }

  private static KubeMap details(Status status) {
    KubeMap.Builder details = KubeMap.builder();
    ResourceType type = status.type();
    if (!status.name().isEmpty()) {
      details.put("name", status.name());
    }
    if (type != null) {
      details.put("group", type.group().isEmpty() ? null : type.group());
      details.put("kind", status.code() == 422 ? type.kind() : type.plural());
    }
    List<KubeMap> causes = new ArrayList<>();
    for (Status.Cause cause : status.causes()) {
      KubeMap.Builder one = KubeMap.builder().put("reason", cause.reason());
      one.put("message", cause.message());
      one.put("field", cause.field().isEmpty() ? null : cause.field());
      causes.add(one.build());
    }
    if (!causes.isEmpty()) {
      details.put("causes", KubeList.copyOf(causes));
    }
    if (status.retryAfterSeconds() > 0) {
      details.put("retryAfterSeconds", status.retryAfterSeconds());
    }
    return details.build();
  }

  /** What a delete that is done at once is answered with. */
  static KubeObject deleted(ResourceType type, KubeObject object) {
    KubeMap.Builder details = KubeMap.builder().put("name", object.name());
    details.put("group", type.group().isEmpty() ? null : type.group());
    details.put("kind", type.plural()).put("uid", object.uid());
    return KubeObject.of(begin("Success").put("details", details.build()).build());
  }

  /** What a subresource that makes no object is answered with. */
  static KubeObject created() {
    return KubeObject.of(begin("Success").put("code", 201).build());
  }
}
