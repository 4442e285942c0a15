package dev.wavetank.core.controller.garbagecollector;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.Commit;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.informer.ApiClient;
import dev.wavetank.core.informer.Controller;
import dev.wavetank.core.informer.Informer;
import dev.wavetank.core.informer.RateLimiter;
import dev.wavetank.core.informer.Result;
import dev.wavetank.core.record.EventRecorder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Deletes objects whose owners are all gone, carries out foreground deletions and orphans the
 * dependents of objects that are deleted so. Before it deletes, it asks the server whether the
 * owners are really absent.
 *
 * <p>It watches the objects of every served type but Events, and hears of a change only when owner
 * references, finalizers or the request of deletion changed. What it reads and what it writes
 * because of it happen in one instant here, so a deletion never meets a newer version.
 *
 * <p>Follows pkg/controller/garbagecollector/garbagecollector.go (v1.36).
 */
public final class GarbageCollector {

  /** From one look at which types there are to the next. */
  public static final long SYNC_PERIOD_NANOS = 30_000_000_000L;

  private static final String NAME = "garbage-collector-controller";
  private static final int WORKERS = 20;

  private final ApiServer server;
  private final ApiClient client;
  private final ReferenceCache absentOwners = new ReferenceCache();
  private final GraphBuilder graph;
  private final Controller<Node> attemptToDelete;
  private final Controller<Node> attemptToOrphan;
  private final long startNanos;
  private boolean resyncing;
  private final Map<ResourceType, Informer> monitors = new LinkedHashMap<>();

  /** A collector that watches from now on and knows what exists. */
  public GarbageCollector(ApiServer server) {
    this.server = server;
    this.client = new ApiClient(server, NAME);
    this.graph = new GraphBuilder(new Queues(), new EventRecorder(server, NAME, ""), absentOwners);
    this.attemptToDelete =
        new Controller<>(
            NAME,
            WORKERS,
            client,
            RateLimiter.controllerDefault(),
            Controller.RETRIES_UNBOUNDED,
            this::attemptToDelete);
    this.attemptToOrphan =
        new Controller<>(
            NAME + "-orphan",
            WORKERS,
            client,
            RateLimiter.controllerDefault(),
            Controller.RETRIES_UNBOUNDED,
            this::attemptToOrphan);
    syncMonitors();
    this.startNanos = server.simulation().now();
    server.served().listen(this::typesChanged);
  }

  /** Types that come are watched from the next round on. */
  private void typesChanged() {
    if (!resyncing) {
      resyncing = true;
      long rounds = (server.simulation().now() - startNanos) / SYNC_PERIOD_NANOS + 1;
      server
          .simulation()
          .at(
              startNanos + rounds * SYNC_PERIOD_NANOS,
              NAME + "/sync",
              "types",
              () -> {
                resyncing = false;
                syncMonitors();
              });
    }
  }

  /** The queues; what would be looked at in vain is left out. */
  private final class Queues implements GraphBuilder.Attempts {
    @Override
    public void delete(Node node) {
      if (!goesAnyway(node)) {
        attemptToDelete.enqueue(node);
      }
    }

    @Override
    public void deleteRateLimited(Node node) {
      attemptToDelete.enqueueRateLimited(node);
    }

    @Override
    public void orphan(Node node) {
      attemptToOrphan.enqueue(node);
    }
  }

  /** The client, for who wants to hear of the collector's writes. */
  public ApiClient client() {
    return client;
  }

  /** How many objects and presumed owners the graph holds. */
  public int graphSize() {
    return graph.size();
  }

  /** Watches the types that the server serves since the last call, too. */
  public void syncMonitors() {
    List<Informer> added = new ArrayList<>();
    for (ResourceType type : server.types()) {
      if (!type.equals(ResourceType.EVENTS) && !monitors.containsKey(type)) {
        String apiVersion = type.apiVersion();
        Informer informer =
            Informer.of(
                server,
                type,
                NAME,
                GarbageCollector::matters,
                (before, after) -> graph.changed(apiVersion, before, after));
        monitors.put(type, informer);
        added.add(informer);
      }
    }
    added.forEach(Informer::replay);
  }

  private static boolean matters(Commit commit) {
    KubeObject before = commit.before();
    KubeObject after = commit.after();
    if (before == null || after == null) {
      return true;
    }
    KubeMap old = before.metadata();
    KubeMap now = after.metadata();
    return old != now
        && (before.terminating() != after.terminating()
            || !before.finalizers().equals(after.finalizers())
            || !before.ownerReferences().equals(after.ownerReferences()));
  }

  /** Whether an object is on its way out and waits for nothing that the collector does. */
  private static boolean goesAnyway(Node node) {
    return node.observed() && node.beingDeleted() && !node.deletingDependents();
  }

  // Looking whether a node should be deleted.

  private Result attemptToDelete(Node node) {
    if (!node.observed()) {
      Node known = graph.find(node.identity.uid());
      if (known == null || known.observed()) {
        return Result.done();
      }
    }
    if (goesAnyway(node)) {
      return Result.done();
    }
    ResourceType type = server.typeOf(node.identity.apiVersion(), node.identity.kind());
    if (type == null) {
      return Result.retry();
    }
    if (type.namespaced() && node.identity.namespace().isEmpty()) {
      // An object of the whole cluster names an owner of a namespaced type: no namespace to look
      // in.
      return Result.done();
    }
    ObjectKey key = ObjectKey.of(type, node.identity.namespace(), node.identity.name());
    KubeObject latest = client.find(key);
    if (latest == null || !latest.uid().equals(node.identity.uid())) {
      graph.virtualDelete(node.identity);
      return Result.done();
    }
    if (node.deletingDependents()) {
      processDeletingDependents(node, key);
    } else if (!deleteUnowned(node, key, latest)) {
      return Result.done();
    }
    return node.observed() ? Result.done() : Result.retry();
  }

