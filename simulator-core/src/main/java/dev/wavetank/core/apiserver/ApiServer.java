package dev.wavetank.core.apiserver;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.LabelSelector;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.api.Timestamps;
import dev.wavetank.core.apiserver.patch.Patch;
import dev.wavetank.core.sim.Simulation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The only door to the state of a cluster. Controllers use the same door as users.
 *
 * <p>A write passes, in this order: identity, defaults, the admission list, what a client may not
 * choose, allocation, validation, the store. Every refusal is an {@link ApiException} with the
 * code, reason and message of the real API server. Nothing is stored when any step refuses.
 *
 * <p>Follows staging/src/k8s.io/apiserver/pkg/registry/generic/registry/store.go (v1.36).
 */
public final class ApiServer {

  /** Hears of each commit before any watch does. */
  public interface CommitListener {
    void committed(Commit commit);
  }

  private final Simulation simulation;
  private final Latencies latencies;
  private final Store store = new Store();
  private final Watches watches = new Watches(store);
  private final Identities identities;
  private final Deletion deletion;
  private final ServedTypes types = new ServedTypes();
  private final AdmissionChain admission = new AdmissionChain();
  private final List<CommitListener> listeners = new ArrayList<>();
  private final RequestContext request = new RequestContext();
  private final WebhookBackends webhooks = new WebhookBackends();

  public ApiServer(Simulation simulation, Latencies latencies) {
    this.simulation = simulation;
    this.latencies = latencies;
    this.identities = new Identities(simulation);
    this.deletion = new Deletion(this, simulation);
    for (ResourceType type : ResourceType.BUILT_IN) {
      types.serve(type, ResourceStrategy.PLAIN);
    }
    ResourceType.ANSWERED.forEach(types::answer);
  }

  public Simulation simulation() {
    return simulation;
  }

  /** The request of a client that is being handled. */
  public RequestContext request() {
    return request;
  }

  /** Who answers behind the addresses of webhooks. */
  public WebhookBackends webhooks() {
    return webhooks;
  }

  /** What tokens are signed with; whoever has it keeps it to himself. */
  public byte[] tokenKey() {
    return identities.tokenKey();
  }

  public Latencies latencies() {
    return latencies;
  }

  /** Serves a type with that strategy, or replaces the strategy of one that is served. */
  public void serve(ResourceType type, ResourceStrategy strategy) {
    types.serve(type, strategy);
  }

  /** Appends a step to the admission list. */
  public void admit(Admission step) {
    admission.add(step);
  }

  public void listen(CommitListener listener) {
    listeners.add(listener);
  }

  /** The types that there are, every one of them once, in the order in which they were added. */
  public ImmutableList<ResourceType> types() {
    return types.stored();
  }

  /** The register of types, every served version for itself. */
  public ServedTypes served() {
    return types;
  }

  /** The type served under that apiVersion and kind, or null. */
  public @Nullable ResourceType typeOf(String apiVersion, String kind) {
    return types.of(apiVersion, kind);
  }

  public ResourceStrategy strategy(ResourceType type) {
    ResourceStrategy strategy = types.strategy(type);
    if (strategy == null) {
      throw new ApiException(Status.noResource());
    }
    return strategy;
  }

  /** The newest revision. */
  public long revision() {
    return store.revision();
  }

  /** The object, or null. */
  public @Nullable KubeObject find(ObjectKey key) {
    return store.get(key, store.revision());
  }

  /**
   * The object.
   *
   * @throws ApiException 404 when there is none
   */
  public KubeObject get(ObjectKey key) {
    KubeObject object = find(key);
    if (object == null) {
      throw new ApiException(Status.notFound(key.type(), key.name()));
    }
    return object;
  }

  /**
   * Objects of a type, ordered by namespace and name.
   *
   * @param namespace null for all namespaces
   */
  public List<KubeObject> list(
      ResourceType type, @Nullable String namespace, Predicate<KubeMap> labels) {
    List<KubeObject> found = new ArrayList<>();
    store.forEach(
        type,
        store.revision(),
        object -> {
          if ((namespace == null || namespace.equals(object.namespace()))
              && labels.test(object.labels())) {
            found.add(object);
          }
        });
    found.sort(Comparator.comparing(KubeObject::namespace).thenComparing(KubeObject::name));
    return found;
  }

