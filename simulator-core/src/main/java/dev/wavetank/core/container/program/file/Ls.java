package dev.wavetank.core.container.program.file;

import dev.wavetank.core.container.Container;
import dev.wavetank.core.container.ProgramContext;
import dev.wavetank.core.container.filesystem.FileOwner;
import dev.wavetank.core.container.filesystem.FilePaths;
import dev.wavetank.core.container.program.ProgramOptions;
import dev.wavetank.core.container.text.ByteText;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The program {@code ls}, as BusyBox has it when its output is no terminal. */
public final class Ls {

  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("MMM ppd HH:mm", Locale.ENGLISH).withZone(ZoneOffset.UTC);

  private final ProgramContext context;
  private final Container container;
  private final ProgramOptions options;

  private Ls(ProgramContext context, ProgramOptions options) {
    this.context = context;
    this.container = context.container();
    this.options = options;
  }

  static void run(ProgramContext context) {
    ProgramOptions options =
        ProgramOptions.of(context, "aAl1dhRFrtSin", "all:a", "color=", "color");
    if (options != null) {
      new Ls(context, options).run();
    }
  }

  private void run() {
    List<String> files = new ArrayList<>();
    List<String> directories = new ArrayList<>();
    int code = 0;
    List<String> operands = options.operands();
    for (String place : operands.isEmpty() ? List.of(".") : operands) {
      String path = context.path(place);
      boolean directory = container.files().directory(path);
      if (container.file(path) != null || (directory && options.has("d"))) {
        files.add(place);
      } else if (directory) {
        directories.add(place);
      } else {
        context.err("ls: " + place + ": No such file or directory\n");
        code = 1;
      }
    }
    files.forEach(file -> print(file, context.path(file)));
    boolean titles = operands.size() > 1 || options.has("R");
    String between = files.isEmpty() ? "" : "\n";
    for (String directory : directories) {
      context.out(titles ? between + directory + ":\n" : "");
      between = "\n";
      list(directory);
    }
    context.exit(code);
  }

  private void list(String directory) {
    String path = context.path(directory);
    List<String> names = new ArrayList<>();
    if (options.has("a")) {
      names.addAll(List.of(".", ".."));
    }
    for (String name : names(container, path)) {
      if (!name.startsWith(".") || options.has("a") || options.has("A")) {
        names.add(name);
      }
    }
    if (options.has("r")) {
      java.util.Collections.reverse(names);
    }
    if (options.has("l")) {
      long blocks = 0;
      for (String name : names) {
        blocks += blocks(FilePaths.resolve(path, name));
      }
      context.out("total " + blocks + "\n");
    }
    for (String name : names) {
      print(name, FilePaths.resolve(path, name));
    }
    if (options.has("R")) {
      for (String name : names) {
        boolean inner = !name.equals(".") && !name.equals("..");
        if (inner && container.files().directory(FilePaths.resolve(path, name))) {
          String below = directory.equals("/") ? "/" + name : directory + "/" + name;
          context.out("\n" + below + ":\n");
          list(below);
        }
      }
    }
  }

  /** Names of what is in a directory. */
  static List<String> names(Container container, String directory) {
    String prefix = directory.equals("/") ? "/" : directory + "/";
    List<String> names = new ArrayList<>();
    for (String path : container.files().paths()) {
      boolean inside = path.startsWith(prefix) && path.length() > prefix.length();
      if (inside && path.indexOf('/', prefix.length()) < 0) {
        names.add(path.substring(prefix.length()));
      }
    }
    return names;
  }

  private long blocks(String path) {
    String content = container.file(path);
    return content == null ? 4 : (content.length() + 4095L) / 4096 * 4;
  }

  private void print(String name, String path) {
    String content = container.file(path);
    String mark = options.has("F") && content == null ? "/" : "";
    if (!options.has("l")) {
      context.out(name + mark + "\n");
      return;
    }
    FileOwner owner = container.files().owner(path);
    Instant started =
        container
            .simulation()
            .instant()
            .minusNanos(container.simulation().now() - container.startedNanos());
    context.out(
        String.format(
            Locale.ROOT,
            "%s %4d %-8s %-8s %9d %s %s\n",
            letters(container.files().mode(path), content == null),
            content == null ? 2 : 1,
            options.has("n") ? owner.user() : FileOwner.named(owner.user()),
            options.has("n") ? owner.group() : FileOwner.named(owner.group()),
            content == null ? 4096 : ByteText.bytes(content).length,
            DATE.format(started),
            name + mark));
  }

  /** Permission bits in letters, such as {@code -rw-r--r--}. */
  public static String letters(int mode, boolean directory) {
    StringBuilder text = new StringBuilder(directory ? "d" : "-");
    for (int bit = 8; bit >= 0; bit--) {
      text.append((mode >> bit & 1) == 1 ? "rwx".charAt((8 - bit) % 3) : '-');
    }
    if ((mode & 02000) != 0) {
      text.setCharAt(6, (mode & 010) == 0 ? 'S' : 's');
    }
    if ((mode & 01000) != 0) {
      text.setCharAt(9, (mode & 1) == 1 ? 't' : 'T');
    }
    return text.toString();
  }
}
