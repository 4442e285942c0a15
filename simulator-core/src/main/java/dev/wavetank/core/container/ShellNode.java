package dev.wavetank.core.container;

import java.util.List;

/** A parsed command of a shell script; words keep their quotes until they are expanded. */
sealed interface ShellNode {

  /** Where a stream of a command goes: to a file, or to the other stream when the file is empty. */
  record Redirect(int stream, boolean append, String file) {}

  /** A program or built-in with its words. */
  record Simple(List<String> assignments, List<String> words, List<Redirect> redirects)
      implements ShellNode {}

  record Pipeline(List<ShellNode> parts, boolean negated) implements ShellNode {}

  /** {@code left && right} or {@code left || right}. */
  record AndOr(ShellNode left, boolean and, ShellNode right) implements ShellNode {}

  record Sequence(List<ShellNode> parts) implements ShellNode {}

  record Background(ShellNode part) implements ShellNode {}

  record Loop(ShellNode condition, boolean until, ShellNode body) implements ShellNode {}

  record For(String name, List<String> words, ShellNode body) implements ShellNode {}

  record If(ShellNode condition, ShellNode then, ShellNode otherwise) implements ShellNode {}
}
