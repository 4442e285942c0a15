package dev.wavetank.core.container.program.text;

import dev.wavetank.core.container.ProgramContext;
import dev.wavetank.core.container.program.FileInput;
import dev.wavetank.core.container.program.ProgramOptions;
import dev.wavetank.core.container.text.PosixPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.PatternSyntaxException;

/** The program {@code grep}, with its forms {@code egrep} and {@code fgrep}. */
final class Grep {

  private final ProgramContext context;
  private final ProgramOptions options;
  private final List<PosixPattern> patterns;
  private final List<String> files;
  private final boolean names;
  private int found;
  private int foundInFile;
  private int line;
  private int trailing;
  private final List<String> leading = new ArrayList<>();

  private Grep(
      ProgramContext context,
      ProgramOptions options,
      List<PosixPattern> patterns,
      List<String> files) {
    this.context = context;
    this.options = options;
    this.patterns = patterns;
    this.files = files;
    this.names = (files.size() > 1 || options.has("r") || options.has("H")) && !options.has("h");
  }

  static void run(ProgramContext context) {
    ProgramOptions options =
        ProgramOptions.of(
            context,
            "ivqclLnoxwEFhHsrRA:B:C:e:m:",
            "ignore-case:i",
            "invert-match:v",
            "quiet:q",
            "count:c",
            "color",
            "color=",
            "line-number:n",
            "only-matching:o",
            "recursive:r",
            "max-count=:m");
    if (options == null) {
      return;
    }
    List<String> operands = new ArrayList<>(options.operands());
    List<String> expressions = new ArrayList<>(options.values("e"));
    if (expressions.isEmpty()) {
      if (operands.isEmpty()) {
        context.err("Usage: grep [-HhnlLoqvsrRiwFE] [-m N] [-A|B|C N] { PATTERN | -e PATTERN }\n");
        context.exit(2);
        return;
      }
      expressions.add(operands.remove(0));
    }
    List<PosixPattern> patterns = new ArrayList<>();
    for (String expression : expressions) {
      for (String one : expression.split("\n", -1)) {
        try {
          patterns.add(pattern(context, options, one));
        } catch (PatternSyntaxException e) {
          context.err("grep: bad regex '" + one + "': " + e.getDescription() + "\n");
          context.exit(2);
          return;
        }
      }
    }
    new Grep(context, options, patterns, files(context, options, operands)).start();
  }

  private static PosixPattern pattern(ProgramContext context, ProgramOptions options, String text) {
    String name = context.argv().get(0);
    boolean extended = options.has("E") || name.endsWith("egrep");
    boolean literal = options.has("F") || name.endsWith("fgrep");
    String wrapped = text;
    if (options.has("w") && !literal) {
      wrapped = extended ? "\\b(" + text + ")\\b" : "\\b\\(" + text + "\\)\\b";
    }
    return literal
        ? PosixPattern.literal(text, options.has("i"))
        : PosixPattern.of(wrapped, extended, options.has("i"));
  }

  /** The files; those below directories, too, when it descends. */
  private static List<String> files(
      ProgramContext context, ProgramOptions options, List<String> operands) {
    if (!options.has("r") && !options.has("R")) {
      return operands;
    }
    List<String> files = new ArrayList<>();
    for (String operand : operands.isEmpty() ? List.of(".") : operands) {
      String path = context.path(operand);
      String prefix = path.equals("/") ? "/" : path + "/";
      if (context.container().file(path) != null) {
        files.add(operand);
      }
      for (String inside : context.container().files().paths()) {
        if (inside.startsWith(prefix) && context.container().file(inside) != null) {
          files.add(operand + inside.substring(path.equals("/") ? 0 : path.length()));
        }
      }
    }
    return files;
  }

  private void start() {
    if (files.isEmpty() && (options.has("r") || options.has("R"))) {
      context.exit(1);
    } else {
      next(0, true);
    }
  }

  private void next(int file, boolean allRead) {
    if (file == Math.max(1, files.size())) {
      context.exit(found > 0 && (allRead || options.has("q")) ? 0 : allRead ? 1 : 2);
      return;
    }
    String name = files.isEmpty() ? "(standard input)" : files.get(file);
    foundInFile = 0;
    line = 0;
    trailing = 0;
    leading.clear();
    FileInput.lines(
        context,
        files.isEmpty() ? List.of() : List.of(name),
        text -> each(name, text.endsWith("\n") ? text.substring(0, text.length() - 1) : text),
        there -> {
          endOfFile(name);
          next(file + 1, allRead && there);
        });
  }

  private void endOfFile(String name) {
    if (options.has("q")) {
      return;
    }
    if (options.has("l") || options.has("L")) {
      if ((foundInFile > 0) == options.has("l")) {
        context.out(name + "\n");
      }
    } else if (options.has("c")) {
      context.out((names ? name + ":" : "") + foundInFile + "\n");
    }
  }

  private boolean fits(String text) {
    for (PosixPattern pattern : patterns) {
      if (options.has("x") ? pattern.matches(text) : pattern.find(text)) {
        return true;
      }
    }
    return false;
  }

  private void each(String name, String text) {
    line++;
    int max = options.number("m", Integer.MAX_VALUE);
    if (foundInFile >= max && max >= 0) {
      return;
    }
    boolean counts = options.has("c") || options.has("l") || options.has("L");
    int after = options.number("A", options.number("C", 0));
    if (fits(text) == options.has("v")) {
      if (trailing-- > 0 && !counts) {
        print(name, '-', line, text);
      } else {
        leading.add(text);
        if (leading.size() > options.number("B", options.number("C", 0))) {
          leading.remove(0);
        }
      }
      return;
    }
    found++;
    foundInFile++;
    if (options.has("q")) {
      context.exit(0);
      return;
    }
    if (counts) {
      return;
    }
    for (int i = 0; i < leading.size(); i++) {
      print(name, '-', line - leading.size() + i, leading.get(i));
    }
    leading.clear();
    trailing = after;
    if (options.has("o")) {
      for (PosixPattern pattern : patterns) {
        Matcher matcher = pattern.matcher(text);
        while (PosixPattern.find(matcher)) {
          if (matcher.end() > matcher.start()) {
            print(name, ':', line, matcher.group());
          }
        }
      }
    } else {
      print(name, ':', line, text);
    }
  }

  private void print(String name, char mark, int number, String text) {
    context.out(
        (names ? name + mark : "") + (options.has("n") ? "" + number + mark : "") + text + "\n");
  }
}
