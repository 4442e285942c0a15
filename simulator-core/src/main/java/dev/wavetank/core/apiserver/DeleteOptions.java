package dev.wavetank.core.apiserver;

/**
 * What a client asks of a delete.
 *
 * @param graceSeconds grace period, or -1 for the object's own; upstream takes any negative period
 *     that a client sends as 1
 * @param propagation what becomes of dependents
 * @param uid the object must have this uid; empty for any
 * @param resourceVersion the object must have this version; empty for any
 */
public record DeleteOptions(
    long graceSeconds, Propagation propagation, String uid, String resourceVersion) {

  /** What becomes of the objects that the deleted one owns. */
  public enum Propagation {
    /** What the object's finalizers say, or else what is usual for its kind. */
    DEFAULT,
    BACKGROUND,
    FOREGROUND,
    ORPHAN
  }

  public static final DeleteOptions BACKGROUND =
      new DeleteOptions(-1, Propagation.BACKGROUND, "", "");

  /** As a request without a body and options asks for it; kubectl always names a propagation. */
  public static final DeleteOptions DEFAULT = new DeleteOptions(-1, Propagation.DEFAULT, "", "");

  public static DeleteOptions grace(long seconds) {
    return new DeleteOptions(seconds, Propagation.BACKGROUND, "", "");
  }

  public DeleteOptions withUid(String requiredUid) {
    return new DeleteOptions(graceSeconds, propagation, requiredUid, resourceVersion);
  }

  public DeleteOptions withResourceVersion(String requiredVersion) {
    return new DeleteOptions(graceSeconds, propagation, uid, requiredVersion);
  }

  public DeleteOptions withPropagation(Propagation policy) {
    return new DeleteOptions(graceSeconds, policy, uid, resourceVersion);
  }
}
