package dev.wavetank.core.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Manifest;
import dev.wavetank.core.api.Manifests;
import dev.wavetank.core.httpproxy.Backend;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class IngressTableTest {

  private static IngressTable table(String yaml) {
    return IngressTable.of(objects(yaml));
  }

  private static List<KubeObject> objects(String yaml) {
    List<KubeObject> objects = new ArrayList<>();
    for (Manifest manifest : Manifests.read("ingress.yaml", yaml)) {
      objects.add(manifest.object());
    }
    return objects;
  }

  private static String ingress(String name, String annotations, String rules) {
    return "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {namespace: shop, name: "
        + name
        + ", annotations: {"
        + annotations
        + "}}\nspec:\n  rules:\n"
        + rules
        + "---\n";
  }

  private static String rule(String host, String... paths) {
    StringBuilder text = new StringBuilder("  - host: \"" + host + "\"\n    http:\n      paths:\n");
    for (String path : paths) {
      String[] parts = path.split(" ", -1);
      text.append("      - {path: \"")
          .append(parts[0])
          .append("\", pathType: ")
          .append(parts[1])
          .append(", backend: {service: {name: ")
          .append(parts[2])
          .append(", port: {number: 80}}}}\n");
    }
    return text.toString();
  }

  private static @Nullable String service(IngressTable table, String host, String path) {
    Location found = table.find(host, path);
    Backend backend = found == null ? null : found.backend();
    return backend == null ? null : backend.service();
  }

  @Test
  void net_G_01_anExactPathIsComparedLetterByLetter() {
    IngressTable table = table(ingress("a", "", rule("x.test", "/foo Exact s")));
    assertThat(service(table, "x.test", "/foo")).isEqualTo("s");
    assertThat(service(table, "x.test", "/foo/")).isNull();
    assertThat(service(table, "x.test", "/Foo")).isNull();
  }

  @Test
  void net_G_01_aPrefixIsComparedElementByElement() {
    IngressTable table = table(ingress("a", "", rule("x.test", "/foo/ Prefix s")));
    assertThat(service(table, "x.test", "/foo")).isEqualTo("s");
    assertThat(service(table, "x.test", "/foo/")).isEqualTo("s");
    assertThat(service(table, "x.test", "/foo/bar/baz")).isEqualTo("s");
    assertThat(service(table, "x.test", "/foobar")).isNull();
  }

  @Test
  void net_G_01_theLongestPathWinsAndExactBeforePrefix() {
    IngressTable table =
        table(
            ingress(
                "a",
                "",
                rule("x.test", "/ Prefix all", "/a/b Prefix deep", "/a Prefix a", "/a/b Exact e")));
    assertThat(service(table, "x.test", "/a/b")).isEqualTo("e");
    assertThat(service(table, "x.test", "/a/b/c")).isEqualTo("deep");
    assertThat(service(table, "x.test", "/a/c")).isEqualTo("a");
    assertThat(service(table, "x.test", "/c")).isEqualTo("all");
  }

  @Test
  void net_G_03_aWildcardStandsForOneLabel() {
    IngressTable table =
        table(ingress("a", "", rule("*.x.test", "/ Prefix wild") + rule("b.x.test", "/ Prefix b")));
    assertThat(service(table, "a.x.test:8080", "/")).isEqualTo("wild");
    assertThat(service(table, "B.x.test", "/")).isEqualTo("b");
    assertThat(service(table, "c.a.x.test", "/")).isNull();
    assertThat(service(table, "x.test", "/")).isNull();
  }

  @Test
  void aHostWithRulesOfItsOwnDoesNotFallBackToRulesForAnyHost() {
    IngressTable table =
        table(ingress("a", "", rule("", "/ Prefix any") + rule("x.test", "/a Prefix a")));
    assertThat(service(table, "x.test", "/b")).isNull();
    assertThat(service(table, "y.test", "/b")).isEqualTo("any");
    assertThat(service(table, "10.0.0.1", "/")).isEqualTo("any");
  }

  @Test
  void net_G_05_theDefaultBackendTakesTheRest() {
    IngressTable table =
        table(
            """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {namespace: shop, name: d}
            spec: {defaultBackend: {service: {name: rest, port: {name: http}}}}
            """);
    assertThat(table.find("x.test", "/")).isNull();
    assertThat(table.defaultBackend()).isEqualTo(new Backend("shop", "rest", "http"));
  }

  @Test
  void net_G_08_aRegularExpressionMakesAllPathsOfItsHostSuch() {
    IngressTable table =
        table(
            ingress(
                    "a",
                    "nginx.ingress.kubernetes.io/use-regex: \"true\"",
                    rule("x.test", "/foo/.* ImplementationSpecific r"))
                + ingress("b", "", rule("x.test", "/foo/bar Exact e")));
    assertThat(service(table, "x.test", "/FOO/BAR")).isEqualTo("e");
    assertThat(service(table, "x.test", "/foo/bart")).isEqualTo("e");
    assertThat(service(table, "x.test", "/foo/other")).isEqualTo("r");
  }

  @Test
  void aRewriteNamesTheGroupsOfItsPath() {
    IngressTable table =
        table(
            ingress(
                "a",
                "nginx.ingress.kubernetes.io/rewrite-target: /$2",
                rule("x.test", "/api(/|$)(.*) ImplementationSpecific s")));
    Location found = table.find("x.test", "/api/v1/items");
    assertThat(found).isNotNull();
    assertThat(found.pathForBackend("/api/v1/items?page=2")).isEqualTo("/v1/items?page=2");
    assertThat(table.find("x.test", "/apis")).isNull();
  }

  @Test
  void aPathThatIsNoRegularExpressionMatchesNothing() {
    IngressTable table =
        table(
            ingress(
                "a",
                "nginx.ingress.kubernetes.io/use-regex: \"true\"",
                rule("x.test", "/a(b ImplementationSpecific s")));
    assertThat(service(table, "x.test", "/a(b")).isNull();
  }

  @Test
  void aCanaryJoinsTheRuleWithItsHostAndPath() {
    IngressTable table =
        table(
            ingress("a", "", rule("x.test", "/ Prefix main"))
                + ingress(
                    "b",
                    "nginx.ingress.kubernetes.io/canary: \"true\", "
                        + "nginx.ingress.kubernetes.io/canary-weight: \"20\"",
                    rule("x.test", "/ Prefix next")));
    Location found = table.find("x.test", "/");
    assertThat(found).isNotNull();
    assertThat(found.backend()).isEqualTo(new Backend("shop", "main", "80"));
    assertThat(found.canary())
        .isEqualTo(new Canary(new Backend("shop", "next", "80"), "", "", 20, 100));
  }

  @Property(tries = 100)
  void theOrderInWhichIngressesComeDoesNotMatter(@ForAll long seed) {
    String yaml =
        ingress("a", "", rule("x.test", "/a Prefix one", "/ Prefix all"))
            + ingress("b", "", rule("x.test", "/a Prefix two") + rule("*.test", "/ Prefix wild"))
            + ingress("c", "", rule("", "/ Prefix any", "/z Exact z"));
    List<KubeObject> shuffled = objects(yaml);
    Collections.shuffle(shuffled, new Random(seed));
    IngressTable expected = table(yaml);
    IngressTable table = IngressTable.of(shuffled);
    for (String host : List.of("x.test", "y.test", "else")) {
      for (String path : List.of("/", "/a", "/a/b", "/z", "/zz")) {
        assertThat(service(table, host, path)).isEqualTo(service(expected, host, path));
      }
    }
  }
}
