package dev.wavetank.verification.conformance;

import org.junit.jupiter.api.Test;

/**
 * The tests whose requests are the same for every kind.
 *
 * <p>Follows test/e2e/apimachinery/flowcontrol.go, validatingadmissionpolicy.go and
 * mutatingadmissionpolicy.go, test/e2e/apps/cronjob.go, test/e2e/common/node/runtimeclass.go,
 * test/e2e/network/ingress.go, ingressclass.go and endpointslice.go, and
 * test/e2e/storage/csistoragecapacity.go (v1.36).
 */
class ApiOperationsConformanceTest {

  private static final String CONDITIONS_PATCH =
      "{status: {conditions: [{type: PatchStatusFailed, status: 'False', reason: e2e, message: m,"
          + " lastTransitionTime: '2024-01-01T00:00:00Z'}]}}";
  private static final String CONDITIONS_UPDATE =
      "{status: {conditions: [{type: StatusUpdateFailed, status: 'False', reason: E2E, message: Set"
          + " from an e2e test, lastTransitionTime: '2024-01-01T00:00:00Z'}]}}";
  private static final String DEPLOYMENTS_CREATED =
      "matchConstraints: {resourceRules: [{operations: [CREATE], apiGroups: [apps], apiVersions:"
          + " [v1], resources: [deployments]}]}";
  private static final String ADMISSION = "admissionregistration.k8s.io/v1";

  private final Framework framework = Framework.of("api-operations");

  @Test
  @Codename(
      "[sig-api-machinery] API priority and fairness should support FlowSchema API operations")
  void flowSchemas() {
    ApiOperations.of(
            "{spec: {matchingPrecedence: 10000, priorityLevelConfiguration: {name: global-default},"
                + " distinguisherMethod: {type: ByUser}, rules: [{subjects: [{kind: User, user:"
                + " {name: example-e2e-non-existent-user}}], nonResourceRules: [{verbs: ['*'],"
                + " nonResourceURLs: ['*']}]}]}}")
        .changed("{spec: {matchingPrecedence: 9999}}", "{spec: {matchingPrecedence: 9000}}")
        .status(CONDITIONS_PATCH, CONDITIONS_UPDATE)
        .check(framework, "flowcontrol.apiserver.k8s.io/v1", "flowschemas");
  }

  @Test
  @Codename(
      "[sig-api-machinery] API priority and fairness should support PriorityLevelConfiguration API"
          + " operations")
  void priorityLevelConfigurations() {
    ApiOperations.of(
            "{spec: {type: Limited, limited: {nominalConcurrencyShares: 2, limitResponse: {type:"
                + " Reject}}}}")
        .changed(
            "{spec: {limited: {nominalConcurrencyShares: 4}}}",
            "{spec: {limited: {nominalConcurrencyShares: 6}}}")
        .status(CONDITIONS_PATCH, CONDITIONS_UPDATE)
        .check(framework, "flowcontrol.apiserver.k8s.io/v1", "prioritylevelconfigurations");
  }

  @Test
  @Codename(
      "[sig-api-machinery] ValidatingAdmissionPolicy [Privileged:ClusterAdmin] should support"
          + " ValidatingAdmissionPolicy API operations")
  void validatingAdmissionPolicies() {
    ApiOperations.of(
            "{spec: {validations: [{expression: object.spec.replicas <= 100}], "
                + DEPLOYMENTS_CREATED
                + "}}")
        .changed("{spec: {failurePolicy: Ignore}}", "{spec: {failurePolicy: Fail}}")
        .status(CONDITIONS_PATCH, CONDITIONS_UPDATE)
        .check(framework, ADMISSION, "validatingadmissionpolicies");
  }

  @Test
  @Codename(
      "[sig-api-machinery] ValidatingAdmissionPolicy [Privileged:ClusterAdmin] should support"
          + " ValidatingAdmissionPolicyBinding API operations")
  void validatingAdmissionPolicyBindings() {
    ApiOperations.of(
            "{spec: {policyName: replicalimit-policy.example.com, validationActions: [Deny]}}")
        .changed("{spec: {validationActions: [Warn]}}", "{spec: {validationActions: [Deny]}}")
        .check(framework, ADMISSION, "validatingadmissionpolicybindings");
  }