  /** All objects of a type, ordered by namespace and name. */
  public List<KubeObject> list(ResourceType type) {
    return list(type, null, labels -> true);
  }

  /** How many objects of a type exist. */
  public int count(ResourceType type) {
    return store.count(type);
  }

  /** A reader of the state at a revision that moves; see {@link Snapshot}. */
  public Snapshot head() {
    return new Snapshot(this, store::revision);
  }

  Snapshot snapshot(java.util.function.LongSupplier revision) {
    return new Snapshot(this, () -> Math.min(revision.getAsLong(), store.revision()));
  }

  Store store() {
    return store;
  }

  /**
   * Watches the commits of a type from now on.
   *
   * @param watcher name of the component, for labels and for the latency's choice stream
   * @param interest commits it wants to see, or null for all
   */
  public Watch watch(
      ResourceType type,
      String watcher,
      @Nullable Predicate<Commit> interest,
      Watch.Handler handler) {
    return add(new Watch(this, watches, type, watcher, null, interest, handler));
  }

  /** Watches the pods of one node, as a kubelet does with {@code spec.nodeName}. */
  public Watch watchPodsOfNode(String node, String watcher, Watch.Handler handler) {
    return watchPodsOfNode(node, watcher, null, handler);
  }

  /**
   * Watches the pods of one node.
   *
   * @param interest commits it wants to see, or null for all
   */
  public Watch watchPodsOfNode(
      String node, String watcher, @Nullable Predicate<Commit> interest, Watch.Handler handler) {
    return add(new Watch(this, watches, ResourceType.PODS, watcher, node, interest, handler));
  }

  private Watch add(Watch watch) {
    watches.add(watch);
    return watch;
  }

  /**
   * The object that the server makes of the body of a client's create or update: what components
   * that keep typed structures need not ask for.
   *
   * @param strict whether fields that the schema does not know refuse the request ({@code
   *     fieldValidation=Strict}); else they are dropped
   * @throws ApiException 400 when the body is of another kind or version, or has values of wrong
   *     types
   */
  public KubeObject decode(ResourceType type, KubeObject body, boolean strict) {
    return RequestBody.decode(type, body, strategy(type), strict);
  }

  /** Creates an object; see {@link #create(ResourceType, KubeObject, boolean)}. */
  public KubeObject create(ResourceType type, KubeObject object) {
    return create(type, object, false);
  }

  /**
   * Creates an object.
   *
   * @param dryRun everything but the store and the allocations
   * @throws ApiException 409 when the name is taken, 422 when it is invalid, 403 when admission
   *     refuses
   */
  public KubeObject create(ResourceType type, KubeObject object, boolean dryRun) {
    return create(type, object, Write.untracked(dryRun));
  }

  public KubeObject create(ResourceType type, KubeObject object, Write write) {
    boolean dryRun = write.dryRun();
    ResourceStrategy strategy = strategy(type);
    KubeObject prepared =
        identities.forCreate(type, object, strategy.generation(), key -> find(key) != null);
    prepared = write.tracking().track(null, strategy.defaults(prepared));
    prepared = admission.admit(type, prepared, null, dryRun);
    prepared = strategy.prepareForCreate(prepared);
    if (strategy.generation()) {
      prepared = prepared.withMetadata(prepared.metadata().with("generation", 1L));
    }
    prepared = strategy.allocate(prepared, dryRun);
    boolean stored = false;
    try {
      FieldErrors errors = new FieldErrors();
      Metadata.validate(type, strategy, prepared, errors);
      strategy.validateCreate(prepared, errors);
      refuse(errors, type, prepared.name());
      admission.validate(type, prepared, null, dryRun);
      ObjectKey key = prepared.key(type);
      KubeObject present = find(key);
      if (present != null) {
        throw new ApiException(Identities.taken(type, object, present));
      }
      if (dryRun) {
        return prepared.withMetadata(prepared.metadata().without("resourceVersion"));
      }
      Preconditions.requireNoVersion(object);
      stored = true;
      return commit(key, prepared);
    } finally {
      if (!stored && !dryRun) {
        strategy.release(prepared, null);
      }
    }
  }

