package dev.wavetank.core.controller.endpointslicemirroring;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.controller.EndpointSliceTracker;
import dev.wavetank.core.controller.EndpointSubsets;
import dev.wavetank.core.controller.PodControl;
import dev.wavetank.core.informer.ApiClient;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.record.EventRecorder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes one slice of every subset of an Endpoints object and every address family in it. Endpoints
 * stand in the order of the subset, where upstream's order is that of a hash map.
 *
 * <p>Follows pkg/controller/endpointslicemirroring/reconciler.go and reconciler_helpers.go (v1.36).
 */
final class MirrorReconciler {

  /** Default of {@code --mirroring-max-endpoints-per-subset}. */
  static final int ADDRESSES_PER_SUBSET_MAX = 1000;

  /** What one slice shows: addresses of one family that offer the same ports. */
  private record Group(String addressType, KubeList ports) {}

  private final ApiClient client;
  private final EndpointSliceTracker tracker;
  private final EventRecorder recorder;

  MirrorReconciler(ApiClient client, EndpointSliceTracker tracker, EventRecorder recorder) {
    this.client = client;
    this.tracker = tracker;
    this.recorder = recorder;
  }

  /**
   * Writes what differs.
   *
   * @param existing the slices that mirror the Endpoints now
   * @throws ApiException when a write was refused
   */
  void reconcile(KubeObject endpoints, List<KubeObject> existing) {
    Map<Group, Map<String, KubeMap>> desired = desired(endpoints);
    Map<Group, List<KubeObject>> slices = new LinkedHashMap<>();
    for (KubeObject slice : existing) {
      Group group =
          new Group(slice.root().string("addressType", ""), slice.root().listOrEmpty("ports"));
      slices.computeIfAbsent(group, g -> new ArrayList<>(1)).add(slice);
    }
    Changes changes = new Changes(endpoints);
    desired.forEach(
        (group, wanted) ->
            changes.add(group, wanted.values(), slices.getOrDefault(group, ImmutableList.of())));
    slices.forEach(
        (group, found) -> {
          if (!desired.containsKey(group)) {
            changes.toDelete.addAll(found);
          }
        });
    changes.write();
  }

  private Map<Group, Map<String, KubeMap>> desired(KubeObject endpoints) {
    Map<Group, Map<String, KubeMap>> desired = new LinkedHashMap<>();
    int invalid = 0;
    int skipped = 0;
    KubeList subsets = EndpointSubsets.repack(endpoints.root().listOrEmpty("subsets").maps());
    for (KubeMap subset : subsets.maps()) {
      KubeList ports = ports(subset);
      KubeList ready = subset.listOrEmpty("addresses");
      KubeList notReady = subset.listOrEmpty("notReadyAddresses");
      int added = 0;
      for (int i = 0; i < ready.size() + notReady.size() && added < ADDRESSES_PER_SUBSET_MAX; i++) {
        boolean isReady = i < ready.size();
        KubeMap address = isReady ? ready.map(i) : notReady.map(i - ready.size());
        IpAddress ip = parse(address.string("ip", ""));
        if (ip == null) {
          invalid++;
          continue;
        }
        KubeMap endpoint = endpoint(address, ip, isReady);
        desired
            .computeIfAbsent(
                new Group(ip.isV6() ? "IPv6" : "IPv4", ports), g -> new LinkedHashMap<>())
            .put(identity(endpoint), endpoint);
        added++;
      }
      skipped += ready.size() + notReady.size() - added;
    }
    report(endpoints, invalid, skipped);
    return desired;
  }

  private void report(KubeObject endpoints, int invalid, int skipped) {
    if (invalid > 0) {
      recorder.warning(
          endpoints,
          "InvalidIPAddress",
          "Skipped " + invalid + " invalid IP addresses when mirroring to EndpointSlices");
    }
    if (skipped > invalid) {
      recorder.warning(
          endpoints,
          "TooManyAddressesToMirror",
          "A max of "
              + ADDRESSES_PER_SUBSET_MAX
              + " addresses can be mirrored to EndpointSlices per Endpoints subset. "
              + skipped
              + " addresses were skipped");
    }
  }

  private static @Nullable IpAddress parse(String text) {
    try {
      return IpAddress.parse(text);
    } catch (IllegalArgumentException none) {
      return null;
    }
  }

