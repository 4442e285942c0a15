package dev.wavetank.scheduler.framework;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.Quantity;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the scheduler reads of a pod's spec, parsed once for all pods of one template.
 *
 * <p>Follows {@code PodInfo} of pkg/scheduler/framework/types.go (v1.36); the resizing of a running
 * pod's requests is not followed.
 */
public final class SchedulingSpec {

  private static final Toleration[] NO_TOLERATIONS = {};

  /** Parsed specs by their tree; the oldest is let go when there are too many. */
  public static final class Templates {

    private static final int TEMPLATES_MAX = 4096;

    private final Map<KubeMap, SchedulingSpec> known = new LinkedHashMap<>();
    private @Nullable KubeMap lastTree;
    private @Nullable SchedulingSpec lastParsed;

    /** The parsed form of a pod's spec; the node that it names is left out. */
    public SchedulingSpec of(KubeMap spec) {
      SchedulingSpec last = lastParsed;
      if (spec == lastTree && last != null) {
        return last;
      }
      KubeMap tree = spec.without("nodeName");
      SchedulingSpec parsed = known.get(tree);
      if (parsed == null) {
        parsed = new SchedulingSpec(tree);
        if (known.size() >= TEMPLATES_MAX) {
          Iterator<KubeMap> oldest = known.keySet().iterator();
          oldest.next();
          oldest.remove();
        }
        known.put(tree, parsed);
      }
      lastTree = spec;
      lastParsed = parsed;
      return parsed;
    }
  }

  private final KubeMap tree;
  private final Resource requests;
  private final long nonZeroMilliCpu;
  private final long nonZeroMemory;
  private final Map<String, Quantity> scoringRequests;
  private final HostPort[] hostPorts;
  private final Toleration[] tolerations;
  private final boolean toleratesUnschedulable;
  private final KubeMap nodeSelector;
  private final @Nullable NodeSelectorTerms requiredAffinity;
  private final @Nullable ImmutableSet<String> affinityNodeNames;
  private final @Nullable NodeSelectorTerms preferredAffinity;
  private final ImmutableList<String> images;
  private final int containers;
  private final ImmutableList<String> schedulingGates;
  private final long priority;

  private SchedulingSpec(KubeMap tree) {
    this.tree = tree;
    Map<String, Quantity> amounts = PodRequests.of(tree, ImmutableMap.of());
    this.requests = Resource.of(amounts);
    Map<String, Quantity> nonZero = PodRequests.of(tree, missing(tree, amounts));
    this.nonZeroMilliCpu = orZero(nonZero, "cpu").milliValue();
    this.nonZeroMemory = orZero(nonZero, "memory").value();
    this.scoringRequests = PodRequests.ofFitScore(tree);
    this.hostPorts = HostPort.of(tree);
    this.tolerations = tolerations(tree.listOrEmpty("tolerations"));
    this.toleratesUnschedulable = Toleration.tolerate(tolerations, Taint.UNSCHEDULABLE);
    this.nodeSelector = tree.mapOrEmpty("nodeSelector");
    KubeMap affinity = tree.mapOrEmpty("affinity").mapOrEmpty("nodeAffinity");
    KubeMap required = affinity.map("requiredDuringSchedulingIgnoredDuringExecution");
    this.requiredAffinity = NodeSelectorTerms.requiredOf(affinity);
    this.affinityNodeNames =
        required == null
            ? null
            : NodeSelectorTerms.nodeNames(required.listOrEmpty("nodeSelectorTerms"));
    this.preferredAffinity = NodeSelectorTerms.preferredOf(affinity);
    this.images = images(tree);
    this.containers =
        tree.listOrEmpty("initContainers").size() + tree.listOrEmpty("containers").size();
    this.schedulingGates = gates(tree.listOrEmpty("schedulingGates"));
    this.priority = tree.number("priority", 0);
  }

