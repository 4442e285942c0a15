package dev.wavetank.core.container.program.file;

import dev.wavetank.core.container.Container;
import dev.wavetank.core.container.ContainerFiles;
import dev.wavetank.core.container.ProgramContext;
import dev.wavetank.core.container.Programs;
import dev.wavetank.core.container.filesystem.FileOwner;
import dev.wavetank.core.container.filesystem.FilePaths;
import dev.wavetank.core.container.program.FileInput;
import dev.wavetank.core.container.program.ProgramOptions;
import dev.wavetank.core.container.text.ShellPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.BiFunction;

/** Programs that work on the files of a container, as BusyBox has them. */
public final class FilePrograms {

  private FilePrograms() {}

  /** Adds those of this room to a table, by their names. */
  public static void addTo(Programs programs) {
    programs.add("dd", Dd::run);
    programs.add("tar", Tar::run);
    programs.add("cat", FilePrograms::cat);
    programs.add("less", FilePrograms::page);
    programs.add("more", FilePrograms::page);
    programs.add("touch", FilePrograms::touch);
    programs.add("rm", FilePrograms::rm);
    programs.add("rmdir", FilePrograms::rmdir);
    programs.add("mkdir", FilePrograms::mkdir);
    programs.add("cp", context -> copy(context, false));
    programs.add("mv", context -> copy(context, true));
    programs.add("chmod", FilePrograms::chmod);
    programs.add("chown", Chown::run);
    programs.add("ls", Ls::run);
    programs.add("find", FilePrograms::find);
    programs.add("du", FilePrograms::du);
    programs.add("stat", FilePrograms::stat);
    programs.add("basename", context -> name(context, FilePrograms::basename));
    programs.add("dirname", context -> name(context, (path, cut) -> dirname(path)));
    programs.add("readlink", FilePrograms::readlink);
    programs.add("mktemp", FilePrograms::mktemp);
  }

  private static void cat(ProgramContext context) {
    ProgramOptions options = ProgramOptions.of(context, "nAetuv");
    if (options == null) {
      return;
    }
    if (!options.has("n")) {
      FileInput.chunks(context, options.operands(), context::out, all -> context.exit(all ? 0 : 1));
      return;
    }
    int[] number = {0};
    FileInput.lines(
        context,
        options.operands(),
        line -> {
          String count = Integer.toString(++number[0]);
          context.out(" ".repeat(Math.max(0, 6 - count.length())) + count + "\t" + line);
        },
        all -> context.exit(all ? 0 : 1));
  }

  /** A pager shows everything at once: nobody turns pages. */
  private static void page(ProgramContext context) {
    ProgramOptions options = ProgramOptions.of(context, "EFMNRSXdefinrs");
    if (options != null) {
      FileInput.chunks(context, options.operands(), context::out, all -> context.exit(all ? 0 : 1));
    }
  }

  /** Does something to each operand; an error of one does not keep it from the others. */
  private static void each(
      ProgramContext context,
      List<String> operands,
      String verb,
      BiFunction<String, String, String> action) {
    int code = 0;
    for (String operand : operands) {
      String error = action.apply(operand, context.path(operand));
      if (!error.isEmpty()) {
        context.err(context.argv().get(0) + ": " + verb + "'" + operand + "': " + error + "\n");
        code = 1;
      }
    }
    context.exit(code);
  }

  private static void touch(ProgramContext context) {
    ProgramOptions options = ProgramOptions.of(context, "camhr:t:d:");
    if (options == null) {
      return;
    }
    Container container = context.container();
    int code = 0;
    for (String file : options.operands()) {
      String path = context.path(file);
      String parent = dirname(path);
      String error =
          container.files().exists(path) || options.has("c")
              ? ""
              : container.file(parent) != null
                  ? "Not a directory"
                  : container.files().write(path, "");
      if (!error.isEmpty()) {
        context.err("touch: " + file + ": " + error + "\n");
        code = 1;
      }
    }
    context.exit(code);
  }

  /** Paths below a directory, the deepest first, with the directory itself at the end. */
  static List<String> below(Container container, String directory) {
    List<String> inside = new ArrayList<>();
    String prefix = directory.equals("/") ? "/" : directory + "/";
    for (String path : container.files().paths()) {
      if (path.startsWith(prefix) && !path.equals(directory)) {
        inside.add(0, path);
      }
    }
    inside.add(directory);
    return inside;
  }

