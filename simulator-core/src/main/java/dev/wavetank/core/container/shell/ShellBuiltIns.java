package dev.wavetank.core.container.shell;

import dev.wavetank.core.container.filesystem.FilePaths;
import dev.wavetank.core.container.shell.ShellFrames.Call;
import dev.wavetank.core.container.shell.ShellFrames.Returning;
import dev.wavetank.core.container.shell.ShellFrames.Turning;
import dev.wavetank.core.container.stream.Signal;
import java.util.ArrayList;
import java.util.List;

/** The commands that change the shell which runs them. */
public final class ShellBuiltIns {

  private ShellBuiltIns() {}

  /** Whether it is one of the built-ins before which assignments are the shell's own. */
  static boolean isSpecial(String name) {
    return switch (name) {
      case ":",
          ".",
          "break",
          "continue",
          "eval",
          "exec",
          "exit",
          "export",
          "readonly",
          "return",
          "set",
          "shift",
          "trap",
          "unset" ->
          true;
      default -> false;
    };
  }

  /** Whether the shell runs the command of that name itself. */
  public static boolean isBuiltIn(String name) {
    return isSpecial(name)
        || switch (name) {
          case "cd", "command", "local", "pwd", "read", "source", "type", "wait" -> true;
          default -> false;
        };
  }

  /** Whether it is a program that shells have in themselves, so that no process is made for it. */
  static boolean isPartOfShell(String name) {
    return switch (name) {
      case "[", "[[", "echo", "false", "kill", "printf", "test", "true" -> true;
      default -> false;
    };
  }

  /** Runs a built-in; afterwards the status is set, or it waits, or the stack is another. */
  static void run(Shell shell, List<String> argv) {
    List<String> words = argv.subList(1, argv.size());
    switch (argv.get(0)) {
      case "break", "continue" -> turn(shell, argv.get(0).equals("break"), words);
      case "cd" -> cd(shell, words);
      case "command" -> command(shell, words);
      case "eval" -> script(shell, String.join(" ", words));
      case "exec" -> exec(shell, words);
      case "exit" -> exit(shell, words);
      case "export", "readonly" -> declare(shell, argv.get(0).equals("export"), words);
      case "local" -> local(shell, words);
      case "pwd" -> print(shell, shell.directory() + "\n");
      case "read" -> read(shell, words);
      case "return" -> giveBack(shell, words);
      case "set" -> set(shell, words);
      case "shift" -> shift(shell, words);
      case ".", "source" -> source(shell, words);
      case "trap" -> trap(shell, words);
      case "type" -> type(shell, words);
      case "unset" -> unset(shell, words);
      case "wait" -> shell.jobs().await(words);
      default -> shell.setStatus(0);
    }
  }

  private static void print(Shell shell, String text) {
    shell.streams().out().write(shell.process(), text);
    shell.setStatus(0);
  }

  private static void refuse(Shell shell, String message, int status) {
    shell.complain(message);
    shell.setStatus(status);
  }

  /** A number that is no error; -1 for a word that is none, which ends the shell. */
  private static int number(Shell shell, String word) {
    if (!word.isEmpty() && word.length() < 10 && word.chars().allMatch(Character::isDigit)) {
      return Integer.parseInt(word);
    }
    shell.fail("Illegal number: " + word);
    return -1;
  }

  private static void exit(Shell shell, List<String> words) {
    int status = words.isEmpty() ? shell.status() : number(shell, words.get(0));
    if (status >= 0) {
      shell.exit(status);
    }
  }

  private static void turn(Shell shell, boolean ends, List<String> words) {
    int wanted = words.isEmpty() ? 1 : number(shell, words.get(0));
    int loops = 0;
    for (ShellFrame frame : shell.frames()) {
      if (frame instanceof Returning) {
        break;
      }
      loops += frame instanceof Turning ? 1 : 0;
    }
    int left = Math.min(wanted, loops);
    shell.setStatus(0);
    if (left <= 0) {
      return;
    }
    while (true) {
      ShellFrame top = shell.top();
      if (top instanceof Turning && --left == 0) {
        break;
      }
      shell.pop();
    }
    if (ends) {
      shell.pop();
    }
  }

  private static void giveBack(Shell shell, List<String> words) {
    int status = words.isEmpty() ? shell.status() : number(shell, words.get(0));
    boolean inside = false;
    for (ShellFrame frame : shell.frames()) {
      inside |= frame instanceof Returning;
    }
    if (!inside || status < 0) {
      exit(shell, words);
      return;
    }
    while (!(shell.top() instanceof Returning)) {
      shell.pop();
    }
    shell.setStatus(status & 255);
  }

