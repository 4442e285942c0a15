package dev.wavetank.core.container.awk;

import java.util.Random;

/** Programs of awk, made up from a number, in which every awk means the same. */
final class AwkPrograms {

  private static final int DEPTH_MAX = 3;

  private final Random random;

  AwkPrograms(long seed) {
    this.random = new Random(seed);
  }

  private String one(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  /** A program that prints something for some records, and something at the end. */
  String program() {
    StringBuilder program = new StringBuilder("BEGIN { " + statement(0) + " }\n");
    int rules = 1 + random.nextInt(2);
    for (int i = 0; i < rules; i++) {
      program.append(pattern()).append(" { ").append(statement(0)).append(" }\n");
    }
    return program.append("END { ").append(statement(0)).append("; print x, y }").toString();
  }

  private String pattern() {
    return switch (random.nextInt(5)) {
      case 0 -> "";
      case 1 -> "/" + regex() + "/";
      case 2 -> "NR % 2 == " + random.nextInt(2);
      case 3 -> "$1 ~ /" + regex() + "/, NF == " + random.nextInt(3);
      default -> condition(0);
    };
  }

  private String regex() {
    return one("[a-f]", "o+", "^t", "e$", "[0-9]+", "(one|x)", "r?e", ".", "[^a-z]");
  }

  private String statement(int depth) {
    String inner = depth < DEPTH_MAX ? statement(depth + 1) : "y++";
    return switch (random.nextInt(depth < DEPTH_MAX ? 12 : 5)) {
      case 0 -> "x = " + number(depth);
      case 1 -> "y = " + text(depth);
      case 2 -> "print " + text(depth) + ", " + number(depth);
      case 3 -> printf(depth);
      case 4 -> "a[" + text(depth) + "] = " + number(depth);
      case 5 ->
          "if (" + condition(depth) + ") { " + inner + " } else { " + statement(depth + 1) + " }";
      case 6 -> loop("for (i = 0; i < " + random.nextInt(4) + "; i++) { ", depth) + inner + " }";
      case 7 -> loop("i = 3; while (i-- > 0) { ", depth) + inner + " }";
      case 8 ->
          one("gsub", "sub") + "(/" + regex() + "/, " + one("\"<&>\"", "\"\"", "\"z\"") + ", y)";
      case 9 ->
          "m = split("
              + text(depth)
              + ", p, "
              + one("\"e\"", "\" \"", "/[ o]/")
              + "); print m, p[1], p[m]";
      case 10 -> inner + "; " + statement(depth + 1);
      default -> "if (" + text(depth) + " in a) print \"in\"; else { " + inner + " }";
    };
  }

  /** A loop has a variable of its own, so that it ends. */
  private static String loop(String head, int depth) {
    return head.replaceAll("\\bi\\b", "i" + depth);
  }

  private String printf(int depth) {
    return "printf \"%d %s|%5.2f|%-4s|%03d\\n\", "
        + number(depth)
        + ", "
        + text(depth)
        + ", "
        + number(depth)
        + ", "
        + text(depth)
        + ", NR";
  }

  private String condition(int depth) {
    return switch (random.nextInt(6)) {
      case 0 -> number(depth) + one(" < ", " <= ", " == ", " != ", " >= ") + number(depth);
      case 1 -> "(" + text(depth) + ")" + one(" == ", " < ", " != ") + "(" + text(depth) + ")";
      case 2 -> text(depth) + one(" ~ ", " !~ ") + "/" + regex() + "/";
      case 3 -> "!" + one("x", "y", "$1", "$2");
      case 4 -> "(" + number(depth) + ") && (" + text(depth) + ")";
      // A field behind the last one is compared as a text by mawk, and by POSIX as a number, too.
      default ->
          one("($1 \"\")", "($2 \"\")", "x", "y")
              + one(" < ", " == ")
              + one("($2 \"\")", "3", "\"three\"", "y");
    };
  }

  private String number(int depth) {
    if (depth >= DEPTH_MAX) {
      return one("1", "2", "7", "NR", "NF", "x");
    }
    return switch (random.nextInt(7)) {
      case 0 -> Integer.toString(random.nextInt(20));
      case 1 -> one("0.5", "2.25", "10");
      case 2 -> "(" + number(depth + 1) + one(" + ", " - ") + number(depth + 1) + ")";
      case 3 -> "length(" + text(depth + 1) + ")";
      case 4 -> "index(" + text(depth + 1) + ", " + one("\"e\"", "\"o\"", "\"\"") + ")";
      case 5 -> "int(" + number(depth + 1) + " / " + (1 + random.nextInt(4)) + ")";
      default -> one("NR", "NF", "x", "$1 + 1", "$2 * 2", "match($0, /" + regex() + "/)");
    };
  }

  private String text(int depth) {
    if (depth >= DEPTH_MAX) {
      return one("\"abc\"", "$1", "y", "\"\"");
    }
    return switch (random.nextInt(7)) {
      case 0 -> one("\"one\"", "\"10\"", "\"e o\"", "\"\"");
      case 1 -> one("$1", "$2", "$0", "$NF", "y");
      case 2 -> "(" + text(depth + 1) + " " + text(depth + 1) + ")";
      case 3 -> one("toupper", "tolower") + "(" + text(depth + 1) + ")";
      case 4 -> "substr(" + text(depth + 1) + ", " + (1 + random.nextInt(3)) + ", 2)";
      case 5 ->
          "(" + condition(depth + 1) + " ? " + text(depth + 1) + " : " + text(depth + 1) + ")";
      default -> "(" + number(depth + 1) + " " + text(depth + 1) + ")";
    };
  }
}
