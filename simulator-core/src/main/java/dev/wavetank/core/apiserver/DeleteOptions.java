package dev.wavetank.core.apiserver;

/**
 * What a client asks of a delete.
 *
 * @param graceSeconds grace period, or -1 for the object's own
 * @param propagation what becomes of dependents
 * @param uid the object must have this uid; empty for any
 * @param resourceVersion the object must have this version; empty for any
 */
public record DeleteOptions(
    long graceSeconds, Propagation propagation, String uid, String resourceVersion) {

  /** What becomes of the objects that the deleted one owns. */
  public enum Propagation {
    BACKGROUND,
    FOREGROUND,
    ORPHAN
  }

  public static final DeleteOptions BACKGROUND =
      new DeleteOptions(-1, Propagation.BACKGROUND, "", "");

  public static DeleteOptions grace(long seconds) {
    return new DeleteOptions(seconds, Propagation.BACKGROUND, "", "");
  }

  public DeleteOptions withUid(String requiredUid) {
    return new DeleteOptions(graceSeconds, propagation, requiredUid, resourceVersion);
  }

  public DeleteOptions withPropagation(Propagation policy) {
    return new DeleteOptions(graceSeconds, policy, uid, resourceVersion);
  }
}
