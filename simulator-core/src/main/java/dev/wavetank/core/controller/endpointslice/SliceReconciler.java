package dev.wavetank.core.controller.endpointslice;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.controller.EndpointSliceTracker;
import dev.wavetank.core.controller.OfferedPorts;
import dev.wavetank.core.controller.PodControl;
import dev.wavetank.core.controller.ServicePods;
import dev.wavetank.core.informer.ApiClient;
import dev.wavetank.core.record.EventRecorder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes the slices of a Service show its pods: a set of slices for each address family, and within
 * it for each set of ports that the Service's named target ports lead to.
 *
 * <p>Follows staging/src/k8s.io/endpointslice/reconciler.go (v1.36).
 */
public final class SliceReconciler {

  private final ApiClient client;
  private final Function<String, @Nullable KubeObject> nodes;
  private final int endpointsMax;
  private final EndpointSliceTracker tracker;
  private final TopologyCache topology;
  private final EventRecorder recorder;

  /**
   * A reconciler.
   *
   * @param nodes the node of that name, or null
   * @param endpointsMax most endpoints of a slice
   * @param recorder takes the events of Services whose hints come and go with the topology
   */
  SliceReconciler(
      ApiClient client,
      Function<String, @Nullable KubeObject> nodes,
      int endpointsMax,
      EndpointSliceTracker tracker,
      TopologyCache topology,
      EventRecorder recorder) {
    this.client = client;
    this.nodes = nodes;
    this.endpointsMax = endpointsMax;
    this.tracker = tracker;
    this.topology = topology;
    this.recorder = recorder;
  }

  /** A reconciler for a cluster whose nodes say nothing of their zones' CPU. */
  public SliceReconciler(
      ApiClient client,
      Function<String, @Nullable KubeObject> nodes,
      int endpointsMax,
      EndpointSliceTracker tracker,
      EventRecorder recorder) {
    this(client, nodes, endpointsMax, tracker, new TopologyCache(ImmutableList::of), recorder);
  }

  /**
   * Writes what differs.
   *
   * @param pods those that the Service selects
   * @param slices those that exist for it
   * @param triggerTime for the annotation of slices that are written; null for none
   * @throws ApiException when a write was refused, or a pod's node is not known
   */
  public void reconcile(
      KubeObject service,
      List<KubeObject> pods,
      List<KubeObject> slices,
      @Nullable String triggerTime) {
    List<String> addressTypes = addressTypes(service);
    List<String> errors = new ArrayList<>();
    ApiException refused = null;
    for (String addressType : addressTypes) {
      List<KubeObject> existing = new ArrayList<>(slices.size());
      for (KubeObject slice : slices) {
        if (addressType.equals(slice.root().get("addressType"))) {
          existing.add(slice);
        }
      }
      try {
        reconcile(service, pods, existing, triggerTime, addressType, errors);
      } catch (ApiException e) {
        refused = refused == null ? e : refused;
      }
    }
    for (KubeObject slice : slices) {
      String addressType = slice.root().string("addressType", "");
      if (!addressTypes.contains(addressType)) {
        topology.removeHints(service.key(ResourceType.SERVICES), addressType);
        delete(service.key(ResourceType.SERVICES), slice);
      }
    }
    if (refused != null) {
      throw refused;
    }
    if (!errors.isEmpty()) {
      throw new ApiException(Status.internalError(String.join(", ", errors)));
    }
  }

  private static ImmutableList<String> addressTypes(KubeObject service) {
    KubeList families = service.spec().listOrEmpty("ipFamilies");
    if (!families.isEmpty()) {
      ImmutableList.Builder<String> types = ImmutableList.builder();
      families.forEach(family -> types.add(family.toString()));
      return types.build();
    }
    if (ServicePods.headless(service)) {
      return ImmutableList.of("IPv4", "IPv6");
    }
    boolean v6 = service.spec().string("clusterIP", "").indexOf(':') >= 0;
    return ImmutableList.of(v6 ? "IPv6" : "IPv4");
  }

  private void reconcile(
      KubeObject service,
      List<KubeObject> pods,
      List<KubeObject> existing,
      @Nullable String triggerTime,
      String addressType,
      List<String> errors) {
    SliceChanges changes = new SliceChanges(existing);
    Map<KubeList, List<KubeObject>> existingByPorts = new LinkedHashMap<>();
    for (KubeObject slice : existing) {
      if (ownedBy(slice, service)) {
        existingByPorts
            .computeIfAbsent(slice.root().listOrEmpty("ports"), ports -> new ArrayList<>())
            .add(slice);
      } else {
        changes.toDelete.add(slice);
      }
    }
    Map<KubeList, Map<String, DesiredEndpoint>> desiredByPorts =
        desired(service, pods, addressType, errors);
    desiredByPorts.forEach(
        (ports, desired) -> {
          SlicePacking packing =
              new SlicePacking(service, addressType, ports, endpointsMax, desired);
          packing.pack(existingByPorts.getOrDefault(ports, ImmutableList.of()));
          changes.toCreate.addAll(packing.toCreate);
          changes.toUpdate.addAll(packing.toUpdate);
          changes.toDelete.addAll(packing.toDelete);
        });
    existingByPorts.forEach(
        (ports, slices) -> {
          if (!desiredByPorts.containsKey(ports)) {
            changes.toDelete.addAll(slices);
          }
        });
    if (existing.size() == changes.toDelete.size() && changes.toCreate.isEmpty()) {
      addPlaceholder(service, addressType, changes);
    }
    TopologyCache.Notice notice = hints(service, addressType, changes);
    new Finalization(service, triggerTime).run(changes);
    if (notice != null) {
      recorder.event(
          service, "", notice.enabled() ? "Normal" : "Warning", notice.reason(), notice.message());
    }
  }

