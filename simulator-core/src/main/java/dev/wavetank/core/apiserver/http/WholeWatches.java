package dev.wavetank.core.apiserver.http;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.Commit;
import dev.wavetank.core.sim.SimulationBug;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The watches that want every object of a type as it is: what a commit means to them is decided and
 * written once, and each gets the same bytes.
 */
final class WholeWatches {

  private final WatchHistory history;
  private final WatchEncoder encoder;
  private final Map<ResourceType, Group> groups = new LinkedHashMap<>();

  WholeWatches(WatchHistory history, WatchEncoder encoder) {
    this.history = history;
    this.encoder = encoder;
  }

  /**
   * A watch hears of each commit from now on.
   *
   * @param seen revision of the newest commit that it has been told of
   */
  void add(ResourceType type, WatchStream watch, ResponseStream.Sink sink, long seen) {
    Group group = groups.get(type);
    if (group == null) {
      group = new Group(type);
      groups.put(type, group);
      history.add(type, group.listener);
    }
    group.add(watch, sink, seen);
  }

  /** A watch hears of nothing more; one that is not there is left alone. */
  void remove(ResourceType type, WatchStream watch) {
    Group group = groups.get(type);
    if (group != null) {
      group.remove(watch);
    }
  }

  /**
   * The watches of one type in one version. Telling them touches their sinks and nothing else of
   * them; they begin and end while they are told, too.
   */
  private final class Group {
    private final ResourceType type;
    private final Consumer<Commit> listener = this::committed;
    private final List<WatchStream> watches = new ArrayList<>();

    /** Of each watch; null for one that has ended and has not been taken out yet. */
    private ResponseStream.@Nullable Sink[] sinks = new ResponseStream.Sink[4];

    private boolean ended;

    /** How many commits they are being told of: one may follow from another. */
    private int telling;

    /** No watch has been told of a newer commit before it was added. */
    private long seen;

    Group(ResourceType type) {
      this.type = type;
    }

    void add(WatchStream watch, ResponseStream.Sink sink, long newest) {
      int number = watches.size();
      if (number == sinks.length) {
        sinks = Arrays.copyOf(sinks, number * 2);
      }
      watches.add(watch);
      sinks[number] = sink;
      seen = Math.max(seen, newest);
    }

    void remove(WatchStream watch) {
      int number = watches.indexOf(watch);
      if (number >= 0) {
        sinks[number] = null;
        ended = true;
        takeOutEnded();
      }
    }

    private void takeOutEnded() {
      if (telling > 0 || !ended) {
        return;
      }
      ended = false;
      int kept = 0;
      for (int i = 0; i < watches.size(); i++) {
        ResponseStream.Sink sink = sinks[i];
        if (sink != null) {
          sinks[kept] = sink;
          watches.set(kept++, watches.get(i));
        }
      }
      Arrays.fill(sinks, kept, watches.size(), null);
      watches.subList(kept, watches.size()).clear();
      if (kept == 0) {
        groups.remove(type);
        history.remove(type, listener);
      }
    }

    private void committed(Commit commit) {
      telling++;
      try {
        tell(commit, line(commit));
      } catch (ApiException unconverted) {
        for (WatchStream watch : ImmutableList.copyOf(watches)) {
          watch.failed(commit, unconverted);
        }
      } finally {
        telling--;
      }
      takeOutEnded();
    }

    private void tell(Commit commit, byte[] line) {
      int number = watches.size();
      boolean all = commit.revision() > seen;
      for (int i = 0; i < number; i++) {
        ResponseStream.Sink sink = sinks[i];
        if (sink != null && (all || watches.get(i).awaits(commit))) {
          sink.write(line);
        }
      }
    }

    private byte[] line(Commit commit) {
      KubeObject before = commit.before();
      KubeObject after = commit.after();
      if (after != null) {
        return encoder.whole(before == null ? "ADDED" : "MODIFIED", type, after);
      }
      if (before == null) {
        throw new SimulationBug("a commit changes an object");
      }
      return encoder.whole("DELETED", type, encoder.removed(commit, before));
    }
  }
}
