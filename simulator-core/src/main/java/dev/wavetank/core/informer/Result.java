package dev.wavetank.core.informer;

/**
 * What a {@link Reconciler} asks for next.
 *
 * @param requeueAfterNanos reconcile the key again after this long; negative for not
 * @param rateLimited reconcile it again after the controller's back-off
 * @param forget the key's failures so far no longer count; of a rate limited result, only when the
 *     key is given up
 */
public record Result(long requeueAfterNanos, boolean rateLimited, boolean forget) {

  private static final Result DONE = new Result(-1, false, true);
  private static final Result RETRY = new Result(-1, true, true);

  /** Nothing more to do until something changes. */
  public static Result done() {
    return DONE;
  }

  /** Look again after that long. */
  public static Result after(long nanos) {
    return new Result(nanos, false, true);
  }

  /** Look again after that long, and let earlier failures count on. */
  public static Result remaining(long nanos) {
    return new Result(nanos, false, false);
  }

  /** Try again after the back-off, as after an error. */
  public static Result retry() {
    return RETRY;
  }
}
