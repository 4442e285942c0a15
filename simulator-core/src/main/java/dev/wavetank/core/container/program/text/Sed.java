package dev.wavetank.core.container.program.text;

import dev.wavetank.core.container.ProgramContext;
import dev.wavetank.core.container.program.FileInput;
import dev.wavetank.core.container.program.ProgramOptions;
import dev.wavetank.core.container.text.Lines;
import dev.wavetank.core.container.text.PosixPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * The program {@code sed}: the commands {@code s d p q = y a i c n}, with addresses that are lines,
 * {@code $} or expressions, one or two of them.
 */
final class Sed {

  /** The script is none. */
  private static final class Failure extends Exception {
    private static final long serialVersionUID = 1L;

    Failure(String message) {
      super(message);
    }
  }

  /** A line that is meant: by its number, as the last one (0), or by what it says. */
  private record Address(int line, @Nullable PosixPattern pattern) {
    boolean fits(int number, boolean last, String text) {
      return pattern != null ? pattern.find(text) : line == 0 ? last : line == number;
    }
  }

  private static final class Command {
    @Nullable Address from;
    @Nullable Address to;
    boolean negated;
    boolean inside;
    char name;
    @Nullable PosixPattern pattern;
    String text = "";
    String flags = "";
    int occurrence = 1;
  }

  private final ProgramContext context;
  private final ProgramOptions options;
  private final List<Command> commands = new ArrayList<>();
  private final StringBuilder printed = new StringBuilder();
  private String script = "";
  private int at;
  private boolean ended;

  private Sed(ProgramContext context, ProgramOptions options) {
    this.context = context;
    this.options = options;
  }

  static void run(ProgramContext context) {
    ProgramOptions options =
        ProgramOptions.of(
            context, "nrEie:", "quiet:n", "regexp-extended:r", "in-place:i", "expression=:e");
    if (options == null) {
      return;
    }
    List<String> operands = new ArrayList<>(options.operands());
    List<String> scripts = new ArrayList<>(options.values("e"));
    if (scripts.isEmpty() && operands.isEmpty()) {
      context.err("Usage: sed [-i] [-nrE] [-e CMD]... [FILE]...\n");
      context.exit(1);
      return;
    }
    if (scripts.isEmpty()) {
      scripts.add(operands.remove(0));
    }
    Sed sed = new Sed(context, options);
    try {
      sed.parse(String.join("\n", scripts));
    } catch (Failure | PatternSyntaxException e) {
      context.err("sed: " + e.getMessage() + "\n");
      context.exit(1);
      return;
    }
    if (options.has("i")) {
      sed.inPlace(operands);
    } else {
      sed.stream(operands);
    }
  }

  private void stream(List<String> files) {
    FileInput.whole(context, files, text -> context.out(edit(text)));
  }

  private void inPlace(List<String> files) {
    int code = 0;
    for (String file : files) {
      String content = context.container().file(context.path(file));
      String error =
          content == null
              ? "No such file or directory"
              : context.container().files().write(context.path(file), edit(content));
      if (!error.isEmpty()) {
        context.err("sed: " + file + ": " + error + "\n");
        code = 1;
      }
    }
    context.exit(code);
  }

  private String edit(String text) {
    printed.setLength(0);
    ended = false;
    List<String> lines = Lines.of(text);
    int next = 0;
    while (next < lines.size() && !ended) {
      next = cycle(lines, next);
    }
    boolean open = !text.isEmpty() && !text.endsWith("\n") && printed.length() > 0;
    return open ? printed.substring(0, printed.length() - 1) : printed.toString();
  }

  /** Works on a line; which is the next one. */
  private int cycle(List<String> lines, int first) {
    int current = first;
    String space = lines.get(first);
    StringBuilder after = new StringBuilder();
    boolean prints = !options.has("n");
    for (Command command : commands) {
      if (!selects(command, current + 1, current + 1 == lines.size(), space)) {
        continue;
      }
      switch (command.name) {
        case 's' -> space = substitute(command, space);
        case 'p' -> printed.append(space).append('\n');
        case '=' -> printed.append(current + 1).append('\n');
        case 'a' -> after.append(command.text).append('\n');
        case 'i' -> printed.append(command.text).append('\n');
        case 'y' -> space = transliterate(command, space);
        case 'n' -> {
          printed.append(prints ? space + "\n" : "");
          if (++current == lines.size()) {
            ended = true;
            return current;
          }
          space = lines.get(current);
        }
        case 'd', 'c' -> {
          printed.append(command.name == 'c' ? command.text + "\n" : "").append(after);
          return current + 1;
        }
        default -> {
          ended = true;
          printed.append(prints ? space + "\n" : "").append(after);
          return current + 1;
        }
      }
    }
    printed.append(prints ? space + "\n" : "").append(after);
    return current + 1;
  }

  private static boolean selects(Command command, int number, boolean last, String text) {
    Address from = command.from;
    Address to = command.to;
    boolean selected;
    if (from == null) {
      selected = true;
    } else if (to == null) {
      selected = from.fits(number, last, text);
    } else if (command.inside) {
      selected = true;
      boolean beyond = to.pattern() == null && to.line() > 0 && number >= to.line();
      command.inside = !beyond && !to.fits(number, last, text);
    } else {
      selected = from.fits(number, last, text);
      boolean only = to.pattern() == null && to.line() > 0 && to.line() <= number;
      command.inside = selected && !only && !last;
    }
    return selected != command.negated;
  }

