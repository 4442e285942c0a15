package dev.wavetank.core.controller.endpointslice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.controller.ControlPlane;
import dev.wavetank.core.sim.Choices;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** How endpoints are fitted into slices of at most three. */
class SlicePackingTest {

  private static final int SLICE = 3;

  /** Pods of one Service come and go; the writes to its slices are counted. */
  private static final class Pods {
    final ControlPlane plane = new ControlPlane(Choices.seeded(1), ControlPlane.FRESH);
    final Map<String, Integer> writes = new LinkedHashMap<>();
    final TreeSet<Integer> alive = new TreeSet<>();

    Pods() {
      plane.node("node-1");
      EndpointSliceController controller = new EndpointSliceController(plane.server, SLICE);
      controller
          .client()
          .listen((verb, key, subresource, sent) -> writes.merge(verb, 1, Integer::sum));
      plane.serviceOn("web", ControlPlane.port(null, 80, 8080));
    }

    void add(int number) {
      if (alive.add(number)) {
        plane.webPod("web-" + number, "10.244.0." + number, true, "node-1", KubeMap.EMPTY);
      }
    }

    void remove(int number) {
      if (alive.remove(number)) {
        plane.server.delete(
            ObjectKey.of(ResourceType.PODS, "default", "web-" + number), DeleteOptions.grace(0));
      }
    }

    void settle() {
      plane.run(2);
    }

    /** The pods of each slice, by the slice's name. */
    Map<String, List<Integer>> slices() {
      Map<String, List<Integer>> slices = new LinkedHashMap<>();
      for (KubeObject slice : plane.server.list(ResourceType.ENDPOINT_SLICES)) {
        List<Integer> pods = new ArrayList<>();
        for (KubeMap endpoint : slice.root().listOrEmpty("endpoints").maps()) {
          String ip = endpoint.listOrEmpty("addresses").get(0).toString();
          pods.add(Integer.parseInt(ip.substring(ip.lastIndexOf('.') + 1)));
        }
        slices.put(slice.name(), pods);
      }
      return slices;
    }
  }

  private final Pods pods = new Pods();

  /** Slices with pods 1 to 3, 4 to 6, and so on. */
  private void full(int slices) {
    for (int i = 1; i <= slices * SLICE; i++) {
      pods.add(i);
    }
    pods.settle();
    pods.writes.clear();
  }

  @Test
  void net_E_12_whatIsGoneLeavesItsSliceAndTheOthersAreNotTouched() {
    full(2);
    pods.remove(2);
    pods.settle();
    assertThat(pods.slices().values()).containsExactlyInAnyOrder(List.of(1, 3), List.of(4, 5, 6));
    assertThat(pods.writes).isEqualTo(Map.of("update", 1));
  }

  @Test
  void net_E_12_newOnesFillTheSliceThatChangesAnyway() {
    full(2);
    pods.remove(2);
    pods.add(10);
    pods.settle();
    assertThat(pods.slices().values())
        .containsExactlyInAnyOrder(List.of(1, 3, 10), List.of(4, 5, 6));
    assertThat(pods.writes).isEqualTo(Map.of("update", 1));
  }

  @Test
  void net_E_12_whatIsLeftGoesIntoTheUnchangedSliceThatItFillsBest() {
    full(3);
    pods.remove(1);
    pods.remove(2);
    pods.settle();
    pods.remove(5);
    pods.settle();
    pods.writes.clear();
    pods.add(10);
    pods.settle();
    assertThat(pods.slices().values())
        .containsExactlyInAnyOrder(List.of(3), List.of(4, 6, 10), List.of(7, 8, 9));
    assertThat(pods.writes).isEqualTo(Map.of("update", 1));
  }

  @Test
  void net_E_12_whatFitsIntoNoneGetsANewSlice() {
    full(2);
    pods.remove(1);
    pods.settle();
    pods.writes.clear();
    pods.add(10);
    pods.add(11);
    pods.settle();
    assertThat(pods.slices().values())
        .containsExactlyInAnyOrder(List.of(2, 3), List.of(4, 5, 6), List.of(10, 11));
    assertThat(pods.writes).isEqualTo(Map.of("create", 1));
  }

  @Test
  void net_E_12_unchangedSlicesAreNeverRebalanced() {
    full(3);
    pods.remove(1);
    pods.remove(2);
    pods.remove(4);
    pods.remove(5);
    pods.settle();
    pods.writes.clear();
    pods.settle();
    assertThat(pods.slices().values())
        .containsExactlyInAnyOrder(List.of(3), List.of(6), List.of(7, 8, 9));
    assertThat(pods.writes).isEmpty();
  }

  @Test
  void net_E_13_anEmptiedSliceIsDeleted() {
    full(2);
    pods.remove(4);
    pods.remove(5);
    pods.remove(6);
    pods.settle();
    assertThat(pods.slices().values()).containsExactly(List.of(1, 2, 3));
    assertThat(pods.writes).containsEntry("delete", 1);
  }

  @Test
  void net_E_13_orGivesItsNameToANewOne() {
    full(1);
    String name = pods.slices().keySet().iterator().next();
    for (int i = 1; i <= 3; i++) {
      pods.remove(i);
      pods.add(i + 10);
    }
    pods.settle();
    assertThat(pods.slices()).isEqualTo(Map.of(name, List.of(11, 12, 13)));
    assertThat(pods.writes).isEqualTo(Map.of("update", 1));
  }

  @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
  void allPodsAreInExactlyOneSliceEach(
      @ForAll @Size(min = 1, max = 40) List<@IntRange(min = -20, max = 20) Integer> changes,
      @ForAll @IntRange(min = 1, max = 7) int atOnce) {
    Pods random = new Pods();
    for (int i = 0; i < changes.size(); i++) {
      int change = changes.get(i);
      if (change > 0) {
        random.add(change);
      } else {
        random.remove(-change);
      }
      if (i % atOnce == 0) {
        random.settle();
        List<Integer> published = new ArrayList<>();
        random.slices().values().forEach(published::addAll);
        assertThat(published).containsExactlyInAnyOrderElementsOf(random.alive);
      }
    }
    assertThat(random.slices().values()).allMatch(slice -> slice.size() <= SLICE);
    assertThat(random.slices()).isNotEmpty();
  }
}
