package dev.wavetank.core.container.program.file;

import dev.wavetank.core.container.ContainerFiles;
import dev.wavetank.core.container.ProgramContext;
import dev.wavetank.core.container.filesystem.FilePaths;
import dev.wavetank.core.container.program.FileInput;
import dev.wavetank.core.container.text.ByteText;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableSet;

/**
 * The program {@code tar}: creates, extracts and lists archives, in the ustar format, of files and
 * directories. It reads its archive as it comes, so that no archive has to be held as a whole.
 */
final class Tar {

  private final ProgramContext context;
  private final List<String> operands = new ArrayList<>();
  private char mode;
  private boolean verbose;
  private boolean toStdout;
  private String archive = "-";
  private String directory = ".";
  private String wrong = "";

  private Tar(ProgramContext context) {
    this.context = context;
  }

  static void run(ProgramContext context) {
    new Tar(context).run();
  }

  private void run() {
    parse();
    if (wrong.isEmpty() && mode == 0) {
      wrong = "You must specify one of 'ctx' options";
    }
    if (!wrong.isEmpty()) {
      context.err("tar: " + wrong + "\n");
      context.exit(failure());
      return;
    }
    String base = context.path(directory);
    if (!context.container().files().directory(base)) {
      context.err(
          "tar: can't change directory to '" + directory + "': No such file or directory\n");
      context.exit(failure());
    } else if (mode == 'c') {
      create(base);
    } else {
      read(base);
    }
  }

  private int failure() {
    return context.container().busyBox() ? 1 : 2;
  }

  private void parse() {
    Iterator<String> words = context.arguments().iterator();
    boolean first = true;
    while (words.hasNext() && wrong.isEmpty()) {
      String word = words.next();
      if (word.startsWith("--")) {
        longOption(word.substring(2));
      } else if (first && !word.isEmpty() && word.charAt(0) != '-') {
        letters(word, words, false);
      } else if (word.length() > 1 && word.charAt(0) == '-') {
        letters(word.substring(1), words, true);
      } else {
        operands.add(word);
      }
      first = false;
    }
  }

  private void letters(String letters, Iterator<String> words, boolean dashed) {
    for (int i = 0; i < letters.length(); i++) {
      char letter = letters.charAt(i);
      switch (letter) {
        case 'c', 'x', 't' -> mode = letter;
        case 'v' -> verbose = true;
        case 'O' -> toStdout = true;
        case 'm', 'p', 'o', 'h', 'k' -> {}
        case 'f', 'C' -> {
          String rest = letters.substring(i + 1);
          boolean inside = dashed && !rest.isEmpty();
          String value = inside ? rest : words.hasNext() ? words.next() : "";
          if (value.isEmpty()) {
            wrong = "option requires an argument -- '" + letter + "'";
          }
          archive = letter == 'f' ? value : archive;
          directory = letter == 'C' ? value : directory;
          if (inside) {
            return;
          }
        }
        default -> wrong = "invalid option -- '" + letter + "'";
      }
    }
  }

  private void longOption(String option) {
    int equals = option.indexOf('=');
    String value = equals < 0 ? "" : option.substring(equals + 1);
    switch (equals < 0 ? option : option.substring(0, equals)) {
      case "create" -> mode = 'c';
      case "extract", "get" -> mode = 'x';
      case "list" -> mode = 't';
      case "verbose" -> verbose = true;
      case "file" -> archive = value;
      case "directory" -> directory = value;
      case "no-same-permissions", "no-same-owner", "same-permissions", "touch" -> {}
      default -> wrong = "unrecognized option '--" + option + "'";
    }
  }

  // Writing

  private void create(String base) {
    StringBuilder file = new StringBuilder();
    boolean stdout = archive.equals("-");
    boolean all = true;
    boolean told = false;
    for (String operand : operands) {
      String path = FilePaths.resolve(base, operand);
      if (!context.container().files().exists(path)) {
        missing(operand);
        all = false;
        continue;
      }
      if (operand.startsWith("/") && !told) {
        told = true;
        boolean busyBox = context.container().busyBox();
        context.err(
            busyBox
                ? "tar: removing leading '/' from member names\n"
                : "tar: Removing leading `/' from member names\n");
      }
      for (String inside : tree(path)) {
        String name = (operand + inside.substring(path.equals("/") ? 0 : path.length()));
        String entry = entry(inside, name.replaceFirst("^/+", ""));
        if (stdout) {
          context.out(entry);
        } else {
          file.append(entry);
        }
      }
    }
    String end = "\0".repeat(2 * TarHeader.BLOCK);
    if (stdout) {
      context.out(end);
    } else {
      String error = context.container().files().write(context.path(archive), file + end);
      if (!error.isEmpty()) {
        context.err("tar: " + archive + ": " + error + "\n");
        all = false;
      }
    }
    end(all);
  }

