package dev.wavetank.core.apiserver.managedfields;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.SchemaType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.managedfields.ManagedFields.Owned;
import dev.wavetank.core.apiserver.managedfields.ManagedFields.Owner;
import dev.wavetank.core.apiserver.patch.LastApplied;
import dev.wavetank.core.apiserver.patch.PatchException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps account of who owns which fields of the objects of one kind, and applies what managers want
 * of them.
 *
 * <p>Follows staging/src/k8s.io/apimachinery/pkg/util/managedfields/internal and the vendored
 * sigs.k8s.io/structured-merge-diff/v6/merge/update.go (v1.36).
 */
public final class FieldManager {

  /** Most owners by update; the oldest are counted as one. */
  static final int UPDATE_MANAGERS_MAX = 10;

  private static final String ANCIENT = "ancient-changes";
  private static final String BEFORE_FIRST_APPLY = "before-first-apply";
  private static final String KUBECTL = "kubectl";
  private static final String MANAGED_FIELDS = "managedFields";

  /** What nobody owns. */
  private static final FieldSet STRIPPED =
      FieldSet.ofPath("apiVersion")
          .union(FieldSet.ofPath("kind"))
          .union(FieldSet.ofPath("metadata"))
          .union(FieldSet.ofPath("metadata", "name"))
          .union(FieldSet.ofPath("metadata", "namespace"))
          .union(FieldSet.ofPath("metadata", "creationTimestamp"))
          .union(FieldSet.ofPath("metadata", "selfLink"))
          .union(FieldSet.ofPath("metadata", "uid"))
          .union(FieldSet.ofPath("metadata", "clusterName"))
          .union(FieldSet.ofPath("metadata", "generation"))
          .union(FieldSet.ofPath("metadata", MANAGED_FIELDS))
          .union(FieldSet.ofPath("metadata", "resourceVersion"));

  private final FieldType type;
  private final String apiVersion;
  private final String subresource;
  private final FieldSet ignored;

  private FieldManager(FieldType type, String apiVersion, String subresource, FieldSet ignored) {
    this.type = type;
    this.apiVersion = apiVersion;
    this.subresource = subresource;
    this.ignored = ignored;
  }

  /**
   * The manager of a kind.
   *
   * @param subresource that is written; empty for the object itself
   * @param ignored fields that such a write cannot change, and so cannot own
   */
  public static FieldManager of(
      @Nullable SchemaType schema, String apiVersion, String subresource, String... ignored) {
    FieldSet all = FieldSet.EMPTY;
    for (String field : ignored) {
      all = all.union(FieldSet.ofPath(field.split("\\.", -1)));
    }
    return new FieldManager(FieldType.of(schema), apiVersion, subresource, all);
  }

  /**
   * The next version of an object with what its writer changed counted as the writer's.
   *
   * @param live the object before; one without a uid did not exist
   * @param manager who writes
   * @param time API timestamp of the write
   */
  public KubeObject update(KubeObject live, KubeObject next, String manager, String time) {
    KubeList sent = next.metadata().listOrEmpty(MANAGED_FIELDS);
    Map<Owner, Owned> owners = null;
    if (subresource.isEmpty() && isReset(next)) {
      owners = new LinkedHashMap<>();
    } else if (subresource.isEmpty() && !sent.isEmpty()) {
      owners = ManagedFields.decode(sent);
    }
    if (owners == null) {
      owners = ManagedFields.decode(live.metadata().listOrEmpty(MANAGED_FIELDS));
    }
    if (owners == null) {
      owners = new LinkedHashMap<>();
    }
    if (owners.isEmpty() && !live.uid().isEmpty()) {
      return withOwners(next, owners);
    }
    try {
      track(bare(live), bare(next), owners, manager, time);
    } catch (TypeMismatch e) {
      return withOwners(next, new LinkedHashMap<>());
    }
    return withOwners(next, capped(owners));
  }

  /** Whether a client takes the account away: it sends it empty, or with one empty entry. */
  private static boolean isReset(KubeObject next) {
    KubeList sent = next.metadata().list(MANAGED_FIELDS);
    return sent != null
        && (sent.isEmpty() || (sent.size() == 1 && sent.get(0).equals(KubeMap.EMPTY)));
  }

  private static KubeMap bare(KubeObject object) {
    return object.withMetadata(object.metadata().without(MANAGED_FIELDS)).root();
  }

  private static KubeObject withOwners(KubeObject object, Map<Owner, Owned> owners) {
    KubeMap metadata = object.metadata().with(MANAGED_FIELDS, ManagedFields.encode(owners));
    return metadata.equals(object.metadata()) ? object : object.withMetadata(metadata);
  }

