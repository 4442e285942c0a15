package dev.wavetank.core.apiserver.webhook;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.api.UserInfo;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.Commit;
import dev.wavetank.core.apiserver.WebhookCallException;
import dev.wavetank.core.apiserver.policy.AdmissionRequest;
import dev.wavetank.core.sim.ChoiceStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The webhooks of one kind of configuration, and the calls to them. Audit annotations of an answer
 * have no effect, as there is no audit log.
 *
 * <p>Follows the dispatchers of staging/src/k8s.io/apiserver/pkg/admission/plugin/webhook,
 * plugin/webhook/request/admissionreview.go and errors/statuserror.go (v1.36).
 */
final class WebhookCalls {

  private static final ImmutableList<String> VERSIONS = ImmutableList.of("v1", "v1beta1");
  private static final String GROUP = "admission.k8s.io/";

  /** A webhook could not be called, or its answer makes no sense. */
  static final class Failure extends Exception {
    private static final long serialVersionUID = 1L;

    private final String webhook;

    Failure(Webhook webhook, String reason) {
      super(reason);
      this.webhook = webhook.name();
    }

    /** The refusal of a request whose webhook must be heard. */
    ApiException closed() {
      return internal("failed calling webhook \"" + webhook + "\": " + getMessage());
    }
  }

  private final ApiServer server;
  private final ResourceType configurations;
  private final ChoiceStream uids;
  private final Map<String, ImmutableList<Webhook>> webhooks = new TreeMap<>();

  WebhookCalls(ApiServer server, ResourceType configurations) {
    this.server = server;
    this.configurations = configurations;
    this.uids = server.simulation().choices().stream("apiserver/" + configurations.plural());
    server.listen(this::committed);
  }

  private void committed(Commit commit) {
    if (commit.key().type().equals(configurations)) {
      KubeObject after = commit.after();
      webhooks.remove(commit.key().name());
      if (after != null) {
        webhooks.put(after.name(), Webhook.of(after));
      }
    }
  }

  static ApiException internal(String why) {
    return new ApiException(Status.internalError("Internal error occurred: " + why));
  }

  /** All webhooks by configuration, in order; none for configurations of admission themselves. */
  List<Webhook> all(ResourceType type) {
    if (webhooks.isEmpty() || type.group().equals(configurations.group())) {
      return List.of();
    }
    List<Webhook> all = new ArrayList<>();
    webhooks.values().forEach(all::addAll);
    return all;
  }

  private UserInfo user() {
    UserInfo user = server.request().user();
    return user == null ? UserInfo.of("system:apiserver", UserInfo.PRIVILEGED) : user;
  }

  /** The request as a webhook is sent it, or null when it is not called. */
  @Nullable AdmissionRequest matched(Webhook webhook, AdmissionRequest request) {
    KubeObject namespace = null;
    if (request.type().equals(ResourceType.NAMESPACES)) {
      namespace = request.object() == null ? request.before() : request.object();
    } else if (request.type().namespaced()) {
      namespace = server.find(ObjectKey.of(ResourceType.NAMESPACES, "", request.namespace()));
    }
    List<ResourceType> versions = new ArrayList<>();
    for (ResourceType served : server.served().served()) {
      if (served.stored().equals(request.type().stored())) {
        versions.add(served);
      }
    }
    return webhook.matched(request, namespace, versions, user());
  }

  /**
   * The response of a webhook that allows the request; the client is told its warnings.
   *
   * @param asked the request as the client sent it
   * @param sent the same in the version that the webhook wants
   * @throws Failure when there is no such response
   * @throws ApiException the refusal by the webhook
   */
  KubeMap call(Webhook webhook, AdmissionRequest asked, AdmissionRequest sent, boolean mutating)
      throws Failure {
    if (asked.dryRun() && !webhook.callableInDryRun()) {
      throw new ApiException(
          Status.badRequest(
              "admission webhook \"" + webhook.name() + "\" does not support dry run"));
    }
    String version = "";
    for (Object accepted : webhook.spec().listOrEmpty("admissionReviewVersions")) {
      version = version.isEmpty() && VERSIONS.contains(accepted) ? accepted.toString() : version;
    }
    if (version.isEmpty()) {
      throw new Failure(
          webhook,
          "could not create admission objects: webhook does not accept known AdmissionReview"
              + " versions (v1, v1beta1)");
    }
    String uid = uid();
    KubeMap answer = post(webhook, review(version, uid, asked, sent));
    KubeMap response = verified(webhook, answer, version, uid, mutating);
    for (Object warning : response.listOrEmpty("warnings")) {
      server.request().warn(warning.toString());
    }
    if (!response.bool("allowed", false)) {
      throw new ApiException(denied(webhook, response.mapOrEmpty("status")));
    }
    return response;
  }

