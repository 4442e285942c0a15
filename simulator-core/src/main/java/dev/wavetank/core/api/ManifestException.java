package dev.wavetank.core.api;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A manifest is wrong: where, what was expected, and the nearest valid word, problem by problem.
 */
public final class ManifestException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Problems that are listed; of further ones only the number is said. */
  public static final int LISTED_MAX = 20;

  /**
   * One thing that is wrong.
   *
   * @param path of the field, such as {@code spec.ports[0].port}; empty for the whole document
   * @param message what is wrong and what was expected
   */
  public record Problem(Place place, String path, String message) {

    /** {@code web.yaml:3:5: spec.replicas: must be a whole number, not "two"}. */
    @Override
    public String toString() {
      return place + ": " + (path.isEmpty() ? "" : path + ": ") + message;
    }
  }

  private final transient ImmutableList<Problem> problems;
  private final @Nullable String kubectlMessage;

  ManifestException(List<Problem> problems, @Nullable String kubectlMessage) {
    super(text(problems), null, false, false);
    this.problems = ImmutableList.copyOf(problems);
    this.kubectlMessage = kubectlMessage;
  }

  private static String text(List<Problem> problems) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < Math.min(problems.size(), LISTED_MAX); i++) {
      out.append(i == 0 ? "" : "\n").append(problems.get(i));
    }
    if (problems.size() > LISTED_MAX) {
      out.append("\nand ").append(problems.size() - LISTED_MAX).append(" more");
    }
    return out.toString();
  }

  /** All problems, in the order of the file. */
  public ImmutableList<Problem> problems() {
    return problems;
  }

  /** What kubectl prints, without its {@code error: }; null where kubectl finds nothing wrong. */
  public @Nullable String kubectlMessage() {
    return kubectlMessage;
  }
}
