package dev.wavetank.verification.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.http.WatchHistory;
import dev.wavetank.verification.conformance.Framework.Answer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Follows test/e2e/apimachinery/chunking.go (v1.36). */
class ChunkingConformanceTest {

  private static final int TOTAL = 400;

  private final Framework framework = Framework.of("chunking");
  private final Resource podTemplates = framework.namespaced("v1", "podtemplates");

  ChunkingConformanceTest() {
    for (int i = 0; i < TOTAL; i++) {
      podTemplates.create(
          String.format(
              "{metadata: {name: template-%04d}, template: {spec: {containers: [{name: test, image:"
                  + " test2}]}}}",
              i));
    }
  }

  /** Checks the page behind that many objects and gives how many there are now. */
  private static int check(KubeMap page, int found, int limit) {
    List<KubeObject> items = Resource.items(page);
    assertThat(items.size()).isLessThanOrEqualTo(limit);
    int behind = found;
    for (KubeObject item : items) {
      assertThat(item.name()).isEqualTo(String.format("template-%04d", behind++));
    }
    Object remaining = page.at("metadata", "remainingItemCount");
    assertThat(remaining).isEqualTo(token(page).isEmpty() ? null : (long) (TOTAL - behind));
    return behind;
  }

  private static String token(KubeMap page) {
    return page.mapOrEmpty("metadata").string("continue", "");
  }

  private static String version(KubeMap page) {
    return page.mapOrEmpty("metadata").string("resourceVersion", "");
  }

  /** Lists what is left behind a page, all at one resourceVersion. */
  private void checkRest(KubeMap page, int found, int limit) {
    KubeMap last = page;
    int behind = found;
    while (!token(last).isEmpty()) {
      last = podTemplates.listMap("?limit=" + limit + "&continue=" + token(last));
      behind = check(last, behind, limit);
      assertThat(version(last)).isEqualTo(version(page));
    }
    assertThat(behind).isEqualTo(TOTAL);
  }

  @Test
  @Codename(
      "[sig-api-machinery] Servers with support for API chunking should return chunks of results for"
          + " list calls")
  void chunksOfResults() {
    for (int round = 0; round < 3; round++) {
      KubeMap first = podTemplates.listMap("?limit=17");
      checkRest(first, check(first, 0, 17), 17);
    }
    assertThat(podTemplates.list("?limit=" + (TOTAL + 1))).hasSize(TOTAL);
  }

  /** Etcd compacts after minutes; here it is the number of commits that ends a token's life. */
  @Test
  @Codename(
      "[sig-api-machinery] Servers with support for API chunking should support continue listing"
          + " from the last key if the original version has been compacted away, though the list is"
          + " inconsistent [Slow]")
  void anInconsistentListGoesOnFromTheLastKey() {
    int limit = TOTAL / 10;
    KubeMap first = podTemplates.listMap("?limit=" + limit);
    assertThat(check(first, 0, limit)).isEqualTo(limit);
    Resource configMaps = framework.namespaced("v1", "configmaps");
    configMaps.create("{metadata: {name: busy}}");
    for (int i = 0; i <= WatchHistory.COMMITS_MAX; i++) {
      configMaps.patch(Resource.MERGE, "busy", "{data: {i: '" + i + "'}}");
    }
    String next = podTemplates.path() + "?limit=" + limit + "&continue=";
    Answer expired = framework.get(next + token(first));
    assertThat(expired.code()).isEqualTo(410);
    assertThat(expired.reason()).isEqualTo("Expired");
    KubeMap second = framework.get(next + token(expired.json())).object(200).root();
    assertThat(version(second)).isNotEqualTo(version(first));
    assertThat(second.listOrEmpty("items").size()).isEqualTo(limit);
    checkRest(second, check(second, limit, limit), limit);
  }
}
