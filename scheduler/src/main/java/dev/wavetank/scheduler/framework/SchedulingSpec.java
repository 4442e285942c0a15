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

  /**
   * Parsed specs by what scheduling reads of them; the oldest is let go when there are too many.
   */
  public static final class Templates {

    private static final int TEMPLATES_MAX = 4096;

    private final Map<KubeMap, SchedulingSpec> bySpec = new LinkedHashMap<>();
    private final Map<KubeMap, SchedulingSpec> byFields = new LinkedHashMap<>();
    private final Map<KubeMap, PodAffinity> affinities = new LinkedHashMap<>();
    private @Nullable KubeMap lastSpec;
    private @Nullable SchedulingSpec lastParsed;

    /** The parsed form of a pod's spec; the node that it names is left out. */
    public SchedulingSpec of(KubeMap spec) {
      SchedulingSpec last = lastParsed;
      if (spec == lastSpec && last != null) {
        return last;
      }
      KubeMap unassigned = spec.without("nodeName");
      SchedulingSpec parsed = bySpec.get(unassigned);
      if (parsed == null) {
        KubeMap fields = SchedulingFields.of(unassigned);
        parsed = byFields.get(fields);
        if (parsed == null) {
          parsed = new SchedulingSpec(fields, affinity(fields.mapOrEmpty("affinity")));
          put(byFields, fields, parsed);
        }
        put(bySpec, unassigned, parsed);
      }
      lastSpec = spec;
      lastParsed = parsed;
      return parsed;
    }

    private PodAffinity affinity(KubeMap affinity) {
      KubeMap ofPods = affinity.without("nodeAffinity");
      if (ofPods.isEmpty()) {
        return PodAffinity.NONE;
      }
      PodAffinity known = affinities.get(ofPods);
      if (known == null) {
        known = PodAffinity.of(ofPods);
        put(affinities, ofPods, known);
      }
      return known;
    }

    private static <V> void put(Map<KubeMap, V> map, KubeMap key, V value) {
      if (map.size() >= TEMPLATES_MAX) {
        Iterator<KubeMap> oldest = map.keySet().iterator();
        oldest.next();
        oldest.remove();
      }
      map.put(key, value);
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
  private final PodAffinity podAffinity;
  private final ImmutableList<SpreadConstraint> spreadConstraints;
  private final ImmutableList<String> claims;

  private SchedulingSpec(KubeMap tree, PodAffinity podAffinity) {
    this.tree = tree;
    this.podAffinity = podAffinity;
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
    ImmutableList.Builder<SpreadConstraint> spread = ImmutableList.builder();
    for (KubeMap constraint : tree.listOrEmpty("topologySpreadConstraints").maps()) {
      spread.add(SpreadConstraint.of(constraint));
    }
    this.spreadConstraints = spread.build();
    ImmutableList.Builder<String> named = ImmutableList.builder();
    for (KubeMap volume : tree.listOrEmpty("volumes").maps()) {
      KubeMap claim = volume.map("persistentVolumeClaim");
      if (claim != null) {
        named.add(claim.string("claimName", ""));
      }
    }
    this.claims = named.build();
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

  /** What scheduling reads of the spec, without the node's name. */
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

  /** What it says about other pods. */
  public PodAffinity podAffinity() {
    return podAffinity;
  }

  public ImmutableList<SpreadConstraint> spreadConstraints() {
    return spreadConstraints;
  }

  /** Names of the PersistentVolumeClaims that its volumes name. */
  public ImmutableList<String> claims() {
    return claims;
  }

  /** Its volumes that matter to scheduling. */
  public KubeList volumes() {
    return tree.listOrEmpty("volumes");
  }

  /** Whether it may take the place of pods of lower priority. */
  public boolean preempts() {
    return !"Never".equals(tree.get("preemptionPolicy"));
  }

  /** The node affinity's required terms and the node selector together. */
  public boolean matchesNode(NodeInfo node) {
    for (int i = 0; i < nodeSelector.size(); i++) {
      if (!nodeSelector.valueAt(i).equals(node.labels().get(nodeSelector.keyAt(i)))) {
        return false;
      }
    }
    return requiredAffinity == null || requiredAffinity.matches(node);
  }
}
