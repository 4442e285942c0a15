package dev.wavetank.core.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class UnhonouredFieldsTest {

  private static List<String> of(String yaml) {
    return UnhonouredFields.of(Manifests.parse("test.yaml", yaml).get(0).object());
  }

  @Test
  void aPodsFieldsWithoutEffectAreListedWithTheirPlaces() {
    assertThat(
            of(
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: p}
                spec:
                  hostPID: true
                  containers:
                  - {name: a, image: i}
                  - name: b
                    image: i
                    securityContext: {runAsUser: 7, privileged: true}
                    volumeMounts: [{name: v, mountPath: /v, mountPropagation: Bidirectional}]
                  volumes: [{name: v, nfs: {server: s, path: /x}}]
                """))
        .containsExactly(
            "spec.hostPID",
            "spec.containers[1].securityContext.privileged",
            "spec.containers[1].volumeMounts[0].mountPropagation",
            "spec.volumes[0].nfs");
  }

  @Test
  void aTemplatesFieldsAreListedToo() {
    assertThat(
            of(
                """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: d}
                spec:
                  replicas: 2
                  template:
                    spec:
                      hostPID: true
                      containers: [{name: app, securityContext: {privileged: true}}]
                """))
        .containsExactly(
            "spec.template.spec.hostPID",
            "spec.template.spec.containers[0].securityContext.privileged");
  }

  @Test
  void emptyValuesAndDefaultsDoNotCount() {
    assertThat(
            of(
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: p, selfLink: ""}
                spec:
                  hostPID: false
                  securityContext: {}
                  imagePullSecrets: []
                  hostIPC: null
                  volumes: [{name: v, configMap: {name: c, defaultMode: 420}}]
                """))
        .isEmpty();
  }

  @Test
  void statusDoesNotCount() {
    assertThat(
            of(
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: p}
                status: {containerStatuses: [{volumeMounts: [{mountPath: /x}]}]}
                """))
        .isEmpty();
  }

  @Test
  void anUnknownKindHasNone() {
    assertThat(of("{apiVersion: example.com/v1, kind: X, spec: {a: b}}")).isEmpty();
  }
}
