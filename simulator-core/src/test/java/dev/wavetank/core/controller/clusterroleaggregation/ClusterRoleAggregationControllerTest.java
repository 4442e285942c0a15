package dev.wavetank.core.controller.clusterroleaggregation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.Json;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Manifests;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.controller.ControlPlane;
import org.junit.jupiter.api.Test;

class ClusterRoleAggregationControllerTest {

  private final ControlPlane plane = new ControlPlane().withRegistry();

  private void role(String yaml) {
    KubeObject role =
        Manifests.parse(
                "test.yaml",
                "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, " + yaml + "}")
            .get(0)
            .object();
    plane.server.create(ResourceType.CLUSTER_ROLES, role);
  }

  private KubeObject found(String name) {
    plane.simulation.runUntil(plane.simulation.now() + 5 * ControlPlane.SECOND);
    return plane.server.get(ObjectKey.of(ResourceType.CLUSTER_ROLES, "", name));
  }

  @Test
  void rulesOfSelectedRolesAreAddedUp() {
    new ClusterRoleAggregationController(plane.server);
    role("metadata: {name: all}, aggregationRule: {clusterRoleSelectors: [{matchLabels: {a: b}}]}");
    role(
        "metadata: {name: part, labels: {a: b}}, rules: [{verbs: [get], apiGroups: [x],"
            + " resources: [things]}]");
    assertThat(Json.write(found("all").root().listOrEmpty("rules")))
        .isEqualTo("[{\"verbs\":[\"get\"],\"apiGroups\":[\"x\"],\"resources\":[\"things\"]}]");
  }

  @Test
  void aRoleForWhoEditsReachesTheAdministratorToo() {
    new ClusterRoleAggregationController(plane.server);
    role(
        "metadata: {name: crons, labels: {rbac.authorization.k8s.io/aggregate-to-edit: 'true'}},"
            + " rules: [{verbs: ['*'], apiGroups: [ex.io], resources: [crons]}]");
    assertThat(Json.write(found("edit").root().listOrEmpty("rules"))).contains("ex.io");
    assertThat(Json.write(found("admin").root().listOrEmpty("rules"))).contains("ex.io");
  }

  @Test
  void theRolesThatAClusterBeginsWithAreCompleteAlready() {
    String before = found("admin").resourceVersion();
    new ClusterRoleAggregationController(plane.server);
    role("metadata: {name: other}, rules: [{verbs: [get], apiGroups: [x], resources: [things]}]");
    assertThat(found("admin").resourceVersion()).isEqualTo(before);
    assertThat(found("view").root().listOrEmpty("rules").isEmpty()).isFalse();
  }
}