  private static void rm(ProgramContext context) {
    ProgramOptions options = ProgramOptions.of(context, "rRfiv", "recursive:r", "force:f");
    if (options == null) {
      return;
    }
    Container container = context.container();
    boolean recursive = options.has("r") || options.has("R");
    int code = 0;
    for (String file : options.operands()) {
      String path = context.path(file);
      String error = "";
      if (container.file(path) != null) {
        error = prefixed("can't remove '" + file + "': ", container.files().remove(path));
      } else if (!container.files().directory(path)) {
        error = options.has("f") ? "" : "can't remove '" + file + "': No such file or directory";
      } else if (!recursive) {
        error = "'" + file + "' is a directory";
      } else {
        for (String inside : below(container, path)) {
          error = prefixed("can't remove '" + file + "': ", container.files().remove(inside));
        }
      }
      if (!error.isEmpty()) {
        context.err("rm: " + error + "\n");
        code = 1;
      }
    }
    context.exit(code);
  }

  private static String prefixed(String prefix, String error) {
    return error.isEmpty() ? "" : prefix + error;
  }

  private static void rmdir(ProgramContext context) {
    Container container = context.container();
    each(
        context,
        context.arguments(),
        "",
        (name, path) ->
            container.file(path) != null
                ? "Not a directory"
                : !container.files().directory(path)
                    ? "No such file or directory"
                    : below(container, path).size() > 1
                        ? "Directory not empty"
                        : container.files().remove(path));
  }

  private static void mkdir(ProgramContext context) {
    ProgramOptions options = ProgramOptions.of(context, "pm:v", "parents:p");
    if (options == null) {
      return;
    }
    Container container = context.container();
    each(
        context,
        options.operands(),
        "can't create directory ",
        (name, path) ->
            container.file(path) != null || (container.files().directory(path) && !options.has("p"))
                ? "File exists"
                : !options.has("p") && !container.files().directory(dirname(path))
                    ? "No such file or directory"
                    : container.files().makeDirectory(path));
  }

  private static void copy(ProgramContext context, boolean moves) {
    ProgramOptions options = ProgramOptions.of(context, "rRafpLPdivn", "recursive:r");
    if (options == null) {
      return;
    }
    Container container = context.container();
    List<String> operands = options.operands();
    String program = moves ? "mv" : "cp";
    if (operands.size() < 2) {
      context.err(
          "Usage: " + program + " [-" + (moves ? "fin" : "arPLHpfinlsu") + "] SOURCE... DEST\n");
      context.exit(1);
      return;
    }
    String last = operands.get(operands.size() - 1);
    String target = context.path(last);
    boolean into = container.files().directory(target);
    int code = 0;
    for (String source : operands.subList(0, operands.size() - 1)) {
      String from = context.path(source);
      String to = into ? FilePaths.resolve(target, basename(from, "")) : target;
      String error;
      if (!container.files().exists(from)) {
        String verb = moves ? "can't rename" : "can't stat";
        error = verb + " '" + source + "': No such file or directory";
      } else if (operands.size() > 2 && !into) {
        error = "target '" + last + "' is not a directory";
      } else if (container.file(from) != null) {
        error = prefixed("can't create '" + last + "': ", copyFile(container, from, to));
      } else if (!moves && !options.has("r") && !options.has("R") && !options.has("a")) {
        error = "omitting directory '" + source + "'";
      } else {
        error = prefixed("can't create '" + last + "': ", copyTree(container, from, to));
      }
      if (error.isEmpty() && moves && !from.equals(to)) {
        for (String path : below(container, from)) {
          error = prefixed("can't remove '" + source + "': ", container.files().remove(path));
        }
      }
      if (!error.isEmpty()) {
        context.err(program + ": " + error + "\n");
        code = 1;
      }
    }
    context.exit(code);
  }

  private static String copyFile(Container container, String from, String to) {
    String content = container.file(from);
    String error = container.files().write(to, content == null ? "" : content);
    if (error.isEmpty()) {
      container.files().setMode(to, container.files().mode(from));
    }
    return error;
  }