  /** The end of a foreground deletion, or what holds it up is looked at. */
  private void processDeletingDependents(Node node, ObjectKey key) {
    List<Node> blocking = node.blockingDependents();
    if (blocking.isEmpty()) {
      removeFinalizer(key, Finalizers.FOREGROUND);
      return;
    }
    for (Node dependent : blocking) {
      if (!dependent.deletingDependents() && !goesAnyway(dependent)) {
        attemptToDelete.enqueue(dependent);
      }
    }
  }

  /** Deletes an object if no owner keeps it; false when its references cannot be judged at all. */
  private boolean deleteUnowned(Node node, ObjectKey key, KubeObject latest) {
    if (latest.ownerReferences().isEmpty()) {
      return true;
    }
    Owners owners = new Owners();
    for (KubeMap reference : latest.ownerReferences().maps()) {
      if (!classify(reference, node, owners)) {
        return false;
      }
    }
    if (owners.solid > 0) {
      if (!owners.toDrop.isEmpty()) {
        removeOwners(key, node.identity.uid(), owners.toDrop);
      }
      return true;
    }
    if (owners.waiting && !node.dependents().isEmpty()) {
      breakCycle(node, key);
      delete(key, latest, DeleteOptions.Propagation.FOREGROUND);
    } else {
      delete(key, latest, Finalizers.propagation(latest));
    }
    return true;
  }

  /** What the owner references of one object point to. */
  private static final class Owners {
    int solid;
    boolean waiting;

    /** Uids of owners that are absent or wait for their dependents' end. */
    final List<String> toDrop = new ArrayList<>(2);
  }

  /**
   * Files one owner reference; false when an object of the whole cluster names a namespaced one.
   */
  private boolean classify(KubeMap reference, Node node, Owners owners) {
    String namespace = node.identity.namespace();
    ObjectReference said = ObjectReference.of(reference, namespace);
    if (absentOwners.has(said.in("")) || absentOwners.has(said)) {
      owners.toDrop.add(said.uid());
      return true;
    }
    ResourceType type = server.typeOf(said.apiVersion(), said.kind());
    if (type == null) {
      throw new ApiException(
          Status.internalError(
              "unable to get REST mapping for " + said.apiVersion() + "/" + said.kind() + "."));
    }
    if (type.namespaced() && namespace.isEmpty()) {
      return false;
    }
    KubeObject owner = client.find(ObjectKey.of(type, namespace, said.name()));
    if (owner == null || !owner.uid().equals(said.uid())) {
      absentOwners.add(type.namespaced() ? said : said.in(""));
      owners.toDrop.add(said.uid());
    } else if (Finalizers.waits(owner, Finalizers.FOREGROUND)) {
      owners.waiting = true;
      owners.toDrop.add(said.uid());
    } else {
      owners.solid++;
    }
    return true;
  }

  /** Two objects that own each other would wait for each other: the references block no more. */
  private void breakCycle(Node node, ObjectKey key) {
    for (Node dependent : node.dependents()) {
      if (dependent.deletingDependents()) {
        KubeList owners = node.owners();
        client.patch(
            key, found -> Finalizers.unblocked(required(found, node.identity.uid()), owners));
        return;
      }
    }
  }

  private void delete(ObjectKey key, KubeObject latest, DeleteOptions.Propagation propagation) {
    client.delete(key, DeleteOptions.BACKGROUND.withUid(latest.uid()).withPropagation(propagation));
  }

  private void removeOwners(ObjectKey key, String uid, List<String> owners) {
    client.patch(key, found -> Finalizers.withoutOwners(required(found, uid), owners));
  }

  /** An object that the server refuses to change when it has another uid. */
  private static KubeObject required(KubeObject found, String uid) {
    return found.withMetadata(found.metadata().with("uid", uid));
  }

  private void removeFinalizer(ObjectKey key, String finalizer) {
    KubeObject object = client.find(key);
    if (object != null && object.finalizers().contains(finalizer)) {
      client.patch(key, found -> Finalizers.without(found, finalizer));
    }
  }

  // Orphaning.

  private Result attemptToOrphan(Node owner) {
    @Nullable ApiException refused = null;
    for (Node dependent : owner.dependents()) {
      try {
        orphan(dependent, owner.identity.uid());
      } catch (ApiException e) {
        if (!e.notFound()) {
          refused = e;
        }
      }
    }
    if (refused != null) {
      throw refused;
    }
    ResourceType type = server.typeOf(owner.identity.apiVersion(), owner.identity.kind());
    if (type == null) {
      return Result.retry();
    }
    removeFinalizer(
        ObjectKey.of(type, owner.identity.namespace(), owner.identity.name()), Finalizers.ORPHAN);
    return Result.done();
  }

  private void orphan(Node dependent, String ownerUid) {
    ObjectReference identity = dependent.identity;
    ResourceType type = server.typeOf(identity.apiVersion(), identity.kind());
    if (type != null) {
      ObjectKey key = ObjectKey.of(type, identity.namespace(), identity.name());
      removeOwners(key, identity.uid(), List.of(ownerUid));
    }
  }
}