  /**
   * Replaces the main part of an object; a set {@code resourceVersion} must be the current one.
   * Some types are created when they are absent.
   *
   * @throws ApiException 404, 409 or 422
   */
  public KubeObject update(ResourceType type, KubeObject object) {
    return update(type, object, false);
  }

  public KubeObject update(ResourceType type, KubeObject object, boolean dryRun) {
    return update(type, object, Write.untracked(dryRun));
  }

  public KubeObject update(ResourceType type, KubeObject object, Write write) {
    ObjectKey key = object.key(type);
    KubeObject old = find(key);
    Preconditions.requireUid(key, object, old);
    if (old != null) {
      return replace(type, object, type.view(old), write);
    }
    if (!strategy(type).createOnUpdate()) {
      throw new ApiException(Status.notFound(type, key.name()));
    }
    KubeObject fresh = object.withMetadata(object.metadata().without("resourceVersion"));
    return create(type, fresh, write);
  }

  private KubeObject replace(ResourceType type, KubeObject object, KubeObject old, Write write) {
    boolean dryRun = write.dryRun();
    ResourceStrategy strategy = strategy(type);
    Preconditions.requireVersion(type, strategy, object, old);
    KubeObject next = identities.forUpdate(object, old);
    if (strategy.statusSubresource()) {
      next = next.withStatus(old.root().map("status"));
    }
    next = write.tracking().track(old, strategy.defaults(next));
    next = admission.admit(type, next, old, dryRun);
    next = strategy.reallocate(next, old, dryRun);
    boolean stored = false;
    try {
      next = strategy.prepareForUpdate(next, old);
      if (strategy.generation() && strategy.raisesGeneration(next, old)) {
        next = next.withMetadata(next.metadata().with("generation", old.generation() + 1));
      }
      FieldErrors errors = new FieldErrors();
      Metadata.validateUpdate(next, old, errors);
      strategy.validateUpdate(next, old, errors);
      refuse(errors, type, next.name());
      admission.validate(type, next, old, dryRun);
      stored = true;
    } finally {
      if (!stored && !dryRun) {
        strategy.release(next, old);
      }
    }
    if (dryRun) {
      return next;
    }
    KubeObject committed = storeOrFinish(old.key(type), next, old);
    strategy.release(old, committed);
    return committed;
  }

  /** Replaces the status of an object and what the type lets a status write change of metadata. */
  public KubeObject updateStatus(ResourceType type, KubeObject object) {
    return updateStatus(type, object, Write.untracked(false));
  }

  public KubeObject updateStatus(ResourceType type, KubeObject object, Write write) {
    ObjectKey key = object.key(type);
    KubeObject old = find(key);
    Preconditions.requireUid(key, object, old);
    return replaceStatus(type, object, type.view(get(key)), write);
  }

  private KubeObject replaceStatus(
      ResourceType type, KubeObject object, KubeObject old, Write write) {
    ResourceStrategy strategy = strategy(type);
    Preconditions.requireVersion(type, strategy, object, old);
    KubeMap metadata = identities.forUpdate(object, old).metadata();
    KubeObject next =
        old.withStatus(object.root().map("status"))
            .withMetadata(strategy.statusMetadata(metadata, old.metadata()));
    return storeStatus(type, write.tracking().track(old, next), old, write.dryRun());
  }

  /**
   * Applies a client's patch to the main part of an object.
   *
   * @param dryRun everything but the store and the allocations
   * @throws ApiException 404; 400, 413, 415, 422 or 500 when the patch does not apply; else as
   *     {@link #update(ResourceType, KubeObject)}
   */
  public KubeObject patch(ObjectKey key, Patch patch, boolean dryRun) {
    return patch(key.type(), key, patch, Write.untracked(dryRun));
  }

