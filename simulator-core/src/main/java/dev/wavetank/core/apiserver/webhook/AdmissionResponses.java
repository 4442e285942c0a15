package dev.wavetank.core.apiserver.webhook;

import dev.wavetank.core.api.Json;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Answers to an {@code AdmissionReview}, for webhooks that are Java callbacks. */
public final class AdmissionResponses {

  private AdmissionResponses() {}

  /** The request may go on. */
  public static KubeMap allowed(KubeMap review) {
    return answer(review, KubeMap.of("allowed", true));
  }

  /**
   * The request is refused.
   *
   * @param code of the HTTP answer, 400 to 599; lower ones are raised to 400
   */
  public static KubeMap denied(KubeMap review, int code, String message) {
    KubeMap status = KubeMap.of("code", (long) code, "message", message);
    return answer(review, KubeMap.of("allowed", false, "status", status));
  }

  /**
   * The request may go on with a changed object.
   *
   * @param operations of a JSON patch, such as {@code {"op":"add","path":"/metadata/labels/a",
   *     "value":"b"}}
   */
  public static KubeMap patched(KubeMap review, KubeMap... operations) {
    String patch = Json.write(KubeList.of((Object[]) operations));
    byte[] bytes = patch.getBytes(StandardCharsets.UTF_8);
    return answer(
        review,
        KubeMap.of(
            "allowed",
            true,
            "patchType",
            "JSONPatch",
            "patch",
            Base64.getEncoder().encodeToString(bytes)));
  }

  /** An answer whose client is told something. */
  public static KubeMap warned(KubeMap answer, String... warnings) {
    KubeMap response = answer.mapOrEmpty("response");
    return answer.with("response", response.with("warnings", KubeList.of((Object[]) warnings)));
  }

  private static KubeMap answer(KubeMap review, KubeMap response) {
    Object uid = review.mapOrEmpty("request").get("uid");
    return KubeMap.of(
        "kind",
        "AdmissionReview",
        "apiVersion",
        review.string("apiVersion", "admission.k8s.io/v1"),
        "response",
        response.with("uid", uid));
  }
}
