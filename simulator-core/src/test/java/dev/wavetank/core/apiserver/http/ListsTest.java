package dev.wavetank.core.apiserver.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeNull;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.http.HttpClient.Answer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ListsTest {

  private static final String CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";
  private static final String TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";

  private final HttpClient client = new HttpClient();

  private static List<String> names(KubeMap list) {
    List<String> names = new ArrayList<>();
    for (KubeMap item : list.listOrEmpty("items").maps()) {
      names.add(KubeObject.of(item).name());
    }
    return names;
  }

  private void configMaps(String... names) {
    for (String name : names) {
      client.configMap(name);
    }
  }

  @Test
  void api_A_040_itemsHaveNoKindOfTheirOwn() {
    configMaps("a");
    KubeMap list = client.get(CONFIG_MAPS).json();
    assertThat(list.string("kind", "")).isEqualTo("ConfigMapList");
    assertThat(list.listOrEmpty("items").map(0).has("kind")).isFalse();
  }

  @Test
  void api_A_109_pagesShowTheStateOfTheFirst() {
    configMaps("c", "a", "b", "d", "e");
    KubeMap first = client.get(CONFIG_MAPS + "?limit=2").json();
    assertThat(names(first)).containsExactly("a", "b");
    assertThat(first.at("metadata", "remainingItemCount")).isEqualTo(3L);
    Object version = first.at("metadata", "resourceVersion");
    client.send("DELETE", CONFIG_MAPS + "/d", "");
    configMaps("bb");
    KubeMap second =
        client.get(CONFIG_MAPS + "?limit=2&continue=" + first.at("metadata", "continue")).json();
    assertThat(names(second)).containsExactly("c", "d");
    assertThat(second.at("metadata", "resourceVersion")).isEqualTo(version);
    KubeMap last =
        client.get(CONFIG_MAPS + "?limit=2&continue=" + second.at("metadata", "continue")).json();
    assertThat(names(last)).containsExactly("e");
    assertThat(last.at("metadata", "continue")).isNull();
  }

  @Test
  void api_A_109_aSelectedListDoesNotCountTheRest() {
    configMaps("a", "b", "c");
    KubeMap page = client.get(CONFIG_MAPS + "?limit=1&labelSelector=app").json();
    assertThat(page.at("metadata", "continue")).isNotNull();
    assertThat(page.at("metadata", "remainingItemCount")).isNull();
  }

  @Test
  void api_A_110_tokensThatAreNone() {
    assertThat(client.get(CONFIG_MAPS + "?continue=abc").message())
        .startsWith("invalid continue token: continue key is not valid: ");
    configMaps("a", "b");
    Object token = client.get(CONFIG_MAPS + "?limit=1").json().at("metadata", "continue");
    assertThat(client.get(CONFIG_MAPS + "?resourceVersion=1&continue=" + token).message())
        .isEqualTo("specifying resource version is not allowed when using continue");
  }

  @Test
  void api_A_111_anExpiredTokenIsAnsweredWithOneForTheNewestState() {
    configMaps("a", "b");
    Object token = client.get(CONFIG_MAPS + "?limit=1").json().at("metadata", "continue");
    String path = CONFIG_MAPS + "/a";
    for (int i = 0; i <= WatchHistory.COMMITS_MAX; i++) {
      String data = "{\"data\":{\"i\":\"" + i + "\"}}";
      client.patch(path, "merge-patch+json", data);
    }
    Answer expired = client.get(CONFIG_MAPS + "?limit=1&continue=" + token);
    assertThat(expired.code()).isEqualTo(410);
    assertThat(expired.reason()).isEqualTo("Expired");
    Object next = expired.json().at("metadata", "continue");
    assertThat(names(client.get(CONFIG_MAPS + "?continue=" + next).json())).containsExactly("b");
  }

  @Test
  void api_A_112_anyCachedStateIgnoresTheLimit() {
    configMaps("a", "b");
    assertThat(names(client.get(CONFIG_MAPS + "?limit=1&resourceVersion=0").json())).hasSize(2);
  }

  @Test
  void api_A_112_anExactVersionIsListedAsItWas() {
    configMaps("a");
    long then = client.server.revision();
    configMaps("b");
    client.send("DELETE", CONFIG_MAPS + "/a", "");
    String exact = "&resourceVersionMatch=Exact";
    KubeMap list = client.get(CONFIG_MAPS + "?resourceVersion=" + then + exact).json();
    assertThat(names(list)).containsExactly("a");
    Answer old = client.get(CONFIG_MAPS + "?resourceVersion=1" + exact);
    assertThat(old.code()).isEqualTo(410);
    assertThat(old.message()).isEqualTo("The resourceVersion for the provided list is too old.");
  }

  @Test
  void api_A_113_aVersionOfTheFutureTimesOut() {
    Answer answer = client.get(CONFIG_MAPS + "?resourceVersion=99999999");
    assertThat(answer.code()).isEqualTo(504);
    assertThat(answer.message())
        .isEqualTo(
            "Timeout: Too large resource version: 99999999, current: " + client.server.revision());
    assertThat(answer.header("Retry-After")).isEqualTo("1");
  }

  @Test
  void api_A_114_optionsThatContradictEachOther() {
    String prefix = "ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: ";
    assertThat(client.get(CONFIG_MAPS + "?resourceVersionMatch=Exact").message())
        .isEqualTo(
            prefix
                + "Forbidden: resourceVersionMatch is forbidden unless resourceVersion is"
                + " provided");
    assertThat(client.get(CONFIG_MAPS + "?resourceVersion=0&resourceVersionMatch=Exact").message())
        .isEqualTo(
            prefix
                + "Forbidden: resourceVersionMatch \"exact\" is forbidden for resourceVersion"
                + " \"0\"");
    assertThat(client.get(CONFIG_MAPS + "?limit=abc").message())
        .isEqualTo("strconv.ParseInt: parsing \"abc\": invalid syntax");
    assertThat(client.get(CONFIG_MAPS + "?resourceVersion=abc").message())
        .isEqualTo(
            "invalid resource version: resourceVersion: Invalid value: \"abc\":"
                + " strconv.ParseUint: parsing \"abc\": invalid syntax");
  }

  @Test
  void api_A_117_fieldSelectorsThatAKindHasNot() {
    assertThat(client.get("/api/v1/pods?fieldSelector=spec.foo%3Dx").message())
        .isEqualTo("field label not supported: spec.foo");
  }

  @Test
  void api_A_038_onlyMetadataIsShown() {
    configMaps("a");
    String type = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
    KubeMap list = client.get(CONFIG_MAPS, "Accept", type).json();
    assertThat(list.string("kind", "")).isEqualTo("PartialObjectMetadataList");
    assertThat(list.listOrEmpty("items").map(0).keys())
        .containsExactly("kind", "apiVersion", "metadata");
  }

  @Test
  void api_A_041_aTableHasARowForEachObject() {
    configMaps("a", "b");
    KubeMap table = client.get(CONFIG_MAPS, "Accept", TABLE + ",application/json").json();
    assertThat(table.string("kind", "")).isEqualTo("Table");
    assertThat(table.listOrEmpty("rows").size()).isEqualTo(2);
    assertThat(client.get(CONFIG_MAPS + "?includeObject=Foo", "Accept", TABLE).message())
        .isEqualTo(
            "Unable to convert to Table as requested: includeObject: Invalid value: \"Foo\": must"
                + " be 'Metadata', 'Object', 'None', or empty");
  }

  @Test
  void api_A_120_aWatchBeginsWithWhatIsThere() {
    configMaps("a");
    HttpClient.Watch watch = client.new Watch(CONFIG_MAPS + "?watch=true");
    configMaps("b");
    client.send("DELETE", CONFIG_MAPS + "/a", "");
    assertThat(watch.told()).containsExactly("ADDED a", "ADDED b", "DELETED a");
  }

  @Test
  void api_A_120_aWatchFromAVersionTellsWhatCameAfter() {
    configMaps("a");
    long then = client.server.revision();
    configMaps("b");
    HttpClient.Watch watch = client.new Watch(CONFIG_MAPS + "?watch=1&resourceVersion=" + then);
    configMaps("c");
    assertThat(watch.told()).containsExactly("ADDED b", "ADDED c");
  }

  @Test
  void api_A_121_aVersionThatIsTooOldEndsTheWatch() {
    HttpClient.Watch watch = client.new Watch(CONFIG_MAPS + "?watch=1&resourceVersion=1");
    assertThat(watch.ended).isTrue();
    assertThat(watch.events.get(0).at("object", "code")).isEqualTo(410L);
    assertThat(watch.events.get(0).at("object", "reason")).isEqualTo("Expired");
  }

  @Test
  void api_A_122_anObjectThatNoLongerMatchesIsToldAsDeletedWithItsOldLabels() {
    configMaps("a");
    HttpClient.Watch watch = client.new Watch(CONFIG_MAPS + "?watch=1&labelSelector=app%3Da");
    client.patch(
        CONFIG_MAPS + "/a", "merge-patch+json", "{\"metadata\":{\"labels\":{\"app\":\"z\"}}}");
    KubeObject told = KubeObject.of(watch.events.get(1).mapOrEmpty("object"));
    assertThat(watch.told()).containsExactly("ADDED a", "DELETED a");
    assertThat(told.labels().get("app")).isEqualTo("a");
    assertThat(told.resourceVersion()).isEqualTo(Long.toString(client.server.revision()));
  }

  @Test
  void api_A_123_aBookmarkEndsTheInitialEvents() {
    configMaps("a");
    HttpClient.Watch watch =
        client
        .new Watch(
            CONFIG_MAPS
                + "?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan"
                + "&allowWatchBookmarks=true");
    assertThat(watch.told()).containsExactly("ADDED a", "BOOKMARK");
    assertThat(watch.events.get(1).at("object", "metadata", "annotations").toString())
        .isEqualTo("{\"k8s.io/initial-events-end\":\"true\"}");
  }

  @Test
  void api_A_042_aWatchOfTablesTellsItsColumnsOnce() {
    configMaps("a", "b");
    HttpClient.Watch watch = client.new Watch(CONFIG_MAPS + "?watch=1", "Accept", TABLE);
    assertThat(watch.events.get(0).at("object", "columnDefinitions")).isNotEqualTo(KubeNull.NULL);
    assertThat(watch.events.get(1).at("object", "columnDefinitions")).isEqualTo(KubeNull.NULL);
  }

  @Test
  void api_A_119_aWatchEndsAfterItsTime() {
    HttpClient.Watch watch = client.new Watch(CONFIG_MAPS + "?watch=1&timeoutSeconds=5");
    client.simulation.runUntil(client.simulation.now() + 4_999_999_999L);
    assertThat(watch.ended).isFalse();
    client.simulation.runUntil(client.simulation.now() + 1);
    assertThat(watch.ended).isTrue();
    configMaps("late");
    assertThat(watch.told()).isEmpty();
  }

  @Test
  void api_A_125_bookmarksComeEveryMinute() {
    HttpClient.Watch watch =
        client.new Watch(CONFIG_MAPS + "?watch=1&resourceVersion=9999&allowWatchBookmarks=true");
    client.simulation.runUntil(client.simulation.now() + 121_000_000_000L);
    assertThat(watch.told()).containsExactly("BOOKMARK", "BOOKMARK");
  }

  @Test
  void aClientThatIsGoneLeavesNothingBehind() {
    int pending = client.simulation.pending();
    HttpClient.Watch watch = client.new Watch(CONFIG_MAPS + "?watch=1&allowWatchBookmarks=1");
    watch.stream.stop();
    configMaps("a");
    assertThat(watch.told()).isEmpty();
    client.simulation.runUntil(client.simulation.now() + 3_700_000_000_000L);
    assertThat(watch.told()).isEmpty();
    assertThat(client.simulation.pending()).isLessThanOrEqualTo(pending);
  }

  @Test
  void api_A_090_aDeletesBodyMakesTheQueryCountForNothing() {
    configMaps("a");
    Answer dry = client.send("DELETE", CONFIG_MAPS + "/a?dryRun=All", "");
    assertThat(dry.code()).isEqualTo(200);
    assertThat(client.get(CONFIG_MAPS + "/a").code()).isEqualTo(200);
    client.send("DELETE", CONFIG_MAPS + "/a?dryRun=All", "{\"propagationPolicy\":\"Background\"}");
    assertThat(client.get(CONFIG_MAPS + "/a").code()).isEqualTo(404);
  }

  @Test
  void api_A_093_propagationPoliciesThatAreNone() {
    configMaps("a");
    assertThat(
            client.send("DELETE", CONFIG_MAPS + "/a", "{\"propagationPolicy\":\"Foo\"}").message())
        .isEqualTo(
            "DeleteOptions.meta.k8s.io \"\" is invalid: propagationPolicy: Unsupported value:"
                + " \"Foo\": supported values: \"Foreground\", \"Background\", \"Orphan\","
                + " \"nil\"");
  }

  @Test
  void api_A_097_deleteCollectionGivesWhatItDeleted() {
    configMaps("a", "b");
    KubeMap list = client.send("DELETE", CONFIG_MAPS + "?labelSelector=app%3Da", "").json();
    assertThat(names(list)).containsExactly("a");
    assertThat(client.server.list(ResourceType.CONFIG_MAPS, "default", labels -> true))
        .extracting(KubeObject::name)
        .containsExactly("b");
  }
}
