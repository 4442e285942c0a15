package dev.wavetank.scheduler.cache;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.scheduler.framework.Domains;
import dev.wavetank.scheduler.framework.ImageState;
import dev.wavetank.scheduler.framework.NodeInfo;
import dev.wavetank.scheduler.framework.PodChanges;
import dev.wavetank.scheduler.framework.PodGroups;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.framework.SharedLister;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Nodes and the pods on them as the scheduler believes them to be: what its watches told, and pods
 * that it has assumed to be on a node before their binding is seen.
 *
 * <p>Follows pkg/scheduler/backend/cache/cache.go (v1.36).
 */
public final class SchedulerCache implements SharedLister {

  private static final class PodState {
    PodInfo pod;
    boolean assumed;

    PodState(PodInfo pod, boolean assumed) {
      this.pod = pod;
      this.assumed = assumed;
    }
  }

  private static final NodeInfo[] NO_NODES = {};
  private static final int TOPOLOGY_KEYS_MAX = 256;

  private final Map<String, NodeInfo> nodes = new LinkedHashMap<>();
  private final Map<ObjectKey, PodState> pods = new LinkedHashMap<>();
  private final Map<String, ImageState> images = new LinkedHashMap<>();
  private final Map<String, Domains> domains = new LinkedHashMap<>();
  private final PodChanges podChanges = new PodChanges();
  private final PodGroups podGroups = new PodGroups();
  private final NodeTree tree = new NodeTree();
  private NodeInfo[] list = NO_NODES;
  private long[] generations = {};
  private long lastGeneration;
  private long topologyGeneration = 1;
  private boolean listStale;

  public void addNode(KubeObject node) {
    NodeInfo info = nodeInfo(node.name());
    if (info.node() == null) {
      tree.add(NodeTree.zone(node.labels()), node.name());
      listStale = true;
    }
    setNode(info, node);
  }

  public void updateNode(KubeObject before, KubeObject node) {
    NodeInfo info = nodeInfo(node.name());
    String zone = NodeTree.zone(node.labels());
    String oldZone = NodeTree.zone(before.labels());
    if (!zone.equals(oldZone) || info.node() == null) {
      tree.remove(oldZone, node.name());
      tree.add(zone, node.name());
      listStale = true;
    }
    setNode(info, node);
  }

  public void removeNode(KubeObject node) {
    NodeInfo info = nodes.get(node.name());
    if (info == null) {
      return;
    }
    removeImages(info.node());
    tree.remove(NodeTree.zone(node.labels()), node.name());
    listStale = true;
    topologyChanged();
    info.setNode(null);
    info.position(-1);
    if (info.pods().isEmpty()) {
      nodes.remove(node.name());
    }
  }

  private NodeInfo nodeInfo(String name) {
    return nodes.computeIfAbsent(name, NodeInfo::new);
  }

  private void setNode(NodeInfo info, KubeObject node) {
    KubeObject before = info.node();
    if (info.setNode(node)) {
      topologyChanged();
    }
    touch(info);
    if (before == null
        || before.status().listOrEmpty("images") != node.status().listOrEmpty("images")) {
      removeImages(before);
      addImages(info, node);
    }
  }

  private void topologyChanged() {
    topologyGeneration++;
    domains.clear();
  }

  private void touch(NodeInfo info) {
    if (info.position() >= 0 && !listStale) {
      generations[info.position()] = ++lastGeneration;
    }
  }

  /** Notes that other pods are nominated to a node than before. */
  public void nominationsChanged(String node) {
    NodeInfo info = nodes.get(node);
    if (info != null) {
      touch(info);
    }
  }

  private void addImages(NodeInfo info, KubeObject node) {
    Map<String, ImageState> states = new LinkedHashMap<>();
    for (KubeMap image : node.status().listOrEmpty("images").maps()) {
      for (Object name : image.listOrEmpty("names")) {
        String text = name.toString();
        if (!states.containsKey(text)) {
          ImageState state =
              images.computeIfAbsent(text, n -> new ImageState(image.number("sizeBytes", 0)));
          state.count(1);
          states.put(text, state);
        }
      }
    }
    info.setImageStates(states);
  }

  private void removeImages(@Nullable KubeObject node) {
    if (node == null) {
      return;
    }
    Map<String, ImageState> seen = new LinkedHashMap<>();
    for (KubeMap image : node.status().listOrEmpty("images").maps()) {
      for (Object name : image.listOrEmpty("names")) {
        ImageState state = images.get(name.toString());
        if (state != null && seen.put(name.toString(), state) == null) {
          state.count(-1);
          if (state.nodes() == 0) {
            images.remove(name.toString());
          }
        }
      }
    }
  }

