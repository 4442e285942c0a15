package dev.wavetank.core.container.shell;

import java.util.List;

/** A word of a shell script before its expansion, taken apart at its quotes and dollar signs. */
record ShellWord(List<Part> parts) {

  /** A piece of a word. */
  sealed interface Part {}

  /** Characters that stand for themselves. */
  record Literal(String text, boolean quoted) implements Part {}

  /**
   * {@code $name}, or {@code ${name…}} with what follows the name.
   *
   * @param operator such as {@code :-} or {@code %%}; {@code length} for {@code ${#name}}; empty
   *     for the value alone
   * @param operand what follows the operator
   */
  record Parameter(String name, String operator, ShellWord operand, boolean quoted)
      implements Part {}

  /** {@code $(commands)}. */
  record Command(ShellNode commands, boolean quoted) implements Part {}

  /** {@code $((expression))}. */
  record Arithmetic(ShellWord expression, boolean quoted) implements Part {}

  static final ShellWord EMPTY = new ShellWord(List.of());

  /** The text of a word without quotes and dollar signs; empty for any other word. */
  String plain() {
    return parts.size() == 1 && parts.get(0) instanceof Literal literal && !literal.quoted()
        ? literal.text()
        : "";
  }
}
