package dev.wavetank.core.apiserver;

import dev.wavetank.core.api.KubeObject;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One passage of a write through the admission list. A step may ask for a second one, in which
 * those are called again that want to see what others changed behind them.
 *
 * <p>Follows staging/src/k8s.io/apiserver/pkg/admission/reinvocation.go and
 * plugin/webhook/mutating/reinvocationcontext.go (v1.36).
 */
public final class AdmissionRound {

  private final boolean dryRun;
  private @Nullable Set<String> called;
  private @Nullable Set<String> due;
  private boolean second;
  private boolean asked;
  private @Nullable KubeObject lastSeen;

  AdmissionRound(boolean dryRun) {
    this.dryRun = dryRun;
  }

  /** Whether the write will not be stored: nobody may do anything for it outside. */
  public boolean dryRun() {
    return dryRun;
  }

  /** Whether this is the second passage. */
  public boolean second() {
    return second;
  }

  /** Asks for the second passage, in which all are due that were called and want to be again. */
  public void ask() {
    asked = true;
    if (called != null) {
      due = due == null ? new LinkedHashSet<>() : due;
      due.addAll(called);
      called = null;
    }
  }

  /** Notes that a caller who was called wants to be called again when others change something. */
  public void wantsAgain(String caller) {
    called = called == null ? new LinkedHashSet<>() : called;
    called.add(caller);
  }

  /** Whether a caller is called in this passage. */
  public boolean due(String caller) {
    return !second || (due != null && due.contains(caller));
  }

  /** Notes what the callers saw last; the steps between them may change it. */
  public void seen(KubeObject object) {
    lastSeen = object;
  }

  /** All who want to are due when the steps of the second passage changed the object. */
  public void compare(KubeObject object) {
    if (second && !object.equals(lastSeen)) {
      ask();
    }
  }

  boolean begin() {
    boolean wanted = asked && !second;
    second |= wanted;
    return wanted;
  }
}
