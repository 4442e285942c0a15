package dev.wavetank.core.apiserver.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Custom resources in several versions: by name alone, or by a webhook. */
class ConversionTest {

  private static final String CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  private static final String V1 = "/apis/ex.io/v1/namespaces/default/crons";
  private static final String V2 = "/apis/ex.io/v2/namespaces/default/crons";
  private static final String URL = "https://convert.example.com/crons";
  private static final String OPEN =
      "{\"openAPIV3Schema\":{\"type\":\"object\",\"x-kubernetes-preserve-unknown-fields\":true}}";

  private final HttpClient client = new HttpClient();
  private final List<KubeMap> reviews = new ArrayList<>();

  private static String version(String name, boolean storage) {
    return "{\"name\":\""
        + name
        + "\",\"served\":true,\"storage\":"
        + storage
        + ",\"schema\":"
        + OPEN
        + "}";
  }

  private static String definition(String conversion, String... versions) {
    return "{\"metadata\":{\"name\":\"crons.ex.io\"},\"spec\":{\"group\":\"ex.io\",\"scope\":\"Namespaced\","
        + "\"names\":{\"plural\":\"crons\",\"kind\":\"Cron\"},\"conversion\":"
        + conversion
        + ",\"versions\":["
        + String.join(",", versions)
        + "]}}";
  }

  private static String webhook() {
    return "{\"strategy\":\"Webhook\",\"webhook\":{\"conversionReviewVersions\":[\"v1\"],"
        + "\"clientConfig\":{\"url\":\""
        + URL
        + "\"}}}";
  }

  private void settle() {
    client.simulation.runUntil(client.simulation.now() + 1_000_000L);
  }

  private void define(String conversion) {
    HttpClient.Answer made =
        client.post(CRDS, definition(conversion, version("v1", true), version("v2", false)));
    assertThat(made.code()).as(made.text()).isEqualTo(201);
    settle();
  }

  /** A webhook that moves v1's {@code spec.cron} to v2's {@code spec.schedule} and back. */
  private void converts(UnaryOperator<KubeMap> response) {
    client
        .server
        .webhooks()
        .register(
            URL,
            review -> {
              reviews.add(review);
              KubeMap request = review.mapOrEmpty("request");
              String desired = request.string("desiredAPIVersion", "");
              KubeList converted = KubeList.EMPTY;
              for (KubeMap object : request.listOrEmpty("objects").maps()) {
                converted = converted.plus(moved(object, desired));
              }
              KubeMap answer =
                  KubeMap.of(
                      "uid", request.get("uid"),
                      "result", KubeMap.of("status", "Success"),
                      "convertedObjects", converted);
              return KubeMap.of(
                  "apiVersion",
                  "apiextensions.k8s.io/v1",
                  "kind",
                  "ConversionReview",
                  "response",
                  response.apply(answer));
            });
  }

  private static KubeMap moved(KubeMap object, String desired) {
    KubeMap spec = object.mapOrEmpty("spec");
    boolean newer = desired.endsWith("v2");
    String from = newer ? "cron" : "schedule";
    String to = newer ? "schedule" : "cron";
    return object
        .with("apiVersion", desired)
        .with("spec", spec.with(to, spec.get(from)).without(from));
  }

  private void create(String path, String spec) {
    create(path, "a", spec);
  }

  private void create(String path, String name, String spec) {
    String version = path.equals(V1) ? "ex.io/v1" : "ex.io/v2";
    HttpClient.Answer made =
        client.post(
            path,
            "{\"apiVersion\":\""
                + version
                + "\",\"kind\":\"Cron\",\"metadata\":{\"name\":\""
                + name
                + "\"},\"spec\":"
                + spec
                + "}");
    assertThat(made.code()).as(made.text()).isEqualTo(201);
  }

  private KubeMap stored() {
    ResourceType type = client.server.typeOf("ex.io/v1", "Cron");
    return client.server.get(ObjectKey.of(type, "default", "a")).root();
  }

