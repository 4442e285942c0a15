package dev.wavetank.core.apiserver.apiextensions;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.api.VersionConversion;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.Formats;
import dev.wavetank.core.apiserver.WebhookCallException;
import dev.wavetank.core.apiserver.webhook.WebhookClient;
import dev.wavetank.core.sim.ChoiceStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks a webhook for the objects of a custom resource in another version. Of the metadata it may
 * change labels and annotations alone.
 *
 * <p>Follows
 * staging/src/k8s.io/apiextensions-apiserver/pkg/apiserver/conversion/webhook_converter.go (v1.36).
 */
final class WebhookConversion implements VersionConversion {

  private static final long TIMEOUT_SECONDS = 30;
  private static final String GROUP = "apiextensions.k8s.io/";

  private final ApiServer server;
  private final KubeMap webhook;
  private final ChoiceStream uids;

  /**
   * A conversion.
   *
   * @param conversion of the definition's spec, with a webhook
   * @param uids of reviews
   */
  WebhookConversion(ApiServer server, KubeMap conversion, ChoiceStream uids) {
    this.server = server;
    this.webhook = conversion.mapOrEmpty("webhook");
    this.uids = uids;
  }

  @Override
  public KubeObject convert(KubeObject object, String apiVersion) {
    return converted(List.of(object), apiVersion, shown(object), false).get(0);
  }

  @Override
  public List<KubeObject> convertAll(List<KubeObject> objects, String apiVersion) {
    List<KubeObject> others = new ArrayList<>();
    for (KubeObject object : objects) {
      if (!object.apiVersion().equals(apiVersion)) {
        others.add(object);
      }
    }
    if (others.isEmpty()) {
      return objects;
    }
    KubeObject first = others.get(0);
    String what = first.apiVersion() + ", Kind=" + first.kind() + "List";
    List<KubeObject> converted = converted(others, apiVersion, what, true);
    List<KubeObject> all = new ArrayList<>(objects.size());
    int next = 0;
    for (KubeObject object : objects) {
      all.add(object.apiVersion().equals(apiVersion) ? object : converted.get(next++));
    }
    return all;
  }

  private static String shown(KubeObject object) {
    return object.apiVersion() + ", Kind=" + object.kind();
  }

  private static ApiException failure(String what, String why) {
    return new ApiException(Status.bare(500, "", "conversion webhook for " + what + " " + why));
  }

  private List<KubeObject> converted(
      List<KubeObject> objects, String apiVersion, String what, boolean list) {
    KubeList sent = KubeList.EMPTY;
    for (KubeObject object : objects) {
      sent = sent.plus(object.root());
    }
    String uid = WebhookClient.uid(uids);
    KubeMap request = KubeMap.of("uid", uid, "desiredAPIVersion", apiVersion, "objects", sent);
    String version = reviewVersion();
    KubeMap review =
        KubeMap.of("kind", "ConversionReview", "apiVersion", GROUP + version, "request", request);
    KubeList got;
    try {
      KubeMap config = webhook.mapOrEmpty("clientConfig");
      KubeMap answer = WebhookClient.post(server, config, TIMEOUT_SECONDS, review);
      got = objects(answer, version, uid);
    } catch (WebhookCallException e) {
      throw failure(what, "failed: " + e.getMessage());
    }
    if (got.size() != objects.size()) {
      throw failure(what, "returned " + got.size() + " objects, expected " + objects.size());
    }
    List<KubeObject> converted = new ArrayList<>();
    for (int i = 0; i < got.size(); i++) {
      String kind = list ? "invalid converted object at index " + i : "invalid object";
      KubeMap root = got.get(i) instanceof KubeMap map ? map : KubeMap.EMPTY;
      converted.add(checked(objects.get(i), KubeObject.of(root), apiVersion, what, kind));
    }
    return converted;
  }

  private String reviewVersion() {
    for (Object version : webhook.listOrEmpty("conversionReviewVersions")) {
      if (version.equals("v1") || version.equals("v1beta1")) {
        return version.toString();
      }
    }
    throw new ApiException(Status.bare(500, "", "no supported conversion review versions"));
  }

  private static KubeList objects(KubeMap answer, String version, String uid)
      throws WebhookCallException {
    KubeMap response = answer.map("response");
    if (response == null) {
      throw new WebhookCallException("no response provided");
    }
    if (version.equals("v1")) {
      boolean right =
          answer.string("apiVersion", "").equals(GROUP + version)
              && answer.string("kind", "").equals("ConversionReview");
      if (!right) {
        throw new WebhookCallException(
            "expected webhook response of apiextensions.k8s.io/v1, Kind=ConversionReview, got "
                + answer.string("apiVersion", "")
                + ", Kind="
                + answer.string("kind", ""));
      }
      if (!response.string("uid", "").equals(uid)) {
        throw new WebhookCallException(
            "expected response.uid=\"" + uid + "\", got \"" + response.string("uid", "") + "\"");
      }
    }
    KubeMap result = response.mapOrEmpty("result");
    if (!result.string("status", "").equals("Success")) {
      String message = result.string("message", "");
      throw new WebhookCallException(
          message.isEmpty()
              ? "response.result.status was '" + result.string("status", "") + "', not 'Success'"
              : message);
    }
    return response.listOrEmpty("convertedObjects");
  }

  private static KubeObject checked(
      KubeObject before, KubeObject after, String apiVersion, String what, String kind) {
    String returned = "returned " + kind;
    if (!after.apiVersion().equals(apiVersion)) {
      throw failure(
          what,
          returned
              + (kind.contains("index") ? "" : " at index 0")
              + ": invalid groupVersion (expected "
              + apiVersion
              + ", received "
              + after.apiVersion()
              + ")");
    }
    if (!after.kind().equals(before.kind())) {
      throw failure(
          what,
          returned
              + (kind.contains("index") ? "" : " at index 0")
              + ": invalid kind (expected "
              + before.kind()
              + ", received "
              + after.kind()
              + ")");
    }
    String changed = changed(before, after);
    if (changed != null) {
      throw failure(what, returned + ": must have the same " + changed);
    }
    KubeMap metadata = before.metadata();
    FieldErrors errors = new FieldErrors();
    for (String field : new String[] {"labels", "annotations"}) {
      metadata = metadata.with(field, after.metadata().get(field));
    }
    Formats.labels(after.labels(), "metadata.labels", errors);
    Formats.annotations(after.annotations(), "metadata.annotation", errors);
    if (!errors.isEmpty()) {
      Status.Cause first = errors.causes().get(0);
      String why = first.field() + ": " + first.message();
      throw failure(what, "returned invalid metadata: " + why);
    }
    return after.withMetadata(metadata);
  }

  private static @Nullable String changed(KubeObject before, KubeObject after) {
    if (!before.name().equals(after.name())) {
      return "name: " + before.name() + " != " + after.name();
    }
    if (!before.namespace().equals(after.namespace())) {
      return "namespace: " + before.namespace() + " != " + after.namespace();
    }
    return before.uid().equals(after.uid()) ? null : "UID: " + before.uid() + " != " + after.uid();
  }
}
