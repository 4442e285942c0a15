package dev.wavetank.core.apiserver.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.apiserver.http.HttpClient.Answer;
import org.junit.jupiter.api.Test;

class DiscoveryTest {

  private static final String AGGREGATED =
      "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

  private final HttpClient client = new HttpClient();

  @Test
  void api_A_009_theVersionIsIndented() {
    assertThat(client.get("/version").text())
        .startsWith("{\n  \"major\": \"1\",\n  \"minor\": \"36\"")
        .contains("\"gitVersion\": \"v1.36.2\"");
  }

  @Test
  void api_A_010_healthChecksSayOkAsText() {
    Answer answer = client.get("/readyz");
    assertThat(answer.code()).isEqualTo(200);
    assertThat(answer.text()).isEqualTo("ok");
    assertThat(answer.header("Content-Type")).isEqualTo("text/plain; charset=utf-8");
    assertThat(client.get("/livez?verbose").text()).endsWith("livez check passed\n");
    assertThat(client.get("/livez/ping").text()).isEqualTo("ok");
    assertThat(client.get("/livez/poststarthook/rbac/bootstrap-roles").text()).isEqualTo("ok");
    assertThat(client.get("/livez/nope").code()).isEqualTo(404);
    assertThat(client.get("/livez?verbose").text()).doesNotContain("shutdown");
    assertThat(client.get("/readyz?verbose&exclude=etcd&exclude=nope").text())
        .startsWith("[+]ping ok\n[+]log ok\n[+]etcd excluded: ok\n[+]etcd-readiness ok\n")
        .endsWith(
            "[+]shutdown ok\nwarn: some health checks cannot be excluded: no matches for"
                + " \"nope\"\nreadyz check passed\n");
  }

  @Test
  void api_A_018_legacyDiscoveryNamesTheServersAddress() {
    KubeMap versions = client.get("/api").json();
    assertThat(versions.string("kind", "")).isEqualTo("APIVersions");
    assertThat(versions.toString())
        .contains("{\"clientCIDR\":\"0.0.0.0/0\",\"serverAddress\":\"127.0.0.1:6443\"}");
  }

  @Test
  void api_A_019_groupsComeInTheOrderOfTheirPriority() {
    String groups = client.get("/apis").text();
    assertThat(groups.indexOf("\"name\":\"apps\""))
        .isPositive()
        .isLessThan(groups.indexOf("\"name\":\"coordination.k8s.io\""));
    assertThat(groups.indexOf("\"name\":\"coordination.k8s.io\""))
        .isLessThan(groups.indexOf("\"name\":\"discovery.k8s.io\""));
  }

  @Test
  void api_A_020_subresourcesAreEntriesOfTheirOwn() {
    String resources = client.get("/apis/apps/v1").text();
    assertThat(resources)
        .contains(
            "{\"name\":\"deployments/scale\",\"singularName\":\"\",\"namespaced\":true,"
                + "\"group\":\"autoscaling\",\"version\":\"v1\",\"kind\":\"Scale\","
                + "\"verbs\":[\"get\",\"patch\",\"update\"]}")
        .contains("\"shortNames\":[\"deploy\"],\"categories\":[\"all\"]");
  }

  @Test
  void api_A_021_aggregatedDiscoveryIsAnsweredInItsOwnTypeAndWithATag() {
    Answer answer = client.get("/apis", "Accept", AGGREGATED + ",application/json");
    assertThat(answer.header("Content-Type")).isEqualTo(AGGREGATED);
    assertThat(answer.header("Cache-Control")).isEqualTo("public");
    assertThat(answer.header("Etag")).matches("\"[0-9A-F]{128}\"");
    Answer again =
        client.get("/apis", "Accept", AGGREGATED, "If-None-Match", answer.header("Etag"));
    assertThat(again.code()).isEqualTo(304);
    assertThat(again.text()).isEmpty();
  }

  @Test
  void api_A_022_theCoreGroupHasNoNameInAggregatedDiscovery() {
    KubeMap list = client.get("/api", "Accept", AGGREGATED).json();
    KubeMap item = list.listOrEmpty("items").map(0);
    assertThat(item.map("metadata")).isEqualTo(KubeMap.EMPTY);
    assertThat(item.toString())
        .contains("\"resource\":\"pods\"")
        .contains("\"scope\":\"Namespaced\"")
        .contains("\"freshness\":\"Current\"");
  }

