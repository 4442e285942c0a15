package dev.wavetank.core.apiserver;

import static dev.wavetank.core.apiserver.TestCluster.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.patch.Patch;
import dev.wavetank.core.apiserver.patch.PatchType;
import org.junit.jupiter.api.Test;

class PatchRequestTest {

  private final TestCluster cluster = new TestCluster();
  private final KubeObject deployment =
      cluster.create(
          """
          apiVersion: apps/v1
          kind: Deployment
          metadata: {name: d1, labels: {tier: web}}
          spec:
            selector: {matchLabels: {app: d1}}
            template:
              metadata: {labels: {app: d1}}
              spec:
                containers:
                - {name: a, image: "a:1"}
                - {name: b, image: "b:1"}
          """);
  private final ObjectKey key = cluster.key(deployment);

  private KubeObject patch(PatchType type, String json) {
    return cluster.server.patch(key, Patch.of(type, json), false);
  }

  private ApiException refused(PatchType type, String json) {
    return refusal(() -> patch(type, json));
  }

  private static KubeList containers(KubeObject object) {
    return (KubeList) object.at("spec", "template", "spec", "containers");
  }

  @Test
  void api_A_128_mergePatchMergesMapsAndReplacesLists() {
    KubeObject patched =
        patch(
            PatchType.MERGE,
            """
            {"metadata": {"labels": {"tier": null, "x": "y"}},
             "spec": {"template": {"spec": {"containers": [{"name": "c", "image": "c:1"}]}}}}
            """);
    assertThat(patched.labels()).isEqualTo(KubeMap.of("x", "y"));
    assertThat(containers(patched).size()).isEqualTo(1);
    assertThat(containers(patched).map(0).get("imagePullPolicy")).isEqualTo("IfNotPresent");
    assertThat(patched.generation()).isEqualTo(2);
  }

  @Test
  void api_A_128_badMergePatchesAreBadRequests() {
    ApiException cut = refused(PatchType.MERGE, "{");
    assertThat(cut.code()).isEqualTo(400);
    assertThat(cut).hasMessage("error decoding patch: unexpected end of JSON input");
    assertThat(refused(PatchType.MERGE, "[]"))
        .hasMessage(
            "error decoding patch: json: cannot unmarshal array into Go value of type"
                + " map[string]interface {}");
  }

  @Test
  void api_A_129_aWrongTypeInTheResultIsInvalid() {
    ApiException merged = refused(PatchType.MERGE, "{\"spec\":{\"replicas\":\"x\"}}");
    assertThat(merged.code()).isEqualTo(422);
    assertThat(merged.reason()).isEqualTo("Invalid");
    assertThat(merged.getMessage())
        .startsWith(" \"\" is invalid: patch: Invalid value: \"{\\\"apiVersion\\\":")
        .endsWith(
            "json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of"
                + " type int32");
    ApiException strategic = refused(PatchType.STRATEGIC, "{\"spec\":{\"replicas\":\"x\"}}");
    assertThat(strategic)
        .hasMessage(
            " \"\" is invalid: patch: Invalid value: \"map[spec:map[replicas:x]]\": unrecognized"
                + " type: int32");
  }

  @Test
  void api_A_130_jsonPatchAppliesItsOperations() {
    KubeObject patched =
        patch(
            PatchType.JSON,
            """
            [{"op": "test", "path": "/spec/replicas", "value": 1},
             {"op": "replace", "path": "/spec/replicas", "value": 3},
             {"op": "add", "path": "/metadata/labels/example.com~1x", "value": "y"},
             {"op": "add", "path": "/spec/template/spec/containers/-",
              "value": {"name": "c", "image": "c:1"}}]
            """);
    assertThat(patched.spec().get("replicas")).isEqualTo(3L);
    assertThat(patched.labels().get("example.com/x")).isEqualTo("y");
    assertThat(containers(patched).map(2).get("name")).isEqualTo("c");
  }

