package dev.wavetank.core.apiserver;

import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.sim.SimulationBug;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Objects by key and revision. Every commit makes the next revision; a read names the revision that
 * it wants to see, so a stale cache is a read of an older one.
 *
 * <p>An object is a cell with a chain of versions, the newest first. Versions are let go when no
 * watch has still to deliver the commit that replaced them. Indexes hold cells; a reader asks each
 * cell for its version and whether that version still belongs to the index entry.
 */
final class Store {

  /** Most commits that may wait for a watch; a watch that is further behind is a bug of ours. */
  static final int HISTORY_MAX = 50_000_000;

  static final class Version {
    final KubeObject object;
    final long revision;
    final boolean deleted;
    @Nullable Version older;

    Version(KubeObject object, long revision, boolean deleted, @Nullable Version older) {
      this.object = object;
      this.revision = revision;
      this.deleted = deleted;
      this.older = older;
    }
  }

  static final class Cell {
    final ObjectKey key;
    @Nullable Version newest;

    Cell(ObjectKey key) {
      this.key = key;
    }

    @Nullable KubeObject at(long revision) {
      for (Version v = newest; v != null; v = v.older) {
        if (v.revision <= revision) {
          return v.deleted ? null : v.object;
        }
      }
      return null;
    }

    /** Whether any version that can still be read is like that. */
    boolean everHas(Predicate<KubeObject> wanted) {
      for (Version v = newest; v != null; v = v.older) {
        if (!v.deleted && wanted.test(v.object)) {
          return true;
        }
      }
      return false;
    }
  }

  private final Map<ResourceType, Map<ObjectKey, Cell>> types = new LinkedHashMap<>();
  private final Map<ResourceType, Indexes> indexes = new LinkedHashMap<>();
  private final ArrayDeque<Commit> history = new ArrayDeque<>();
  private long revision = 1;

  /** The newest revision. */
  long revision() {
    return revision;
  }

  /** Commits that some watch has still to deliver, or that stand behind such a one. */
  int historySize() {
    return history.size();
  }

  @Nullable KubeObject get(ObjectKey key, long atRevision) {
    Map<ObjectKey, Cell> cells = types.get(key.type());
    Cell cell = cells == null ? null : cells.get(key);
    return cell == null ? null : cell.at(atRevision);
  }

  /**
   * Writes the next revision of one object.
   *
   * @param after null deletes
   * @param timeNanos the virtual time of the commit
   */
  Commit commit(ObjectKey key, @Nullable KubeObject after, long timeNanos) {
    Map<ObjectKey, Cell> cells = types.computeIfAbsent(key.type(), t -> new LinkedHashMap<>());
    Cell cell = cells.get(key);
    if (cell == null) {
      cell = new Cell(key);
      cells.put(key, cell);
    }
    KubeObject before = cell.at(revision);
    KubeObject object = after != null ? after : before;
    if (object == null) {
      throw new SimulationBug("deletion of " + key + ", which is not in the store");
    }
    revision++;
    cell.newest = new Version(object, revision, after == null, cell.newest);
    Commit commit = new Commit(cell, revision, timeNanos, before, after);
    indexesOf(key.type()).add(cell, before, after);
    history.addLast(commit);
    SimulationBug.check(history.size() <= HISTORY_MAX, "store history over " + HISTORY_MAX);
    return commit;
  }

  Indexes indexesOf(ResourceType asked) {
    ResourceType type = asked.stored();
    Indexes found = indexes.get(type);
    if (found == null) {
      found = new Indexes(type);
      indexes.put(type, found);
    }
    return found;
  }

  /** Lets go of what no watch needs any more. */
  void trim() {
    for (Commit first = history.peekFirst();
        first != null && first.undelivered == 0;
        first = history.peekFirst()) {
      history.removeFirst();
      forget(first);
    }
  }

  private void forget(Commit commit) {
    Cell cell = commit.cell;
    for (Version v = cell.newest; v != null; v = v.older) {
      if (v.revision == commit.revision()) {
        v.older = null;
        break;
      }
    }
    indexesOf(cell.key.type()).remove(cell, commit.before(), commit.after());
    if (commit.after() == null
        && cell.newest != null
        && cell.newest.revision == commit.revision()) {
      Map<ObjectKey, Cell> cells = types.get(cell.key.type());
      if (cells != null) {
        cells.remove(cell.key);
      }
    }
  }

  /** How many objects of that type exist at the newest revision. */
  int count(ResourceType type) {
    int[] n = {0};
    forEach(type, revision, object -> n[0]++);
    return n[0];
  }

  /** Every object of a type at a revision, in order of first creation. */
  void forEach(ResourceType type, long atRevision, Consumer<KubeObject> action) {
    Map<ObjectKey, Cell> cells = types.get(type.stored());
    if (cells != null) {
      for (Cell cell : cells.values()) {
        KubeObject object = cell.at(atRevision);
        if (object != null) {
          action.accept(object);
        }
      }
    }
  }

  /** The types that ever had an object. */
  Iterator<ResourceType> types() {
    return types.keySet().iterator();
  }
}
