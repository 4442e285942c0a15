package dev.wavetank.core.container.program.system;

import dev.wavetank.core.container.Container;
import dev.wavetank.core.container.ProgramContext;
import dev.wavetank.core.container.Programs;
import java.util.List;

/** The program {@code test}, which is also {@code [}. */
final class TestProgram {

  /** The expression is none. */
  private static final class Failure extends Exception {
    private static final long serialVersionUID = 1L;

    Failure(String message) {
      super(message);
    }
  }

  private final ProgramContext context;
  private final List<String> words;
  private int next;

  private TestProgram(ProgramContext context, List<String> words) {
    this.context = context;
    this.words = words;
  }

  static void addTo(Programs programs) {
    programs.add("test", TestProgram::run);
    programs.add("[", TestProgram::run);
    programs.add("[[", TestProgram::run);
  }

  private static void run(ProgramContext context) {
    String name = context.argv().get(0);
    List<String> words = context.arguments();
    String close = name.endsWith("[[") ? "]]" : "]";
    try {
      if (name.endsWith("[")) {
        if (words.isEmpty() || !words.get(words.size() - 1).equals(close)) {
          throw new Failure("missing " + close);
        }
        words = words.subList(0, words.size() - 1);
      }
      TestProgram test = new TestProgram(context, words);
      boolean holds = !words.isEmpty() && test.or();
      if (test.next < words.size()) {
        throw new Failure(words.get(test.next) + ": unknown operand");
      }
      context.exit(holds ? 0 : 1);
    } catch (Failure e) {
      context.err("sh: " + e.getMessage() + "\n");
      context.exit(2);
    }
  }

  private String peek(int ahead) {
    return next + ahead < words.size() ? words.get(next + ahead) : "";
  }

  private boolean take(String word) {
    boolean found = next < words.size() && words.get(next).equals(word);
    next += found ? 1 : 0;
    return found;
  }

  private boolean or() throws Failure {
    boolean holds = and();
    while (take("-o") || take("||")) {
      holds |= and();
    }
    return holds;
  }

  private boolean and() throws Failure {
    boolean holds = not();
    while (take("-a") || take("&&")) {
      holds &= not();
    }
    return holds;
  }

  private boolean not() throws Failure {
    boolean negated = false;
    while (next + 1 < words.size() && !isBinary(peek(1)) && take("!")) {
      negated = !negated;
    }
    return primary() != negated;
  }

  private boolean primary() throws Failure {
    int left = words.size() - next;
    if (left == 0) {
      throw new Failure("argument expected");
    }
    if (left >= 3 && isBinary(peek(1))) {
      next += 3;
      return compare(words.get(next - 3), words.get(next - 2), words.get(next - 1));
    }
    if (left >= 2 && isUnary(peek(0))) {
      next += 2;
      return about(words.get(next - 2), words.get(next - 1));
    }
    if (left >= 2 && take("(")) {
      boolean holds = or();
      if (!take(")")) {
        throw new Failure("closing paren expected");
      }
      return holds;
    }
    return !words.get(next++).isEmpty();
  }

  private static boolean isUnary(String word) {
    return switch (word) {
      case "-d", "-e", "-f", "-n", "-r", "-s", "-w", "-x", "-z" -> true;
      default -> false;
    };
  }

  private static boolean isBinary(String word) {
    return switch (word) {
      case "=", "==", "!=", "-eq", "-ne", "-lt", "-le", "-gt", "-ge" -> true;
      default -> false;
    };
  }

  private boolean about(String operator, String operand) {
    Container container = context.container();
    String path = context.path(operand);
    String content = operator.equals("-n") || operator.equals("-z") ? null : container.file(path);
    return switch (operator) {
      case "-z" -> operand.isEmpty();
      case "-n" -> !operand.isEmpty();
      case "-d" -> container.files().directory(path);
      case "-f" -> content != null;
      case "-s" -> content == null ? container.files().directory(path) : !content.isEmpty();
      case "-x" -> container.files().directory(path) || context.run().programs().find(path) != null;
      default -> content != null || container.files().directory(path);
    };
  }

  private static boolean compare(String left, String operator, String right) throws Failure {
    return switch (operator) {
      case "=", "==" -> left.equals(right);
      case "!=" -> !left.equals(right);
      case "-eq" -> number(left) == number(right);
      case "-ne" -> number(left) != number(right);
      case "-lt" -> number(left) < number(right);
      case "-le" -> number(left) <= number(right);
      case "-gt" -> number(left) > number(right);
      default -> number(left) >= number(right);
    };
  }

  private static long number(String text) throws Failure {
    try {
      return Long.parseLong(text.trim());
    } catch (NumberFormatException e) {
      throw new Failure(text + ": bad number");
    }
  }
}