  private String substitute(Command command, String space) {
    PosixPattern pattern = command.pattern;
    if (pattern == null) {
      return space;
    }
    Matcher matcher = pattern.matcher(space);
    StringBuilder text = new StringBuilder();
    int copied = 0;
    int count = 0;
    boolean all = command.flags.contains("g");
    while (PosixPattern.find(matcher)) {
      if (++count < command.occurrence) {
        continue;
      }
      text.append(space, copied, matcher.start()).append(replacement(command.text, matcher));
      copied = matcher.end();
      if (!all) {
        break;
      }
    }
    if (count < command.occurrence) {
      return space;
    }
    String made = text.append(space.substring(copied)).toString();
    if (command.flags.contains("p")) {
      printed.append(made).append('\n');
    }
    return made;
  }

  private static String replacement(String template, Matcher matcher) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < template.length(); i++) {
      char c = template.charAt(i);
      if (c == '&') {
        text.append(matcher.group());
      } else if (c == '\\' && i + 1 < template.length()) {
        char next = template.charAt(++i);
        int group = next - '0';
        if (group >= 0 && group <= 9) {
          String found = group <= matcher.groupCount() ? matcher.group(group) : "";
          text.append(found == null ? "" : found);
        } else {
          text.append(next == 'n' ? '\n' : next == 't' ? '\t' : next);
        }
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }

  private static String transliterate(Command command, String space) {
    StringBuilder text = new StringBuilder(space);
    for (int i = 0; i < text.length(); i++) {
      int found = command.text.indexOf(text.charAt(i));
      if (found >= 0) {
        text.setCharAt(i, command.flags.charAt(found));
      }
    }
    return text.toString();
  }

  // The script

  private void parse(String text) throws Failure {
    script = text;
    while (at < script.length()) {
      if (" \t\n;".indexOf(script.charAt(at)) >= 0) {
        at++;
      } else if (script.charAt(at) == '#') {
        at = lineEnd();
      } else {
        commands.add(command());
      }
    }
  }

  private int lineEnd() {
    int end = script.indexOf('\n', at);
    return end < 0 ? script.length() : end;
  }

  private Command command() throws Failure {
    Command command = new Command();
    command.from = address();
    if (command.from != null && at < script.length() && script.charAt(at) == ',') {
      at++;
      command.to = address();
      if (command.to == null) {
        throw new Failure("no address after comma");
      }
    }
    skipBlanks();
    if (at < script.length() && script.charAt(at) == '!') {
      command.negated = true;
      at++;
      skipBlanks();
    }
    if (at >= script.length()) {
      throw new Failure("missing command");
    }
    command.name = script.charAt(at++);
    switch (command.name) {
      case 's' -> substitution(command);
      case 'y' -> {
        char delimiter = script.charAt(at++);
        command.text = until(delimiter);
        command.flags = until(delimiter);
        if (command.text.length() != command.flags.length()) {
          throw new Failure("strings for 'y' command are different lengths");
        }
      }
      case 'a', 'i', 'c' -> {
        skipBlanks();
        if (script.startsWith("\\", at)) {
          at += script.startsWith("\\\n", at) ? 2 : 1;
          skipBlanks();
        }
        command.text = script.substring(at, lineEnd());
        at = lineEnd();
      }
      case 'd', 'p', 'q', '=', 'n' -> {}
      default -> throw new Failure("unsupported command " + command.name);
    }
    return command;
  }

  private void skipBlanks() {
    while (at < script.length() && " \t".indexOf(script.charAt(at)) >= 0) {
      at++;
    }
  }

  private @Nullable Address address() throws Failure {
    if (at >= script.length()) {
      return null;
    }
    char c = script.charAt(at);
    if (c == '$') {
      at++;
      return new Address(0, null);
    }
    if (c == '/') {
      at++;
      return new Address(-1, expression(until('/'), ""));
    }
    int start = at;
    while (at < script.length() && at - start < 9 && Character.isDigit(script.charAt(at))) {
      at++;
    }
    return at == start ? null : new Address(Integer.parseInt(script.substring(start, at)), null);
  }

  private PosixPattern expression(String text, String flags) {
    boolean extended = options.has("r") || options.has("E");
    return PosixPattern.of(text, extended, flags.contains("I") || flags.contains("i"));
  }

  /** The text before the next delimiter that is not escaped. */
  private String until(char delimiter) throws Failure {
    StringBuilder text = new StringBuilder();
    boolean bracket = false;
    while (at < script.length() && (script.charAt(at) != delimiter || bracket)) {
      char c = script.charAt(at++);
      if (c == '\\' && at < script.length()) {
        char next = script.charAt(at++);
        text.append(next == delimiter ? "" : "\\").append(next);
        continue;
      }
      bracket = bracket ? c != ']' : c == '[' && delimiter == '/' && script.indexOf(']', at) > 0;
      text.append(c);
    }
    if (at >= script.length()) {
      throw new Failure("unmatched '" + delimiter + "'");
    }
    at++;
    return text.toString();
  }

  private void substitution(Command command) throws Failure {
    if (at >= script.length()) {
      throw new Failure("bad format in substitution expression");
    }
    char delimiter = script.charAt(at++);
    String expression = until(delimiter);
    command.text = until(delimiter);
    StringBuilder flags = new StringBuilder();
    while (at < script.length() && "gpIi0123456789".indexOf(script.charAt(at)) >= 0) {
      char flag = script.charAt(at++);
      if (Character.isDigit(flag)) {
        command.occurrence = Math.max(1, flag - '0');
      }
      flags.append(flag);
    }
    command.flags = flags.toString();
    command.pattern = expression(expression, command.flags);
  }
}
