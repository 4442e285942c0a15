package dev.wavetank.core.informer;

import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.Commit;
import dev.wavetank.core.apiserver.Snapshot;
import dev.wavetank.core.apiserver.Watch;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A component's view of one type, at its own lag behind the API server, and its notices of change.
 *
 * <p>The cache is the store's snapshot at the revision seen so far: {@link #view()} never shows a
 * change of this type before the listener was told of it.
 */
public final class Informer {

  /** Told of each change, in order; the view already shows it. */
  public interface Listener {
    /**
     * One object changed.
     *
     * @param before null when it is new to this watcher
     * @param after null when it is gone
     */
    void changed(@Nullable KubeObject before, @Nullable KubeObject after);
  }

  private final ResourceType type;
  private final Watch watch;
  private final Listener listener;

  private Informer(ResourceType type, Watch watch, Listener listener) {
    this.type = type;
    this.watch = watch;
    this.listener = listener;
  }

  /** Watches every change of a type. */
  public static Informer of(
      ApiServer server, ResourceType type, String watcher, Listener listener) {
    return of(server, type, watcher, null, listener);
  }

  /**
   * Watches the changes of a type that matter to the component.
   *
   * @param interest commits to hear of; a commit that is left out may show in the view early
   */
  public static Informer of(
      ApiServer server,
      ResourceType type,
      String watcher,
      @Nullable Predicate<Commit> interest,
      Listener listener) {
    Watch watch =
        server.watch(
            type, watcher, interest, commit -> listener.changed(commit.before(), commit.after()));
    return new Informer(type, watch, listener);
  }

  /** Tells the listener of every object that exists in the view, as the first list does. */
  public void replay() {
    for (KubeObject object : watch.view().list(type)) {
      listener.changed(null, object);
    }
  }

  /** The state as seen so far. */
  public Snapshot view() {
    return watch.view();
  }

  /** Whether nothing is on its way. */
  public boolean caughtUp() {
    return watch.caughtUp();
  }

  public void stop() {
    watch.stop();
  }
}