  /**
   * Applies a client's patch in one of the versions; see {@link #patch(ObjectKey, Patch, boolean)}.
   */
  public KubeObject patch(ResourceType type, ObjectKey key, Patch patch, Write write) {
    KubeObject old = type.view(get(key));
    return replace(type, Patching.patched(type, key, old, patch, strategy(type)), old, write);
  }

  /**
   * Applies a client's patch to the status of an object, and to nothing else; 404 when the type has
   * no status subresource. See {@link #patch(ObjectKey, Patch, boolean)}.
   */
  public KubeObject patchStatus(ObjectKey key, Patch patch, boolean dryRun) {
    return patchStatus(key.type(), key, patch, Write.untracked(dryRun));
  }

  /** As the above, in one of the type's versions. */
  public KubeObject patchStatus(ResourceType type, ObjectKey key, Patch patch, Write write) {
    ResourceStrategy strategy = strategy(type);
    if (!strategy.statusSubresource()) {
      throw new ApiException(Status.noResource());
    }
    KubeObject old = type.view(get(key));
    return replaceStatus(type, Patching.patched(type, key, old, patch, strategy), old, write);
  }

  /** Changes an object by a function of its newest version; as in a patch, no version is asked. */
  public KubeObject patch(ResourceType type, ObjectKey key, UnaryOperator<KubeObject> change) {
    KubeObject old = get(key);
    KubeObject next = change.apply(old);
    Object version = old.metadata().get("resourceVersion");
    return replace(
        type,
        next.withMetadata(next.metadata().with("resourceVersion", version)),
        old,
        Write.untracked(false));
  }

  /** Changes the status of an object by a function of its newest status. */
  public KubeObject patchStatus(ObjectKey key, UnaryOperator<KubeMap> change) {
    KubeObject old = get(key);
    return storeStatus(key.type(), old.withStatus(change.apply(old.status())), old, false);
  }

  private KubeObject storeStatus(
      ResourceType type, KubeObject changed, KubeObject old, boolean dryRun) {
    ResourceStrategy strategy = strategy(type);
    KubeObject next = strategy.prepareForStatusUpdate(changed, old);
    FieldErrors errors = new FieldErrors();
    Metadata.validateUpdate(next, old, errors);
    strategy.validateStatusUpdate(next, old, errors);
    refuse(errors, type, old.name());
    return dryRun ? next : storeOrFinish(old.key(type), next, old);
  }

  /**
   * Replaces the finalizers in a namespace's spec: the {@code finalize} subresource. A namespace
   * that is being deleted and has none left is gone.
   *
   * @throws ApiException 404, or 409 when the version is not the current one
   */
  public KubeObject finalizeNamespace(KubeObject namespace) {
    ObjectKey key = namespace.key(ResourceType.NAMESPACES);
    KubeObject old = get(key);
    Preconditions.requireUid(key, namespace, old);
    Preconditions.requireVersion(key.type(), strategy(key.type()), namespace, old);
    KubeList finalizers = namespace.spec().listOrEmpty("finalizers");
    KubeMap spec = old.spec().with("finalizers", finalizers.isEmpty() ? null : finalizers);
    return storeOrFinish(key, old.withRoot(old.root().with("spec", spec)), old);
  }

  /**
   * Assigns a pod to a node: the {@code binding} subresource.
   *
   * @throws ApiException 404, or 409 when the pod is assigned or is being deleted
   */
  public KubeObject bind(ObjectKey pod, String node) {
    KubeObject old = get(pod);
    return store(pod, Binding.bound(pod, old, node, timestamp()), old);
  }

  /** Changes what one of an object's subresources may change. */
  public KubeObject updateSubresource(
      ResourceType type, KubeObject asked, SubresourceUpdate subresource, Write write) {
    ObjectKey key = asked.key(type);
    KubeObject old = get(key);
    Preconditions.requireVersion(type, strategy(type), asked, old);
    KubeObject next = subresource.updated(strategy(type), identities.forUpdate(asked, old), old);
    FieldErrors errors = new FieldErrors();
    Metadata.validateUpdate(next, old, errors);
    refuse(errors, type, old.name());
    KubeObject tracked = next == old ? old : write.tracking().track(old, next);
    return write.dryRun() || next == old ? tracked : store(key, tracked, old);
  }