  @Test
  @Codename(
      "[sig-api-machinery] MutatingAdmissionPolicy [Privileged:ClusterAdmin] should support"
          + " MutatingAdmissionPolicy API operations")
  void mutatingAdmissionPolicies() {
    ApiOperations.of(
            "{spec: {reinvocationPolicy: Never, mutations: [{patchType: ApplyConfiguration,"
                + " applyConfiguration: {expression: 'Object{spec: Object.spec{replicas: 100}}'}}], "
                + DEPLOYMENTS_CREATED
                + "}}")
        .changed("{spec: {reinvocationPolicy: IfNeeded}}", "{spec: {reinvocationPolicy: Never}}")
        .check(framework, ADMISSION, "mutatingadmissionpolicies");
  }

  @Test
  @Codename(
      "[sig-api-machinery] MutatingAdmissionPolicy [Privileged:ClusterAdmin] should support"
          + " MutatingAdmissionPolicyBinding API operations")
  void mutatingAdmissionPolicyBindings() {
    ApiOperations.of("{spec: {policyName: replicalimit-policy.example.com}}")
        .changed(
            "{spec: {policyName: replicalimit-policy2.example.com}}",
            "{spec: {policyName: replicalimit-policy.example.com}}")
        .check(framework, ADMISSION, "mutatingadmissionpolicybindings");
  }

  @Test
  @Codename("[sig-apps] CronJob should support CronJob API operations")
  void cronJobs() {
    ApiOperations.of(
            "{spec: {schedule: '* */1 * * ?', concurrencyPolicy: Allow, successfulJobsHistoryLimit:"
                + " 1, failedJobsHistoryLimit: 0, jobTemplate: {spec: {parallelism: 1, completions:"
                + " 1, template: {spec: {restartPolicy: OnFailure, containers: [{name: c, image:"
                + " busybox, command: ['true']}]}}}}}}")
        .named("for-removal test-api")
        .status(
            "{metadata: {annotations: {patchedstatus: 'true'}}, status: {lastScheduleTime:"
                + " '2026-01-01T00:00:00Z'}}",
            "{status: {lastScheduleTime: '2026-01-01T00:01:00Z'}}")
        .checkNamespaced(framework, "batch/v1", "cronjobs");
  }

  @Test
  @Codename("[sig-node] RuntimeClass should support RuntimeClasses API operations")
  void runtimeClasses() {
    ApiOperations.of("{handler: e2e-handler}").check(framework, "node.k8s.io/v1", "runtimeclasses");
  }

  @Test
  @Codename("[sig-network] Ingress API should support creating Ingress API operations")
  void ingresses() {
    ApiOperations.of(
            "{spec: {defaultBackend: {service: {name: default-backend, port: {number: 8080}}},"
                + " rules: [{host: foo.bar.com, http: {paths: [{path: /, pathType:"
                + " ImplementationSpecific, backend: {service: {name: test-backend, port: {number:"
                + " 8080}}}}]}}]}}")
        .status(
            "{metadata: {annotations: {patchedstatus: 'true'}}, status: {loadBalancer: {ingress:"
                + " [{ip: 169.1.1.1}]}}}",
            "{status: {loadBalancer: {ingress: [{ip: 169.1.1.2}]}}}")
        .checkNamespaced(framework, "networking.k8s.io/v1", "ingresses");
  }

  @Test
  @Codename("[sig-network] IngressClass API should support creating IngressClass API operations")
  void ingressClasses() {
    ApiOperations.of("{spec: {controller: example.com/controller}}")
        .check(framework, "networking.k8s.io/v1", "ingressclasses");
  }

  @Test
  @Codename("[sig-network] EndpointSlice should support creating EndpointSlice API operations")
  void endpointSlices() {
    ApiOperations.of(
            "{addressType: IPv4, endpoints: [{addresses: [1.2.3.4, 5.6.7.8]}, {addresses: [2.2.3.4,"
                + " 6.6.7.8]}]}")
        .changed("{}", "{endpoints: [{addresses: [4.3.2.1]}]}")
        .checkNamespaced(framework, "discovery.k8s.io/v1", "endpointslices");
  }

  @Test
  @Codename("[sig-storage] CSIStorageCapacity should support CSIStorageCapacities API operations")
  void storageCapacities() {
    ApiOperations.of("{storageClassName: e2e.example.com}")
        .changed("{}", "{capacity: 10Gi}")
        .checkNamespaced(framework, "storage.k8s.io/v1", "csistoragecapacities");
  }

  @Test
  @Codename("[sig-network] ServiceCIDR and IPAddress API should support IPAddress API operations")
  void ipAddresses() {
    ApiOperations.of(
            "{spec: {parentRef: {group: mygroup, resource: myresources, namespace: foo, name:"
                + " bar}}}")
        .named("fe80::42:1dff:fe84:f9e2 255.255.255.255")
        .check(framework, "networking.k8s.io/v1", "ipaddresses");
  }
}
