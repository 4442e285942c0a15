package dev.wavetank.core.apiserver.http;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.Commit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The newest commits, and the watches of clients that hear of each one. A watch that begins at an
 * older revision gets the commits since then, and a list of an older revision is the newest one
 * with the commits since then taken back.
 *
 * <p>Hearing of a commit is no event of the simulation: how many clients watch does not change a
 * run.
 *
 * <p>Follows staging/src/k8s.io/apiserver/pkg/storage/cacher (v1.36).
 */
public final class WatchHistory {

  /** Most commits that are kept; what is older is too old to begin a watch at. */
  public static final int COMMITS_MAX = 20_000;

  private final ApiServer server;
  private final ArrayDeque<Commit> commits = new ArrayDeque<>();

  /** A list is replaced, not changed, for watches begin and end while they hear of a commit. */
  private final Map<ResourceType, ImmutableList<Consumer<Commit>>> watchers = new LinkedHashMap<>();

  private long oldest;

  /** Keeps the commits of a server from now on. */
  public WatchHistory(ApiServer server) {
    this.server = server;
    this.oldest = server.revision();
    server.listen(this::committed);
  }

  private void committed(Commit commit) {
    commits.addLast(commit);
    if (commits.size() > COMMITS_MAX) {
      oldest = commits.removeFirst().revision();
    }
    for (Consumer<Commit> watcher : interested(commit.key().type())) {
      watcher.accept(commit);
    }
  }

  private ImmutableList<Consumer<Commit>> interested(ResourceType stored) {
    return watchers.getOrDefault(stored, ImmutableList.of());
  }

  /** The oldest revision that a watch can begin at. */
  long oldest() {
    return oldest;
  }

  void add(ResourceType type, Consumer<Commit> watcher) {
    ResourceType stored = type.stored();
    watchers.put(
        stored,
        ImmutableList.<Consumer<Commit>>builder().addAll(interested(stored)).add(watcher).build());
  }

  void remove(ResourceType type, Consumer<Commit> watcher) {
    ResourceType stored = type.stored();
    watchers.put(
        stored,
        interested(stored).stream()
            .filter(other -> other != watcher)
            .collect(ImmutableList.toImmutableList()));
  }

  /** Every commit of a type after a revision, oldest first. */
  void since(ResourceType type, long revision, Consumer<Commit> action) {
    for (Commit commit : commits) {
      if (commit.revision() > revision && commit.key().type().equals(type.stored())) {
        action.accept(commit);
      }
    }
  }

  /**
   * All objects of a type at a revision, ordered by namespace and name.
   *
   * @throws ApiException 410 when it is too old
   */
  List<KubeObject> listAt(ResourceType type, long revision) {
    if (revision < oldest) {
      throw new ApiException(
          Status.expired("The resourceVersion for the provided list is too old."));
    }
    List<KubeObject> newest = server.list(type);
    if (revision >= server.revision()) {
      return newest;
    }
    Map<ObjectKey, KubeObject> objects = new LinkedHashMap<>();
    newest.forEach(object -> objects.put(object.key(type), object));
    Iterator<Commit> backwards = commits.descendingIterator();
    while (backwards.hasNext()) {
      Commit commit = backwards.next();
      if (commit.revision() <= revision) {
        break;
      }
      if (commit.key().type().equals(type.stored())) {
        KubeObject before = commit.before();
        if (before == null) {
          objects.remove(commit.key());
        } else {
          objects.put(commit.key(), before);
        }
      }
    }
    List<KubeObject> found = new ArrayList<>(objects.values());
    found.sort(Comparator.comparing(KubeObject::namespace).thenComparing(KubeObject::name));
    return found;
  }
}
