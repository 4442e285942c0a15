package dev.wavetank.core.apiserver;

import static dev.wavetank.core.apiserver.TestCluster.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which Ingresses and IngressClasses the server refuses, in which words, and the default class. */
class IngressValidationTest {

  private static final String WEB = "backend: {service: {name: web, port: {number: 80}}}";
  private static final String PATH = "{path: /, pathType: Prefix, " + WEB + "}";
  private static final String RULES = "rules: [{http: {paths: [" + PATH + "]}}]";
  private static final String AT = "spec.rules[0].http.paths[0].";

  private final TestCluster cluster = new TestCluster();

  private static KubeObject ingress(String annotations, String spec) {
    return yaml(
        "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: x, namespace: default,"
            + " annotations: {%s}}, spec: {%s}}".formatted(annotations, spec));
  }

  private static KubeObject ingressClass(String name, String annotations, String controller) {
    return yaml(
        "{apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: %s, annotations:"
                .formatted(name)
            + " {%s}}, spec: {controller: %s}}".formatted(annotations, controller));
  }

  private String refused(String spec) {
    return cluster.refused(ingress("", spec));
  }

  private String refusedPath(String path) {
    return refused("rules: [{http: {paths: [{" + path + ", " + WEB + "}]}}]");
  }

  private String refusedBackend(String backend) {
    return refused("defaultBackend: {" + backend + "}");
  }

  private KubeObject created(KubeObject object) {
    return cluster.server.create(cluster.typeOf(object), object);
  }

  @Test
  void net_G_02_aPathNeedsAType() {
    assertThat(refusedPath("path: /"))
        .isEqualTo(AT + "pathType: Required value: pathType must be specified");
    assertThat(refusedPath("path: /, pathType: Glob"))
        .isEqualTo(
            AT
                + "pathType: Unsupported value: \"Glob\": supported values: \"Exact\","
                + " \"ImplementationSpecific\", \"Prefix\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Exact", "Prefix", "ImplementationSpecific"})
  void net_G_02_aPathBeginsWithASlash(String type) {
    assertThat(refusedPath("path: foo, pathType: " + type))
        .isEqualTo(AT + "path: Invalid value: \"foo\": must be an absolute path");
  }

  @ParameterizedTest
  @CsvSource({
    "/a//b, must not contain '//'",
    "/a/./b, must not contain '/./'",
    "/a/../b, must not contain '/../'",
    "/a%2fb, must not contain '%2f'",
    "/a%2Fb, must not contain '%2F'",
    "/a/.., cannot end with '/..'",
    "/a/., cannot end with '/.'",
  })
  void net_G_02_aPathIsNormal(String path, String words) {
    for (String type : new String[] {"Exact", "Prefix"}) {
      assertThat(refusedPath("path: \"" + path + "\", pathType: " + type))
          .isEqualTo(AT + "path: Invalid value: \"" + path + "\": " + words);
    }
  }

  @Test
  void net_G_02_aControllerMayHavePathsOfItsOwn() {
    String path = "rules: [{http: {paths: [{%s, pathType: ImplementationSpecific, " + WEB + "}]}}]";
    assertThat(created(ingress("", path.formatted("path: /a/../.*"))).name()).isEqualTo("x");
  }

  @Test
  void net_G_03_aHostIsNoAddress() {
    assertThat(refused("rules: [{host: 10.0.0.1, http: {paths: [" + PATH + "]}}]"))
        .isEqualTo(
            "spec.rules[0].host: Invalid value: \"10.0.0.1\": must be a DNS name, not an IP"
                + " address");
  }

  @Test
  void net_G_03_aStarIsAWholeLabelAndTheFirst() {
    for (String host : new String[] {"*.*.test", "a.*.test", "a*.test"}) {
      assertThat(refused("rules: [{host: \"" + host + "\", http: {paths: [" + PATH + "]}}]"))
          .startsWith(
              "spec.rules[0].host: Invalid value: \"" + host + "\": a wildcard DNS-1123 subdomain");
    }
  }

  @Test
  void net_G_04_anIngressNeedsRulesOrADefaultBackend() {
    assertThat(refused("ingressClassName: nginx"))
        .isEqualTo(
            "spec: Invalid value: null: either `defaultBackend` or `rules` must be specified");
    assertThat(refused("rules: [{http: {paths: []}}]"))
        .isEqualTo("spec.rules[0].http.paths: Required value");
  }

