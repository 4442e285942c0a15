package dev.wavetank.verification.conformance;

import com.google.common.collect.ImmutableList;
import org.junit.jupiter.api.Test;

/** Follows test/e2e/dra/dra.go (v1.36). */
class DynamicResourceAllocationConformanceTest {

  private static final String RESOURCE = "resource.k8s.io/v1";
  private static final String CLAIM =
      "spec: {devices: {requests: [{name: req-0, exactly: {deviceClassName: dra.example.com}}]}}";
  private static final String LABELLED = "{metadata: {labels: {test.dra.example.com: test}}}";
  private static final ImmutableList<String> STRATEGIC = ImmutableList.of(Resource.STRATEGIC);

  private final Framework framework = Framework.of("dra");

  @Test
  @Codename("[sig-node] [DRA] CRUD Tests resource.k8s.io/v1 DeviceClass")
  void deviceClasses() {
    new CrudOperations(
            "{spec: {selectors: [{cel: {expression: 'false'}}]}}",
            "{spec: {selectors: [{cel: {expression: 1 == 0}}]}}",
            "",
            STRATEGIC)
        .check(framework, RESOURCE, framework.resource(RESOURCE, "deviceclasses"));
  }

  @Test
  @Codename("[sig-node] [DRA] CRUD Tests resource.k8s.io/v1 ResourceClaim")
  void resourceClaims() {
    new CrudOperations(
            "{" + CLAIM + "}",
            LABELLED,
            "{status: {allocation: {}}}",
            ImmutableList.of(Resource.STRATEGIC, Resource.APPLY, Resource.MERGE, Resource.JSON))
        .check(framework, RESOURCE, framework.namespaced(RESOURCE, "resourceclaims"));
  }

  @Test
  @Codename("[sig-node] [DRA] CRUD Tests resource.k8s.io/v1 ResourceClaimTemplate")
  void resourceClaimTemplates() {
    new CrudOperations("{spec: {" + CLAIM + "}}", LABELLED, "", STRATEGIC)
        .check(framework, RESOURCE, framework.namespaced(RESOURCE, "resourceclaimtemplates"));
  }

  @Test
  @Codename("[sig-node] [DRA] CRUD Tests resource.k8s.io/v1 ResourceSlice")
  void resourceSlices() {
    new CrudOperations(
            "{spec: {driver: dra.example.com, pool: {name: cluster, generation: 1,"
                + " resourceSliceCount: 1}, nodeName: no-such-node}}",
            "{spec: {devices: [{name: device-0}]}}",
            "",
            STRATEGIC)
        .check(framework, RESOURCE, framework.resource(RESOURCE, "resourceslices"));
  }
}