  @Test
  void withoutConversionTheVersionAloneDiffers() {
    define("{\"strategy\":\"None\"}");
    create(V1, "{\"cron\":\"*\"}");
    KubeMap other = client.get(V2 + "/a").json();
    assertThat(other.get("apiVersion")).isEqualTo("ex.io/v2");
    assertThat(other.at("spec", "cron")).isEqualTo("*");
  }

  @Test
  void aWebhookConvertsWhatIsReadAndWhatIsStored() {
    converts(answer -> answer);
    define(webhook());
    create(V2, "{\"schedule\":\"*\"}");
    assertThat(stored().at("spec", "cron")).isEqualTo("*");
    assertThat(client.get(V2 + "/a").json().at("spec", "schedule")).isEqualTo("*");
    client.patch(V2 + "/a", "merge-patch+json", "{\"spec\":{\"schedule\":\"@daily\"}}");
    assertThat(client.get(V1 + "/a").json().at("spec", "cron")).isEqualTo("@daily");
  }

  @Test
  void aListIsConvertedByOneReview() {
    converts(answer -> answer);
    define(webhook());
    create(V1, "{\"cron\":\"*\"}");
    create(V1, "b", "{\"cron\":\"@hourly\"}");
    reviews.clear();
    KubeMap list = client.get(V2).json();
    assertThat(list.listOrEmpty("items").map(1).at("spec", "schedule")).isEqualTo("@hourly");
    assertThat(reviews).hasSize(1);
    KubeMap request = reviews.get(0).mapOrEmpty("request");
    assertThat(request.listOrEmpty("objects").size()).isEqualTo(2);
    assertThat(request.get("desiredAPIVersion")).isEqualTo("ex.io/v2");
  }

  @Test
  void watchesSeeConvertedObjects() {
    converts(answer -> answer);
    define(webhook());
    HttpClient.Watch watch = client.new Watch(V2 + "?watch=true");
    create(V1, "{\"cron\":\"*\"}");
    settle();
    assertThat(watch.events.get(0).at("object", "spec", "schedule")).isEqualTo("*");
  }

  @Test
  void aFailureIsTheAnswer() {
    converts(
        answer ->
            answer
                .without("convertedObjects")
                .with("result", KubeMap.of("status", "Failure", "message", "no way")));
    define(webhook());
    create(V1, "{\"cron\":\"*\"}");
    HttpClient.Answer refused = client.get(V2 + "/a");
    assertThat(refused.code()).isEqualTo(500);
    assertThat(refused.message())
        .isEqualTo("conversion webhook for ex.io/v1, Kind=Cron failed: no way");
  }

  @Test
  void aWebhookThatIsNotThereIsNamed() {
    define(webhook());
    create(V1, "{\"cron\":\"*\"}");
    assertThat(client.get(V2).message())
        .isEqualTo(
            "conversion webhook for ex.io/v1, Kind=CronList failed: Post \""
                + URL
                + "?timeout=30s\": dial tcp: lookup convert.example.com: no such host");
  }

  @Test
  void aWatchWhoseEventsCannotBeConvertedEndsWithAnError() {
    define(webhook());
    HttpClient.Watch watch = client.new Watch(V2 + "?watch=true");
    create(V1, "{\"cron\":\"*\"}");
    settle();
    assertThat(watch.events.get(0).get("type")).isEqualTo("ERROR");
    assertThat(watch.ended).isTrue();
  }

  @Test
  void ofTheMetadataOnlyLabelsAndAnnotationsChange() {
    converts(
        answer -> {
          KubeObject object = KubeObject.of(answer.listOrEmpty("convertedObjects").map(0));
          KubeMap metadata =
              object
                  .metadata()
                  .with("labels", KubeMap.of("a", "b"))
                  .with("finalizers", KubeList.of("x/y"));
          return answer.with("convertedObjects", KubeList.of(object.withMetadata(metadata).root()));
        });
    define(webhook());
    create(V1, "{\"cron\":\"*\"}");
    KubeObject read = KubeObject.of(client.get(V2 + "/a").json());
    assertThat(read.labels()).isEqualTo(KubeMap.of("a", "b"));
    assertThat(read.finalizers().isEmpty()).isTrue();
  }