  private static void addPlaceholder(KubeObject service, String addressType, SliceChanges changes) {
    SliceDraft placeholder = SliceDraft.create(service, addressType, KubeList.EMPTY);
    List<KubeObject> toDelete = changes.toDelete;
    if (toDelete.size() == 1
        && ownedBy(toDelete.get(0), service)
        && placeholder.placeholderLike(toDelete.get(0))) {
      toDelete.clear();
    } else {
      changes.toCreate.add(placeholder);
    }
  }

  private TopologyCache.@Nullable Notice hints(
      KubeObject service, String addressType, SliceChanges changes) {
    ObjectKey key = service.key(ResourceType.SERVICES);
    if (TopologyCache.wanted(service)) {
      return topology.addHints(key, addressType, changes);
    }
    TrafficDistribution.of(service).apply(changes);
    return topology.disable(key, addressType);
  }

  private static boolean ownedBy(KubeObject slice, KubeObject service) {
    KubeList owners = slice.ownerReferences();
    for (int i = 0; i < owners.size(); i++) {
      KubeMap owner = owners.map(i);
      if (service.uid().equals(owner.get("uid"))
          && "Service".equals(owner.get("kind"))
          && "v1".equals(owner.get("apiVersion"))) {
        return true;
      }
    }
    return false;
  }

  private Map<KubeList, Map<String, DesiredEndpoint>> desired(
      KubeObject service, List<KubeObject> pods, String addressType, List<String> errors) {
    Map<KubeList, Map<String, DesiredEndpoint>> byPorts = new LinkedHashMap<>();
    boolean publish = service.spec().bool("publishNotReadyAddresses", false);
    OfferedPorts ports = new OfferedPorts(service, SliceReconciler::port);
    for (KubeObject pod : pods) {
      if (!ServicePods.endpoint(pod, true)) {
        continue;
      }
      Map<String, DesiredEndpoint> group =
          byPorts.computeIfAbsent(ports.of(pod), p -> new LinkedHashMap<>());
      String nodeName = pod.spec().string("nodeName", "");
      KubeObject node = nodes.apply(nodeName);
      if (node == null && !publish) {
        errors.add(
            "skipping Pod "
                + pod.name()
                + " for Service "
                + service.namespace()
                + "/"
                + service.name()
                + ": Node "
                + nodeName
                + " Not Found");
        continue;
      }
      DesiredEndpoint endpoint = DesiredEndpoint.of(pod, node, service, addressType);
      if (endpoint != null) {
        group.put(pod.name(), endpoint);
      }
    }
    return byPorts;
  }

  private static KubeMap port(KubeMap servicePort, long number) {
    return KubeMap.of(
        "name", servicePort.string("name", ""),
        "protocol", servicePort.string("protocol", "TCP"),
        "port", number,
        "appProtocol", servicePort.get("appProtocol"));
  }

  private void delete(ObjectKey service, KubeObject slice) {
    client.delete(slice.key(ResourceType.ENDPOINT_SLICES), DeleteOptions.BACKGROUND);
    tracker.expectDeletion(service, slice);
  }

  /** Writes drafts; a slice that would go gives its name to one that would be made. */
  private final class Finalization {
    private final KubeObject service;
    private final ObjectKey key;
    private final @Nullable String triggerTime;

    Finalization(KubeObject service, @Nullable String triggerTime) {
      this.service = service;
      this.key = service.key(ResourceType.SERVICES);
      this.triggerTime = triggerTime;
    }

    void run(SliceChanges changes) {
      List<SliceDraft> toCreate = changes.toCreate;
      List<SliceDraft> toUpdate = changes.toUpdate;
      List<KubeObject> toDelete = changes.toDelete;
      for (int i = 0; i < toDelete.size() && !toCreate.isEmpty(); ) {
        KubeObject slice = toDelete.get(i);
        SliceDraft last = toCreate.get(toCreate.size() - 1);
        if (last.addressType().equals(slice.root().get("addressType")) && ownedBy(slice, service)) {
          toCreate.remove(toCreate.size() - 1);
          toUpdate.add(last.named(slice.name()));
          toDelete.remove(i);
        } else {
          i++;
        }
      }
      if (!service.terminating() && !create(toCreate)) {
        return;
      }
      for (SliceDraft draft : toUpdate) {
        tracker.update(key, client.update(ResourceType.ENDPOINT_SLICES, draft.slice(triggerTime)));
      }
      for (KubeObject slice : toDelete) {
        delete(key, slice);
      }
    }

    private boolean create(List<SliceDraft> toCreate) {
      for (SliceDraft draft : toCreate) {
        try {
          tracker.update(
              key, client.create(ResourceType.ENDPOINT_SLICES, draft.slice(triggerTime)));
        } catch (ApiException e) {
          if (PodControl.namespaceTerminating(e)) {
            return false;
          }
          throw e;
        }
      }
      return true;
    }
  }
}