  private static void cd(Shell shell, List<String> words) {
    String target = words.isEmpty() ? shell.variables().value("HOME", "/") : words.get(0);
    boolean back = target.equals("-");
    String named = back ? shell.variables().value("OLDPWD", "/") : target;
    String path = FilePaths.resolve(shell.directory(), named);
    if (shell.process().container().file(shell.path(named)) != null) {
      refuse(shell, "cd: can't cd to " + target + ": Not a directory", 2);
      return;
    }
    shell.variables().set("OLDPWD", shell.directory());
    shell.variables().set("PWD", path);
    shell.setDirectory(path);
    shell.setStatus(0);
    if (back) {
      print(shell, path + "\n");
    }
  }

  private static void command(Shell shell, List<String> words) {
    if (words.size() > 1 && (words.get(0).equals("-v") || words.get(0).equals("-V"))) {
      find(shell, words.subList(1, words.size()), words.get(0).equals("-V"));
    } else if (words.isEmpty()) {
      shell.setStatus(0);
    } else if (isBuiltIn(words.get(0))) {
      run(shell, words);
    } else {
      shell.start(words);
    }
  }

  private static void type(Shell shell, List<String> words) {
    find(shell, words, true);
  }

  private static void find(Shell shell, List<String> names, boolean explains) {
    int status = 0;
    StringBuilder text = new StringBuilder();
    for (String name : names) {
      boolean function = shell.functions().containsKey(name);
      boolean builtIn = isBuiltIn(name) || isPartOfShell(name);
      boolean known = function || builtIn || shell.process().run().programs().find(name) != null;
      String place = function || builtIn || name.startsWith("/") ? name : "/bin/" + name;
      if (!known) {
        status = 127;
        text.append(explains ? name + ": not found\n" : "");
      } else if (!explains) {
        text.append(place).append('\n');
      } else {
        String kind = function ? "a function" : builtIn ? "a shell builtin" : place;
        text.append(name).append(" is ").append(kind).append('\n');
      }
    }
    print(shell, text.toString());
    shell.setStatus(status);
  }

  private static void script(Shell shell, String text) {
    ShellFrame frame = shell.script(text);
    if (frame != null) {
      shell.setStatus(0);
      shell.push(frame);
    }
  }

  private static void source(Shell shell, List<String> words) {
    String file = words.isEmpty() ? "" : words.get(0);
    String content = shell.process().container().file(shell.path(file));
    if (file.isEmpty() || content == null) {
      shell.fail(
          (file.isEmpty()
              ? ".: filename argument required"
              : "can't open " + file + ": no such file"));
      return;
    }
    ShellFrame frame = shell.script(content);
    if (frame != null) {
      shell.setStatus(0);
      shell.push(new ShellFrames.Sourced(frame));
    }
  }

  private static void exec(Shell shell, List<String> words) {
    if (words.isEmpty()) {
      shell.keepStreams(shell.streams());
      shell.setStatus(0);
    } else {
      shell.replace(List.copyOf(words));
    }
  }

  private static void declare(Shell shell, boolean exports, List<String> words) {
    if (words.isEmpty() || words.equals(List.of("-p"))) {
      StringBuilder text = new StringBuilder();
      String keyword = exports ? "export " : "readonly ";
      shell
          .variables()
          .all()
          .forEach(
              (name, value) -> {
                ShellVariables.Variable variable = shell.variables().find(name);
                if (exports ? variable.exported() : variable.constant()) {
                  text.append(keyword).append(name).append("='").append(value).append("'\n");
                }
              });
      print(shell, text.toString());
      return;
    }
    shell.setStatus(0);
    for (String word : words) {
      int equals = word.indexOf('=');
      String name = equals < 0 ? word : word.substring(0, equals);
      if (!ShellLexer.isName(name)) {
        shell.fail((exports ? "export: " : "readonly: ") + name + ": bad variable name");
        return;
      }
      if (equals >= 0 && !shell.assign(name, word.substring(equals + 1))) {
        return;
      }
      if (exports) {
        shell.variables().export(name);
      } else {
        shell.variables().makeConstant(name);
      }
    }
  }

  private static void local(Shell shell, List<String> words) {
    Call call = null;
    for (ShellFrame frame : shell.frames()) {
      if (frame instanceof Call found) {
        call = found;
        break;
      }
    }
    if (call == null) {
      shell.fail("local: not in a function");
      return;
    }
    shell.setStatus(0);
    for (String word : words) {
      int equals = word.indexOf('=');
      String name = equals < 0 ? word : word.substring(0, equals);
      if (!ShellLexer.isName(name)) {
        shell.fail("local: " + name + ": bad variable name");
        return;
      }
      call.local(name, shell.variables());
      if (equals >= 0 && !shell.assign(name, word.substring(equals + 1))) {
        return;
      }
    }
  }