  @Test
  void anotherNameIsNoConversion() {
    converts(
        answer -> {
          KubeObject object = KubeObject.of(answer.listOrEmpty("convertedObjects").map(0));
          return answer.with(
              "convertedObjects", KubeList.of(object.with("z", "metadata", "name").root()));
        });
    define(webhook());
    create(V1, "{\"cron\":\"*\"}");
    assertThat(client.get(V2 + "/a").message())
        .isEqualTo(
            "conversion webhook for ex.io/v1, Kind=Cron returned invalid object: must have the same"
                + " name: a != z");
  }

  @Test
  void objectsStayWhenTheStorageVersionChanges() {
    converts(answer -> answer);
    define(webhook());
    create(V1, "{\"cron\":\"*\"}");
    KubeObject found = KubeObject.of(client.get(CRDS + "/crons.ex.io").json());
    String versions =
        "{\"spec\":{\"versions\":[" + version("v1", false) + "," + version("v2", true) + "]}}";
    assertThat(client.patch(CRDS + "/crons.ex.io", "merge-patch+json", versions).code())
        .isEqualTo(200);
    settle();
    KubeObject definition = KubeObject.of(client.get(CRDS + "/crons.ex.io").json());
    assertThat(definition.status().get("storedVersions")).isEqualTo(KubeList.of("v1", "v2"));
    assertThat(definition.uid()).isEqualTo(found.uid());
    assertThat(client.get(V1 + "/a").json().at("spec", "cron")).isEqualTo("*");
    assertThat(stored().get("apiVersion")).isEqualTo("ex.io/v1");
    client.patch(V1 + "/a", "merge-patch+json", "{\"spec\":{\"cron\":\"@daily\"}}");
    assertThat(stored().get("apiVersion")).isEqualTo("ex.io/v2");
    assertThat(client.get(V1 + "/a").json().at("spec", "cron")).isEqualTo("@daily");
    assertThat(client.get(V2 + "/a").json().at("spec", "schedule")).isEqualTo("@daily");
  }

  @Test
  void aVersionThatIsStoredNoMoreMayGo() {
    define("{\"strategy\":\"None\"}");
    create(V1, "{\"cron\":\"*\"}");
    String both =
        "{\"spec\":{\"versions\":[" + version("v1", false) + "," + version("v2", true) + "]}}";
    client.patch(CRDS + "/crons.ex.io", "merge-patch+json", both);
    settle();
    String one = "{\"spec\":{\"versions\":[" + version("v2", true) + "]}}";
    HttpClient.Answer refused = client.patch(CRDS + "/crons.ex.io", "merge-patch+json", one);
    assertThat(refused.message()).contains("status.storedVersions[0]: Invalid value: \"v1\"");
    client.patch(
        CRDS + "/crons.ex.io/status",
        "merge-patch+json",
        "{\"status\":{\"storedVersions\":[\"v2\"]}}");
    assertThat(client.patch(CRDS + "/crons.ex.io", "merge-patch+json", one).code()).isEqualTo(200);
    settle();
    assertThat(client.get(V1 + "/a").code()).isEqualTo(404);
    assertThat(client.get(V2 + "/a").json().at("spec", "cron")).isEqualTo("*");
    client.send("DELETE", CRDS + "/crons.ex.io", "");
    client.simulation.runUntil(client.simulation.now() + 20_000_000_000L);
    assertThat(client.get(CRDS + "/crons.ex.io").code()).isEqualTo(404);
  }

  @Test
  void aWebhookNeedsAnAddressAndAVersionOfReviews() {
    HttpClient.Answer refused =
        client.post(
            CRDS,
            definition(
                "{\"strategy\":\"Webhook\",\"webhook\":{\"conversionReviewVersions\":[\"v7\"],"
                    + "\"clientConfig\":{}}}",
                version("v1", true)));
    assertThat(refused.message())
        .contains("spec.conversion.webhookClientConfig: Required value: exactly one of url or")
        .contains("must include at least one of v1, v1beta1");
  }
}