  @Test
  void api_A_130_anOperationThatDoesNotApplyIsUnprocessable() {
    String test = "[{\"op\": \"test\", \"path\": \"/spec/replicas\", \"value\": 7}]";
    ApiException refused = refused(PatchType.JSON, test);
    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused)
        .hasMessage("the server rejected our request due to an error in our request");
    assertThat(refused(PatchType.JSON, "{\"op\": \"add\"}"))
        .hasMessage(
            "error decoding patch: json: cannot unmarshal object into Go value of type"
                + " []handlers.jsonPatchOp");
  }

  @Test
  void api_A_130_aJsonPatchHasAtMostTenThousandOperations() {
    KubeMap test = KubeMap.of("op", "test", "path", "/spec/replicas", "value", 1L);
    Object[] operations = new Object[10_001];
    java.util.Arrays.fill(operations, test);
    Patch patch = Patch.json(KubeList.of(operations));
    ApiException refused = refusal(() -> cluster.server.patch(key, patch, false));
    assertThat(refused.code()).isEqualTo(413);
    assertThat(refused)
        .hasMessage(
            "Request entity too large: The allowed maximum operations in a JSON patch is 10000,"
                + " got 10001");
  }

  @Test
  void api_A_131_aPatchOfWhatIsAbsentIsNotFound() {
    ObjectKey absent = ObjectKey.of(ResourceType.DEPLOYMENTS, "default", "nope");
    ApiException refused =
        refusal(() -> cluster.server.patch(absent, Patch.merge(KubeMap.EMPTY), false));
    assertThat(refused).hasMessage("deployments.apps \"nope\" not found");
  }

  @Test
  void api_A_131_aResourceVersionInThePatchIsALock() {
    ApiException refused = refused(PatchType.MERGE, "{\"metadata\":{\"resourceVersion\":\"1\"}}");
    assertThat(refused.code()).isEqualTo(409);
    assertThat(refused)
        .hasMessage(
            "Operation cannot be fulfilled on deployments.apps \"d1\": the object has been"
                + " modified; please apply your changes to the latest version and try again");
  }

  @Test
  void api_A_133_strategicMergePutsNewElementsFirst() {
    KubeObject patched =
        patch(
            PatchType.STRATEGIC,
            """
            {"spec": {"template": {"spec": {"containers": [{"name": "c", "image": "c:1"}]}}}}
            """);
    assertThat(containers(patched).maps())
        .extracting(container -> container.get("name"))
        .containsExactly("c", "a", "b");
  }

  @Test
  void api_A_134_wrongDirectivesAreErrorsOfTheServer() {
    ApiException unknown = refused(PatchType.STRATEGIC, "{\"$patch\":\"foo\"}");
    assertThat(unknown.code()).isEqualTo(500);
    assertThat(unknown).hasMessage("unknown patch type: foo in map: map[$patch:foo]");
    assertThat(
            refused(
                PatchType.STRATEGIC,
                "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"image\":\"x\"}]}}}}"))
        .hasMessage("map: map[image:x] does not contain declared merge key: name");
  }

  @Test
  void api_A_135_primitivesAreAddedAndDeletedOneByOne() {
    String add = "{\"metadata\":{\"finalizers\":[\"x.io/a\",\"x.io/b\"]}}";
    patch(PatchType.STRATEGIC, add);
    KubeObject more = patch(PatchType.STRATEGIC, "{\"metadata\":{\"finalizers\":[\"x.io/c\"]}}");
    assertThat(more.finalizers()).containsExactlyInAnyOrder("x.io/a", "x.io/b", "x.io/c");
    KubeObject less =
        patch(
            PatchType.STRATEGIC,
            "{\"metadata\":{\"$deleteFromPrimitiveList/finalizers\":[\"x.io/a\"]}}");
    assertThat(less.finalizers()).containsExactlyInAnyOrder("x.io/b", "x.io/c");
  }

  @Test
  void api_A_135_anOrderIsObeyed() {
    KubeObject ordered =
        patch(
            PatchType.STRATEGIC,
            """
            {"spec": {"template": {"spec": {
              "$setElementOrder/containers": [{"name": "b"}, {"name": "a"}]}}}}
            """);
    assertThat(containers(ordered).maps())
        .extracting(container -> container.get("name"))
        .containsExactly("b", "a");
  }

  @Test
  void api_A_136_retainKeysClearsTheOtherKeys() {
    KubeObject patched =
        patch(
            PatchType.STRATEGIC,
            "{\"spec\":{\"strategy\":{\"$retainKeys\":[\"type\"],\"type\":\"Recreate\"}}}");
    assertThat(patched.spec().get("strategy")).isEqualTo(KubeMap.of("type", "Recreate"));
  }

  @Test
  void api_A_138_aPatchOfTheMainResourceLeavesStatusAlone() {
    KubeObject patched =
        patch(
            PatchType.MERGE,
            "{\"metadata\":{\"labels\":{\"x\":\"y\"}},\"status\":{\"replicas\":9}}");
    assertThat(patched.status()).isEqualTo(deployment.status());
  }

  @Test
  void api_A_138_aPatchOfTheStatusLeavesTheRestAlone() {
    Patch patch =
        Patch.of(PatchType.MERGE, "{\"spec\":{\"replicas\":9},\"status\":{\"replicas\":9}}");
    KubeObject patched = cluster.server.patchStatus(key, patch, false);
    assertThat(patched.spec()).isEqualTo(deployment.spec());
    assertThat(patched.status().get("replicas")).isEqualTo(9L);
    assertThat(patched.generation()).isEqualTo(1);
  }

  @Test
  void api_A_067_aPatchThatChangesNothingWritesNothing() {
    KubeObject patched = patch(PatchType.STRATEGIC, "{\"spec\":{\"replicas\":1}}");
    assertThat(patched.resourceVersion()).isEqualTo(deployment.resourceVersion());
    assertThat(patched.generation()).isEqualTo(1);
  }

  @Test
  void api_A_075_aPatchCannotChangeTheUid() {
    ApiException refused = refused(PatchType.MERGE, "{\"metadata\":{\"uid\":\"A\"}}");
    assertThat(refused)
        .hasMessage(
            "Deployment.apps \"d1\" is invalid: metadata.uid: Invalid value: \"A\": field is"
                + " immutable");
  }

  @Test
  void api_A_076_aPatchCannotMoveTheObject() {
    assertThat(refused(PatchType.MERGE, "{\"metadata\":{\"name\":\"other\"}}"))
        .hasMessage("the name of the object (other) does not match the name on the URL (d1)");
    assertThat(refused(PatchType.MERGE, "{\"metadata\":{\"namespace\":\"other\"}}"))
        .hasMessage(
            "the namespace of the provided object does not match the namespace sent on the"
                + " request");
  }

  @Test
  void api_A_104_anUnknownFieldRefusesAStrictPatch() {
    Patch patch = Patch.of(PatchType.STRATEGIC, "{\"spec\":{\"foo\":1}}");
    assertThat(refusal(() -> cluster.server.patch(key, patch.strict(), false)))
        .hasMessage(
            " \"\" is invalid: patch: Invalid value: \"map[spec:map[foo:1]]\": strict decoding"
                + " error: unknown field \"spec.foo\"");
    assertThat(cluster.server.patch(key, patch, false).spec().has("foo")).isFalse();
  }

  @Test
  void api_A_105_aDryRunWritesNothing() {
    Patch patch = Patch.of(PatchType.MERGE, "{\"spec\":{\"replicas\":5}}");
    KubeObject shown = cluster.server.patch(key, patch, true);
    assertThat(shown.spec().get("replicas")).isEqualTo(5L);
    assertThat(shown.generation()).isEqualTo(2);
    assertThat(cluster.server.get(key)).isEqualTo(deployment);
  }
}
