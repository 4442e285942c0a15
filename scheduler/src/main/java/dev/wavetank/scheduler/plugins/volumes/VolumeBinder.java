package dev.wavetank.scheduler.plugins.volumes;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.LabelSelector;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.Quantity;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.informer.ApiClient;
import dev.wavetank.core.storage.PersistentVolumes;
import dev.wavetank.scheduler.framework.ClusterView;
import dev.wavetank.scheduler.framework.Code;
import dev.wavetank.scheduler.framework.NodeInfo;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.framework.Status;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds volumes for the claims of a pod, reserves them, and has them bound.
 *
 * <p>Follows pkg/scheduler/framework/plugins/volumebinding/binder.go (v1.36), without the
 * translation of in-tree volumes to CSI.
 */
final class VolumeBinder {

  private static final String NODE_CONFLICT =
      "node(s) didn't match PersistentVolume's node affinity";
  private static final String BIND_CONFLICT =
      "node(s) didn't find available persistent volumes to bind";
  private static final String NOT_ENOUGH_SPACE = "node(s) did not have enough free storage";
  private static final String VOLUME_GONE =
      "node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)";

  /**
   * The claims of a pod.
   *
   * @param error success, or why they cannot be told
   * @param immediate those that must be bound before the pod is scheduled, and are not
   * @param delayed those that are bound once the pod has a node
   */
  record PodClaims(
      Status error,
      ImmutableList<KubeObject> bound,
      ImmutableList<KubeObject> immediate,
      ImmutableList<KubeObject> delayed) {

    static PodClaims failed(String message) {
      return new PodClaims(
          Status.error(message), ImmutableList.of(), ImmutableList.of(), ImmutableList.of());
    }
  }

  /** A volume for a claim. */
  record Binding(KubeObject volume, KubeObject claim) {}

  /**
   * What a node can do for the claims of a pod.
   *
   * @param status success, why the node cannot have the pod, or an error
   */
  record PodVolumes(
      Status status, ImmutableList<Binding> bindings, ImmutableList<KubeObject> provisions) {

    static PodVolumes none(Status status) {
      return new PodVolumes(status, ImmutableList.of(), ImmutableList.of());
    }
  }

  /** What speaks against a node, as it is found out. */
  private static final class Findings {
    private boolean volumeGone;
    private boolean nodeConflict;
    private boolean bindConflict;
    private boolean notEnoughSpace;
    private String error = "";

    Status status() {
      if (!error.isEmpty()) {
        return Status.error(error);
      }
      ImmutableList.Builder<String> reasons = ImmutableList.builder();
      add(reasons, nodeConflict, NODE_CONFLICT);
      add(reasons, bindConflict, BIND_CONFLICT);
      add(reasons, notEnoughSpace, NOT_ENOUGH_SPACE);
      add(reasons, volumeGone, VOLUME_GONE);
      ImmutableList<String> all = reasons.build();
      return all.isEmpty() ? Status.SUCCESS : Status.of(Code.UNSCHEDULABLE_AND_UNRESOLVABLE, all);
    }

    private static void add(ImmutableList.Builder<String> reasons, boolean holds, String reason) {
      if (holds) {
        reasons.add(reason);
      }
    }
  }

  private final ClusterView view;
  private final Volumes volumes = new Volumes();
  private final AssumedObjects assumedVolumes;
  private final AssumedObjects assumedClaims;

  VolumeBinder(ClusterView view) {
    this.view = view;
    this.assumedVolumes = new AssumedObjects(view, ResourceType.PERSISTENT_VOLUMES);
    this.assumedClaims = new AssumedObjects(view, ResourceType.PERSISTENT_VOLUME_CLAIMS);
  }

  private @Nullable KubeObject storageClass(String name) {
    return cluster(ResourceType.STORAGE_CLASSES, name);
  }

  private @Nullable KubeObject cluster(ResourceType type, String name) {
    return view.find(ObjectKey.of(type, "", name));
  }

  private @Nullable KubeObject volume(String name) {
    return assumedVolumes.get(ObjectKey.of(ResourceType.PERSISTENT_VOLUMES, "", name));
  }

