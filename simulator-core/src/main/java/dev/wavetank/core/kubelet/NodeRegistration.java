package dev.wavetank.core.kubelet;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.Quantity;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Timestamps;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.record.EventRecorder;
import dev.wavetank.core.sim.Simulation;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * The Node object and the Lease of a kubelet.
 *
 * <p>Follows pkg/kubelet/kubelet_node_status.go and pkg/kubelet/nodestatus/setters.go (v1.36).
 */
final class NodeRegistration {

  private static final long SECOND = 1_000_000_000L;
  private static final long RENEW_NANOS = 10 * SECOND;
  private static final long STATUS_NANOS = 10 * SECOND;
  private static final long HEARTBEAT_NANOS = 300 * SECOND;
  private static final long LEASE_SECONDS = 40;

  private final ApiServer server;
  private final Simulation simulation;
  private final NodeConfig config;
  private final EventRecorder recorder;
  private final ObjectKey nodeKey;
  private final ObjectKey leaseKey;
  private long startedNanos;
  private long renewedNanos;
  private long heartbeatNanos;
  private int boots;
  private boolean unschedulable;
  private boolean looksAtCordon;

  NodeRegistration(ApiServer server, NodeConfig config, EventRecorder recorder) {
    this.server = server;
    this.simulation = server.simulation();
    this.config = config;
    this.recorder = recorder;
    this.nodeKey = ObjectKey.of(ResourceType.NODES, "", config.name());
    this.leaseKey = ObjectKey.of(ResourceType.LEASES, "kube-node-lease", config.name());
  }

  void register() {
    startedNanos = simulation.now();
    renewedNanos = startedNanos;
    heartbeatNanos = startedNanos;
    KubeObject known = server.find(nodeKey);
    if (known == null) {
      server.create(ResourceType.NODES, node());
    } else {
      unschedulable = isUnschedulable(known);
    }
    server.patchStatus(nodeKey, old -> status());
    if (server.find(leaseKey) == null) {
      server.create(ResourceType.LEASES, lease());
    }
    announce();
  }

  /** The kubelet runs again after its node was down. */
  void restarted() {
    startedNanos = simulation.now();
    renewedNanos = startedNanos - RENEW_NANOS;
    heartbeatNanos = startedNanos - HEARTBEAT_NANOS;
    boots++;
    looksAtCordon = false;
    refresh();
    announce();
    recorder.warning(
        about(), "Rebooted", "Node " + config.name() + " has been rebooted, boot id: " + bootId());
    cordonChanged();
  }

  private KubeObject about() {
    return KubeObject.of(ResourceType.NODES, aboutNode());
  }

  private void announce() {
    KubeObject node = about();
    recorder.normal(node, "Starting", "Starting kubelet.");
    recorder.normal(node, "NodeAllocatableEnforced", "Updated Node Allocatable limit across pods");
    for (String reason :
        new String[] {
          "NodeHasSufficientMemory", "NodeHasNoDiskPressure", "NodeHasSufficientPID", "NodeReady"
        }) {
      recorder.normal(node, reason, "Node " + config.name() + " status is now: " + reason);
    }
  }

  private static boolean isUnschedulable(KubeObject node) {
    return node.spec().bool("unschedulable", false);
  }

  /** The node may have been cordoned or uncordoned: the next look at it, each 10 s, tells. */
  void cordonChanged() {
    KubeObject node = server.find(nodeKey);
    if (looksAtCordon || node == null || isUnschedulable(node) == unschedulable) {
      return;
    }
    looksAtCordon = true;
    int boot = boots;
    simulation.at(
        lastTick(STATUS_NANOS) + STATUS_NANOS,
        "kubelet/node-status",
        nodeKey,
        () -> {
          if (boot == boots) {
            lookAtCordon();
          }
        });
  }

  private void lookAtCordon() {
    looksAtCordon = false;
    KubeObject node = server.find(nodeKey);
    if (node != null && isUnschedulable(node) != unschedulable) {
      unschedulable = isUnschedulable(node);
      String reason = unschedulable ? "NodeNotSchedulable" : "NodeSchedulable";
      recorder.normal(about(), reason, "Node " + config.name() + " status is now: " + reason);
    }
  }

  /** The Node object as it is stored, or as it was registered when it is gone. */
  KubeObject stored() {
    KubeObject node = server.find(nodeKey);
    return node != null ? node : node();
  }

  private String machineId() {
    return id("machine").replace("-", "");
  }

  private String bootId() {
    return id("boot " + boots);
  }

  private String id(String what) {
    byte[] name = (config.name() + " " + what).getBytes(StandardCharsets.UTF_8);
    return UUID.nameUUIDFromBytes(name).toString();
  }

  /** Events about a node name it as its own uid. */
  private KubeMap aboutNode() {
    return KubeMap.of("name", config.name(), "uid", config.name());
  }

  private KubeObject node() {
    KubeMap.Builder labels = KubeMap.builder();
    labels.put("beta.kubernetes.io/arch", "amd64");
    labels.put("beta.kubernetes.io/os", "linux");
    labels.put("kubernetes.io/arch", "amd64");
    labels.put("kubernetes.io/hostname", config.name());
    labels.put("kubernetes.io/os", "linux");
    config.labels().forEach(labels::put);
    String podCidr = config.podNetwork() + "/" + config.podPrefixLength();
    KubeList podCidrs = KubeList.of(podCidr);
    NodeConfig.Secondary secondary = config.secondary();
    if (secondary != null) {
      podCidrs = podCidrs.plus(secondary.podNetwork() + "/" + secondary.podPrefixLength());
    }
    return KubeObject.of(
        KubeMap.of(
            "apiVersion",
            "v1",
            "kind",
            "Node",
            "metadata",
            KubeMap.of(
                "name",
                config.name(),
                "labels",
                labels.build(),
                "annotations",
                KubeMap.of("volumes.kubernetes.io/controller-managed-attach-detach", "true")),
            "spec",
            KubeMap.of(
                "podCIDR",
                podCidr,
                "podCIDRs",
                podCidrs,
                "taints",
                config.taints().isEmpty() ? null : config.taints()),
            "status",
            status()));
  }

