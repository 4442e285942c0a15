package dev.wavetank.core.apiserver.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What the server counts of itself. */
class MetricsTest {

  private static final String CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";

  private final HttpClient client = new HttpClient();

  private List<String> lines() {
    return client.get("/metrics").text().lines().toList();
  }

  private static String requests(int code, String resource, String scope, String verb, long count) {
    return "apiserver_request_total{code=\""
        + code
        + "\",component=\"apiserver\",dry_run=\"\",group=\"\",resource=\""
        + resource
        + "\",scope=\""
        + scope
        + "\",subresource=\"\",verb=\""
        + verb
        + "\",version=\"v1\"} "
        + count;
  }

  @Test
  void requestsAreCountedByWhatTheyAskFor() {
    client.configMap("a");
    client.get(CONFIG_MAPS);
    client.get(CONFIG_MAPS);
    client.get(CONFIG_MAPS + "/nope");
    client.get("/api/v1/nodes");
    assertThat(lines())
        .contains("# TYPE apiserver_request_total counter")
        .contains(requests(201, "configmaps", "resource", "POST", 1))
        .contains(requests(200, "configmaps", "namespace", "LIST", 2))
        .contains(requests(404, "configmaps", "resource", "GET", 1))
        .contains(requests(200, "nodes", "cluster", "LIST", 1));
  }

  @Test
  void whatIsNotServedIsNotCounted() {
    client.get("/api/v1/nonsense");
    client.get("/apis/none.example.com/v1/things");
    assertThat(String.join("", lines())).doesNotContain("nonsense").doesNotContain("none.example");
  }

  @Test
  void objectsAreCountedByResource() {
    client.configMap("a");
    assertThat(lines())
        .contains("apiserver_storage_objects{resource=\"configmaps\"} 2")
        .contains("apiserver_resource_objects{group=\"\",resource=\"configmaps\"} 2")
        .contains("apiserver_storage_objects{resource=\"pods\"} 0");
  }

  @Test
  void prometheusReadsText() {
    assertThat(client.get("/metrics").header("Content-Type"))
        .isEqualTo("text/plain; version=0.0.4; charset=utf-8");
    assertThat(client.post("/metrics", "").code()).isEqualTo(405);
  }
}