  private String uid() {
    return WebhookClient.uid(uids);
  }

  private KubeMap review(
      String version, String uid, AdmissionRequest asked, AdmissionRequest sent) {
    KubeMap.Builder request = KubeMap.builder().put("uid", uid);
    KubeMap tree = sent.tree(user());
    KubeMap original = asked.tree(user());
    for (int i = 0; i < tree.size(); i++) {
      String key = tree.keyAt(i);
      Object value = key.startsWith("request") ? original.get(key) : tree.valueAt(i);
      if (!key.endsWith("ubResource") || !"".equals(value)) {
        request.put(key, value);
      }
    }
    KubeObject object = sent.object();
    KubeObject before = sent.before();
    request.put("object", object == null ? null : object.root());
    request.put("oldObject", before == null ? null : before.root());
    String operation = asked.operation();
    String options = operation.charAt(0) + operation.substring(1).toLowerCase(Locale.ROOT);
    request.put("options", KubeMap.of("kind", options + "Options", "apiVersion", "meta.k8s.io/v1"));
    return KubeMap.of(
        "kind", "AdmissionReview", "apiVersion", GROUP + version, "request", request.build());
  }

  private KubeMap post(Webhook webhook, KubeMap review) throws Failure {
    KubeMap client = webhook.spec().mapOrEmpty("clientConfig");
    try {
      long timeout = webhook.spec().number("timeoutSeconds", 10);
      return WebhookClient.post(server, client, timeout, review);
    } catch (WebhookCallException e) {
      throw new Failure(webhook, "failed to call webhook: " + e.getMessage());
    }
  }

  private static KubeMap verified(
      Webhook webhook, KubeMap answer, String version, String uid, boolean mutating)
      throws Failure {
    String invalid = "received invalid webhook response: ";
    KubeMap response = answer.map("response");
    if (response == null) {
      throw new Failure(webhook, invalid + "webhook response was absent");
    }
    if (version.equals("v1beta1")) {
      return mutating && response.has("patch") ? response.with("patchType", "JSONPatch") : response;
    }
    String got = response.string("uid", "");
    String wrong = null;
    if (!got.equals(uid)) {
      wrong = "expected response.uid=\"" + uid + "\", got \"" + got + "\"";
    } else if (!answer.string("apiVersion", "").equals(GROUP + version)
        || !answer.string("kind", "").equals("AdmissionReview")) {
      wrong =
          "expected webhook response of admission.k8s.io/v1, Kind=AdmissionReview, got "
              + answer.string("apiVersion", "")
              + ", Kind="
              + answer.string("kind", "");
    } else if (!mutating && response.has("patch")) {
      wrong = "validating webhook may not return response.patch";
    } else if (!mutating && response.has("patchType")) {
      wrong = "validating webhook may not return response.patchType";
    } else if (response.has("patch") && !response.has("patchType")) {
      wrong = "webhook returned response.patch but not response.patchType";
    } else if (response.has("patchType") && !response.has("patch")) {
      wrong = "webhook returned response.patchType but not response.patch";
    }
    if (wrong != null) {
      throw new Failure(webhook, invalid + wrong);
    }
    return response;
  }

  private static Status denied(Webhook webhook, KubeMap status) {
    String by = "admission webhook \"" + webhook.name() + "\" denied the request";
    String message = status.string("message", "");
    String reason = status.string("reason", "");
    String text = message.isEmpty() ? reason : message;
    List<Status.Cause> causes = new ArrayList<>();
    KubeList told = status.mapOrEmpty("details").listOrEmpty("causes");
    for (KubeMap cause : told.maps()) {
      causes.add(
          new Status.Cause(
              cause.string("reason", ""), cause.string("message", ""), cause.string("field", "")));
    }
    return new Status(
        (int) Math.max(400, status.number("code", 0)),
        reason,
        text.isEmpty() ? by + " without explanation" : by + ": " + text,
        null,
        "",
        ImmutableList.copyOf(causes));
  }
}