  @Test
  void api_A_025_aWrongHashOfAnOpenApiDocumentLeadsToTheRightOne() {
    String url =
        (String) client.get("/openapi/v3").json().at("paths", "apis/apps/v1", "serverRelativeURL");
    assertThat(url).matches("/openapi/v3/apis/apps/v1\\?hash=[0-9A-F]{128}");
    assertThat(client.get(String.valueOf(url)).code()).isEqualTo(200);
    Answer wrong = client.get("/openapi/v3/apis/apps/v1?hash=00");
    assertThat(wrong.code()).isEqualTo(301);
    assertThat(wrong.header("Location")).isEqualTo(url);
  }

  @Test
  void api_A_026_openApiHasWhatPatchesAndAppliesWorkBy() {
    KubeMap schemas = (KubeMap) client.get("/openapi/v3/api/v1").json().at("components", "schemas");
    Object ports = schemas.at("io.k8s.api.core.v1.Container", "properties", "ports");
    assertThat(String.valueOf(ports))
        .contains("\"x-kubernetes-list-map-keys\":[\"containerPort\",\"protocol\"]")
        .contains("\"x-kubernetes-list-type\":\"map\"")
        .contains("\"x-kubernetes-patch-merge-key\":\"containerPort\"")
        .contains("\"x-kubernetes-patch-strategy\":\"merge\"");
    assertThat(String.valueOf(schemas.get("io.k8s.api.core.v1.Pod")))
        .contains("\"x-kubernetes-group-version-kind\":[{\"group\":\"\",\"kind\":\"Pod\"");
  }

  @Test
  void everyReferenceInAnOpenApiDocumentLeadsSomewhere() {
    for (String path : new String[] {"api/v1", "apis/apps/v1", "apis/discovery.k8s.io/v1"}) {
      KubeMap document = client.get("/openapi/v3/" + path).json();
      KubeMap schemas = (KubeMap) document.at("components", "schemas");
      java.util.regex.Matcher references =
          java.util.regex.Pattern.compile("#/components/schemas/([^\"]+)")
              .matcher(document.toString());
      while (references.find()) {
        assertThat(schemas.has(references.group(1))).as(references.group(1)).isTrue();
      }
    }
  }

  @Test
  void api_A_027_theOldOpenApiDocumentHasDefinitionsInJsonOnly() {
    Answer old =
        client.get(
            "/openapi/v2", "Accept", "application/com.github.proto-openapi.spec.v2@v1.0+protobuf");
    assertThat(old.header("Content-Type"))
        .isEqualTo("application/com.github.proto-openapi.spec.v2.v1.0+protobuf");
    assertThat(old.text()).startsWith("\n\0032.0");
    assertThat(client.get("/openapi/v2", "Accept", "application/json").json().string("swagger"))
        .isEqualTo("2.0");
    assertThat(client.get("/openapi/v2", "Accept", "text/plain").code()).isEqualTo(406);
  }

  @Test
  void theOldOpenApiDocumentRefersToItsOwnDefinitions() {
    KubeMap document = client.get("/openapi/v2").json();
    KubeMap definitions = document.mapOrEmpty("definitions");
    java.util.regex.Matcher references =
        java.util.regex.Pattern.compile("\"\\$ref\":\"([^\"]+)\"").matcher(document.toString());
    int count = 0;
    while (references.find()) {
      count++;
      String name = references.group(1).replace("#/definitions/", "");
      assertThat(definitions.has(name)).as(references.group(1)).isTrue();
    }
    assertThat(count).isGreaterThan(500);
    KubeMap port = (KubeMap) definitions.at("io.k8s.api.core.v1.ContainerPort", "properties");
    assertThat(port.mapOrEmpty("protocol").has("default")).isFalse();
    KubeMap pod = (KubeMap) definitions.at("io.k8s.api.core.v1.Pod", "properties", "spec");
    assertThat(pod).isEqualTo(KubeMap.of("$ref", "#/definitions/io.k8s.api.core.v1.PodSpec"));
  }
}