  private void track(
      KubeMap live, KubeMap next, Map<Owner, Owned> owners, String manager, String time) {
    Comparison changes = Comparison.of(live, next, type);
    take(owners, changes, null, true);
    Comparison counted = changes.without(ignored);
    FieldSet mine = counted.modified().union(counted.added()).difference(STRIPPED);
    if (mine.isEmpty()) {
      return;
    }
    Owner owner = Owner.of(manager, false, apiVersion, subresource);
    Owned before = owners.get(owner);
    FieldSet all = before == null ? mine : before.fields().union(mine);
    owners.put(owner, new Owned(all, apiVersion, time));
  }

  /**
   * Takes changed and removed fields from the other owners.
   *
   * @param self who may keep its fields; null for nobody
   * @throws ApiException 409 when others own what is changed, unless it is forced
   */
  private void take(
      Map<Owner, Owned> owners, Comparison changes, @Nullable Owner self, boolean force) {
    FieldSet changed = changes.modified().union(changes.added());
    Map<Owner, FieldSet> conflicts = new LinkedHashMap<>();
    owners.forEach(
        (owner, owned) -> {
          FieldSet conflict = owned.fields().intersection(changed);
          if (!owner.equals(self) && !conflict.isEmpty()) {
            conflicts.put(owner, conflict);
          }
        });
    if (!force && !conflicts.isEmpty()) {
      throw new ConflictException(conflicts);
    }
    for (Owner owner : List.copyOf(owners.keySet())) {
      Owned owned = owners.get(owner);
      if (owned == null || owner.equals(self)) {
        continue;
      }
      FieldSet left =
          owned
              .fields()
              .difference(conflicts.getOrDefault(owner, FieldSet.EMPTY))
              .difference(changes.removed());
      put(owners, owner, owned.with(left));
    }
    if (self != null) {
      Owned own = owners.get(self);
      if (own != null) {
        put(owners, self, own);
      }
    }
  }

  private static void put(Map<Owner, Owned> owners, Owner owner, Owned owned) {
    if (owned.fields().isEmpty()) {
      owners.remove(owner);
    } else {
      owners.put(owner, owned);
    }
  }

  /** The owners with the oldest by update put together, when there are too many. */
  private static Map<Owner, Owned> capped(Map<Owner, Owned> owners) {
    List<Map.Entry<Owner, Owned>> updates = new ArrayList<>();
    owners.entrySet().stream().filter(entry -> !entry.getKey().apply()).forEach(updates::add);
    int left = updates.size();
    if (left <= UPDATE_MANAGERS_MAX) {
      return owners;
    }
    updates.sort(
        Comparator.comparing((Map.Entry<Owner, Owned> e) -> String.valueOf(e.getValue().time()))
            .thenComparing(e -> e.getKey().manager()));
    Map<Owner, Owned> kept = new LinkedHashMap<>(owners);
    Map<String, Owner> first = new LinkedHashMap<>();
    for (Map.Entry<Owner, Owned> update : updates) {
      if (left <= UPDATE_MANAGERS_MAX) {
        break;
      }
      Owned owned = update.getValue();
      Owner oldest = first.putIfAbsent(owned.apiVersion(), update.getKey());
      if (oldest == null) {
        continue;
      }
      Owner bucket = Owner.of(ANCIENT, false, owned.apiVersion(), "");
      Owned gathered = kept.containsKey(bucket) ? kept.get(bucket) : kept.remove(oldest);
      FieldSet all = gathered == null ? owned.fields() : gathered.fields().union(owned.fields());
      kept.remove(update.getKey());
      kept.put(bucket, new Owned(all, owned.apiVersion(), owned.time()));
      left--;
    }
    return kept;
  }

  /**
   * The object with what a manager wants of it. Fields that it wanted before and wants no more are
   * gone, unless somebody else owns them.
   *
   * @param live the object before; of one that does not exist its kind and name
   * @param force whether it takes what others own
   * @param time API timestamp of the apply
   * @throws ApiException 409 when others own fields that it would change, 400 or 500 when what is
   *     applied is not of its type
   */
  public KubeObject apply(
      KubeObject live, KubeObject applied, String manager, boolean force, String time) {
    if (!applied.apiVersion().equals(apiVersion)) {
      throw new ApiException(
          Status.badRequest(
              "Incorrect version specified in apply patch. Specified patch version: "
                  + applied.apiVersion()
                  + ", expected: "
                  + apiVersion));
    }
    if (applied.metadata().has(MANAGED_FIELDS)) {
      throw new ApiException(Status.badRequest("metadata.managedFields must be nil"));
    }
    String problem = TypedPatch.problem(applied.root(), type);
    if (problem != null) {
      throw new ApiException(ConflictException.typed(applied, problem));
    }
    Map<Owner, Owned> owners = ManagedFields.decode(live.metadata().listOrEmpty(MANAGED_FIELDS));
    if (owners == null) {
      throw new ApiException(Status.internalError("failed to decode managed fields"));
    }
    KubeMap current = bare(live);
    if (owners.isEmpty()) {
      KubeMap nothing = KubeMap.of("apiVersion", live.apiVersion(), "kind", live.kind());
      track(nothing, current, owners, BEFORE_FIRST_APPLY, time);
    }
    KubeObject merged = applyOrForce(live, current, applied, owners, manager, force, time);
    return manager.equals(KUBECTL) && LastApplied.isOn(merged)
        ? withLastApplied(merged, applied)
        : merged;
  }

