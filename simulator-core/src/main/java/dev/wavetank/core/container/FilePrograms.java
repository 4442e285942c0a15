package dev.wavetank.core.container;

import java.util.List;

/** Programs that read and write the files of a container. */
final class FilePrograms {

  private FilePrograms() {}

  static void addTo(Programs programs) {
    programs.add("cat", FilePrograms::cat);
    programs.add("touch", FilePrograms::touch);
    programs.add("rm", FilePrograms::rm);
    programs.add("mkdir", context -> context.exit(0));
    programs.add("ls", FilePrograms::ls);
    programs.add("test", FilePrograms::test);
    programs.add("[", FilePrograms::test);
    programs.add("grep", FilePrograms::grep);
    programs.add("wc", FilePrograms::wc);
  }

  private static void cat(ProgramContext context) {
    if (context.arguments().isEmpty()) {
      context.out(context.stdin());
      context.exit(0);
      return;
    }
    int code = 0;
    for (String path : context.arguments()) {
      String content = context.container().file(path);
      if (content == null) {
        context.err("cat: can't open '" + path + "': No such file or directory\n");
        code = 1;
      } else {
        context.out(content);
      }
    }
    context.exit(code);
  }

  private static void touch(ProgramContext context) {
    for (String path : context.arguments()) {
      if (context.container().file(path) == null) {
        context.container().write(path, "");
      }
    }
    context.exit(0);
  }

  private static void rm(ProgramContext context) {
    int code = 0;
    boolean force = false;
    for (String word : context.arguments()) {
      if (word.startsWith("-")) {
        force |= word.contains("f");
      } else if (context.container().file(word) != null) {
        context.container().write(word, null);
      } else if (!force) {
        context.err("rm: can't remove '" + word + "': No such file or directory\n");
        code = 1;
      }
    }
    context.exit(code);
  }

  private static void ls(ProgramContext context) {
    List<String> arguments = context.arguments();
    String place = arguments.isEmpty() ? "/" : arguments.get(arguments.size() - 1);
    if (context.container().file(place) != null) {
      context.out(place + "\n");
      context.exit(0);
      return;
    }
    String directory = place.endsWith("/") ? place : place + "/";
    boolean found = false;
    for (String path : context.container().writtenPaths()) {
      if (path.startsWith(directory)) {
        String rest = path.substring(directory.length());
        if (rest.indexOf('/') < 0) {
          context.out(rest + "\n");
          found = true;
        }
      }
    }
    if (!found && !arguments.isEmpty()) {
      context.err("ls: " + place + ": No such file or directory\n");
    }
    context.exit(found || arguments.isEmpty() ? 0 : 1);
  }

  private static void test(ProgramContext context) {
    List<String> words = context.arguments();
    if (context.argv().get(0).equals("[") && !words.isEmpty()) {
      words = words.subList(0, words.size() - 1);
    }
    boolean negate = !words.isEmpty() && words.get(0).equals("!");
    if (negate) {
      words = words.subList(1, words.size());
    }
    context.exit(holds(context, words) != negate ? 0 : 1);
  }

  private static boolean holds(ProgramContext context, List<String> words) {
    if (words.size() == 1) {
      return !words.get(0).isEmpty();
    }
    if (words.size() == 2) {
      String operand = words.get(1);
      String content = context.container().file(operand);
      return switch (words.get(0)) {
        case "-f", "-e", "-r" -> content != null;
        case "-s" -> content != null && !content.isEmpty();
        case "-z" -> operand.isEmpty();
        case "-n" -> !operand.isEmpty();
        default -> false;
      };
    }
    if (words.size() != 3) {
      return false;
    }
    String left = words.get(0);
    String right = words.get(2);
    return switch (words.get(1)) {
      case "=", "==" -> left.equals(right);
      case "!=" -> !left.equals(right);
      case "-eq" -> number(left) == number(right);
      case "-ne" -> number(left) != number(right);
      case "-lt" -> number(left) < number(right);
      case "-le" -> number(left) <= number(right);
      case "-gt" -> number(left) > number(right);
      case "-ge" -> number(left) >= number(right);
      default -> false;
    };
  }

  private static long number(String text) {
    try {
      return Long.parseLong(text.trim());
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private static void grep(ProgramContext context) {
    List<String> words = context.arguments().stream().filter(w -> !w.startsWith("-")).toList();
    boolean quiet = context.arguments().contains("-q");
    boolean invert = context.arguments().contains("-v");
    if (words.isEmpty()) {
      context.exit(2);
      return;
    }
    String text = context.stdin();
    if (words.size() > 1) {
      String content = context.container().file(words.get(1));
      if (content == null) {
        context.err("grep: " + words.get(1) + ": No such file or directory\n");
        context.exit(2);
        return;
      }
      text = content;
    }
    boolean found = false;
    for (String line : text.lines().toList()) {
      if (line.contains(words.get(0)) != invert) {
        found = true;
        if (!quiet) {
          context.out(line + "\n");
        }
      }
    }
    context.exit(found ? 0 : 1);
  }

  private static void wc(ProgramContext context) {
    context.out(context.stdin().lines().count() + "\n");
    context.exit(0);
  }
}
