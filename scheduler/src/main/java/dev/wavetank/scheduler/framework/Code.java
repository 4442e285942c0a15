package dev.wavetank.scheduler.framework;

/** What a plugin answers, in upstream's words. */
public enum Code {
  SUCCESS("Success"),
  ERROR("Error"),
  /** The pod does not fit; evicting other pods might help. */
  UNSCHEDULABLE("Unschedulable"),
  /** The pod does not fit, and evicting other pods would not help. */
  UNSCHEDULABLE_AND_UNRESOLVABLE("UnschedulableAndUnresolvable"),
  WAIT("Wait"),
  SKIP("Skip"),
  /** The pod waits for something outside of the scheduler. */
  PENDING("Pending");

  private final String word;

  Code(String word) {
    this.word = word;
  }

  /** Upstream's spelling, such as {@code UnschedulableAndUnresolvable}. */
  public String word() {
    return word;
  }
}
