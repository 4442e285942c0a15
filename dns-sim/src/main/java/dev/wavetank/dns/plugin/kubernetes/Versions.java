package dev.wavetank.dns.plugin.kubernetes;

import dev.wavetank.core.api.KubeObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The states of one index, by the revision that made them, shared by all DNS servers of a cluster.
 *
 * <p>What the objects of a type look like after a revision is the same for everybody, so the first
 * server that gets there makes the version and the others take it. A version computes its index
 * when somebody first looks: changes between two questions cost next to nothing.
 */
final class Versions<I extends Index<I>> {
  /** Versions that a slower server can still join; behind that it makes its own. */
  private static final int KEPT_MAX = 1024;

  /** Changes that wait for a question before they are worked in anyway. */
  private static final int WAITING_MAX = 256;

  private final I empty;
  private final LinkedHashMap<Long, Version<I>> byRevision =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Version<I>> eldest) {
          return size() > KEPT_MAX;
        }
      };

  Versions(I empty) {
    this.empty = empty;
  }

  /** The version before any object. */
  Version<I> start() {
    return new Version<>(empty);
  }

  /** The version after a list of all objects. */
  Version<I> listed(Iterable<KubeObject> objects, long revision) {
    Version<I> known = byRevision.get(revision);
    if (known != null) {
      return known;
    }
    I index = empty;
    for (KubeObject object : objects) {
      index = index.changed(null, object);
    }
    Version<I> version = new Version<>(index);
    byRevision.put(revision, version);
    return version;
  }

  /** The version after one more commit. */
  Version<I> next(
      Version<I> current, @Nullable KubeObject before, @Nullable KubeObject after, long revision) {
    Version<I> known = byRevision.get(revision);
    if (known != null) {
      return known;
    }
    Version<I> version = new Version<>(current, before, after);
    if (version.waiting >= WAITING_MAX) {
      version.index();
    }
    byRevision.put(revision, version);
    return version;
  }

  /** One state of an index. */
  static final class Version<I extends Index<I>> {
    private @Nullable I index;
    private @Nullable Version<I> previous;
    private @Nullable KubeObject before;
    private @Nullable KubeObject after;
    private final int waiting;

    private Version(I index) {
      this.index = index;
      this.waiting = 0;
    }

    private Version(Version<I> previous, @Nullable KubeObject before, @Nullable KubeObject after) {
      this.previous = previous;
      this.before = before;
      this.after = after;
      this.waiting = previous.index != null ? 1 : previous.waiting + 1;
    }

    /** The index; computed at the first call. */
    I index() {
      I known = index;
      if (known != null) {
        return known;
      }
      List<Version<I>> open = new ArrayList<>();
      Version<I> version = this;
      while (known == null && version != null) {
        open.add(version);
        version = version.previous;
        known = version == null ? null : version.index;
      }
      if (known == null) {
        throw new IllegalStateException("a version without a beginning");
      }
      for (int i = open.size() - 1; i >= 0; i--) {
        known = open.get(i).apply(known);
      }
      return known;
    }

    private I apply(I known) {
      I next = known.changed(before, after);
      index = next;
      previous = null;
      before = null;
      after = null;
      return next;
    }
  }
}
