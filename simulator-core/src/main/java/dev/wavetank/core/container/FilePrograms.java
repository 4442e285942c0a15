package dev.wavetank.core.container;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Programs that read and write files of a container, or what is piped into them. */
final class FilePrograms {

  private FilePrograms() {}

  static void addTo(Programs programs) {
    programs.add("cat", FilePrograms::cat);
    programs.add("head", FilePrograms::head);
    programs.add("tee", FilePrograms::tee);
    programs.add("touch", FilePrograms::touch);
    programs.add("rm", FilePrograms::rm);
    programs.add("mkdir", FilePrograms::mkdir);
    programs.add("ls", FilePrograms::ls);
    programs.add("grep", FilePrograms::grep);
    programs.add("wc", FilePrograms::wc);
  }

  private static List<String> operands(ProgramContext context) {
    return context.arguments().stream().filter(w -> !w.startsWith("-") || w.equals("-")).toList();
  }

  private static boolean option(ProgramContext context, char letter) {
    for (String word : context.arguments()) {
      if (word.startsWith("-") && !word.startsWith("--") && word.indexOf(letter) > 0) {
        return true;
      }
    }
    return false;
  }

  private static void lines(
      ProgramContext context, List<String> files, Consumer<String> each, Consumer<Boolean> end) {
    read(context, files, false, each, end);
  }

  /**
   * Reads files one after the other, and the input where no file is named or for {@code -}.
   *
   * @param chunks whether the pieces may be other than lines
   * @param end gets whether all files were there
   */
  private static void read(
      ProgramContext context,
      List<String> files,
      boolean chunks,
      Consumer<String> each,
      Consumer<Boolean> end) {
    readFrom(context, files.isEmpty() ? List.of("-") : files, 0, true, chunks, each, end);
  }

  private static void readFrom(
      ProgramContext context,
      List<String> files,
      int at,
      boolean allRead,
      boolean chunks,
      Consumer<String> each,
      Consumer<Boolean> end) {
    if (context.over()) {
      return;
    }
    if (at == files.size()) {
      end.accept(allRead);
      return;
    }
    String file = files.get(at);
    String content = file.equals("-") ? "" : context.container().file(context.path(file));
    ProgramInput input =
        file.equals("-") ? context.in() : ProgramInput.of(content == null ? "" : content);
    if (content == null) {
      String program = context.argv().get(0);
      context.err(
          context.container().directory(context.path(file))
              ? program + ": read error: Is a directory\n"
              : program + ": can't open '" + file + "': No such file or directory\n");
    }
    boolean read = allRead && content != null;
    Runnable next = () -> readFrom(context, files, at + 1, read, chunks, each, end);
    if (chunks) {
      input.chunks(context, each, next);
    } else {
      input.lines(context, each, next);
    }
  }

  private static void cat(ProgramContext context) {
    read(context, operands(context), true, context::out, all -> context.exit(all ? 0 : 1));
  }

