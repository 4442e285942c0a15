package dev.wavetank.core.informer;

/**
 * What a {@link Reconciler} asks for next.
 *
 * @param requeueAfterNanos reconcile the key again after this long; negative for not
 * @param rateLimited reconcile it again after the controller's back-off
 */
public record Result(long requeueAfterNanos, boolean rateLimited) {

  private static final Result DONE = new Result(-1, false);
  private static final Result RETRY = new Result(-1, true);

  /** Nothing more to do until something changes. */
  public static Result done() {
    return DONE;
  }

  /** Look again after that long. */
  public static Result after(long nanos) {
    return new Result(nanos, false);
  }

  /** Try again after the back-off, as after an error. */
  public static Result retry() {
    return RETRY;
  }
}