  private void missing(String operand) {
    context.err(
        context.container().busyBox()
            ? "tar: " + operand + ": No such file or directory\n"
            : "tar: " + operand + ": Cannot stat: No such file or directory\n");
  }

  private void end(boolean all) {
    if (!all) {
      context.err(
          context.container().busyBox()
              ? "tar: error exit delayed from previous errors\n"
              : "tar: Exiting with failure status due to previous errors\n");
    }
    context.exit(all ? 0 : failure());
  }

  /** A path and everything below it, a directory before what is in it. */
  private List<String> tree(String path) {
    List<String> found = new ArrayList<>();
    NavigableSet<String> paths = context.container().files().paths();
    String prefix = path.equals("/") ? "/" : path + "/";
    found.add(path);
    for (String inside : paths.tailSet(prefix, false)) {
      if (!inside.startsWith(prefix)) {
        break;
      }
      found.add(inside);
    }
    return found;
  }

  private String entry(String path, String name) {
    ContainerFiles files = context.container().files();
    boolean isDirectory = files.directory(path);
    String content = isDirectory ? "" : files.read(path);
    byte[] bytes = ByteText.bytes(content == null ? "" : content);
    if (verbose) {
      context.err(name + (isDirectory ? "/" : "") + "\n");
    }
    long seconds = context.container().simulation().instant().getEpochSecond();
    TarHeader header =
        new TarHeader(
            name + (isDirectory && !name.endsWith("/") ? "/" : ""),
            isDirectory ? TarHeader.DIRECTORY : TarHeader.FILE,
            files.mode(path),
            bytes.length,
            seconds);
    int padding = -bytes.length & (TarHeader.BLOCK - 1);
    return ByteText.text(header.bytes()) + ByteText.text(bytes) + "\0".repeat(padding);
  }

  // Reading

  private void read(String base) {
    TarReader reader = new TarReader((header, content) -> take(base, header, content));
    FileInput.chunks(
        context,
        List.of(archive),
        chunk -> {
          String error = reader.add(ByteText.bytes(chunk));
          if (!error.isEmpty()) {
            context.err("tar: " + error + "\n");
            context.exit(failure());
          }
        },
        all -> {
          if (reader.cutShort()) {
            context.err("tar: short read\n");
          }
          context.exit(all && !reader.cutShort() ? 0 : failure());
        });
  }

  /** What is wrong with an entry; empty when nothing is. */
  private String take(String base, TarHeader header, byte[] content) {
    String name = header.name();
    String stripped = name.replaceFirst("^/+", "").replaceFirst("/+$", "");
    if (List.of(stripped.split("/", -1)).contains("..")) {
      return "name with '..' skipped: " + name;
    }
    boolean wanted =
        operands.isEmpty()
            || operands.stream()
                .map(operand -> operand.replaceFirst("/+$", ""))
                .anyMatch(o -> stripped.equals(o) || stripped.startsWith(o + "/"));
    if (!wanted || stripped.isEmpty()) {
      return "";
    }
    if (verbose || mode == 't') {
      context.out(name + "\n");
    }
    if (mode == 't') {
      return "";
    }
    if (toStdout) {
      context.out(ByteText.text(content));
      return "";
    }
    return extract(FilePaths.resolve(base, stripped), stripped, header, content);
  }

  private String extract(String path, String name, TarHeader header, byte[] content) {
    ContainerFiles files = context.container().files();
    String error = "";
    if (header.type() == TarHeader.DIRECTORY) {
      error = files.directory(path) ? "" : files.makeDirectory(path);
    } else if (header.type() == TarHeader.FILE) {
      error = files.directory(path) ? "Is a directory" : files.write(path, ByteText.text(content));
    } else {
      return "";
    }
    if (error.isEmpty() && header.mode() != files.mode(path)) {
      files.setMode(path, header.mode());
    }
    return error.isEmpty() ? "" : "can't open '" + name + "': " + error;
  }
}