  private static KubeList ports(KubeMap subset) {
    List<KubeMap> ports = new ArrayList<>();
    for (KubeMap port : subset.listOrEmpty("ports").maps()) {
      ports.add(
          KubeMap.of(
              "name", port.string("name", ""),
              "protocol", port.string("protocol", "TCP"),
              "port", port.get("port"),
              "appProtocol", port.get("appProtocol")));
    }
    return KubeList.copyOf(ports);
  }

  private static KubeMap endpoint(KubeMap address, IpAddress ip, boolean ready) {
    return KubeMap.of(
        "addresses", KubeList.of(ip.toString()),
        "conditions", KubeMap.of("ready", ready),
        "hostname", address.get("hostname"),
        "targetRef", address.get("targetRef"),
        "nodeName", address.get("nodeName"));
  }

  /** Endpoints are the same when they agree in this; the rest of them may change. */
  private static String identity(KubeMap endpoint) {
    KubeMap target = endpoint.mapOrEmpty("targetRef");
    return endpoint.listOrEmpty("addresses")
        + "/"
        + endpoint.string("hostname", "")
        + "/"
        + target.string("namespace", "")
        + "/"
        + target.string("name", "");
  }

  /** The writes of one sync. */
  private final class Changes {
    private final KubeObject endpoints;
    private final ObjectKey key;
    private final List<KubeObject> toCreate = new ArrayList<>();
    private final List<KubeObject> toUpdate = new ArrayList<>();
    private final List<KubeObject> toDelete = new ArrayList<>();

    Changes(KubeObject endpoints) {
      this.endpoints = endpoints;
      this.key = endpoints.key(ResourceType.ENDPOINTS);
    }

    void add(Group group, Iterable<KubeMap> wanted, List<KubeObject> slices) {
      List<KubeMap> list = new ArrayList<>();
      wanted.forEach(list::add);
      KubeObject first = slices.isEmpty() ? null : slices.get(0);
      if (first == null) {
        toCreate.add(slice(group, list, null));
        return;
      }
      toDelete.addAll(slices.subList(1, slices.size()));
      if (same(first, list) && MirroredSlice.metadataUpToDate(first, endpoints)) {
        if (!tracker.has(key, first)) {
          tracker.update(key, first);
        }
      } else {
        toUpdate.add(slice(group, list, first.name()));
      }
    }

    private KubeObject slice(Group group, List<KubeMap> list, @Nullable String name) {
      return MirroredSlice.of(endpoints, group.addressType(), group.ports(), list, name);
    }

    private boolean same(KubeObject slice, List<KubeMap> wanted) {
      KubeList found = slice.root().listOrEmpty("endpoints");
      Map<String, KubeMap> byIdentity = new LinkedHashMap<>();
      for (KubeMap endpoint : found.maps()) {
        byIdentity.put(identity(endpoint), endpoint);
      }
      if (found.size() != wanted.size()) {
        return false;
      }
      for (KubeMap endpoint : wanted) {
        if (!Objects.equals(endpoint, byIdentity.get(identity(endpoint)))) {
          return false;
        }
      }
      return true;
    }

    void write() {
      recycle();
      if (!endpoints.terminating()) {
        for (KubeObject slice : toCreate) {
          try {
            tracker.update(key, client.create(ResourceType.ENDPOINT_SLICES, slice));
          } catch (ApiException e) {
            if (PodControl.namespaceTerminating(e)) {
              return;
            }
            throw e;
          }
        }
      }
      for (KubeObject slice : toUpdate) {
        tracker.update(key, client.update(ResourceType.ENDPOINT_SLICES, slice));
      }
      for (KubeObject slice : toDelete) {
        client.delete(slice.key(ResourceType.ENDPOINT_SLICES), DeleteOptions.BACKGROUND);
        tracker.expectDeletion(key, slice);
      }
    }

    /** A slice that would go gives its name to one of its address type that would be made. */
    private void recycle() {
      for (int i = 0; i < toCreate.size(); ) {
        KubeObject fresh = toCreate.get(i);
        KubeObject old = null;
        for (KubeObject slice : toDelete) {
          if (Objects.equals(slice.root().get("addressType"), fresh.root().get("addressType"))) {
            old = slice;
            break;
          }
        }
        if (old == null) {
          i++;
        } else {
          toDelete.remove(old);
          toCreate.remove(i);
          toUpdate.add(
              fresh.with(null, "metadata", "generateName").with(old.name(), "metadata", "name"));
        }
      }
    }
  }
}
