package dev.wavetank.core.apiserver.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.http.HttpClient.Answer;
import org.junit.jupiter.api.Test;

class ServerSideApplyTest {

  private static final String A1 = "/api/v1/namespaces/default/configmaps/a1";

  private final HttpClient client = new HttpClient();

  private Answer apply(String manager, String data) {
    return apply(A1 + "?fieldManager=" + manager, "data", data);
  }

  private Answer apply(String target, String field, String value) {
    String body =
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a1}\n" + field + ": " + value + "\n";
    return client.patch(target, "apply-patch+yaml", body);
  }

  private static KubeList owners(Answer answer) {
    return KubeObject.of(answer.json()).metadata().listOrEmpty("managedFields");
  }

  @Test
  void api_A_139_anApplyCreatesWhatIsAbsent() {
    assertThat(apply("m1", "{k: v}").code()).isEqualTo(201);
    assertThat(apply("m1", "{k: w}").code()).isEqualTo(200);
    assertThat(apply(A1, "data", "{k: v}").message())
        .isEqualTo(
            "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required"
                + " for apply patch");
  }

  @Test
  void api_A_140_anEntrySaysWhoOwnsWhat() {
    KubeMap entry = owners(apply("m1", "{k: v}")).map(0);
    assertThat(entry.toString())
        .isEqualTo(
            "{\"manager\":\"m1\",\"operation\":\"Apply\",\"apiVersion\":\"v1\","
                + "\"time\":\"2026-01-01T00:00:00Z\",\"fieldsType\":\"FieldsV1\","
                + "\"fieldsV1\":{\"f:data\":{\"f:k\":{}}}}");
  }

  @Test
  void api_A_141_otherWritersOwnWhatTheyChange() {
    Answer created =
        client.post(
            "/api/v1/namespaces/default/configmaps?fieldManager=upd",
            "{\"metadata\":{\"name\":\"a1\"},\"data\":{\"k\":\"v\"}}");
    assertThat(owners(created).map(0).string("operation", "")).isEqualTo("Update");
    assertThat(owners(created).map(0).get("fieldsV1").toString())
        .isEqualTo("{\"f:data\":{\".\":{},\"f:k\":{}}}");
    Answer patched =
        client.patch(A1 + "?fieldManager=other", "merge-patch+json", "{\"data\":{\"k\":\"w\"}}");
    assertThat(owners(patched).toString())
        .contains("\"manager\":\"other\"")
        .contains("\"fieldsV1\":{\"f:data\":{\"f:k\":{}}}")
        .contains("\"fieldsV1\":{\"f:data\":{}}");
  }

  @Test
  void api_A_143_fieldsOfOthersAreInConflict() {
    apply("m1", "{k: v}");
    Answer refused = apply("m2", "{k: w}");
    assertThat(refused.code()).isEqualTo(409);
    assertThat(refused.message())
        .isEqualTo("Apply failed with 1 conflict: conflict with \"m1\": .data.k");
    assertThat(refused.json().at("details", "causes").toString())
        .isEqualTo(
            "[{\"reason\":\"FieldManagerConflict\",\"message\":\"conflict with \\\"m1\\\"\","
                + "\"field\":\".data.k\"}]");
  }

  @Test
  void api_A_145_forceMovesOwnershipAndEqualValuesShareIt() {
    apply("m1", "{k: v}");
    assertThat(owners(apply("m2", "{k: v}")).size()).isEqualTo(2);
    Answer forced = apply("m2&force=true", "{k: w}");
    assertThat(owners(forced).size()).isEqualTo(1);
    assertThat(owners(forced).map(0).string("manager", "")).isEqualTo("m2");
  }

  @Test
  void api_A_146_whatIsNoLongerAppliedIsGoneUnlessOthersOwnIt() {
    apply("m1", "{k: v, l: v}");
    apply("m2", "{l: v}");
    KubeMap data = apply("m1", "{m: v}").json().mapOrEmpty("data");
    assertThat(data.keys()).containsExactlyInAnyOrder("l", "m");
  }

  @Test
  void api_A_147_anApplyThatChangesNothingWritesNothing() {
    KubeMap first = apply("m1", "{k: v}").json();
    client.simulation.runUntil(5_000_000_000L);
    assertThat(apply("m1", "{k: v}").json()).isEqualTo(first);
  }

  @Test
  void api_A_148_fieldsThatTheSchemaDoesNotDeclareAreAnError() {
    Answer refused = apply(A1 + "?fieldManager=m1", "foo", "bar");
    assertThat(refused.code()).isEqualTo(500);
    assertThat(refused.message())
        .isEqualTo(
            "failed to create typed patch object (/a1; /v1, Kind=ConfigMap): .foo: field not"
                + " declared in schema");
  }

  @Test
  void api_A_149_ownersCannotBeApplied() {
    String body = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a1\n  managedFields: [{}]\n";
    Answer refused = client.patch(A1 + "?fieldManager=m", "apply-patch+yaml", body);
    assertThat(refused.code()).isEqualTo(400);
    assertThat(refused.message()).isEqualTo("metadata.managedFields must be nil");
  }

  @Test
  void api_A_151_whatWasThereBeforeTheFirstApplyIsKept() {
    client.post(
        "/api/v1/namespaces/default/configmaps",
        "{\"metadata\":{\"name\":\"a1\"},\"data\":{\"k\":\"v\"}}");
    client.patch(
        A1,
        "json-patch+json",
        "[{\"op\":\"replace\",\"path\":\"/metadata/managedFields\",\"value\":[{}]}]");
    assertThat(apply("m1", "{l: v}").text()).contains("\"manager\":\"before-first-apply\"");
  }

  @Test
  void api_A_152_anEmptyEntryTakesTheAccountAway() {
    apply("m1", "{k: v}");
    Answer cleared =
        client.patch(
            A1,
            "json-patch+json",
            "[{\"op\":\"replace\",\"path\":\"/metadata/managedFields\",\"value\":[{}]}]");
    assertThat(owners(cleared).isEmpty()).isTrue();
  }
}