  private static String copyTree(Container container, String from, String to) {
    List<String> paths = below(container, from);
    for (int i = paths.size() - 1; i >= 0; i--) {
      String path = paths.get(i);
      String place = to + path.substring(from.length());
      String error =
          container.file(path) == null
              ? container.files().makeDirectory(place)
              : copyFile(container, path, place);
      if (!error.isEmpty()) {
        return error;
      }
    }
    return "";
  }

  private static void chmod(ProgramContext context) {
    ProgramOptions options = ProgramOptions.leading(context, "Rvf");
    if (options == null) {
      return;
    }
    if (options.operands().size() < 2) {
      context.err("Usage: chmod [-R] MODE[,MODE]... FILE...\n");
      context.exit(1);
      return;
    }
    String wanted = options.operands().get(0);
    if (!wanted.matches("[0-7]{1,4}|([ugoa]*[-+=][rwxXst]*)(,[ugoa]*[-+=][rwxXst]*)*")) {
      context.err("chmod: invalid mode '" + wanted + "'\n");
      context.exit(1);
      return;
    }
    Container container = context.container();
    int code = 0;
    for (String file : options.operands().subList(1, options.operands().size())) {
      String path = context.path(file);
      List<String> paths = options.has("R") ? below(container, path) : List.of(path);
      String error = container.files().exists(path) ? "" : "No such file or directory";
      for (String one : error.isEmpty() ? paths : List.<String>of()) {
        error = container.files().setMode(one, mode(wanted, container.files().mode(one)));
      }
      if (!error.isEmpty()) {
        context.err("chmod: " + file + ": " + error + "\n");
        code = 1;
      }
    }
    context.exit(code);
  }

  /** The mode that a word such as {@code 644} or {@code u+x,go-w} makes of another one. */
  static int mode(String wanted, int before) {
    if (wanted.matches("[0-7]+")) {
      return Integer.parseInt(wanted, 8);
    }
    int mode = before;
    for (String part : wanted.split(",")) {
      int at = part.replaceFirst("[-+=].*", "").length();
      String who = at == 0 ? "a" : part.substring(0, at);
      int bits = 0;
      int mask = 0;
      for (String group : List.of("o", "g", "u")) {
        int shift = group.equals("o") ? 0 : group.equals("g") ? 3 : 6;
        if (who.contains(group) || who.contains("a")) {
          mask |= 7 << shift;
          for (char letter : part.substring(at + 1).toCharArray()) {
            int bit = letter == 'r' ? 4 : letter == 'w' ? 2 : letter == 'x' ? 1 : 0;
            bits |= bit << shift;
          }
        }
      }
      mode =
          switch (part.charAt(at)) {
            case '+' -> mode | bits;
            case '-' -> mode & ~bits;
            default -> (mode & ~mask) | bits;
          };
    }
    return mode;
  }

  private static void find(ProgramContext context) {
    List<String> words = context.arguments();
    int at = 0;
    List<String> places = new ArrayList<>();
    while (at < words.size() && !words.get(at).startsWith("-")) {
      places.add(words.get(at++));
    }
    String name = "*";
    String type = "";
    int deepest = Integer.MAX_VALUE;
    while (at < words.size()) {
      String option = words.get(at);
      String next = at + 1 < words.size() ? words.get(at + 1) : "";
      switch (option) {
        case "-name" -> name = next;
        case "-type" -> type = next;
        case "-maxdepth" -> deepest = next.matches("\\d{1,4}") ? Integer.parseInt(next) : 0;
        case "-print" -> {}
        default -> {
          context.err("find: unrecognized: " + option + "\n");
          context.exit(1);
          return;
        }
      }
      at += option.equals("-print") ? 1 : 2;
    }
    int code = 0;
    for (String place : places.isEmpty() ? List.of(".") : places) {
      String root = context.path(place);
      if (!context.container().files().exists(root)) {
        context.err("find: " + place + ": No such file or directory\n");
        code = 1;
        continue;
      }
      NavigableSet<String> paths = new TreeSet<>(below(context.container(), root));
      for (String path : paths) {
        String rest = root.equals("/") ? path : path.substring(root.length());
        boolean directory = context.container().file(path) == null;
        long depth = rest.equals("/") ? 0 : rest.chars().filter(c -> c == '/').count();
        if (ShellPattern.matches(name, basename(path, ""))
            && (type.isEmpty() || type.equals(directory ? "d" : "f"))
            && depth <= deepest) {
          context.out((place.equals("/") ? path : place + rest) + "\n");
        }
      }
    }
    context.exit(code);
  }

