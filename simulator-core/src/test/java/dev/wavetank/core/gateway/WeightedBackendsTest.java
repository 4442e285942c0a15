package dev.wavetank.core.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.sim.ChoiceStream;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class WeightedBackendsTest {

  private static final String SERVICES =
      """
      kind: Service
      apiVersion: v1
      metadata: {namespace: shop, name: a}
      spec: {ports: [{port: 80}]}
      ---
      kind: Service
      apiVersion: v1
      metadata: {namespace: shop, name: b}
      spec: {ports: [{port: 80}]}
      ---
      kind: Service
      apiVersion: v1
      metadata: {namespace: bank, name: c}
      spec: {ports: [{port: 80}]}
      ---
      kind: HTTPRoute
      apiVersion: gateway.networking.k8s.io/v1
      metadata: {namespace: shop, name: r}
      spec: {backendRefs: [%s]}
      ---
      """;

  private static WeightedBackends backends(String references, String more) {
    FixedObjects objects = new FixedObjects(SERVICES.formatted(references) + more);
    KubeObject route = objects.routes().get(0);
    return WeightedBackends.of(route, route.spec().listOrEmpty("backendRefs"), objects);
  }

  /** The next of the numbers from the least to the most, over and over. */
  private static final class EachInTurn implements ChoiceStream {
    private long next;

    @Override
    public int choose(int options) {
      return (int) (next++ % options);
    }

    @Override
    public long between(long min, long max) {
      return min + next++ % (max - min + 1);
    }
  }

  /** Names of the backends of as many requests as the weights are together. */
  private static List<String> round(WeightedBackends backends) {
    EachInTurn choices = new EachInTurn();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < backends.total(); i++) {
      WeightedBackends.Share share = backends.choose(choices);
      assertThat(share).isNotNull();
      BackendReference reference = share.reference();
      names.add(reference.backend() == null ? reference.reason() : reference.backend().service());
    }
    return names;
  }

  @Property(tries = 100)
  void net_G_12_eachBackendTakesItsWeightOfAll(
      @ForAll @IntRange(max = 20) int one, @ForAll @IntRange(max = 20) int other) {
    List<String> names =
        round(
            backends(
                "{name: a, port: 80, weight: %d}, {name: b, port: 80, weight: %d}"
                    .formatted(one, other),
                ""));
    assertThat(names).hasSize(one + other);
    assertThat(names.stream().filter("a"::equals)).hasSize(one);
  }

  @Test
  void net_G_12_theWeightIsOneAndNoneTakesNothing() {
    assertThat(round(backends("{name: a, port: 80}, {name: b, port: 80, weight: 3}", "")))
        .containsExactly("a", "b", "b", "b");
    assertThat(backends("{name: a, port: 80, weight: 0}", "").choose(new EachInTurn())).isNull();
    assertThat(backends("", "").choose(new EachInTurn())).isNull();
  }

  @Test
  void net_G_12_anInvalidBackendKeepsItsShare() {
    assertThat(
            round(
                backends(
                    "{name: a, port: 80, weight: 1}, {name: none, port: 80, weight: 2}, "
                        + "{kind: Pod, name: a, port: 80}, {name: a, port: 81}",
                    "")))
        .containsExactly(
            "a", "BackendNotFound", "BackendNotFound", "InvalidKind", "BackendNotFound");
  }

  @Test
  void net_G_12_anotherNamespaceNeedsAGrant() {
    String reference = "{name: c, namespace: bank, port: 80}";
    String grant =
        """
        kind: ReferenceGrant
        apiVersion: gateway.networking.k8s.io/v1beta1
        metadata: {namespace: bank, name: g}
        spec:
          from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: %s}]
          to: [{group: "", kind: Service%s}]
        """;
    assertThat(round(backends(reference, ""))).containsExactly("RefNotPermitted");
    assertThat(round(backends(reference, grant.formatted("shop", "")))).containsExactly("c");
    assertThat(round(backends(reference, grant.formatted("shop", ", name: c"))))
        .containsExactly("c");
    assertThat(round(backends(reference, grant.formatted("shop", ", name: d"))))
        .containsExactly("RefNotPermitted");
    assertThat(round(backends(reference, grant.formatted("other", ""))))
        .containsExactly("RefNotPermitted");
  }
}
