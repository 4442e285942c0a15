package dev.wavetank.core.kubectl.errors;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;

/**
 * A command's own failure, beside what the API server refuses. It ends the command and never leaves
 * kubectl: its text goes to standard error.
 */
public final class CommandException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** How the text is printed. */
  enum Form {
    /** After {@code error: }. */
    ERROR,
    /** As it is. */
    VERBATIM,
    /** Not at all; only the exit code tells. */
    SILENT,
    /** A line for each of several errors. */
    AGGREGATE
  }

  private final transient Form form;
  private final int exitCode;
  private final transient ImmutableList<RuntimeException> errors;

  private CommandException(
      Form form, String message, int exitCode, List<? extends RuntimeException> errors) {
    super(message, null, false, false);
    this.form = form;
    this.exitCode = exitCode;
    this.errors = ImmutableList.copyOf(errors);
  }

  /** A failure that is printed after {@code error: }. */
  public static CommandException of(String message) {
    return new CommandException(Form.ERROR, message, 1, ImmutableList.of());
  }

  /** A failure whose whole text is given. */
  public static CommandException verbatim(String text) {
    return new CommandException(Form.VERBATIM, text, 1, ImmutableList.of());
  }

  /** A wrong use of a command, with where help is found. */
  public static CommandException usage(String commandPath, String message) {
    return of(message + "\nSee '" + commandPath + " -h' for help and examples");
  }

  /** A failure of which everything is said already. */
  public static CommandException silent(int exitCode) {
    return new CommandException(Form.SILENT, "exit", exitCode, ImmutableList.of());
  }

  /** A failure with a text of its own and an exit code, such as that of a program in a pod. */
  public static CommandException exit(String text, int exitCode) {
    return new CommandException(Form.VERBATIM, text, exitCode, ImmutableList.of());
  }

  /** Several failures as one; one of one is that one. */
  public static RuntimeException all(List<? extends RuntimeException> errors) {
    if (errors.size() == 1) {
      return errors.get(0);
    }
    List<String> texts = new ArrayList<>();
    errors.forEach(error -> texts.add(ErrorText.bare(error)));
    String message = "[" + String.join(", ", texts) + "]";
    return new CommandException(Form.AGGREGATE, message, 1, errors);
  }

  /** Throws when there are errors; see {@link #all}. */
  public static void throwAll(List<? extends RuntimeException> errors) {
    if (!errors.isEmpty()) {
      throw all(errors);
    }
  }

  public int exitCode() {
    return exitCode;
  }

  Form form() {
    return form;
  }

  /** The failures that this one stands for; empty unless it is several. */
  ImmutableList<RuntimeException> errors() {
    return errors;
  }
}
