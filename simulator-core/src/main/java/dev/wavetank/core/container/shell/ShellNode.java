package dev.wavetank.core.container.shell;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A parsed command of a shell script. */
sealed interface ShellNode {

  /**
   * Where an open file of a command leads.
   *
   * @param number of the open file
   * @param operator {@code <}, {@code >}, {@code >>}, {@code <&}, {@code >&}, or {@code <<} for the
   *     text that follows in the script
   */
  record Redirect(int number, String operator, ShellWord target) {}

  /** {@code name=value}. */
  record Assignment(String name, ShellWord value) {}

  /** A program, function or built-in with its words; without words it only assigns. */
  record Simple(List<Assignment> assignments, List<ShellWord> words, List<Redirect> redirects)
      implements ShellNode {}

  record Pipeline(List<ShellNode> parts, boolean negated) implements ShellNode {}

  /** {@code left && right} or {@code left || right}. */
  record AndOr(ShellNode left, boolean and, ShellNode right) implements ShellNode {}

  record Sequence(List<ShellNode> parts) implements ShellNode {}

  record Background(ShellNode part) implements ShellNode {}

  /** {@code while} or {@code until}. */
  record Loop(ShellNode condition, boolean until, ShellNode body) implements ShellNode {}

  /**
   * {@code for}.
   *
   * @param words null for the positional parameters
   */
  record For(String name, @Nullable List<ShellWord> words, ShellNode body) implements ShellNode {}

  record If(ShellNode condition, ShellNode then, ShellNode otherwise) implements ShellNode {}

  /** One {@code pattern | pattern) commands ;;}. */
  record CaseItem(List<ShellWord> patterns, ShellNode body) {}

  record Case(ShellWord word, List<CaseItem> items) implements ShellNode {}

  /** {@code (commands)}. */
  record Subshell(ShellNode body) implements ShellNode {}

  /** {@code name() body}. */
  record Function(String name, ShellNode body) implements ShellNode {}

  /** A compound command whose open files lead elsewhere. */
  record Redirected(ShellNode body, List<Redirect> redirects) implements ShellNode {}

  static final ShellNode NOTHING = new Sequence(List.of());
}