  private static void head(ProgramContext context) {
    int count = 10;
    List<String> files = new ArrayList<>();
    List<String> words = context.arguments();
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      boolean separate = word.equals("-n") && i + 1 < words.size();
      if (separate || word.matches("-n?\\d{1,9}")) {
        String number = separate ? words.get(++i) : word.replaceFirst("-n?", "");
        count = number.matches("\\d{1,9}") ? Integer.parseInt(number) : 0;
      } else {
        files.add(word);
      }
    }
    int[] left = {count};
    if (count == 0) {
      context.exit(0);
      return;
    }
    lines(
        context,
        files,
        line -> {
          context.out(line);
          if (--left[0] == 0) {
            context.exit(0);
          }
        },
        all -> context.exit(all ? 0 : 1));
  }

  private static void tee(ProgramContext context) {
    List<String> files = operands(context).stream().map(context::path).toList();
    if (!option(context, 'a')) {
      files.forEach(file -> context.container().write(file, ""));
    }
    read(
        context,
        List.of(),
        true,
        text -> {
          context.out(text);
          files.forEach(file -> context.container().append(file, text));
        },
        all -> context.exit(0));
  }

  private static void touch(ProgramContext context) {
    boolean all = true;
    for (String file : operands(context)) {
      String path = context.path(file);
      if (context.container().file(path) == null && !context.container().directory(path)) {
        all &= context.container().write(path, "");
      }
    }
    context.exit(all ? 0 : 1);
  }

  private static void rm(ProgramContext context) {
    boolean force = option(context, 'f');
    boolean recursive = option(context, 'r') || option(context, 'R');
    Container container = context.container();
    int code = 0;
    for (String file : operands(context)) {
      String path = context.path(file);
      if (container.file(path) != null) {
        container.write(path, null);
      } else if (container.directory(path) && recursive) {
        for (String inside : container.paths()) {
          if (inside.equals(path) || inside.startsWith(path + "/")) {
            container.write(inside, null);
          }
        }
      } else if (container.directory(path)) {
        context.err("rm: '" + file + "' is a directory\n");
        code = 1;
      } else if (!force) {
        context.err("rm: can't remove '" + file + "': No such file or directory\n");
        code = 1;
      }
    }
    context.exit(code);
  }

  private static void mkdir(ProgramContext context) {
    boolean parents = option(context, 'p');
    int code = 0;
    for (String file : operands(context)) {
      String path = context.path(file);
      boolean isFile = context.container().file(path) != null;
      if (isFile || (context.container().directory(path) && !parents)) {
        context.err("mkdir: can't create directory '" + file + "': File exists\n");
        code = 1;
      } else {
        context.container().makeDirectory(path);
      }
    }
    context.exit(code);
  }

  private static void ls(ProgramContext context) {
    boolean hidden = option(context, 'a') || option(context, 'A');
    List<String> places = operands(context);
    int code = 0;
    for (String place : places.isEmpty() ? List.of(".") : places) {
      String path = context.path(place);
      if (context.container().file(path) != null) {
        context.out(place + "\n");
      } else if (context.container().directory(path)) {
        for (String name : names(context.container(), path)) {
          if (hidden || !name.startsWith(".")) {
            context.out(name + "\n");
          }
        }
      } else {
        context.err("ls: " + place + ": No such file or directory\n");
        code = 1;
      }
    }
    context.exit(code);
  }

  private static Set<String> names(Container container, String directory) {
    String prefix = directory.equals("/") ? "/" : directory + "/";
    Set<String> names = new LinkedHashSet<>();
    for (String path : container.paths()) {
      boolean inside = path.startsWith(prefix) && path.length() > prefix.length();
      if (inside && path.indexOf('/', prefix.length()) < 0) {
        names.add(path.substring(prefix.length()));
      }
    }
    return names;
  }

  private static void grep(ProgramContext context) {
    List<String> operands = operands(context);
    if (operands.isEmpty()) {
      context.err("grep: no pattern\n");
      context.exit(2);
      return;
    }
    int flags = option(context, 'i') ? Pattern.CASE_INSENSITIVE : 0;
    Pattern pattern;
    try {
      pattern =
          Pattern.compile(operands.get(0), option(context, 'F') ? flags | Pattern.LITERAL : flags);
    } catch (PatternSyntaxException e) {
      context.err("grep: bad regex '" + operands.get(0) + "': Invalid regexp\n");
      context.exit(2);
      return;
    }
    boolean invert = option(context, 'v');
    boolean quiet = option(context, 'q');
    boolean counts = option(context, 'c');
    int[] found = {0};
    lines(
        context,
        operands.subList(1, operands.size()),
        line -> {
          String plain = line.endsWith("\n") ? line.substring(0, line.length() - 1) : line;
          if (pattern.matcher(plain).find() != invert) {
            found[0]++;
            if (quiet) {
              context.exit(0);
            } else if (!counts) {
              context.out(plain + "\n");
            }
          }
        },
        all -> {
          if (counts && !quiet) {
            context.out(found[0] + "\n");
          }
          context.exit(!all ? 2 : found[0] > 0 ? 0 : 1);
        });
  }

  /** Counts lines, words and characters, or one of them. */
  private static void wc(ProgramContext context) {
    long[] counts = new long[3];
    List<String> files = operands(context);
    lines(
        context,
        files,
        line -> {
          counts[0] += line.endsWith("\n") ? 1 : 0;
          counts[1] += line.isBlank() ? 0 : line.trim().split("\\s+").length;
          counts[2] += line.length();
        },
        all -> {
          StringBuilder text = new StringBuilder();
          String letters = "lwc";
          boolean some = option(context, 'l') || option(context, 'w') || option(context, 'c');
          for (int i = 0; i < letters.length(); i++) {
            if (!some || option(context, letters.charAt(i))) {
              text.append(text.length() == 0 ? "" : " ").append(counts[i]);
            }
          }
          files.forEach(file -> text.append(' ').append(file));
          context.out(text.append('\n').toString());
          context.exit(all ? 0 : 1);
        });
  }
}