  private static ImmutableMap<String, Quantity> missing(
      KubeMap tree, Map<String, Quantity> requests) {
    if (!PodRequests.podLevel(tree)) {
      return PodRequests.NON_ZERO;
    }
    ImmutableMap.Builder<String, Quantity> missing = ImmutableMap.builder();
    PodRequests.NON_ZERO.forEach(
        (name, amount) -> {
          if (!requests.containsKey(name)) {
            missing.put(name, amount);
          }
        });
    return missing.buildOrThrow();
  }

  private static Quantity orZero(Map<String, Quantity> amounts, String name) {
    Quantity amount = amounts.get(name);
    return amount == null ? Quantity.ZERO : amount;
  }

  private static Toleration[] tolerations(KubeList list) {
    if (list.isEmpty()) {
      return NO_TOLERATIONS;
    }
    ImmutableList.Builder<Toleration> found = ImmutableList.builder();
    for (KubeMap toleration : list.maps()) {
      found.add(Toleration.of(toleration));
    }
    return found.build().toArray(NO_TOLERATIONS);
  }

  private static ImmutableList<String> images(KubeMap tree) {
    ImmutableList.Builder<String> names = ImmutableList.builder();
    for (KubeMap container : tree.listOrEmpty("initContainers").maps()) {
      names.add(ImageState.normalizedName(container.string("image", "")));
    }
    for (KubeMap container : tree.listOrEmpty("containers").maps()) {
      names.add(ImageState.normalizedName(container.string("image", "")));
    }
    for (KubeMap volume : tree.listOrEmpty("volumes").maps()) {
      KubeMap image = volume.map("image");
      if (image != null) {
        names.add(ImageState.normalizedName(image.string("reference", "")));
      }
    }
    return names.build();
  }

  private static ImmutableList<String> gates(KubeList list) {
    ImmutableList.Builder<String> names = ImmutableList.builder();
    for (KubeMap gate : list.maps()) {
      names.add(Objects.toString(gate.get("name")));
    }
    return names.build();
  }

  /** The spec itself, without the node's name. */
  public KubeMap tree() {
    return tree;
  }

  /** What the pod asks for. */
  public Resource requests() {
    return requests;
  }

  /** CPU that a node counts for it, at least 100m a container; in thousandths. */
  public long nonZeroMilliCpu() {
    return nonZeroMilliCpu;
  }

  /** Memory that a node counts for it, at least 200Mi a container; in bytes. */
  public long nonZeroMemory() {
    return nonZeroMemory;
  }

  /** What scoring counts for the pod when containers without requests count; CPU in thousandths. */
  public long scoringRequest(String resource) {
    Quantity amount = orZero(scoringRequests, resource);
    return resource.equals("cpu") ? amount.milliValue() : amount.value();
  }

  /** Host ports; not to be changed. */
  public HostPort[] hostPorts() {
    return hostPorts;
  }

  /** Tolerations; not to be changed. */
  public Toleration[] tolerations() {
    return tolerations;
  }

  /** Whether it tolerates {@code node.kubernetes.io/unschedulable:NoSchedule}. */
  public boolean toleratesUnschedulable() {
    return toleratesUnschedulable;
  }

  public KubeMap nodeSelector() {
    return nodeSelector;
  }

  /** Required node affinity; null when there is none. */
  public @Nullable NodeSelectorTerms requiredAffinity() {
    return requiredAffinity;
  }

  /** The only nodes that the required affinity can match; null when it does not name nodes. */
  public @Nullable ImmutableSet<String> affinityNodeNames() {
    return affinityNodeNames;
  }

  /** Preferred node affinity; null when there is none. */
  public @Nullable NodeSelectorTerms preferredAffinity() {
    return preferredAffinity;
  }

  /** Names of the images of all containers and image volumes, with their tags. */
  public ImmutableList<String> images() {
    return images;
  }

  /** How many containers there are, init containers included. */
  public int containers() {
    return containers;
  }

  public ImmutableList<String> schedulingGates() {
    return schedulingGates;
  }

  public long priority() {
    return priority;
  }
}