  private static void du(ProgramContext context) {
    ProgramOptions options = ProgramOptions.of(context, "shkma");
    if (options == null) {
      return;
    }
    int code = 0;
    for (String place : options.operands().isEmpty() ? List.of(".") : options.operands()) {
      String root = context.path(place);
      if (!context.container().files().exists(root)) {
        context.err("du: " + place + ": No such file or directory\n");
        code = 1;
        continue;
      }
      long kilobytes = 0;
      for (String path : below(context.container(), root)) {
        String content = context.container().file(path);
        kilobytes += content == null ? 4 : (content.length() + 4095L) / 4096 * 4;
      }
      String size =
          options.has("h")
              ? String.format(Locale.ROOT, "%.1fK", (double) kilobytes)
              : kilobytes + "";
      context.out(size + "\t" + place + "\n");
    }
    context.exit(code);
  }

  private static void stat(ProgramContext context) {
    ProgramOptions options = ProgramOptions.of(context, "c:Lt");
    if (options == null) {
      return;
    }
    Container container = context.container();
    String format = options.value("c", "%n %a %F %s");
    int code = 0;
    for (String file : options.operands()) {
      String path = context.path(file);
      if (!container.files().exists(path)) {
        context.err("stat: can't stat '" + file + "': No such file or directory\n");
        code = 1;
        continue;
      }
      String content = container.file(path);
      int mode = container.files().mode(path);
      FileOwner owner = container.files().owner(path);
      context.out(
          format
                  .replace("%n", file)
                  .replace("%a", Integer.toString(mode, 8))
                  .replace("%A", Ls.letters(mode, content == null))
                  .replace("%s", Integer.toString(content == null ? 4096 : content.length()))
                  .replace("%F", content == null ? "directory" : "regular file")
                  .replace("%U", FileOwner.named(owner.user()))
                  .replace("%G", FileOwner.named(owner.group()))
                  .replace("%u", Long.toString(owner.user()))
                  .replace("%g", Long.toString(owner.group()))
              + "\n");
    }
    context.exit(code);
  }

  private static void name(ProgramContext context, BiFunction<String, String, String> made) {
    List<String> words = context.arguments();
    if (words.isEmpty()) {
      context.err(context.argv().get(0) + ": missing operand\n");
      context.exit(1);
      return;
    }
    context.out(made.apply(words.get(0), words.size() > 1 ? words.get(1) : "") + "\n");
    context.exit(0);
  }

  static String basename(String path, String suffix) {
    String trimmed = path.replaceFirst("(?<=.)/+$", "");
    String name = trimmed.equals("/") ? "/" : trimmed.substring(trimmed.lastIndexOf('/') + 1);
    boolean cut = !suffix.isEmpty() && name.endsWith(suffix) && !name.equals(suffix);
    return cut ? name.substring(0, name.length() - suffix.length()) : name;
  }

  static String dirname(String path) {
    String trimmed = path.replaceFirst("(?<=.)/+$", "");
    int slash = trimmed.lastIndexOf('/');
    return slash < 0 ? "." : slash == 0 ? "/" : trimmed.substring(0, slash);
  }

  private static void readlink(ProgramContext context) {
    ProgramOptions options = ProgramOptions.of(context, "fnm");
    if (options == null) {
      return;
    }
    for (String word : options.operands()) {
      context.out(options.has("f") ? context.path(word) + "\n" : "");
    }
    context.exit(options.has("f") ? 0 : 1);
  }

  private static void mktemp(ProgramContext context) {
    ProgramOptions options = ProgramOptions.of(context, "dp:tqu");
    if (options == null) {
      return;
    }
    String directory = options.value("p", "/tmp");
    String suffix = String.format(Locale.ROOT, "%06d", context.pid());
    String template = options.operands().isEmpty() ? "tmp.XXXXXX" : options.operands().get(0);
    String path = FilePaths.resolve(directory, template.replace("XXXXXX", suffix));
    ContainerFiles files = context.container().files();
    String place = context.path(path);
    String error = options.has("d") ? files.makeDirectory(place) : files.write(place, "");
    context.out(error.isEmpty() ? path + "\n" : "");
    context.err(error.isEmpty() ? "" : "mktemp: " + path + ": " + error + "\n");
    context.exit(error.isEmpty() ? 0 : 1);
  }
}