  PodClaims claims(PodInfo pod) {
    ImmutableList.Builder<KubeObject> bound = ImmutableList.builder();
    ImmutableList.Builder<KubeObject> immediate = ImmutableList.builder();
    ImmutableList.Builder<KubeObject> delayed = ImmutableList.builder();
    for (Claims.Named named : Claims.of(pod)) {
      KubeObject claim = assumedClaims.get(Claims.key(pod, named.name()));
      if (claim == null) {
        return PodClaims.failed(
            "error getting PVC \"" + pod.key().namespace() + "/" + named.name() + "\": not found");
      }
      String className = PersistentVolumes.storageClass(claim);
      KubeObject storageClass = className.isEmpty() ? null : storageClass(className);
      String mode =
          storageClass == null ? "Immediate" : storageClass.root().string("volumeBindingMode");
      if (Claims.fullyBound(claim)) {
        bound.add(claim);
      } else if (mode == null) {
        return PodClaims.failed("VolumeBindingMode not set for StorageClass \"" + className + "\"");
      } else if (mode.equals("WaitForFirstConsumer")
          && PersistentVolumes.volumeName(claim).isEmpty()) {
        delayed.add(claim);
      } else {
        immediate.add(claim);
      }
    }
    return new PodClaims(Status.SUCCESS, bound.build(), immediate.build(), delayed.build());
  }

  /** What a node can do for the claims. */
  PodVolumes find(PodClaims claims, NodeInfo node) {
    Findings findings = new Findings();
    checkBound(claims.bound(), node, findings);
    ImmutableList.Builder<Binding> bindings = ImmutableList.builder();
    List<KubeObject> toProvision = new ArrayList<>(0);
    List<KubeObject> toMatch = new ArrayList<>(0);
    for (KubeObject claim : claims.delayed()) {
      String selected = claim.annotations().string(PersistentVolumes.SELECTED_NODE);
      if (selected == null) {
        toMatch.add(claim);
      } else if (selected.equals(node.name())) {
        toProvision.add(claim);
      } else {
        findings.bindConflict = true;
        return PodVolumes.none(findings.status());
      }
    }
    match(toMatch, node, bindings, toProvision);
    for (KubeObject claim : toProvision) {
      if (!canProvision(claim, node, findings)) {
        break;
      }
    }
    Status status = findings.status();
    return status.success()
        ? new PodVolumes(status, bindings.build(), ImmutableList.copyOf(toProvision))
        : PodVolumes.none(status);
  }

  private void checkBound(List<KubeObject> claims, NodeInfo node, Findings findings) {
    for (KubeObject claim : claims) {
      KubeObject volume = volume(PersistentVolumes.volumeName(claim));
      if (volume == null) {
        findings.volumeGone = true;
        return;
      }
      if (!volumes.reachable(volume, node.labels())) {
        findings.nodeConflict = true;
        return;
      }
    }
  }

  /** Finds a volume for each claim, smaller claims first; claims without one are provisioned. */
  private void match(
      List<KubeObject> claims,
      NodeInfo node,
      ImmutableList.Builder<Binding> bindings,
      List<KubeObject> toProvision) {
    claims.sort((one, other) -> size(one).cmp(size(other)));
    Set<String> chosen = new LinkedHashSet<>();
    for (KubeObject claim : claims) {
      List<KubeObject> ofClass = new ArrayList<>();
      for (KubeObject volume : assumedVolumes.list()) {
        if (PersistentVolumes.storageClass(volume).equals(PersistentVolumes.storageClass(claim))) {
          ofClass.add(volume);
        }
      }
      KubeObject volume = volumes.match(claim, ofClass, node.labels(), chosen);
      if (volume == null) {
        toProvision.add(claim);
      } else {
        chosen.add(volume.name());
        bindings.add(new Binding(volume, claim));
      }
    }
  }

  private static Quantity size(KubeObject claim) {
    Object size = PersistentVolumes.requested(claim);
    return size == null ? Quantity.ZERO : Quantity.of(size);
  }

