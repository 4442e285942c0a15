package dev.wavetank.core.container.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Makes scripts of what the shell knows, the same for the same seed. A script ends: its loops
 * count, and its functions do not call themselves. It prints by {@code show}, which makes fields
 * visible.
 */
final class ShellScripts {

  private final Random random;

  ShellScripts(long seed) {
    random = new Random(seed);
  }

  String script() {
    return String.join("\n", several(1, 6, () -> commands(3))) + "\n";
  }

  private List<String> several(int min, int max, Supplier<String> one) {
    List<String> made = new ArrayList<>();
    for (int left = min + random.nextInt(max - min + 1); left > 0; left--) {
      made.add(one.get());
    }
    return made;
  }

  private String of(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private String name() {
    return of("a", "b", "c");
  }

  private String text() {
    return of("", "x", "y z", "  lead", "1", "2", "10", "x:y:z", "*", "a.b.c", "[x]", "-n", "Ab");
  }

  private String number() {
    return switch (random.nextInt(5)) {
      case 0 -> "$#";
      case 1 -> "n";
      default -> Integer.toString(random.nextInt(21));
    };
  }

  private String arithmetic(int depth) {
    if (depth == 0) {
      return number();
    }
    int inner = depth - 1;
    return switch (random.nextInt(10)) {
      case 0, 1 -> number();
      case 2, 3, 4, 5 -> arithmetic(inner) + operator() + arithmetic(inner);
      case 6 -> "(" + arithmetic(inner) + ")";
      case 7 -> of("-", "!", "~") + "(" + arithmetic(inner) + ")";
      case 8 -> "(" + arithmetic(inner) + "?" + arithmetic(inner) + ":" + arithmetic(inner) + ")";
      default -> "(n=(" + arithmetic(inner) + ")%7)";
    };
  }

  private String operator() {
    return of("+", "-", "*", "<", "<=", ">", "==", "!=", "&", "|", "^", "&&", "||");
  }

  private String plain() {
    return of("x", "yy", "1", "a.b", "-", "=", "%", "foo.tar.gz", "/q/r");
  }

  private String expansion(int depth) {
    return switch (random.nextInt(14)) {
      case 0, 1, 2, 3 -> "$" + name();
      case 4 -> of("$1", "$2", "$#", "$?", "${2}x", "$@", "$*");
      case 5 -> "${#" + name() + "}";
      case 6, 7, 8 ->
          "${"
              + name()
              + of(":-", "-", ":+", "+", "%", "%%", "#", "##")
              + of("d", "\"d  e\"", "*.", ".t*", "?", "*", "$b", "[a-m]", "[!x]*")
              + "}";
      case 9, 10 -> "$((" + arithmetic(2) + "))";
      case 11 -> "`show $a b`";
      default -> depth == 0 ? "$b" : substitution(commands(depth - 1));
    };
  }

  /** A subshell right after it would make an arithmetic expression of it. */
  private static String substitution(String commands) {
    return "$(" + (commands.startsWith("(") ? " " : "") + commands + ")";
  }

  /** A word, quoted in one way or another. */
  private String word(int depth) {
    return switch (random.nextInt(13)) {
      case 0, 1, 2 -> plain();
      case 3, 4 -> "'" + text() + "'";
      case 5 -> "\"" + text() + "\"";
      case 6, 7, 8 -> expansion(depth);
      case 9, 10 -> "\"" + expansion(depth) + "\"";
      case 11 -> plain() + expansion(depth) + plain();
      default -> "\\*";
    };
  }

  private String words(int depth) {
    return String.join(" ", several(0, 3, () -> word(depth)));
  }

  private String condition(int depth) {
    return switch (random.nextInt(7)) {
      case 0 -> of("true", "false", ":", "! true", "! false");
      case 1 -> "[ \"x$" + name() + "\" " + of("=", "!=") + " xyy ]";
      case 2 ->
          "[ $(("
              + arithmetic(1)
              + ")) "
              + of("-eq", "-lt", "-ge")
              + " "
              + random.nextInt(9)
              + " ]";
      case 3 -> "[ -n \"$" + name() + "\" ]";
      case 4 -> "[ -z \"$" + name() + "\" ]";
      case 5 -> "[ " + of("-f", "-e", "-s", "-d") + " " + of("f", ".", "nope", "/") + " ]";
      default -> depth == 0 ? "true" : commands(depth - 1);
    };
  }

  private String simple(int depth) {
    return switch (random.nextInt(24)) {
      case 0, 1, 2, 3, 4, 5, 6 -> "show " + words(depth);
      case 7, 8, 9, 10 -> name() + "=" + word(depth);
      case 11 -> ": $((n=" + arithmetic(2) + "))";
      case 12 -> "set -- " + words(depth);
      case 13 -> "{ [ $# -lt 2 ] || " + of("shift", "shift 2", "set --") + "; }";
      case 14, 15 -> of("true", "false", ":", "return 3", "unset a", "IFS=:", "unset IFS");
      case 16 -> condition(0);
      case 17 -> "eval 'show '" + of("$a", "x", "\"'$b'\"", "'\"$a\"'", "'$(show $#)'");
      case 18 -> "{ printf '%s-%d|%s.' x 7 y \"$a\" 8; echo; }";
      case 19 -> "{ show " + words(0) + " >f; cat f; }";
      case 20 -> "{ show " + words(0) + " >>f; wc -l <f; }";
      case 21 -> "nope 2>/dev/null";
      case 22 -> "{ show 1; show 2 >&2; } 2>&1";
      default -> "exit 4";
    };
  }

  private String commands(int depth) {
    int inner = depth - 1;
    return depth == 0 || random.nextInt(3) == 0
        ? simple(Math.max(0, inner))
        : switch (random.nextInt(24)) {
          case 0, 1 -> commands(inner) + "; " + commands(inner);
          case 2 -> commands(inner) + "\n" + commands(inner);
          case 3, 4 -> commands(inner) + " && " + commands(inner);
          case 5, 6 -> commands(inner) + " || " + commands(inner);
          case 7 -> "{ " + commands(inner) + "; }";
          case 8 -> "(" + commands(inner) + ")";
          case 9 -> "! { " + commands(inner) + "; }";
          case 10 -> "{ " + commands(inner) + "; } | cat";
          case 11 -> "{ " + commands(inner) + "; } | while read -r l; do show \"$l\"; done";
          case 12 -> "{ " + commands(inner) + "; } | { read a b; show \"$a\" \"$b\"; }";
          case 13 -> "trap 'show bye' EXIT; " + commands(inner);
          case 14 -> "(set -e; " + commands(inner) + "; show on)";
          case 15 -> "{ { " + commands(inner) + "; } & wait $!; }";
          case 16 -> "cat <<END\n" + word(0) + " $a\nEND\n:";
          default -> compound(depth);
        };
  }

  private String compound(int depth) {
    int inner = depth - 1;
    String counter = "i" + depth;
    return switch (random.nextInt(5)) {
      case 0 ->
          "if "
              + condition(inner)
              + "; then "
              + commands(inner)
              + "; else "
              + commands(inner)
              + "; fi";
      case 1 -> "for " + name() + " in " + words(inner) + "; do " + commands(inner) + "; done";
      case 2 ->
          counter
              + "=0; while [ $"
              + counter
              + " -lt 3 ]; do "
              + counter
              + "=$(("
              + counter
              + "+1)); "
              + commands(inner)
              + "; "
              + of(":", "break", "continue", "[ $" + counter + " = 2 ] && break")
              + "; done";
      case 3 ->
          "case "
              + word(inner)
              + " in "
              + of("x*", "'*'", "[0-9]", "?", "\"$a\"", "$b")
              + "|z) "
              + commands(inner)
              + ";; *) "
              + commands(inner)
              + ";; esac";
      default ->
          "f" + depth + "() { local a; " + commands(inner) + "; }; f" + depth + " " + words(inner);
    };
  }
}
