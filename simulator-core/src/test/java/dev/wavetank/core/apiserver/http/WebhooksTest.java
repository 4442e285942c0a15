package dev.wavetank.core.apiserver.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.Json;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.Manifests;
import dev.wavetank.core.apiserver.AdmissionWebhook;
import dev.wavetank.core.apiserver.WebhookCallException;
import dev.wavetank.core.apiserver.http.HttpClient.Answer;
import dev.wavetank.core.apiserver.webhook.AdmissionResponses;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WebhooksTest {

  private static final String GROUP = "/apis/admissionregistration.k8s.io/v1/";
  private static final String MAPS = "/api/v1/namespaces/default/configmaps";
  private static final String URL = "https://hooks.example.com/review";

  private final HttpClient client = new HttpClient();
  private final List<KubeMap> reviews = new ArrayList<>();

  private Answer configure(String kind, String name, String webhook) {
    String yaml =
        """
        apiVersion: admissionregistration.k8s.io/v1
        kind: %s
        metadata: {name: %s}
        webhooks:
        - name: h.example.com
          admissionReviewVersions: [v1]
          sideEffects: None
          rules:
          - {apiGroups: [""], apiVersions: [v1], operations: [CREATE, UPDATE, DELETE],
             resources: [configmaps]}
        """
            .formatted(kind, name);
    String plural = kind.equals("MutatingWebhookConfiguration") ? "mutating" : "validating";
    return client.post(
        GROUP + plural + "webhookconfigurations",
        Json.write(Manifests.parse("w.yaml", yaml + webhook.indent(2)).get(0).object().root()));
  }

  private void mutating(String name, String url, String more, AdmissionWebhook webhook) {
    Answer made =
        configure(
            "MutatingWebhookConfiguration", name, "clientConfig: {url: '" + url + "'}\n" + more);
    assertThat(made.code()).as(made.text()).isEqualTo(201);
    client.server.webhooks().register(url, heard(webhook));
  }

  private void validating(String more, AdmissionWebhook webhook) {
    Answer made =
        configure(
            "ValidatingWebhookConfiguration", "v", "clientConfig: {url: '" + URL + "'}\n" + more);
    assertThat(made.code()).as(made.text()).isEqualTo(201);
    client.server.webhooks().register(URL, heard(webhook));
  }

  private AdmissionWebhook heard(AdmissionWebhook webhook) {
    return review -> {
      reviews.add(review.mapOrEmpty("request"));
      return webhook.review(review);
    };
  }

  private Answer create(String name) {
    return client.post(MAPS, "{\"metadata\":{\"name\":\"" + name + "\"}}");
  }

  private static KubeMap label(String key, String value) {
    return KubeMap.of("op", "add", "path", "/metadata/labels", "value", KubeMap.of(key, value));
  }

  private static KubeMap datum(String key, String value) {
    return KubeMap.of("op", "add", "path", "/data", "value", KubeMap.of(key, value));
  }

  @Test
  void api_A_206_whatAWebhookDeniesIsRefusedInItsWords() {
    validating("", review -> AdmissionResponses.denied(review, 403, "no maps today"));
    Answer refused = create("a");
    assertThat(refused.code()).isEqualTo(403);
    assertThat(refused.message())
        .isEqualTo("admission webhook \"h.example.com\" denied the request: no maps today");
    assertThat(client.get(MAPS + "/a").code()).isEqualTo(404);
  }

  @Test
  void api_A_206_aDenialWithoutCodeIs400() {
    validating("", review -> AdmissionResponses.denied(review, 0, ""));
    Answer refused = create("a");
    assertThat(refused.code()).isEqualTo(400);
    assertThat(refused.message())
        .isEqualTo("admission webhook \"h.example.com\" denied the request without explanation");
  }

  @Test
  void aReviewTellsTheRequest() {
    validating("", AdmissionResponses::allowed);
    assertThat(create("a").code()).isEqualTo(201);
    KubeMap request = reviews.get(0);
    assertThat(request.string("operation")).isEqualTo("CREATE");
    assertThat(request.string("name")).isEqualTo("a");
    assertThat(request.string("namespace")).isEqualTo("default");
    assertThat(request.mapOrEmpty("kind").string("kind")).isEqualTo("ConfigMap");
    assertThat(request.mapOrEmpty("resource").string("resource")).isEqualTo("configmaps");
    assertThat(request.mapOrEmpty("object").mapOrEmpty("metadata").string("name")).isEqualTo("a");
    assertThat(request.bool("dryRun", true)).isFalse();
    assertThat(request.mapOrEmpty("options").string("kind")).isEqualTo("CreateOptions");
    assertThat(request.string("uid", "")).hasSize(36);
  }

  @Test
  void aDeleteIsAskedWithTheOldObjectAlone() {
    create("a");
    validating("", review -> AdmissionResponses.denied(review, 409, "keep it"));
    assertThat(client.send("DELETE", MAPS + "/a", "").code()).isEqualTo(409);
    assertThat(reviews.get(0).string("operation")).isEqualTo("DELETE");
    assertThat(reviews.get(0).map("object")).isNull();
    assertThat(reviews.get(0).mapOrEmpty("oldObject").mapOrEmpty("metadata").string("name"))
        .isEqualTo("a");
  }

  @Test
  void aPatchChangesWhatIsStored() {
    mutating("m", URL, "", review -> AdmissionResponses.patched(review, label("by", "hook")));
    create("a");
    KubeMap stored = client.get(MAPS + "/a").json();
    assertThat(stored.mapOrEmpty("metadata").mapOrEmpty("labels").string("by")).isEqualTo("hook");
  }

  @Test
  void validatingWebhooksSeeWhatMutatingOnesMade() {
    mutating("m", URL + "/m", "", review -> AdmissionResponses.patched(review, label("by", "m")));
    validating("", AdmissionResponses::allowed);
    create("a");
    assertThat(reviews).hasSize(2);
    assertThat(
            reviews.get(1).mapOrEmpty("object").mapOrEmpty("metadata").mapOrEmpty("labels").size())
        .isEqualTo(1);
  }

  @Test
  void aPatchThatDoesNotApplyIsAnInternalError() {
    KubeMap operation = KubeMap.of("op", "remove", "path", "/data/none");
    mutating("m", URL, "", review -> AdmissionResponses.patched(review, operation));
    Answer refused = create("a");
    assertThat(refused.code()).isEqualTo(500);
    assertThat(refused.message()).startsWith("Internal error occurred: ");
  }

  @Test
  void api_A_205_aWebhookThatCannotBeCalledFailsTheRequest() {
    configure(
        "ValidatingWebhookConfiguration", "v", "clientConfig: {url: 'https://gone.example.com'}");
    Answer refused = create("a");
    assertThat(refused.code()).isEqualTo(500);
    assertThat(refused.reason()).isEqualTo("InternalError");
    assertThat(refused.message())
        .isEqualTo(
            "Internal error occurred: failed calling webhook \"h.example.com\": failed to call"
                + " webhook: Post \"https://gone.example.com?timeout=10s\": dial tcp: lookup"
                + " gone.example.com: no such host");
  }

  @Test
  void aServiceThatIsNotThereIsSaid() {
    configure(
        "ValidatingWebhookConfiguration",
        "v",
        "clientConfig: {service: {name: hook, namespace: default, path: /v}}\ntimeoutSeconds: 2");
    assertThat(create("a").message())
        .isEqualTo(
            "Internal error occurred: failed calling webhook \"h.example.com\": failed to call"
                + " webhook: Post \"https://hook.default.svc:443/v?timeout=2s\": service \"hook\""
                + " not found");
  }

  @Test
  void aServiceOfTheClusterIsAnsweredByACallback() {
    client.post(
        "/api/v1/namespaces/default/services",
        "{\"metadata\":{\"name\":\"hook\"},\"spec\":{\"ports\":[{\"port\":443}]}}");
    configure(
        "ValidatingWebhookConfiguration",
        "v",
        "clientConfig: {service: {name: hook, namespace: default, path: /v}}");
    client
        .server
        .webhooks()
        .register("default", "hook", review -> AdmissionResponses.denied(review, 403, "no"));
    assertThat(create("a").code()).isEqualTo(403);
  }

  @Test
  void failurePolicyIgnoreGoesOnWithoutTheWebhook() {
    validating(
        "failurePolicy: Ignore",
        review -> {
          throw new WebhookCallException("context deadline exceeded");
        });
    assertThat(create("a").code()).isEqualTo(201);
  }

  @Test
  void failurePolicyIgnoreDoesNotIgnoreADenial() {
    validating("failurePolicy: Ignore", review -> AdmissionResponses.denied(review, 403, "no"));
    assertThat(create("a").code()).isEqualTo(403);
  }

  @Test
  void anAnswerToAnotherQuestionIsInvalid() {
    validating(
        "",
        review -> {
          KubeMap answer = AdmissionResponses.allowed(review);
          return answer.with("response", answer.mapOrEmpty("response").with("uid", "other"));
        });
    assertThat(create("a").message())
        .contains("received invalid webhook response: expected response.uid=\"")
        .endsWith("got \"other\"");
  }

  @Test
  void aValidatingWebhookMayNotPatch() {
    validating("", review -> AdmissionResponses.patched(review, label("a", "b")));
    assertThat(create("a").message())
        .endsWith(
            "received invalid webhook response: validating webhook may not return response.patch");
  }

  @Test
  void otherResourcesOperationsAndConfigurationsAreNotAsked() {
    validating("", review -> AdmissionResponses.denied(review, 403, "no"));
    Answer secret =
        client.post("/api/v1/namespaces/default/secrets", "{\"metadata\":{\"name\":\"s\"}}");
    assertThat(secret.code()).isEqualTo(201);
    assertThat(client.send("DELETE", GROUP + "validatingwebhookconfigurations/v", "").code())
        .isEqualTo(200);
    assertThat(reviews).isEmpty();
    assertThat(create("a").code()).isEqualTo(201);
  }

  @Test
  void selectorsOfObjectsAndNamespacesNarrow() {
    validating(
        "objectSelector: {matchLabels: {ask: 'yes'}}\n"
            + "namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: default}}",
        review -> AdmissionResponses.denied(review, 403, "no"));
    assertThat(create("a").code()).isEqualTo(201);
    String asked = "{\"metadata\":{\"name\":\"b\",\"labels\":{\"ask\":\"yes\"}}}";
    assertThat(client.post(MAPS, asked).code()).isEqualTo(403);
    assertThat(client.post("/api/v1/namespaces/kube-public/configmaps", asked).code())
        .isEqualTo(201);
  }

  @Test
  void matchConditionsNarrow() {
    validating(
        "matchConditions: [{name: c, expression: \"object.metadata.name.startsWith('x')\"}]",
        review -> AdmissionResponses.denied(review, 403, "no"));
    assertThat(create("a").code()).isEqualTo(201);
    assertThat(create("x1").code()).isEqualTo(403);
  }

  @Test
  void aMatchConditionThatFailsIsForbidden() {
    validating(
        "matchConditions: [{name: c, expression: \"object.data.x == 'y'\"}]",
        AdmissionResponses::allowed);
    Answer refused = create("a");
    assertThat(refused.code()).isEqualTo(403);
    assertThat(refused.message())
        .isEqualTo(
            "configmaps \"a\" is forbidden: expression 'object.data.x == 'y'' resulted in error: no"
                + " such key: data");
  }

  @Test
  void api_A_206_warningsReachTheClient() {
    validating(
        "", review -> AdmissionResponses.warned(AdmissionResponses.allowed(review), "mind this"));
    assertThat(create("a").header("Warning")).contains("mind this");
  }

  @Test
  void aDryRunTellsTheWebhookAndNeedsOneWithoutSideEffects() {
    validating("", AdmissionResponses::allowed);
    String body = "{\"metadata\":{\"name\":\"a\"}}";
    assertThat(client.post(MAPS + "?dryRun=All", body).code()).isEqualTo(201);
    assertThat(reviews.get(0).bool("dryRun", false)).isTrue();
    assertThat(client.get(MAPS + "/a").code()).isEqualTo(404);
  }

  @Test
  void aWebhookIsCalledAgainWhenALaterOneChangedTheObject() {
    mutating("a-first", URL + "/1", "reinvocationPolicy: IfNeeded", AdmissionResponses::allowed);
    mutating(
        "b-second", URL + "/2", "", review -> AdmissionResponses.patched(review, label("b", "2")));
    create("a");
    assertThat(reviews).hasSize(3);
    KubeMap again = reviews.get(2).mapOrEmpty("object").mapOrEmpty("metadata");
    assertThat(again.mapOrEmpty("labels").string("b")).isEqualTo("2");
  }

  @Test
  void aWebhookThatNeverWantsToBeCalledAgainIsNot() {
    mutating("a-first", URL + "/1", "", AdmissionResponses::allowed);
    mutating(
        "b-second", URL + "/2", "", review -> AdmissionResponses.patched(review, datum("b", "2")));
    create("a");
    assertThat(reviews).hasSize(2);
  }

  @Test
  void otherVersionsOfAKindAreConvertedForTheWebhook() {
    String yaml =
        """
        apiVersion: admissionregistration.k8s.io/v1
        kind: ValidatingWebhookConfiguration
        metadata: {name: v}
        webhooks:
        - name: h.example.com
          admissionReviewVersions: [v1]
          sideEffects: None
          clientConfig: {url: 'https://hooks.example.com/review'}
          rules:
          - {apiGroups: [autoscaling], apiVersions: [v1], operations: ['*'],
             resources: [horizontalpodautoscalers]}
        """;
    client.post(
        GROUP + "validatingwebhookconfigurations",
        Json.write(Manifests.parse("w.yaml", yaml).get(0).object().root()));
    client.server.webhooks().register(URL, heard(AdmissionResponses::allowed));
    Answer made =
        client.post(
            "/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers",
            "{\"metadata\":{\"name\":\"a\"},\"spec\":{\"maxReplicas\":3,\"scaleTargetRef\":"
                + "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"name\":\"d\"}}}");
    assertThat(made.code()).as(made.text()).isEqualTo(201);
    KubeMap request = reviews.get(0);
    assertThat(request.mapOrEmpty("kind").string("version")).isEqualTo("v1");
    assertThat(request.mapOrEmpty("requestKind").string("version")).isEqualTo("v2");
    KubeMap spec = request.mapOrEmpty("object").mapOrEmpty("spec");
    assertThat(spec.number("targetCPUUtilizationPercentage", 0)).isEqualTo(80);
  }

  @Test
  void api_A_205_aConfigurationGetsItsDefaults() {
    Answer made =
        configure("MutatingWebhookConfiguration", "m", "clientConfig: {url: '" + URL + "'}");
    KubeMap webhook = made.json().listOrEmpty("webhooks").map(0);
    assertThat(webhook.string("failurePolicy")).isEqualTo("Fail");
    assertThat(webhook.string("matchPolicy")).isEqualTo("Equivalent");
    assertThat(webhook.string("reinvocationPolicy")).isEqualTo("Never");
    assertThat(webhook.number("timeoutSeconds", 0)).isEqualTo(10);
    assertThat(webhook.listOrEmpty("rules").map(0).string("scope")).isEqualTo("*");
  }

  @Test
  void aConfigurationIsChecked() {
    Answer refused =
        configure(
            "ValidatingWebhookConfiguration",
            "v",
            "clientConfig: {url: 'http://hooks.example.com'}\ntimeoutSeconds: 31");
    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.message())
        .isEqualTo(
            "ValidatingWebhookConfiguration.admissionregistration.k8s.io \"v\" is invalid:"
                + " [webhooks[0].timeoutSeconds: Invalid value: 31: the timeout value must be"
                + " between 1 and 30 seconds, webhooks[0].clientConfig.url: Invalid value:"
                + " \"http\": 'https' is the only allowed URL scheme; desired format:"
                + " https://host[/path]]");
  }
}