  /**
   * Asks for a pod's deletion if no PodDisruptionBudget forbids it: the {@code eviction}
   * subresource.
   *
   * @throws ApiException 404; 409 when a precondition fails; 429 when a budget allows no disruption
   *     or was changed and not counted again since; 500 when several budgets select the pod
   */
  public void evict(ObjectKey pod, DeleteOptions options, boolean dryRun) {
    new Eviction(this).evict(pod, options, dryRun);
  }

  /**
   * Asks for an object's deletion: at once, or after its grace period, finalizers and dependents.
   *
   * @return the object as it stands now, or as it was last
   * @throws ApiException 403 when admission refuses, 404, or 409 when a precondition fails
   */
  public KubeObject delete(ObjectKey key, DeleteOptions options) {
    return delete(key, options, false);
  }

  public KubeObject delete(ObjectKey key, DeleteOptions options, boolean dryRun) {
    KubeObject object = get(key);
    admission.admitDelete(key.type(), object, dryRun);
    return deletion.delete(key, options, dryRun);
  }

  /**
   * Asks for the deletion of every object that is selected, in the order of {@link #list}; one that
   * is gone meanwhile does not matter.
   *
   * @param namespace null for all namespaces
   * @return the objects as they were
   */
  public List<KubeObject> deleteCollection(
      ResourceType type,
      @Nullable String namespace,
      Predicate<KubeObject> selected,
      DeleteOptions options,
      boolean dryRun) {
    List<KubeObject> found = list(type, namespace, labels -> true);
    found.removeIf(object -> !selected.test(object));
    for (KubeObject object : found) {
      if (find(object.key(type)) != null) {
        delete(object.key(type), options, dryRun);
      }
    }
    return found;
  }

  /** The current virtual time as an API timestamp. */
  public String timestamp() {
    return identities.timestamp();
  }

  /** The API timestamp of an instant that is that many nanoseconds from now. */
  public String timestampAfter(long nanos) {
    return Timestamps.seconds(simulation.instant().plusNanos(nanos));
  }

  void remove(ObjectKey key, KubeObject object) {
    publish(store.commit(key, null, simulation.now()));
    strategy(key.type()).release(object, null);
  }

  KubeObject store(ObjectKey key, KubeObject next, KubeObject old) {
    if (next.equals(old)) {
      return old;
    }
    return commit(key, next);
  }

  /** Stores an update, or removes the object whose deletion waited for no more than that. */
  private KubeObject storeOrFinish(ObjectKey key, KubeObject next, KubeObject old) {
    if (deletion.finishes(next, old)) {
      remove(key, old);
      return next;
    }
    return store(key, next, old);
  }

  private KubeObject commit(ObjectKey key, KubeObject object) {
    KubeObject versioned =
        key.type()
            .storedForm(object)
            .withMetadata(
                object.metadata().with("resourceVersion", Long.toString(store.revision() + 1)));
    publish(store.commit(key, versioned, simulation.now()));
    return versioned;
  }

  private void publish(Commit commit) {
    for (int i = 0; i < listeners.size(); i++) {
      listeners.get(i).committed(commit);
    }
    watches.dispatch(commit);
  }

  private static void refuse(FieldErrors errors, ResourceType type, String name) {
    if (!errors.isEmpty()) {
      throw new ApiException(errors.status(type, name));
    }
  }

  /** Objects that an owner's uid is in the references of. */
  void owned(ResourceType type, String uid, long revision, Consumer<KubeObject> action) {
    store.indexesOf(type).owned(uid, revision, action);
  }

  List<KubeObject> labelled(
      ResourceType type, String namespace, LabelSelector selector, long revision) {
    List<KubeObject> found = new ArrayList<>();
    store.indexesOf(type).labelled(namespace, selector.required(), selector, revision, found::add);
    return found;
  }
}