  /** The annotation says what was applied; unlike kubectl's, without empty annotations. */
  private static KubeObject withLastApplied(KubeObject merged, KubeObject applied) {
    KubeMap annotations = applied.metadata().map("annotations");
    KubeObject plain =
        annotations == null
            ? applied
            : applied.withMetadata(
                applied
                    .metadata()
                    .with("annotations", annotations.without(LastApplied.ANNOTATION)));
    String text = LastApplied.text(plain);
    return merged.with(text, "metadata", "annotations", LastApplied.ANNOTATION);
  }

  /** What kubectl applied on its own side before does not conflict with it. */
  private KubeObject applyOrForce(
      KubeObject live,
      KubeMap current,
      KubeObject applied,
      Map<Owner, Owned> owners,
      String manager,
      boolean force,
      String time) {
    try {
      return merged(current, applied, new LinkedHashMap<>(owners), manager, force, time);
    } catch (ConflictException conflict) {
      FieldSet allowed = manager.equals(KUBECTL) ? unchangedSinceLastApplied(live) : FieldSet.EMPTY;
      ConflictException left = conflict.without(allowed);
      if (left != null) {
        throw new ApiException(left.status());
      }
      return merged(current, applied, new LinkedHashMap<>(owners), manager, true, time);
    }
  }

  private FieldSet unchangedSinceLastApplied(KubeObject live) {
    try {
      KubeMap last = LastApplied.of(live);
      if (!last.string("apiVersion", "").equals(apiVersion)
          || TypedPatch.problem(last, type) != null) {
        return FieldSet.EMPTY;
      }
      Comparison since = Comparison.of(last, bare(live), type);
      return TypedPatch.fields(last, type)
          .difference(since.modified())
          .difference(since.added())
          .difference(since.removed());
    } catch (PatchException | TypeMismatch e) {
      return FieldSet.EMPTY;
    }
  }

  private KubeObject merged(
      KubeMap current,
      KubeObject applied,
      Map<Owner, Owned> owners,
      String manager,
      boolean force,
      String time) {
    Owner self = Owner.of(manager, true, apiVersion, subresource);
    Owned last = owners.get(self);
    FieldSet wanted = TypedPatch.fields(applied.root(), type).recursiveDifference(ignored);
    owners.put(self, new Owned(wanted, apiVersion, last == null ? null : last.time()));
    KubeMap next = Merge.merge(current, applied.root(), type);
    if (last != null && !last.fields().isEmpty()) {
      next = pruned(next, owners, last.fields());
    }
    Comparison changes = Comparison.of(current, next, type).without(ignored);
    take(owners, changes, self, force);
    boolean changed = !changes.isSame();
    Owned mine = owners.get(self);
    if (mine != null) {
      FieldSet kept = mine.fields().difference(STRIPPED);
      String when = changed ? time : mine.time();
      put(owners, self, new Owned(kept, apiVersion, when));
    }
    return withOwners(KubeObject.of(changed ? next : current), owners);
  }

  /** The merged object without what the manager wanted before, and nobody wants now. */
  private KubeMap pruned(KubeMap merged, Map<Owner, Owned> owners, FieldSet last) {
    FieldSet lastNamed = last.withNamedFields(type);
    KubeMap without = remove(merged, lastNamed);
    FieldSet owned = FieldSet.EMPTY;
    for (Owned other : owners.values()) {
      owned = owned.union(other.fields());
    }
    FieldSet all = TypedPatch.fields(merged, type).withNamedFields(type);
    FieldSet left = TypedPatch.fields(without, type).withNamedFields(type);
    KubeMap back = remove(merged, all.difference(left.union(owned.withNamedFields(type))));
    FieldSet kept = TypedPatch.fields(back, type).withNamedFields(type);
    return remove(merged, all.difference(kept).intersection(lastNamed));
  }

  private KubeMap remove(KubeMap object, FieldSet fields) {
    return Merge.without(object, fields, type) instanceof KubeMap left ? left : KubeMap.EMPTY;
  }
}
