package dev.wavetank.core.container;

import dev.wavetank.core.sim.Timer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A request on its way through an application; it ends once, unless it is cancelled before. */
public final class Exchange {

  private final Container container;
  private @Nullable Consumer<HttpResult> callback;
  private @Nullable Runnable onEnd;
  @Nullable Timer timer;

  Exchange(Container container, Consumer<HttpResult> callback) {
    this.container = container;
    this.callback = callback;
  }

  /** Who works on it. */
  public Container container() {
    return container;
  }

  /** Whether it has neither ended nor been cancelled. */
  public boolean pending() {
    return callback != null;
  }

  /** Sets what is let go when it is over, in whatever way. */
  void onEnd(Runnable action) {
    onEnd = action;
  }

  /** The client gives up: its callback will not be called. */
  public void cancel() {
    callback = null;
    over();
  }

  private void over() {
    if (timer != null) {
      timer.cancel();
    }
    ContainerRequests.ended(container, this);
    Runnable leaves = onEnd;
    if (leaves != null) {
      onEnd = null;
      leaves.run();
    }
  }

  void end(HttpResult result) {
    Consumer<HttpResult> then = callback;
    if (then == null) {
      return;
    }
    callback = null;
    over();
    then.accept(result);
  }
}
