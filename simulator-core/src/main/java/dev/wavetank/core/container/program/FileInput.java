package dev.wavetank.core.container.program;

import dev.wavetank.core.container.ProgramContext;
import dev.wavetank.core.container.stream.ProgramInput;
import java.util.List;
import java.util.function.Consumer;

/** What programs read: the files that they were given, or their standard input. */
public final class FileInput {

  /** Characters that a program holds of what it reads; one that wants more ends. */
  private static final int HELD_MAX = 8 << 20;

  private final ProgramContext context;
  private final List<String> files;
  private final boolean chunks;
  private final Consumer<String> each;
  private final Consumer<Boolean> end;

  private FileInput(
      ProgramContext context,
      List<String> files,
      boolean chunks,
      Consumer<String> each,
      Consumer<Boolean> end) {
    this.context = context;
    this.files = files.isEmpty() ? List.of("-") : files;
    this.chunks = chunks;
    this.each = each;
    this.end = end;
  }

  /**
   * Reads files line after line, the input where no file is named or for {@code -}.
   *
   * @param each gets lines with their line ends
   * @param end gets whether all files were there
   */
  public static void lines(
      ProgramContext context, List<String> files, Consumer<String> each, Consumer<Boolean> end) {
    new FileInput(context, files, false, each, end).read(0, true);
  }

  /** The same in pieces of any size. */
  public static void chunks(
      ProgramContext context, List<String> files, Consumer<String> each, Consumer<Boolean> end) {
    new FileInput(context, files, true, each, end).read(0, true);
  }

  /** Reads everything, as far as a program may hold it. */
  public static void whole(ProgramContext context, List<String> files, Consumer<String> then) {
    StringBuilder text = new StringBuilder();
    chunks(
        context,
        files,
        chunk -> {
          text.append(chunk);
          if (text.length() > HELD_MAX) {
            context.err(context.argv().get(0) + ": out of memory\n");
            context.exit(1);
          }
        },
        all -> {
          then.accept(text.toString());
          context.exit(all ? 0 : 1);
        });
  }

  private void read(int at, boolean allRead) {
    if (context.over()) {
      return;
    }
    if (at == files.size()) {
      end.accept(allRead);
      return;
    }
    String file = files.get(at);
    if (file.equals("-") || file.equals("/dev/stdin")) {
      from(context.in(), () -> read(at + 1, allRead));
      return;
    }
    String path = context.path(file);
    String content = context.container().file(path);
    if (content == null) {
      String program = context.argv().get(0);
      context.err(
          context.container().files().directory(path)
              ? program + ": read error: Is a directory\n"
              : program + ": " + missing(program, file) + ": No such file or directory\n");
      read(at + 1, false);
      return;
    }
    from(ProgramInput.of(content), () -> read(at + 1, allRead));
  }

  /** Programs that read line by line name the file alone. */
  private static String missing(String program, String file) {
    return switch (program) {
      case "grep", "egrep", "fgrep", "sort", "head", "tail", "wc", "cut", "sed", "awk", "uniq" ->
          file;
      default -> "can't open '" + file + "'";
    };
  }

  private void from(ProgramInput input, Runnable next) {
    if (chunks) {
      input.chunks(context, each, next);
    } else {
      input.lines(context, each, next);
    }
  }
}
