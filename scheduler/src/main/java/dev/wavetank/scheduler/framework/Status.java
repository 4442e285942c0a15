package dev.wavetank.scheduler.framework;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;

/**
 * A plugin's answer: a code and the reasons for people. Instances are shared; a filter answers the
 * same instance for every node that it rejects for the same reasons.
 */
public final class Status {

  public static final Status SUCCESS = new Status(Code.SUCCESS, ImmutableList.of());
  public static final Status SKIP = new Status(Code.SKIP, ImmutableList.of());
  public static final Status WAIT = new Status(Code.WAIT, ImmutableList.of());

  private final Code code;
  private final ImmutableList<String> reasons;

  private Status(Code code, ImmutableList<String> reasons) {
    this.code = code;
    this.reasons = reasons;
  }

  public static Status of(Code code, String... reasons) {
    return new Status(code, ImmutableList.copyOf(reasons));
  }

  public static Status of(Code code, Iterable<String> reasons) {
    return new Status(code, ImmutableList.copyOf(reasons));
  }

  public static Status unschedulable(String reason) {
    return of(Code.UNSCHEDULABLE, reason);
  }

  public static Status unresolvable(String reason) {
    return of(Code.UNSCHEDULABLE_AND_UNRESOLVABLE, reason);
  }

  public static Status error(String message) {
    return of(Code.ERROR, message);
  }

  public Code code() {
    return code;
  }

  public ImmutableList<String> reasons() {
    return reasons;
  }

  /** The reasons in one line. */
  public String message() {
    return String.join(", ", reasons);
  }

  public boolean success() {
    return code == Code.SUCCESS;
  }

  /** Whether the pod was turned down, as opposed to accepted or to an error. */
  public boolean rejected() {
    return code == Code.UNSCHEDULABLE
        || code == Code.UNSCHEDULABLE_AND_UNRESOLVABLE
        || code == Code.PENDING;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof Status that && code == that.code && reasons.equals(that.reasons));
  }

  @Override
  public int hashCode() {
    return code.word().hashCode() * 31 + reasons.hashCode();
  }

  @Override
  public String toString() {
    return reasons.isEmpty() ? code.word() : code.word() + ": " + message();
  }
}