  private KubeList addresses() {
    KubeList addresses = KubeList.EMPTY;
    for (IpAddress address : config.addresses()) {
      addresses = addresses.plus(KubeMap.of("address", address.toString(), "type", "InternalIP"));
    }
    return addresses.plus(KubeMap.of("address", config.name(), "type", "Hostname"));
  }

  private KubeMap status() {
    return KubeMap.of(
        "addresses",
        addresses(),
        "allocatable",
        allocatable(config),
        "capacity",
        config.capacity(),
        "conditions",
        KubeList.of(
            condition(
                "MemoryPressure",
                "False",
                "KubeletHasSufficientMemory",
                "kubelet has sufficient memory available"),
            condition(
                "DiskPressure",
                "False",
                "KubeletHasNoDiskPressure",
                "kubelet has no disk pressure"),
            condition(
                "PIDPressure",
                "False",
                "KubeletHasSufficientPID",
                "kubelet has sufficient PID available"),
            condition("Ready", "True", "KubeletReady", "kubelet is posting ready status")),
        "daemonEndpoints",
        KubeMap.of("kubeletEndpoint", KubeMap.of("Port", 10250L)),
        "nodeInfo",
        KubeMap.of(
            "architecture",
            "amd64",
            "bootID",
            bootId(),
            "containerRuntimeVersion",
            "containerd://2.2.0",
            "kernelVersion",
            "6.12.0",
            "kubeProxyVersion",
            "",
            "kubeletVersion",
            "v1.36.2",
            "machineID",
            machineId(),
            "operatingSystem",
            "linux",
            "osImage",
            "Debian GNU/Linux 13 (trixie)",
            "systemUUID",
            id("system")));
  }

  /** What pods can have: the capacity less what is reserved. */
  static KubeMap allocatable(NodeConfig config) {
    KubeMap allocatable = config.capacity();
    for (String name : config.reserved().keys()) {
      Object capacity = config.capacity().get(name);
      if (capacity != null) {
        Quantity left = Quantity.of(capacity).sub(Quantity.of(config.reserved().get(name)));
        allocatable = allocatable.with(name, left.sign() < 0 ? "0" : left.toString());
      }
    }
    return allocatable;
  }

  private KubeMap condition(String type, String status, String reason, String message) {
    String now = server.timestamp();
    return KubeMap.of(
        "lastHeartbeatTime",
        now,
        "lastTransitionTime",
        now,
        "message",
        message,
        "reason",
        reason,
        "status",
        status,
        "type",
        type);
  }

  private KubeObject lease() {
    KubeObject node = server.get(nodeKey);
    return KubeObject.of(
        KubeMap.of(
            "apiVersion",
            "coordination.k8s.io/v1",
            "kind",
            "Lease",
            "metadata",
            KubeMap.of(
                "name",
                config.name(),
                "namespace",
                "kube-node-lease",
                "ownerReferences",
                KubeList.of(
                    KubeMap.of(
                        "apiVersion",
                        "v1",
                        "kind",
                        "Node",
                        "name",
                        config.name(),
                        "uid",
                        node.uid()))),
            "spec",
            KubeMap.of(
                "holderIdentity",
                config.name(),
                "leaseDurationSeconds",
                LEASE_SECONDS,
                "renewTime",
                Timestamps.micros(simulation.instant()))));
  }

  long lastRenewNanos(boolean down) {
    return down ? renewedNanos : lastTick(RENEW_NANOS, simulation.now() - 1);
  }

  private long lastTick(long periodNanos) {
    return lastTick(periodNanos, simulation.now());
  }

  /** The last multiple of a period, counted from the start, that is not after a time. */
  private long lastTick(long periodNanos, long untilNanos) {
    return startedNanos + Math.max(0, untilNanos - startedNanos) / periodNanos * periodNanos;
  }

  /** Writes the times of the last renewal and of the last heartbeat, when they have moved. */
  void refresh() {
    long renewal = lastTick(RENEW_NANOS);
    if (renewal > renewedNanos && server.find(leaseKey) != null) {
      renewedNanos = renewal;
      String time = Timestamps.micros(simulation.start().plusNanos(renewal));
      server.patch(ResourceType.LEASES, leaseKey, lease -> lease.with(time, "spec", "renewTime"));
    }
    long heartbeat = lastTick(HEARTBEAT_NANOS);
    if (heartbeat > heartbeatNanos && server.find(nodeKey) != null) {
      heartbeatNanos = heartbeat;
      String time = Timestamps.seconds(simulation.start().plusNanos(heartbeat));
      server.patchStatus(nodeKey, old -> healthy(old, time));
    }
  }

  /** The node's status with the conditions of a kubelet that is well. */
  private KubeMap healthy(KubeMap old, String time) {
    KubeList conditions = old.listOrEmpty("conditions");
    KubeList well = status().listOrEmpty("conditions");
    for (int i = 0; i < conditions.size(); i++) {
      KubeMap now = conditions.map(i);
      KubeMap set = well.find("type", now.string("type", ""));
      if (set != null) {
        boolean same = now.string("status", "").equals(set.get("status"));
        conditions =
            conditions.with(
                i,
                set.with("lastHeartbeatTime", time)
                    .with("lastTransitionTime", same ? now.get("lastTransitionTime") : time));
      }
    }
    return old.with("conditions", conditions).withPath(bootId(), "nodeInfo", "bootID");
  }
}
