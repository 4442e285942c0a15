package dev.wavetank.verification.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeObject;
import dev.wavetank.verification.conformance.Framework.Answer;
import org.junit.jupiter.api.Test;

/**
 * Follows test/e2e/apimachinery/validatingadmissionpolicy.go and mutatingadmissionpolicy.go
 * (v1.36).
 */
class AdmissionPoliciesConformanceTest {

  private static final String ADMISSION = "admissionregistration.k8s.io/v1";
  private static final String MATCH =
      "matchConstraints: {namespaceSelector: {matchLabels: {policy: e2e}}, resourceRules:"
          + " [{operations: ['*'], apiGroups: [apps], apiVersions: [v1], resources:"
          + " [deployments]}]}";

  private final Framework framework = Framework.of("policies");
  private final Resource deployments = framework.namespaced("apps/v1", "deployments");

  AdmissionPoliciesConformanceTest() {
    framework
        .resource("v1", "namespaces")
        .patch(Resource.MERGE, framework.namespace(), "{metadata: {labels: {policy: e2e}}}");
  }

  private static String workload(String name, int replicas) {
    return "{metadata: {name: "
        + name
        + ", labels: {app: a}}, spec: {replicas: "
        + replicas
        + ", selector: {matchLabels: {app: a}}, template: {metadata: {labels: {app: a}}, spec:"
        + " {containers: [{name: c, image: nginx}]}}}}";
  }

  private void validate(String spec) {
    framework
        .resource(ADMISSION, "validatingadmissionpolicies")
        .create(
            "{metadata: {name: policy.example.com}, spec: {failurePolicy: Fail, "
                + MATCH
                + ", "
                + spec
                + "}}");
    framework
        .resource(ADMISSION, "validatingadmissionpolicybindings")
        .create(
            "{metadata: {name: binding.example.com}, spec: {policyName: policy.example.com,"
                + " validationActions: [Deny], matchResources: {namespaceSelector: {matchLabels:"
                + " {policy: e2e}}}}}");
  }

  /** Waits until a Deployment of one replica is refused and gives the refusal. */
  private Answer refusal() {
    Answer[] last = new Answer[1];
    framework.await(
        () -> {
          last[0] = deployments.tryCreate(workload("marker-deployment", 1));
          if (last[0].code() == 201) {
            deployments.delete("marker-deployment");
          }
          return last[0].code() != 201;
        });
    return last[0];
  }

  @Test
  @Codename(
      "[sig-api-machinery] ValidatingAdmissionPolicy [Privileged:ClusterAdmin] should validate"
          + " against a Deployment")
  void aDeploymentIsValidated() {
    validate(
        "validations: [{expression: object.spec.replicas > 1, messageExpression: \"'wants replicas >"
            + " 1, got ' + object.spec.replicas\"}, {expression:"
            + " \"namespaceObject.metadata.name == '"
            + framework.namespace()
            + "'\", message: Internal error! Other namespace should not be allowed.}]");
    Answer answer = refusal();
    assertThat(answer.code()).isEqualTo(422);
    assertThat(answer.reason()).isEqualTo("Invalid");
    assertThat(answer.message()).contains("failed expression: object.spec.replicas > 1");
    deployments.create(workload("replicated", 2));
    framework.namespaced("apps/v1", "replicasets").create(workload("non-replicated", 1));
  }

  @Test
  @Codename(
      "[sig-api-machinery] ValidatingAdmissionPolicy [Privileged:ClusterAdmin] should allow"
          + " expressions to refer variables.")
  void expressionsReferToVariables() {
    validate(
        "variables: [{name: replicas, expression: object.spec.replicas}, {name: oddReplicas,"
            + " expression: variables.replicas % 2 == 1}], validations: [{expression:"
            + " variables.replicas > 1}, {expression: variables.oddReplicas}]");
    assertThat(refusal().reason()).isEqualTo("Invalid");
    deployments.create(workload("replicated", 3));
    assertThat(deployments.tryCreate(workload("even", 2)).code()).isEqualTo(422);
    framework.namespaced("apps/v1", "replicasets").create(workload("non-replicated", 1));
  }

  /** Waits until a Deployment is created as it should be. */
  private void expectMutated(String expression, String expected) {
    framework
        .resource(ADMISSION, "mutatingadmissionpolicies")
        .create(
            "{metadata: {name: policy.example.com}, spec: {failurePolicy: Fail, reinvocationPolicy:"
                + " Never, "
                + MATCH
                + ", mutations: [{patchType: ApplyConfiguration, applyConfiguration: {expression: '"
                + expression
                + "'}}]}}");
    framework
        .resource(ADMISSION, "mutatingadmissionpolicybindings")
        .create(
            "{metadata: {name: binding.example.com}, spec: {policyName: policy.example.com,"
                + " matchResources: {namespaceSelector: {matchLabels: {policy: e2e}}}}}");
    KubeObject[] last = new KubeObject[1];
    framework.await(
        () -> {
          last[0] = deployments.create(workload("marker-deployment", 1));
          deployments.delete("marker-deployment");
          return last[0].at("spec", "replicas").equals(1337L)
              || last[0].annotations().has("mutated-by");
        });
    Yaml.expect(last[0], expected);
  }

  @Test
  @Codename(
      "[sig-api-machinery] MutatingAdmissionPolicy [Privileged:ClusterAdmin] should mutate a"
          + " Deployment")
  void aDeploymentIsMutated() {
    expectMutated("Object{spec: Object.spec{replicas: 1337}}", "{spec: {replicas: 1337}}");
  }

  @Test
  @Codename(
      "[sig-api-machinery] MutatingAdmissionPolicy [Privileged:ClusterAdmin] should mutate a"
          + " Deployment with annotations")
  void aDeploymentIsAnnotated() {
    expectMutated(
        "Object{metadata: Object.metadata{annotations: {\"mutated-by\": \"admission-policy\"}}}",
        "{metadata: {annotations: {mutated-by: admission-policy}}}");
  }
}
