package dev.wavetank.verification;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeNull;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.Latencies;
import dev.wavetank.core.informer.ApiClient;
import dev.wavetank.core.sim.Choices;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.scheduler.framework.CycleState;
import dev.wavetank.scheduler.framework.Framework;
import dev.wavetank.scheduler.framework.Handle;
import dev.wavetank.scheduler.framework.ImageState;
import dev.wavetank.scheduler.framework.NodeInfo;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.framework.SchedulingSpec;
import dev.wavetank.scheduler.framework.SharedLister;
import dev.wavetank.scheduler.framework.Status;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The nodes and pods of a recorded cluster as the scheduler's plugins see them. */
final class GoldenScheduling implements SharedLister, Handle {

  final SchedulingSpec.Templates templates = new SchedulingSpec.Templates();
  final List<NodeInfo> nodes = new ArrayList<>();
  private final ApiClient client =
      new ApiClient(new ApiServer(new Simulation(Choices.first()), Latencies.DEFAULT), "scheduler");
  private @Nullable Framework framework;

  GoldenScheduling(JsonNode cluster) {
    for (JsonNode node : cluster.path("nodes")) {
      nodes.add(NodeInfo.of(object(node)));
    }
    for (JsonNode pod : cluster.path("pods")) {
      PodInfo info = pod(pod);
      NodeInfo node = find(info.nodeName());
      if (node != null) {
        node.addPod(info);
      }
    }
    imageStates();
  }

  /** Each node counts an image with its own size, as upstream's snapshot for tests does. */
  private void imageStates() {
    Map<String, Integer> having = new LinkedHashMap<>();
    for (NodeInfo node : nodes) {
      images(node).forEach((name, size) -> having.merge(name, 1, Integer::sum));
    }
    for (NodeInfo node : nodes) {
      Map<String, ImageState> states = new LinkedHashMap<>();
      images(node)
          .forEach(
              (name, size) -> {
                ImageState state = new ImageState(size);
                state.count(having.getOrDefault(name, 0));
                states.put(name, state);
              });
      node.setImageStates(states);
    }
  }

  private static Map<String, Long> images(NodeInfo node) {
    Map<String, Long> sizes = new LinkedHashMap<>();
    KubeObject object = node.node();
    if (object != null) {
      for (KubeMap image : object.status().listOrEmpty("images").maps()) {
        for (Object name : image.listOrEmpty("names")) {
          sizes.put(name.toString(), image.number("sizeBytes", 0));
        }
      }
    }
    return sizes;
  }

  PodInfo pod(JsonNode pod) {
    return PodInfo.of(object(pod), templates);
  }

  void runs(Framework plugins) {
    framework = plugins;
  }

  static KubeObject object(JsonNode json) {
    return KubeObject.of((KubeMap) tree(json));
  }

  static Object tree(JsonNode json) {
    if (json.isObject()) {
      KubeMap.Builder map = KubeMap.builder();
      json.properties().forEach(entry -> map.put(entry.getKey(), tree(entry.getValue())));
      return map.build();
    }
    if (json.isArray()) {
      List<Object> list = new ArrayList<>();
      json.forEach(element -> list.add(tree(element)));
      return KubeList.copyOf(list);
    }
    if (json.isIntegralNumber()) {
      return json.asLong();
    }
    if (json.isNumber()) {
      return json.asDouble();
    }
    if (json.isBoolean()) {
      return json.asBoolean();
    }
    return json.isNull() ? KubeNull.NULL : json.asText();
  }

  @Override
  public int size() {
    return nodes.size();
  }

  @Override
  public NodeInfo get(int position) {
    return nodes.get(position);
  }

  @Override
  public @Nullable NodeInfo find(String name) {
    for (NodeInfo node : nodes) {
      if (node.name().equals(name)) {
        return node;
      }
    }
    return null;
  }

  @Override
  public SharedLister snapshotSharedLister() {
    return this;
  }

  @Override
  public ApiClient client() {
    return client;
  }

  @Override
  public Status runFilterPlugins(CycleState state, PodInfo pod, NodeInfo node) {
    if (framework == null) {
      throw new IllegalStateException("no plugins yet");
    }
    return framework.runFilterPlugins(state, pod, node);
  }

  @Override
  public void allowWaitingPod(PodInfo pod, String plugin) {
    throw new IllegalStateException("no pod waits in a recording");
  }

  @Override
  public void rejectWaitingPod(PodInfo pod, String plugin, String message) {
    throw new IllegalStateException("no pod waits in a recording");
  }
}
