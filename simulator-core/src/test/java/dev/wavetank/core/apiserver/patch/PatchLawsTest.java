package dev.wavetank.core.apiserver.patch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Schema;
import dev.wavetank.core.api.SchemaType;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.arbitraries.ListArbitrary;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PatchLawsTest {

  private static final SchemaType DEPLOYMENT =
      Objects.requireNonNull(Schema.builtIn().kind("apps/v1", "Deployment"));

  /** Trees of two levels or three without nulls, which a merge patch cannot set. */
  @Provide
  Arbitrary<KubeMap> trees() {
    Arbitrary<Object> leaves = Arbitraries.of("s", "t", 1L, true, 2.5, KubeList.of(1L, "x"));
    Arbitrary<KubeMap> inner = maps(leaves);
    return maps(Arbitraries.oneOf(leaves, maps(Arbitraries.oneOf(leaves, inner))));
  }

  private static Arbitrary<KubeMap> maps(Arbitrary<?> values) {
    return Arbitraries.maps(Arbitraries.of("a", "b", "c"), values)
        .ofMaxSize(3)
        .map(KubeMap::copyOf);
  }

  private static <T> Arbitrary<@Nullable KubeList> lists(ListArbitrary<T> elements) {
    return elements.map(KubeList::copyOf).injectNull(0.2);
  }

  /** In their order: upstream overlooks a change that only sorts a list of scalars. */
  private static Arbitrary<@Nullable KubeList> finalizers() {
    return Arbitraries.of("x/a", "x/b", "x/c")
        .set()
        .map(names -> KubeList.copyOf(names.stream().sorted().toList()))
        .injectNull(0.2);
  }

  private static Arbitrary<KubeMap> containers() {
    Arbitrary<KubeMap> variables =
        Combinators.combine(Arbitraries.of("A", "B", "C"), Arbitraries.of("1", "2"))
            .as((name, value) -> KubeMap.of("name", name, "value", value));
    return Combinators.combine(
            Arbitraries.of("a", "b", "c", "d"),
            Arbitraries.of("i:1", "i:2"),
            lists(variables.list().uniqueElements(variable -> variable.get("name")).ofMaxSize(3)),
            lists(Arbitraries.of("x", "y").list().ofMaxSize(3)))
        .as(
            (name, image, env, args) ->
                KubeMap.of("name", name, "image", image, "env", env, "args", args));
  }

  /** Deployments whose merged lists have no key twice; the server defaults their strategy. */
  @Provide
  Arbitrary<KubeMap> deployments() {
    Arbitrary<@Nullable KubeMap> labels =
        Arbitraries.maps(Arbitraries.of("a", "b", "c"), Arbitraries.of("1", "2"))
            .ofMaxSize(3)
            .map(KubeMap::copyOf)
            .injectNull(0.2);
    Arbitrary<KubeMap> strategies =
        Arbitraries.of(
            KubeMap.of("type", "Recreate"),
            KubeMap.of("type", "RollingUpdate", "rollingUpdate", KubeMap.of("maxSurge", 1L)),
            KubeMap.of("rollingUpdate", KubeMap.of("maxSurge", 2L, "maxUnavailable", 1L)));
    return Combinators.combine(
            labels,
            finalizers(),
            strategies,
            lists(
                containers()
                    .list()
                    .uniqueElements(container -> container.get("name"))
                    .ofMaxSize(4)),
            Arbitraries.longs().between(1, 3).injectNull(0.3))
        .as(PatchLawsTest::deployment);
  }

  private static KubeMap deployment(
      @Nullable KubeMap labels,
      @Nullable KubeList finalizers,
      KubeMap strategy,
      @Nullable KubeList containers,
      @Nullable Long replicas) {
    return KubeMap.of(
        "apiVersion",
        "apps/v1",
        "kind",
        "Deployment",
        "metadata",
        KubeMap.of("name", "d", "labels", labels, "finalizers", finalizers),
        "spec",
        KubeMap.of(
            "replicas",
            replicas,
            "strategy",
            strategy,
            "template",
            KubeMap.of("spec", KubeMap.of("containers", containers))));
  }

  @Property
  void aMergePatchLeadsFromOneObjectToTheOther(
      @ForAll("trees") KubeMap original, @ForAll("trees") KubeMap modified) {
    KubeMap patch = MergePatch.between(original, modified);
    assertThat(MergePatch.apply(original, patch)).isEqualTo(modified);
    assertThat(MergePatch.between(modified, modified)).isEqualTo(KubeMap.EMPTY);
  }

  @Property
  void aMergePatchThatWasAppliedChangesNothing(
      @ForAll("trees") KubeMap object, @ForAll("trees") KubeMap patch) {
    Object once = MergePatch.apply(object, patch);
    assertThat(MergePatch.apply(once, patch)).isEqualTo(once);
  }

  @Property
  void aStrategicPatchLeadsFromOneObjectToTheOther(
      @ForAll("deployments") KubeMap original, @ForAll("deployments") KubeMap modified) {
    KubeMap patch = StrategicMergePatch.between(DEPLOYMENT, original, modified);
    assertThat(StrategicMergePatch.apply(DEPLOYMENT, original, patch)).isEqualTo(modified);
  }

  @Property
  void anEmptyPatchGivesTheSameObject(@ForAll("deployments") KubeMap object) {
    assertThat(StrategicMergePatch.apply(DEPLOYMENT, object, KubeMap.EMPTY)).isSameAs(object);
    assertThat(MergePatch.apply(object, KubeMap.EMPTY)).isSameAs(object);
    assertThat(JsonPatch.apply(object, KubeList.EMPTY)).isSameAs(object);
  }

  @Property
  void applyingTwiceIsApplyingOnce(
      @ForAll("deployments") KubeMap original,
      @ForAll("deployments") KubeMap modified,
      @ForAll("deployments") KubeMap current) {
    KubeMap patch = ThreeWay.strategic(DEPLOYMENT, original, modified, current);
    KubeMap once = StrategicMergePatch.apply(DEPLOYMENT, current, patch);
    KubeMap again = ThreeWay.strategic(DEPLOYMENT, modified, modified, once);
    assertThat(StrategicMergePatch.apply(DEPLOYMENT, once, again)).isEqualTo(once);
  }

  @Property
  void applyingTwiceByMergePatchesIsApplyingOnce(
      @ForAll("trees") KubeMap original,
      @ForAll("trees") KubeMap modified,
      @ForAll("trees") KubeMap current) {
    KubeMap patch;
    try {
      patch = ThreeWay.merge(original, modified, current);
    } catch (PatchException e) {
      assertThat(e).hasMessageContaining("conflicts with changes made from original to current");
      return;
    }
    KubeMap once = (KubeMap) MergePatch.apply(current, patch);
    assertThat(ThreeWay.merge(modified, modified, once)).isEqualTo(KubeMap.EMPTY);
  }

  @Property
  void whatOthersSetStays(
      @ForAll("deployments") KubeMap applied, @ForAll("deployments") KubeMap others) {
    KubeMap current = applied.with("spec", applied.mapOrEmpty("spec").with("paused", true));
    KubeMap patch = ThreeWay.strategic(DEPLOYMENT, applied, others, current);
    KubeMap result = StrategicMergePatch.apply(DEPLOYMENT, current, patch);
    assertThat(result.at("spec", "paused")).isEqualTo(true);
  }

  @Property
  void aJsonPatchAddsAndRemoves(@ForAll("trees") KubeMap object) {
    KubeList add =
        KubeList.of(KubeMap.of("op", "add", "path", "/new~1key", "value", KubeMap.of("x", 1L)));
    KubeList remove = KubeList.of(KubeMap.of("op", "remove", "path", "/new~1key"));
    Object added = JsonPatch.apply(object, add);
    assertThat(((KubeMap) added).at("new/key", "x")).isEqualTo(1L);
    assertThat(JsonPatch.apply(added, remove)).isEqualTo(object);
  }

  @Test
  void theLastAppliedConfigurationIsInAnAnnotation() {
    KubeObject object = KubeObject.of(KubeMap.of("kind", "X", "metadata", KubeMap.of("name", "x")));
    KubeObject annotated = LastApplied.on(object);
    assertThat(annotated.annotations().get(LastApplied.ANNOTATION))
        .isEqualTo("{\"kind\":\"X\",\"metadata\":{\"annotations\":{},\"name\":\"x\"}}\n");
    assertThat(LastApplied.isOn(annotated)).isTrue();
    assertThat(LastApplied.of(annotated))
        .isEqualTo(object.with(KubeMap.EMPTY, "metadata", "annotations").root());
    assertThat(LastApplied.of(object)).isEqualTo(KubeMap.EMPTY);
  }
}