  /** Supposes that the pod is on the node that it names, until its binding is seen or forgotten. */
  public void assumePod(PodInfo pod) {
    put(pod, true);
  }

  private void put(PodInfo pod, boolean assumed) {
    pods.put(pod.key(), new PodState(pod, assumed));
    NodeInfo info = nodeInfo(pod.nodeName());
    info.addPod(pod);
    podChanges.add(pod, info, 1);
    podGroups.add(pod, info);
    touch(info);
  }

  /** Takes an assumed pod back. Returns whether it was still assumed. */
  public boolean forgetPod(PodInfo pod) {
    PodState state = pods.get(pod.key());
    if (state == null || !state.assumed || !state.pod.uid().equals(pod.uid())) {
      return false;
    }
    remove(state.pod);
    return true;
  }

  /** Takes over an assigned pod; for an assumed one this confirms it. */
  public void addPod(PodInfo pod) {
    PodState state = pods.get(pod.key());
    if (state == null) {
      put(pod, false);
      return;
    }
    if (state.assumed
        && state.pod.nodeName().equals(pod.nodeName())
        && state.pod.uid().equals(pod.uid())) {
      state.assumed = false;
      if (state.pod.spec() == pod.spec()
          && state.pod.labels().equals(pod.labels())
          && state.pod.terminating() == pod.terminating()
          && state.pod.startTime().equals(pod.startTime())) {
        return;
      }
    }
    updatePod(pod);
  }

  /** Takes over a change of an assigned pod. */
  public void updatePod(PodInfo pod) {
    PodState state = pods.get(pod.key());
    if (state != null) {
      remove(state.pod);
    }
    put(pod, false);
  }

  public void removePod(ObjectKey key) {
    PodState state = pods.get(key);
    if (state != null) {
      remove(state.pod);
    }
  }

  private void remove(PodInfo pod) {
    pods.remove(pod.key());
    NodeInfo info = nodes.get(pod.nodeName());
    if (info != null) {
      info.removePod(pod.key());
      podChanges.add(pod, info, -1);
      podGroups.remove(pod, info);
      touch(info);
      if (info.node() == null && info.pods().isEmpty()) {
        nodes.remove(pod.nodeName());
      }
    }
  }

  /** The pod if it is assumed to be on a node, else null. */
  public @Nullable PodInfo assumedPod(ObjectKey key) {
    PodState state = pods.get(key);
    return state != null && state.assumed ? state.pod : null;
  }

  /** How many pods are on nodes, assumed ones included. */
  public int podCount() {
    return pods.size();
  }

  /** The pod that the scheduler believes to be on a node, assumed or not, else null. */
  public @Nullable PodInfo pod(ObjectKey key) {
    PodState state = pods.get(key);
    return state == null ? null : state.pod;
  }

  @Override
  public NodeInfo[] nodes() {
    if (listStale) {
      List<String> names = tree.list();
      list = new NodeInfo[names.size()];
      generations = new long[list.length];
      for (int i = 0; i < list.length; i++) {
        list[i] = nodeInfo(names.get(i));
        list[i].position(i);
        generations[i] = ++lastGeneration;
      }
      listStale = false;
      domains.clear();
    }
    return list;
  }

  @Override
  public @Nullable NodeInfo find(String name) {
    NodeInfo info = nodes.get(name);
    return info == null || info.node() == null ? null : info;
  }

  @Override
  public long generation(int position) {
    return generations[position];
  }

  @Override
  public long topologyGeneration() {
    return topologyGeneration;
  }

  @Override
  public Domains domains(String topologyKey) {
    NodeInfo[] ordered = nodes();
    Domains known = domains.get(topologyKey);
    if (known == null) {
      if (domains.size() >= TOPOLOGY_KEYS_MAX) {
        domains.clear();
      }
      known = Domains.of(topologyKey, ordered);
      domains.put(topologyKey, known);
    }
    return known;
  }

  @Override
  public PodChanges podChanges() {
    return podChanges;
  }

  @Override
  public PodGroups podGroups() {
    return podGroups;
  }

  @Override
  public @Nullable ImageState image(String normalizedName) {
    return images.get(normalizedName);
  }
}
