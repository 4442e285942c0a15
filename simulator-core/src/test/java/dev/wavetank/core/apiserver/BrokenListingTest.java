package dev.wavetank.core.apiserver;

import static dev.wavetank.core.apiserver.TestCluster.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ManifestException;
import dev.wavetank.core.api.Manifests;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import org.junit.jupiter.api.Test;

/** Listings of a printed book that lost their indentation, and what the user is told of them. */
class BrokenListingTest {

  private static final String PATH = "k8s/app/deployment.yaml";

  private static final String SHORTENED_DEPLOYMENT =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata:
        name: todobackend
        labels:
          app: todobackend
      ...
      ...
      """;

  private static final String AS_PRINTED =
      """
      apiVersion: v1
      kind: Service
      metadata:
       name: todobackend
      spec:
       selector:
       app: todobackend
       ports:
       - protocol: TCP
       port: 80
          targetPort: 8000
      ---
      """
          + SHORTENED_DEPLOYMENT;

  private static final String FLAT =
      """
      apiVersion: v1
      kind: Service
      metadata:
       name: todobackend
      spec:
       selector:
       app: todobackend
       ports:
       - protocol: TCP
       port: 80
       targetPort: 8000
      """;

  private final TestCluster cluster = new TestCluster();

  private KubeObject decode(KubeObject object, boolean strict) {
    ResourceType type = cluster.typeOf(object);
    return cluster.server.decode(type, object, strict);
  }

  @Test
  void seed_S_18_theBrokenListingFailsCleanly() {
    ManifestException refused =
        catchThrowableOfType(ManifestException.class, () -> Manifests.parse(PATH, AS_PRINTED));
    assertThat(refused.kubectlMessage())
        .isEqualTo(
            "error parsing k8s/app/deployment.yaml: error converting YAML to JSON: yaml: line 11:"
                + " mapping values are not allowed in this context");
    assertThat(refused.problems()).hasSize(1);
    assertThat(refused.problems().get(0).place().line()).isEqualTo(11);
    assertThat(
            catchThrowableOfType(ManifestException.class, () -> Manifests.read(PATH, AS_PRINTED)))
        .as("nothing of the file is read, also not what comes after")
        .isNotNull();
  }

  @Test
  void seed_S_19_aHalfRepairedServiceHasItsFieldsOnTheWrongLevel() {
    KubeObject service = Manifests.parse("svc-flat.yaml", FLAT).get(0).object();
    ApiException refused = refusal(() -> decode(service, true));
    assertThat(refused.code()).isEqualTo(400);
    assertThat(refused.reason()).isEqualTo("BadRequest");
    assertThat(refused)
        .hasMessage(
            "Service in version \"v1\" cannot be handled as a Service: strict decoding error:"
                + " unknown field \"spec.app\", unknown field \"spec.port\", unknown field"
                + " \"spec.targetPort\"");
  }

  @Test
  void seed_S_19_withoutValidationItsPortIsMissing() {
    KubeObject service = Manifests.parse("svc-flat.yaml", FLAT).get(0).object();
    KubeObject decoded = decode(service, false);
    Status status = refusal(() -> cluster.server.create(ResourceType.SERVICES, decoded)).status();
    assertThat(status.causes())
        .extracting(cause -> cause.field() + ": " + cause.message())
        .containsExactly(
            "spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive",
            "spec.ports[0].targetPort: Invalid value: 0: must be between 1 and 65535, inclusive");
    assertThat(cluster.server.list(ResourceType.SERVICES))
        .extracting(KubeObject::name)
        .containsExactly("kubernetes");
  }

  @Test
  void seed_S_20_threeDotsEndTheDocument() {
    KubeObject deployment = Manifests.parse(PATH, SHORTENED_DEPLOYMENT).get(0).object();
    KubeObject decoded = decode(deployment, true);
    Status status =
        refusal(() -> cluster.server.create(ResourceType.DEPLOYMENTS, decoded)).status();
    assertThat(status.code()).isEqualTo(422);
    assertThat(status.causes())
        .extracting(cause -> cause.field() + ": " + cause.message())
        .containsExactly(
            "spec.selector: Required value",
            "spec.template.metadata.labels: Invalid value: null: `selector` does not match template"
                + " `labels`",
            "spec.template.spec.containers: Required value");
  }
}