  private boolean canProvision(KubeObject claim, NodeInfo node, Findings findings) {
    String name = PersistentVolumes.storageClass(claim);
    KubeObject storageClass = name.isEmpty() ? null : storageClass(name);
    if (storageClass == null) {
      findings.error =
          name.isEmpty()
              ? "no class for claim \"" + claim.namespace() + "/" + claim.name() + "\""
              : "failed to find storage class \"" + name + "\"";
      return false;
    }
    String provisioner = storageClass.root().string("provisioner", "");
    findings.bindConflict =
        provisioner.isEmpty()
            || provisioner.equals("kubernetes.io/no-provisioner")
            || !topologyAllowed(storageClass, node.labels());
    findings.notEnoughSpace =
        !findings.bindConflict && !enoughCapacity(provisioner, claim, name, node);
    return !findings.bindConflict && !findings.notEnoughSpace;
  }

  private static boolean topologyAllowed(KubeObject storageClass, KubeMap nodeLabels) {
    KubeList terms = storageClass.root().listOrEmpty("allowedTopologies");
    for (KubeMap term : terms.maps()) {
      KubeList expressions = term.listOrEmpty("matchLabelExpressions");
      boolean matches = !expressions.isEmpty();
      for (KubeMap expression : expressions.maps()) {
        Object value = nodeLabels.get(expression.string("key", ""));
        matches &= value != null && expression.listOrEmpty("values").contains(value);
      }
      if (matches) {
        return true;
      }
    }
    return terms.isEmpty();
  }

  private boolean enoughCapacity(
      String provisioner, KubeObject claim, String storageClass, NodeInfo node) {
    Object asked = PersistentVolumes.requested(claim);
    KubeObject driver = cluster(ResourceType.CSI_DRIVERS, provisioner);
    if (asked == null || driver == null || !driver.spec().bool("storageCapacity", false)) {
      return true;
    }
    for (KubeObject capacity : view.list(ResourceType.CSI_STORAGE_CAPACITIES)) {
      Object limit = limit(capacity);
      KubeMap topology = capacity.root().map("nodeTopology");
      if (storageClass.equals(capacity.root().get("storageClassName"))
          && limit != null
          && Quantity.of(limit).cmp(Quantity.of(asked)) >= 0
          && topology != null
          && LabelSelector.of(topology).matches(node.labels())) {
        return true;
      }
    }
    return false;
  }

  /** The largest volume that can be made where a CSIStorageCapacity holds; null for none. */
  static @Nullable Object limit(KubeObject capacity) {
    Object maximum = capacity.root().get("maximumVolumeSize");
    return maximum == null ? capacity.root().get("capacity") : maximum;
  }

  /** Reserves what was found on a node. Returns what is to be written. */
  PodVolumes assume(PodVolumes found, String node) {
    ImmutableList.Builder<Binding> bindings = ImmutableList.builder();
    for (Binding binding : found.bindings()) {
      KubeObject reserved = PersistentVolumes.reservedFor(binding.volume(), binding.claim());
      if (reserved != binding.volume()) {
        assumedVolumes.assume(reserved);
      }
      bindings.add(new Binding(reserved, binding.claim()));
    }
    ImmutableList.Builder<KubeObject> provisions = ImmutableList.builder();
    for (KubeObject claim : found.provisions()) {
      KubeObject selected =
          PersistentVolumes.annotated(claim, PersistentVolumes.SELECTED_NODE, node);
      assumedClaims.assume(selected);
      provisions.add(selected);
    }
    return new PodVolumes(Status.SUCCESS, bindings.build(), provisions.build());
  }

  /** Whether every claim of the pod is bound already. */
  boolean allBound(PodInfo pod) {
    for (Claims.Named named : Claims.of(pod)) {
      KubeObject claim = assumedClaims.get(Claims.key(pod, named.name()));
      if (claim == null || !Claims.fullyBound(claim)) {
        return false;
      }
    }
    return true;
  }