  private static void read(Shell shell, List<String> words) {
    List<String> names = new ArrayList<>();
    boolean raw = false;
    for (int i = 0; i < words.size(); i++) {
      if (words.get(i).equals("-p")) {
        i++;
      } else if (words.get(i).startsWith("-") && names.isEmpty()) {
        raw |= words.get(i).contains("r");
      } else {
        names.add(words.get(i));
      }
    }
    boolean plain = raw;
    shell.await();
    shell
        .streams()
        .in()
        .line(
            shell.process(),
            line -> {
              boolean complete = line.endsWith("\n");
              String text = complete ? line.substring(0, line.length() - 1) : line;
              store(
                  shell,
                  names.isEmpty() ? List.of("REPLY") : names,
                  plain ? text : unescaped(text));
              shell.resume(complete ? 0 : 1);
            });
  }

  private static String unescaped(String line) {
    return line.replaceAll("\\\\(.)", "$1");
  }

  /** Splits a line over variables; the last one gets the rest. */
  private static void store(Shell shell, List<String> names, String line) {
    String separators = shell.variables().value("IFS", " \t\n");
    int at = skip(line, 0, separators);
    for (int i = 0; i < names.size(); i++) {
      int end = at;
      while (end < line.length() && separators.indexOf(line.charAt(end)) < 0) {
        end++;
      }
      boolean last = i == names.size() - 1;
      if (last && end < line.length() && skip(line, end + 1, separators) < line.length()) {
        end = line.length();
        while (end > at && isBlank(line.charAt(end - 1), separators)) {
          end--;
        }
      }
      if (!shell.assign(names.get(i), line.substring(at, end))) {
        return;
      }
      boolean delimited = end < line.length() && !isBlank(line.charAt(end), separators);
      at = skip(line, delimited ? end + 1 : end, separators);
    }
  }

  private static boolean isBlank(char c, String separators) {
    return (c == ' ' || c == '\t') && separators.indexOf(c) >= 0;
  }

  private static int skip(String line, int from, String separators) {
    int at = from;
    while (at < line.length() && isBlank(line.charAt(at), separators)) {
      at++;
    }
    return at;
  }

  private static void set(Shell shell, List<String> words) {
    shell.setStatus(0);
    if (words.isEmpty()) {
      StringBuilder text = new StringBuilder();
      shell
          .variables()
          .all()
          .forEach((name, value) -> text.append(name).append("='").append(value).append("'\n"));
      print(shell, text.toString());
      return;
    }
    int at = 0;
    while (at < words.size()) {
      String word = words.get(at);
      boolean option = word.length() > 1 && (word.startsWith("-") || word.startsWith("+"));
      if (!option || word.equals("--")) {
        break;
      }
      String next = at + 1 < words.size() ? words.get(at + 1) : "";
      at += shell.options().take(word, next) ? 2 : 1;
    }
    boolean ends = at < words.size() && words.get(at).equals("--");
    if (ends || at < words.size()) {
      shell.setArguments(words.subList(Math.min(ends ? at + 1 : at, words.size()), words.size()));
    }
  }

  private static void shift(Shell shell, List<String> words) {
    int count = words.isEmpty() ? 1 : number(shell, words.get(0));
    if (count < 0 || count > shell.arguments().size()) {
      shell.setStatus(1);
      return;
    }
    shell.setArguments(shell.arguments().subList(count, shell.arguments().size()));
    shell.setStatus(0);
  }

  private static void unset(Shell shell, List<String> words) {
    boolean functions = !words.isEmpty() && words.get(0).equals("-f");
    boolean option = functions || (!words.isEmpty() && words.get(0).equals("-v"));
    shell.setStatus(0);
    for (String name : option ? words.subList(1, words.size()) : words) {
      if (functions) {
        shell.functions().remove(name);
      } else if (shell.variables().constant(name)) {
        shell.fail("unset: " + name + ": is read only");
        return;
      } else {
        shell.variables().unset(name);
      }
    }
  }

  private static void trap(Shell shell, List<String> words) {
    shell.setStatus(0);
    if (words.isEmpty()) {
      StringBuilder text = new StringBuilder();
      shell
          .jobs()
          .traps()
          .forEach(
              (signal, script) ->
                  text.append("trap -- '").append(script).append("' ").append(signal).append('\n'));
      print(shell, text.toString());
      return;
    }
    boolean signalsOnly = Signal.of(words.get(0)) != null && words.size() == 1;
    boolean resets = signalsOnly || words.get(0).equals("-");
    for (String word : signalsOnly ? words : words.subList(1, words.size())) {
      Signal signal = Signal.of(word);
      if (signal == null) {
        refuse(shell, "trap: " + word + ": invalid signal specification", 1);
      } else {
        shell.jobs().trap(signal, resets ? null : words.get(0));
      }
    }
  }
}
