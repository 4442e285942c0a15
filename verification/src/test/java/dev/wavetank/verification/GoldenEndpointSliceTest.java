package dev.wavetank.verification;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.controller.EndpointSliceTracker;
import dev.wavetank.core.controller.endpointslice.SliceReconciler;
import dev.wavetank.core.informer.ApiClient;
import dev.wavetank.core.record.EventRecorder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The packing of EndpointSlices against recordings of the real controller. */
class GoldenEndpointSliceTest {

  @Test
  void endpointSlice() {
    GoldenCases.vectors("endpointslice")
        .every(recorded -> new Reconciling(recorded).check())
        .score();
  }

  private static final class Reconciling {
    private final JsonNode recorded;
    private final GoldenCluster cluster = new GoldenCluster("2026-03-01T12:00:00Z");
    private final ApiClient client = new ApiClient(cluster.server, "test");
    private final Map<String, Integer> calls = new TreeMap<>();

    Reconciling(JsonNode recorded) {
      this.recorded = recorded;
      client.listen((verb, key, subresource, sent) -> calls.merge(verb, 1, Integer::sum));
    }

    void check() {
      Map<String, KubeObject> nodes = new LinkedHashMap<>();
      for (KubeObject node : cluster.loadAll(ResourceType.NODES, recorded.path("nodes"))) {
        nodes.put(node.name(), node);
      }
      KubeObject service = cluster.load(ResourceType.SERVICES, recorded.get("service"));
      SliceReconciler reconciler =
          new SliceReconciler(
              client,
              nodes::get,
              recorded.get("maxEndpointsPerSlice").asInt(),
              new EndpointSliceTracker(),
              new EventRecorder(cluster.server, "test", ""));
      int number = 0;
      for (JsonNode step : recorded.get("steps")) {
        step(reconciler, service, step, "step " + number++);
      }
    }

    private void step(SliceReconciler reconciler, KubeObject service, JsonNode step, String name) {
      calls.clear();
      List<KubeObject> pods = new ArrayList<>();
      step.path("pods").forEach(pod -> pods.add(KubeObject.of((KubeMap) GoldenCluster.tree(pod))));
      try {
        reconciler.reconcile(
            service, pods, cluster.server.list(ResourceType.ENDPOINT_SLICES), null);
      } catch (ApiException e) {
        assertThat(e.status().message()).contains("Not Found");
      }
      Map<String, Integer> expected = new TreeMap<>();
      step.get("apiCalls")
          .properties()
          .forEach(call -> expected.put(call.getKey(), call.getValue().asInt()));
      assertThat(calls).as(name).isEqualTo(expected);
      List<KubeObject> slices = cluster.server.list(ResourceType.ENDPOINT_SLICES);
      if (step.has("slices")) {
        List<String> shown = new ArrayList<>();
        slices.forEach(slice -> shown.add(shown(GoldenCluster.json(slice.root()))));
        List<String> wanted = new ArrayList<>();
        step.get("slices").forEach(slice -> wanted.add(shown(slice)));
        assertThat(shown).as(name).containsExactlyInAnyOrderElementsOf(wanted);
      } else {
        packed(step, slices, name);
      }
    }

    private static void packed(JsonNode step, List<KubeObject> slices, String name) {
      Map<String, List<Integer>> sizes = new TreeMap<>();
      Map<String, List<String>> addresses = new TreeMap<>();
      for (KubeObject slice : slices) {
        String type = slice.root().string("addressType", "");
        List<Integer> sizesOfType = sizes.computeIfAbsent(type, t -> new ArrayList<>());
        List<String> addressesOfType = addresses.computeIfAbsent(type, t -> new ArrayList<>());
        sizesOfType.add(slice.root().listOrEmpty("endpoints").size());
        for (KubeMap endpoint : slice.root().listOrEmpty("endpoints").maps()) {
          endpoint.listOrEmpty("addresses").forEach(a -> addressesOfType.add(a.toString()));
        }
      }
      sizes.values().forEach(list -> list.sort(null));
      addresses.values().forEach(list -> list.sort(null));
      assertThat(GoldenLedger.JSON.<JsonNode>valueToTree(sizes))
          .as(name)
          .isEqualTo(step.get("sliceSizes"));
      addresses.values().removeIf(List::isEmpty);
      for (Map.Entry<String, List<String>> entry : addresses.entrySet()) {
        List<String> wanted = new ArrayList<>();
        step.get("addresses").path(entry.getKey()).forEach(a -> wanted.add(a.asText()));
        wanted.sort(null);
        assertThat(entry.getValue()).as(name).isEqualTo(wanted);
      }
    }

    /** A slice without what recordings leave out, in one order. */
    private static String shown(JsonNode slice) {
      ObjectNode copy = slice.deepCopy();
      copy.remove("apiVersion");
      copy.remove("kind");
      ObjectNode metadata = (ObjectNode) copy.get("metadata");
      metadata.retain("generateName", "labels", "namespace", "ownerReferences", "annotations");
      sort(copy, "endpoints");
      sort(copy, "ports");
      return sorted(copy).toString();
    }

    private static void sort(ObjectNode slice, String field) {
      List<String> items = new ArrayList<>();
      slice.path(field).forEach(item -> items.add(sorted(item).toString()));
      items.sort(null);
      slice.remove(field);
      if (!items.isEmpty()) {
        ArrayNode list = slice.putArray(field);
        items.forEach(list::add);
      }
    }

    private static JsonNode sorted(JsonNode node) {
      if (node.isObject()) {
        Map<String, JsonNode> fields = new TreeMap<>();
        node.properties().forEach(f -> fields.put(f.getKey(), sorted(f.getValue())));
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        fields.forEach(object::set);
        return object;
      }
      if (node.isArray()) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        node.forEach(item -> list.add(sorted(item)));
        return list;
      }
      return node;
    }
  }
}
