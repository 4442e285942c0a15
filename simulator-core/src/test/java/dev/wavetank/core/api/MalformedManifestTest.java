package dev.wavetank.core.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever is wrong with a manifest, the user gets its place and never another exception. */
class MalformedManifestTest {

  private static final String FILE = "web.yaml";

  private static final ImmutableList<String> MANIFESTS =
      ImmutableList.of(
          """
          apiVersion: v1
          kind: Service
          metadata:
            name: web
            labels: &labels {app: web, "quoted": 'x'}
          spec:
            selector: *labels
            ports:
            - protocol: TCP
              port: 80
              targetPort: 8000
          ---
          # a Deployment
          apiVersion: apps/v1
          kind: Deployment
          metadata: {name: web}
          spec:
            replicas: 2
            selector: {matchLabels: {app: web}}
            template:
              metadata: {labels: {app: web}}
              spec:
                containers:
                - name: web
                  image: "nginx:1.27"
                  command: ["a", "b"]
                  resources: {limits: {cpu: 100m, memory: 64Mi}}
                  env:
                  - name: TEXT
                    value: |
                      two
                      lines
          """,
          """
          {"apiVersion": "v1", "kind": "List", "items": [
            {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"},
             "data": {"a": "aGVsbG8="}},
            {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"},
             "spec": {"containers": [{"name": "c", "image": "i", "ports": [{"containerPort": 80}]}],
                      "activeDeadlineSeconds": 1e3, "hostNetwork": true}}]}
          """);

  /** Replaces a part of the text: nothing is an insertion, an empty text a deletion. */
  record Mutation(double place, int length, String text) {
    String of(String manifest) {
      int from = (int) (place * manifest.length());
      int to = Math.min(manifest.length(), from + length);
      return manifest.substring(0, from) + text + manifest.substring(to);
    }
  }

  @Provide
  Arbitrary<String> mutated() {
    Arbitrary<String> texts =
        Arbitraries.oneOf(
            Arbitraries.of(
                "",
                " ",
                "\n",
                "\t",
                ":",
                "- ",
                "{",
                "}",
                "[",
                "]",
                "\"",
                "'",
                "#",
                "&a ",
                "*a",
                "*labels",
                "!!int ",
                "? ",
                "|",
                ">",
                "%",
                "---\n",
                "...\n",
                "null",
                "~",
                "true",
                "1e999",
                "0x",
                "<<: ",
                "\u0000",
                "\uFEFF",
                "\uD800",
                "\u2028",
                "{{x}}",
                "apiVersion: v2\n"),
            Arbitraries.strings().ascii().ofMaxLength(8),
            Arbitraries.strings().ofMaxLength(4));
    Arbitrary<Mutation> mutations =
        Combinators.combine(
                Arbitraries.doubles().between(0, 1), Arbitraries.integers().between(0, 12), texts)
            .as(Mutation::new);
    return Combinators.combine(
            Arbitraries.of(MANIFESTS), mutations.list().ofMinSize(1).ofMaxSize(6))
        .as(
            (manifest, changes) -> {
              String text = manifest;
              for (Mutation change : changes) {
                text = change.of(text);
              }
              return text;
            });
  }

  private static void readsOrNamesThePlace(Runnable read) {
    try {
      read.run();
    } catch (ManifestException e) {
      List<ManifestException.Problem> problems = e.problems();
      assertThat(problems).isNotEmpty();
      for (ManifestException.Problem problem : problems) {
        assertThat(problem.place().file()).isEqualTo(FILE);
        assertThat(problem.place().line()).isPositive();
        assertThat(problem.place().column()).isPositive();
        assertThat(problem.message()).isNotBlank();
      }
      assertThat(e.getMessage()).startsWith(FILE + ":");
    }
  }

  @Property(tries = 2000)
  void aMutatedManifestIsReadOrRefusedWithItsPlace(@ForAll("mutated") String text) {
    readsOrNamesThePlace(() -> Manifests.read(FILE, text));
  }

  @Property(tries = 1000)
  void kubectlsReadingNamesThePlaceToo(@ForAll("mutated") String text) {
    readsOrNamesThePlace(() -> Manifests.parse(FILE, text));
  }

  @Property
  void anyTextIsReadOrRefusedWithItsPlace(@ForAll String text) {
    readsOrNamesThePlace(() -> Manifests.read(FILE, text));
  }

  @Property
  void anyBytesAreReadOrRefusedWithTheirPlace(@ForAll byte[] bytes) {
    readsOrNamesThePlace(() -> Manifests.read(FILE, bytes));
  }

  @Property
  void theWholeFileIsReadOrNothing(@ForAll("mutated") String text) {
    try {
      int documents = Manifests.parse(FILE, text).size();
      assertThat(Manifests.parse(FILE, text.getBytes(StandardCharsets.UTF_8)))
          .hasSizeGreaterThanOrEqualTo(text.contains("\uD800") ? 0 : documents);
    } catch (ManifestException e) {
      assertThat(e.problems()).isNotEmpty();
    }
  }
}
