package dev.wavetank.core.apiserver;

import static dev.wavetank.core.apiserver.TestCluster.refusal;
import static dev.wavetank.core.apiserver.TestCluster.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Create, update and optimistic locking. */
class WriteRequestTest {

  private static final String CONFIG_MAP =
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c1, namespace: default}
      data: {a: b}
      """;
  private static final String DEPLOYMENT =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: d1, namespace: default, labels: {x: "1"}}
      spec:
        selector: {matchLabels: {app: d1}}
        template:
          metadata: {labels: {app: d1}}
          spec: {containers: [{name: c, image: i}]}
      """;

  private final TestCluster cluster = new TestCluster();
  private final ApiServer server = cluster.server;

  private static KubeObject metadata(KubeObject object, String field, Object value) {
    return object.with(value, "metadata", field);
  }

  private ApiException refusedUpdate(KubeObject object) {
    return refusal(() -> server.update(cluster.typeOf(object), object));
  }

  private ApiException refusedCreate(KubeObject object) {
    return refusal(() -> server.create(cluster.typeOf(object), object));
  }

  @Test
  void api_A_002_anAbsentObjectIsNotFound() {
    ObjectKey configMap = ObjectKey.of(ResourceType.CONFIG_MAPS, "default", "nope");
    ObjectKey deployment = ObjectKey.of(ResourceType.DEPLOYMENTS, "default", "d1");
    Status status = refusal(() -> server.get(configMap)).status();
    assertThat(status.code()).isEqualTo(404);
    assertThat(status.reason()).isEqualTo("NotFound");
    assertThat(status.message()).isEqualTo("configmaps \"nope\" not found");
    assertThat(refusal(() -> server.get(deployment)))
        .hasMessage("deployments.apps \"d1\" not found");
  }

  @Test
  void api_A_065_theServerGivesAnObjectItsIdentity() {
    KubeObject sent =
        yaml(CONFIG_MAP)
            .with("x", "metadata", "uid")
            .with("2001-01-01T00:00:00Z", "metadata", "creationTimestamp")
            .with("2001-01-01T00:00:00Z", "metadata", "deletionTimestamp")
            .with(5L, "metadata", "deletionGracePeriodSeconds")
            .with("/x", "metadata", "selfLink");
    KubeObject created = server.create(ResourceType.CONFIG_MAPS, sent);
    assertThat(created.uid())
        .matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
    assertThat(created.creationTimestamp()).isEqualTo("2026-01-01T00:00:00Z");
    assertThat(Long.parseLong(created.resourceVersion())).isPositive();
    assertThat(created.terminating()).isFalse();
    assertThat(created.metadata().has("deletionGracePeriodSeconds")).isFalse();
    assertThat(created.metadata().has("selfLink")).isFalse();
  }

  @Test
  void api_A_066_aTypeThatDoesNotManageGenerationKeepsTheClients() {
    KubeObject created =
        server.create(ResourceType.CONFIG_MAPS, metadata(yaml(CONFIG_MAP), "generation", 7L));
    assertThat(created.generation()).isEqualTo(7);
    KubeObject deployment =
        server.create(ResourceType.DEPLOYMENTS, metadata(yaml(DEPLOYMENT), "generation", 7L));
    assertThat(deployment.generation()).isEqualTo(1);
  }

  @Test
  void api_A_067_onlyAChangeOfTheSpecRaisesTheGeneration() {
    KubeObject created = cluster.create(DEPLOYMENT);
    KubeObject labelled =
        server.update(ResourceType.DEPLOYMENTS, created.with("2", "metadata", "labels", "x"));
    assertThat(labelled.generation()).isEqualTo(1);
    KubeObject scaled =
        server.update(ResourceType.DEPLOYMENTS, labelled.with(5L, "spec", "replicas"));
    assertThat(scaled.generation()).isEqualTo(2);
  }

  @Test
  void api_A_068_anUpdateThatChangesNothingWritesNothing() {
    KubeObject created = cluster.create(CONFIG_MAP);
    List<Commit> commits = new ArrayList<>();
    server.listen(commits::add);
    KubeObject sent = metadata(created, "resourceVersion", null);
    KubeObject answer = server.update(ResourceType.CONFIG_MAPS, sent);
    assertThat(answer.resourceVersion()).isEqualTo(created.resourceVersion());
    assertThat(commits).isEmpty();
  }

  @Test
  void api_A_069_oneCounterGivesAllKindsTheirVersions() {
    long before = Long.parseLong(cluster.create(CONFIG_MAP).resourceVersion());
    long after = Long.parseLong(cluster.create(DEPLOYMENT).resourceVersion());
    assertThat(after).isEqualTo(before + 1);
  }

  @Test
  void api_A_070_aNewObjectHasNoVersion() {
    ApiException refused = refusedCreate(metadata(yaml(CONFIG_MAP), "resourceVersion", "1"));
    assertThat(refused.code()).isEqualTo(500);
    assertThat(refused.reason()).isEmpty();
    assertThat(refused).hasMessage("resourceVersion should not be set on objects to be created");
  }

  @Test
  void api_A_071_aNameIsTakenOnce() {
    KubeObject created =
        server.create(
            ResourceType.CONFIG_MAPS,
            metadata(yaml(CONFIG_MAP), "finalizers", KubeList.of("example.com/x")));
    ApiException refused = refusedCreate(yaml(CONFIG_MAP));
    assertThat(refused.code()).isEqualTo(409);
    assertThat(refused.reason()).isEqualTo("AlreadyExists");
    assertThat(refused).hasMessage("configmaps \"c1\" already exists");
    server.delete(cluster.key(created), DeleteOptions.BACKGROUND);
    assertThat(refusedCreate(yaml(CONFIG_MAP)))
        .hasMessage("object is being deleted: configmaps \"c1\" already exists");
  }

  @Test
  void api_A_072_aStaleVersionIsAConflict() {
    KubeObject created = cluster.create(CONFIG_MAP);
    server.update(ResourceType.CONFIG_MAPS, created.with("c", "data", "a"));
    ApiException refused = refusedUpdate(created.with("d", "data", "a"));
    assertThat(refused.code()).isEqualTo(409);
    assertThat(refused.reason()).isEqualTo("Conflict");
    assertThat(refused)
        .hasMessage(
            "Operation cannot be fulfilled on configmaps \"c1\": the object has been modified;"
                + " please apply your changes to the latest version and try again");
  }

  @Test
  void api_A_073_anUpdateWithoutVersionOverwrites() {
    KubeObject created = cluster.create(CONFIG_MAP);
    server.update(ResourceType.CONFIG_MAPS, created.with("c", "data", "a"));
    KubeObject written =
        server.update(
            ResourceType.CONFIG_MAPS,
            metadata(created, "resourceVersion", null).with("d", "data", "a"));
    assertThat(written.at("data", "a")).isEqualTo("d");
  }

  @Test
  void api_A_073_aLeaseWantsItsVersion() {
    KubeObject lease =
        cluster.create(
            """
            apiVersion: coordination.k8s.io/v1
            kind: Lease
            metadata: {name: l, namespace: default}
            """);
    ApiException refused = refusedUpdate(metadata(lease, "resourceVersion", null));
    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused)
        .hasMessage(
            "leases.coordination.k8s.io \"l\" is invalid: metadata.resourceVersion: Invalid"
                + " value: 0: must be specified for an update");
  }

  @Test
  void api_A_074_anUpdateOfAnAbsentObjectIsNotFoundOrCreatesIt() {
    assertThat(refusedUpdate(yaml(CONFIG_MAP))).hasMessage("configmaps \"c1\" not found");
    KubeObject endpoints =
        yaml(
            """
            apiVersion: v1
            kind: Endpoints
            metadata: {name: e, namespace: default}
            """);
    assertThat(server.update(ResourceType.ENDPOINTS, endpoints).uid()).isNotEmpty();
  }

  @Test
  void api_A_075_aWrongUidIsAConflict() {
    KubeObject created = cluster.create(CONFIG_MAP);
    assertThat(refusedUpdate(metadata(created, "uid", "A")))
        .hasMessage(
            "Operation cannot be fulfilled on configmaps \"c1\": StorageError: invalid object,"
                + " Code: 4, Key: /registry/configmaps/default/c1, ResourceVersion: 0,"
                + " AdditionalErrorMsg: Precondition failed: UID in precondition: A, UID in object"
                + " meta: "
                + created.uid());
  }

  @Test
  void api_A_077_nothingIsCreatedInAnAbsentNamespace() {
    assertThat(refusedCreate(metadata(yaml(CONFIG_MAP), "namespace", "nons")))
        .hasMessage("namespaces \"nons\" not found");
  }

  @Test
  void api_A_078_aGeneratedNameEndsInFiveSymbols() {
    KubeObject sent =
        metadata(metadata(yaml(CONFIG_MAP), "name", null), "generateName", "a".repeat(70));
    KubeObject created = server.create(ResourceType.CONFIG_MAPS, sent);
    assertThat(created.name()).matches("a{58}[bcdfghjklmnpqrstvwxz2456789]{5}");
    assertThat(created.metadata().get("generateName")).isEqualTo("a".repeat(70));
    KubeObject named = metadata(sent, "name", "wins");
    assertThat(server.create(ResourceType.CONFIG_MAPS, named).name()).isEqualTo("wins");
  }

  @Test
  void wl_NAME_02_aSeedGivesTheSameNames() {
    KubeObject sent = metadata(metadata(yaml(CONFIG_MAP), "name", null), "generateName", "c-");
    String name = server.create(ResourceType.CONFIG_MAPS, sent).name();
    TestCluster other = new TestCluster();
    assertThat(other.server.create(ResourceType.CONFIG_MAPS, sent).name()).isEqualTo(name);
  }

  @Test
  void api_A_079_aNameIsRequired() {
    assertThat(refusedCreate(metadata(yaml(CONFIG_MAP), "name", null)))
        .hasMessage(
            "ConfigMap \"\" is invalid: metadata.name: Required value: name or generateName is"
                + " required");
  }

  @Test
  void api_A_080_theMessageDropsRepeatedErrorsAndTheCausesDoNot() {
    KubeObject sent =
        yaml(DEPLOYMENT)
            .with(KubeMap.of("bad key", "x", "bad key2", "x"), "metadata", "annotations");
    Status one = refusedCreate(sent).status();
    assertThat(one.code()).isEqualTo(422);
    assertThat(one.reason()).isEqualTo("Invalid");
    assertThat(one.message())
        .startsWith("Deployment.apps \"d1\" is invalid: [metadata.annotations:");
    assertThat(one.causes()).hasSize(2);
    assertThat(one.causes().get(0).reason()).isEqualTo("FieldValueInvalid");
    assertThat(one.causes().get(0).field()).isEqualTo("metadata.annotations");
  }

  @Test
  void api_A_087_aStatusThatIsSentIsDropped() {
    KubeObject sent = yaml(DEPLOYMENT).with(9L, "status", "replicas");
    KubeObject created = server.create(ResourceType.DEPLOYMENTS, sent);
    assertThat(created.status()).isEqualTo(KubeMap.EMPTY);
    KubeObject updated =
        server.update(ResourceType.DEPLOYMENTS, created.with(9L, "status", "replicas"));
    assertThat(updated.status()).isEqualTo(KubeMap.EMPTY);
  }

  @Test
  void api_A_088_aVersionIsANumber() {
    KubeObject created = cluster.create(CONFIG_MAP);
    ApiException refused = refusedUpdate(metadata(created, "resourceVersion", "abc"));
    assertThat(refused.code()).isEqualTo(500);
    assertThat(refused).hasMessage("strconv.ParseUint: parsing \"abc\": invalid syntax");
  }

  @Test
  void api_A_105_aDryRunCreatesNothing() {
    KubeObject shown = server.create(ResourceType.CONFIG_MAPS, yaml(CONFIG_MAP), true);
    assertThat(shown.uid()).isNotEmpty();
    assertThat(shown.creationTimestamp()).isNotEmpty();
    assertThat(shown.metadata().has("resourceVersion")).isFalse();
    assertThat(server.find(cluster.key(shown))).isNull();
  }

  @Test
  void api_A_105_aDryRunChecksEverything() {
    cluster.create(CONFIG_MAP);
    assertThat(refusal(() -> server.create(ResourceType.CONFIG_MAPS, yaml(CONFIG_MAP), true)))
        .hasMessage("configmaps \"c1\" already exists");
  }

  @Test
  void api_A_106_aDryRunReservesNoAddress() {
    String service =
        """
        apiVersion: v1
        kind: Service
        metadata: {name: s, namespace: default}
        spec: {clusterIP: 10.96.7.7, ports: [{port: 80}]}
        """;
    server.create(ResourceType.SERVICES, yaml(service), true);
    KubeObject created = cluster.create(service);
    assertThat(created.spec().get("clusterIP")).isEqualTo("10.96.7.7");
  }

  @Test
  void api_A_155_aStatusUpdateLeavesTheSpecAlone() {
    KubeObject created = cluster.create(DEPLOYMENT);
    KubeObject sent =
        created
            .with(9L, "status", "replicas")
            .with(9L, "spec", "replicas")
            .with("2", "metadata", "labels", "x")
            .with("y", "metadata", "annotations", "n");
    KubeObject updated = server.updateStatus(ResourceType.DEPLOYMENTS, sent);
    assertThat(updated.status().get("replicas")).isEqualTo(9L);
    assertThat(updated.spec()).isEqualTo(created.spec());
    assertThat(updated.labels()).as("labels of a Deployment").isEqualTo(KubeMap.of("x", "1"));
    assertThat(updated.annotations()).isEqualTo(KubeMap.of("n", "y"));
    assertThat(updated.generation()).isEqualTo(1);
  }

  @Test
  void api_A_155_theStatusOfAPodBringsLabelsButNoOwners() {
    KubeObject pod =
        cluster.create(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: p, namespace: default}
            spec: {containers: [{name: c, image: i}]}
            """);
    KubeObject sent =
        pod.with("y", "metadata", "labels", "n")
            .with(
                KubeList.of(KubeMap.of("apiVersion", "v1", "kind", "X", "name", "x", "uid", "u")),
                "metadata",
                "ownerReferences");
    KubeObject updated = server.updateStatus(ResourceType.PODS, sent);
    assertThat(updated.labels()).isEqualTo(KubeMap.of("n", "y"));
    assertThat(updated.ownerReferences().isEmpty()).isTrue();
  }

  @Test
  void api_A_157_aPodIsBoundOnce() {
    KubeObject pod =
        cluster.create(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: b1, namespace: default}
            spec: {containers: [{name: c, image: i}]}
            """);
    KubeObject bound = server.bind(cluster.key(pod), "n1");
    assertThat(bound.spec().get("nodeName")).isEqualTo("n1");
    assertThat(refusal(() -> server.bind(cluster.key(pod), "n2")))
        .hasMessage(
            "Operation cannot be fulfilled on pods/binding \"b1\": pod b1 is already assigned to"
                + " node \"n1\"");
  }

  @Test
  void api_A_035_apiVersionAndKindMayBeLeftOut() {
    KubeObject body = KubeObject.of(yaml(CONFIG_MAP).root().without("kind").without("apiVersion"));
    KubeObject decoded = server.decode(ResourceType.CONFIG_MAPS, body, true);
    assertThat(decoded).isEqualTo(yaml(CONFIG_MAP));
  }

  @Test
  void api_A_036_anotherKindOrVersionIsABadRequest() {
    KubeObject secret = yaml(CONFIG_MAP).with("Secret", "kind");
    assertThat(refusal(() -> server.decode(ResourceType.CONFIG_MAPS, secret, true)))
        .hasMessage(
            "Secret in version \"v1\" cannot be handled as a ConfigMap: converting (v1.Secret) to"
                + " (core.ConfigMap): unknown conversion");
    KubeObject beta = yaml(DEPLOYMENT).with("apps/v1beta1", "apiVersion");
    assertThat(refusal(() -> server.decode(ResourceType.DEPLOYMENTS, beta, true)))
        .hasMessage(
            "the API version in the data (apps/v1beta1) does not match the expected API version"
                + " (apps/v1)");
  }

  @Test
  void api_A_037_aWrongTypeIsABadRequest() {
    KubeObject body = yaml(DEPLOYMENT).with("x", "spec", "replicas");
    ApiException refused = refusal(() -> server.decode(ResourceType.DEPLOYMENTS, body, false));
    assertThat(refused.code()).isEqualTo(400);
    assertThat(refused)
        .hasMessage(
            "Deployment in version \"v1\" cannot be handled as a Deployment: json: cannot unmarshal"
                + " string into Go struct field DeploymentSpec.spec.replicas of type int32");
  }

  @Test
  void api_A_101_unknownFieldsRefuseAStrictRequest() {
    KubeObject body = yaml(CONFIG_MAP).with("x", "unknown").with("x", "metadata", "foo");
    assertThat(refusal(() -> server.decode(ResourceType.CONFIG_MAPS, body, true)))
        .hasMessage(
            "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: strict decoding error:"
                + " unknown field \"metadata.foo\", unknown field \"unknown\"");
  }

  @Test
  void api_A_102_otherwiseUnknownFieldsAreDropped() {
    KubeObject body = yaml(CONFIG_MAP).with("x", "unknown").with("x", "metadata", "foo");
    assertThat(server.decode(ResourceType.CONFIG_MAPS, body, false)).isEqualTo(yaml(CONFIG_MAP));
  }
}