  /** Takes reservations back. */
  void revert(PodVolumes assumed) {
    assumed.bindings().forEach(binding -> assumedVolumes.restore(binding.volume()));
    assumed.provisions().forEach(assumedClaims::restore);
  }

  /** Writes the reservations; the volume controller and provisioners act on them. */
  PodVolumes write(PodVolumes assumed, ApiClient client) {
    try {
      ImmutableList.Builder<Binding> bindings = ImmutableList.builder();
      for (Binding binding : assumed.bindings()) {
        bindings.add(
            new Binding(
                client.update(ResourceType.PERSISTENT_VOLUMES, binding.volume()), binding.claim()));
      }
      ImmutableList.Builder<KubeObject> provisions = ImmutableList.builder();
      for (KubeObject claim : assumed.provisions()) {
        provisions.add(client.update(ResourceType.PERSISTENT_VOLUME_CLAIMS, claim));
      }
      return new PodVolumes(Status.SUCCESS, bindings.build(), provisions.build());
    } catch (ApiException e) {
      revert(assumed);
      return PodVolumes.none(Status.error(e.status().message()));
    }
  }

  /** Success when everything that was written is bound, wait when it is not yet, or an error. */
  Status bound(PodInfo pod, PodVolumes written, KubeMap nodeLabels) {
    for (Binding binding : written.bindings()) {
      Status status = bound(binding, pod, nodeLabels);
      if (!status.success()) {
        return status;
      }
    }
    for (KubeObject claim : written.provisions()) {
      Status status = provisioned(claim, pod, nodeLabels);
      if (!status.success()) {
        return status;
      }
    }
    return Status.SUCCESS;
  }

  private Status bound(Binding binding, PodInfo pod, KubeMap nodeLabels) {
    KubeObject volume = shown(ResourceType.PERSISTENT_VOLUMES, binding.volume());
    KubeObject claim = shown(ResourceType.PERSISTENT_VOLUME_CLAIMS, binding.claim());
    if (volume == null || claim == null) {
      return Status.error("failed to check binding: not found");
    }
    if (AssumedObjects.version(binding.volume()) > AssumedObjects.version(volume)) {
      return Status.WAIT;
    }
    if (!volumes.reachable(volume, nodeLabels)) {
      return unreachable(volume, pod);
    }
    if (volume.spec().mapOrEmpty("claimRef").string("uid", "").isEmpty()) {
      return Status.error("ClaimRef got reset for pv \"" + volume.name() + "\"");
    }
    return Claims.fullyBound(claim) ? Status.SUCCESS : Status.WAIT;
  }

  private Status provisioned(KubeObject provision, PodInfo pod, KubeMap nodeLabels) {
    KubeObject claim = shown(ResourceType.PERSISTENT_VOLUME_CLAIMS, provision);
    if (claim == null) {
      return Status.error("failed to check provisioning pvc: not found");
    }
    if (AssumedObjects.version(provision) > AssumedObjects.version(claim)) {
      return Status.WAIT;
    }
    if (claim.annotations().isEmpty()) {
      return Status.error("selectedNode annotation reset for PVC \"" + claim.name() + "\"");
    }
    if (!pod.nodeName().equals(claim.annotations().get(PersistentVolumes.SELECTED_NODE))) {
      return Status.error("provisioning failed for PVC \"" + claim.name() + "\"");
    }
    KubeObject volume =
        PersistentVolumes.volumeName(claim).isEmpty()
            ? null
            : cluster(ResourceType.PERSISTENT_VOLUMES, PersistentVolumes.volumeName(claim));
    if (volume != null && !volumes.reachable(volume, nodeLabels)) {
      return unreachable(volume, pod);
    }
    return volume != null && Claims.fullyBound(claim) ? Status.SUCCESS : Status.WAIT;
  }

  private static Status unreachable(KubeObject volume, PodInfo pod) {
    return Status.error(
        "pv \""
            + volume.name()
            + "\" node affinity doesn't match node \""
            + pod.nodeName()
            + "\": no matching NodeSelectorTerms");
  }

  private @Nullable KubeObject shown(ResourceType type, KubeObject object) {
    return view.find(object.key(type));
  }
}
