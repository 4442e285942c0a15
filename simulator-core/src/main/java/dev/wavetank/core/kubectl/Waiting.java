package dev.wavetank.core.kubectl;

import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.kubectl.errors.CommandException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Waits until something holds of objects, one after the other, up to one end for all of them. */
final class Waiting {

  /** What a command says of a wait that came to its end. */
  static final String TIMED_OUT = "timed out waiting for the condition";

  private final Invocation call;
  private final long endNanos;

  /**
   * A wait that begins now.
   *
   * @param timeoutNanos how long at most, all objects together
   */
  Waiting(Invocation call, long timeoutNanos) {
    this.call = call;
    this.endNanos = Math.addExact(nowNanos(), Math.min(timeoutNanos, Invocation.WEEK_NANOS));
  }

  private long nowNanos() {
    return call.server().simulation().now();
  }

  /** Waits until an object is gone, or another one has its name; whether that came in time. */
  boolean untilGone(ObjectKey key, String uid) {
    return until(key, object -> object == null || !object.uid().equals(uid));
  }

  /**
   * Waits until something holds of an object; it is asked of each of its versions.
   *
   * @param condition asked with null while there is no object
   */
  boolean until(ObjectKey key, Predicate<@Nullable KubeObject> condition) {
    Seen seen = new Seen();
    return call.waitFor(
        () -> {
          KubeObject object = call.server().find(key);
          if (seen.any && object == seen.object) {
            return false;
          }
          seen.any = true;
          seen.object = object;
          return condition.test(object);
        },
        endNanos - nowNanos());
  }

  private static final class Seen {
    boolean any;
    @Nullable KubeObject object;
  }

  /** The failure of a wait for an object that came to its end. */
  static CommandException timedOut(ObjectKey key) {
    return CommandException.of(TIMED_OUT + " on " + key.type().plural() + "/" + key.name());
  }
}