  @Test
  void net_G_04_aBackendIsAServiceOrAResource() {
    String resource = "resource: {apiGroup: k8s.example.com, kind: Bucket, name: a}";
    String service = "service: {name: web, port: {number: 80}}";
    assertThat(refusedBackend(resource + ", " + service))
        .isEqualTo(
            "spec.defaultBackend: Invalid value: \"\": cannot set both resource and service"
                + " backends");
    assertThat(refusedBackend(""))
        .isEqualTo(
            "spec.defaultBackend: Invalid value: \"\": resource or service backend is required");
    assertThat(created(ingress("", "defaultBackend: {" + resource + "}")).name()).isEqualTo("x");
  }

  @Test
  void net_G_04_aPortHasANameOrANumber() {
    assertThat(refusedBackend("service: {name: web, port: {name: http, number: 80}}"))
        .isEqualTo(
            "spec.defaultBackend: Invalid value: \"\": cannot set both port name & port number");
    assertThat(refusedBackend("service: {name: web}"))
        .isEqualTo("spec.defaultBackend: Required value: port name or number is required");
    assertThat(refusedBackend("service: {port: {number: 80}}"))
        .isEqualTo("spec.defaultBackend.service.name: Required value");
    assertThat(refusedBackend("service: {name: web, port: {number: 70000}}"))
        .isEqualTo(
            "spec.defaultBackend.service.port.number: Invalid value: 70000: must be between 1 and"
                + " 65535, inclusive");
  }

  @Test
  void net_G_07_aNewIngressGetsTheDefaultClass() {
    String isDefault = "ingressclass.kubernetes.io/is-default-class: \"true\"";
    created(ingressClass("plain", "", "example.com/a"));
    assertThat(created(ingress("", RULES)).spec().has("ingressClassName")).isFalse();
    created(ingressClass("old", isDefault, "example.com/b"));
    cluster.simulation.runUntil(10_000_000_000L);
    created(ingressClass("new", isDefault, "example.com/c"));
    KubeObject second = ingress("", RULES).with("second", "metadata", "name");
    assertThat(created(second).spec().string("ingressClassName")).isEqualTo("new");
  }

  @Test
  void net_G_07_anIngressThatSaysItsClassKeepsIt() {
    created(
        ingressClass(
            "usual", "ingressclass.kubernetes.io/is-default-class: \"true\"", "example.com/a"));
    KubeObject named = created(ingress("", "ingressClassName: other, " + RULES));
    assertThat(named.spec().string("ingressClassName")).isEqualTo("other");
    KubeObject old =
        ingress("kubernetes.io/ingress.class: other", RULES).with("second", "metadata", "name");
    assertThat(created(old).spec().has("ingressClassName")).isFalse();
  }

  @Test
  void net_G_07_theOldAnnotationMustMatchTheField() {
    String path = "annotations.kubernetes.io/ingress.class: ";
    assertThat(
            cluster.refused(
                ingress("kubernetes.io/ingress.class: a", "ingressClassName: b, " + RULES)))
        .isEqualTo(
            path + "Invalid value: \"a\": must match `ingressClassName` when both are specified");
    created(ingress("kubernetes.io/ingress.class: a", "ingressClassName: a, " + RULES));
  }

  @Test
  void net_G_07_aControllersNameIsAPathWithADomainOfAtMost250Characters() {
    assertThat(cluster.refused(ingressClass("c", "", "nginx")))
        .isEqualTo(
            "spec.controller: Invalid value: \"nginx\": must be a domain-prefixed path (such as"
                + " \"acme.io/foo\")");
    String longest = "acme.io/" + "a".repeat(242);
    assertThat(cluster.refused(ingressClass("c", "", longest + "a")))
        .isEqualTo("spec.controller: Too long: may not be more than 250 bytes");
    created(ingressClass("c", "", longest));
  }

  @Test
  void net_G_07_aControllerNeverChanges() {
    created(ingressClass("c", "", "example.com/a"));
    assertThat(cluster.refusedUpdate(ingressClass("c", "", "example.com/b")))
        .isEqualTo("spec.controller: Invalid value: \"example.com/b\": field is immutable");
  }
}
