package dev.wavetank.core.container.shell;

import dev.wavetank.core.container.ArgumentSpace;
import dev.wavetank.core.container.Program;
import dev.wavetank.core.container.ProgramContext;
import dev.wavetank.core.container.ProgramContext.Heritage;
import dev.wavetank.core.container.filesystem.FilePaths;
import dev.wavetank.core.container.stream.ProgramInput;
import dev.wavetank.core.container.stream.Signal;
import dev.wavetank.core.container.stream.Streams;
import dev.wavetank.core.container.text.ShellPattern;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A shell: runs a script on virtual time, one program after the other. What it is about is a stack
 * of frames, so that neither long scripts nor deep ones need the machine's own stack.
 */
public final class Shell {

  /** Frames on the stack; a function that calls itself for ever meets this bound. */
  private static final int FRAMES_MAX = 2000;

  /** Characters that a command substitution may print; who prints more is ended. */
  private static final int SUBSTITUTED_MAX = 4 << 20;

  /** Shells and programs that have started one another. */
  private static final int PROCESS_DEPTH_MAX = 100;

  private final ProgramContext process;
  private final int shellPid;
  private final String name;
  private final ShellVariables variables;
  private final Map<String, ShellNode> functions;
  private final ShellJobs jobs;
  private final ShellOptions options;
  private final Deque<ShellFrame> frames = new ArrayDeque<>();
  private List<String> arguments;
  private String directory;
  private String source = "";
  private int linesBefore;
  private boolean interactive;

  /** Whether it was made for one simple command: a program takes its place then. */
  private boolean single;

  private Streams streams;
  private @Nullable ShellPrompt prompt;
  private int guards;
  private int status;
  private int endStatus = -1;
  private int substitutionStatus;
  private boolean running;
  private boolean waiting;

  private Shell(
      ProgramContext process,
      String name,
      List<String> arguments,
      ShellVariables variables,
      ShellOptions options) {
    this.process = process;
    this.shellPid = process.pid();
    this.name = name;
    this.arguments = arguments;
    this.variables = variables;
    this.functions = new LinkedHashMap<>();
    this.jobs = new ShellJobs(this);
    this.options = options;
    this.directory = process.directory();
    this.streams = process.streams();
  }

  /** A shell of its own for some commands of another one. */
  private Shell(Shell parent, ProgramContext process) {
    this.process = process;
    this.shellPid = parent.shellPid;
    this.name = parent.name;
    this.arguments = parent.arguments;
    this.variables = parent.variables.copy();
    this.functions = new LinkedHashMap<>(parent.functions);
    this.jobs = parent.jobs.inherited(this);
    this.options = parent.options.copy();
    this.directory = parent.directory;
    this.source = parent.source;
    this.linesBefore = parent.linesBefore;
    this.interactive = parent.interactive;
    this.streams = process.streams();
    this.status = parent.status;
    this.guards = parent.guards;
  }

  /** The program {@code sh}. */
  public static void run(ProgramContext process) {
    ShellOptions options = new ShellOptions();
    List<String> words = process.arguments();
    String shellName = process.argv().get(0);
    int at = 0;
    boolean inline = false;
    while (at < words.size()
        && words.get(at).length() > 1
        && (words.get(at).startsWith("-") || words.get(at).startsWith("+"))) {
      String word = words.get(at++);
      if (word.equals("--")) {
        break;
      }
      inline |= word.startsWith("-") && !word.startsWith("--") && word.contains("c");
      String value = at < words.size() ? words.get(at) : "";
      at += options.take(word, value) ? 1 : 0;
    }
    if (at >= words.size()) {
      if (inline) {
        process.err(shellName + ": -c requires an argument\n");
        process.exit(2);
      } else {
        readScript(process, shellName, options);
      }
      return;
    }
    String script = inline ? words.get(at) : process.container().file(process.path(words.get(at)));
    if (script == null) {
      process.err(shellName + ": can't open '" + words.get(at) + "': No such file or directory\n");
      process.exit(2);
      return;
    }
    boolean named = inline && at + 1 < words.size();
    String zero = named ? words.get(at + 1) : inline ? shellName : words.get(at);
    List<String> rest = words.subList(Math.min(words.size(), at + (named ? 2 : 1)), words.size());
    begin(process, zero, rest, options, script);
  }

  /** Reads commands one after the other, from people or from a pipe. */
  private static void readScript(ProgramContext process, String name, ShellOptions options) {
    Shell shell = new Shell(process, name, List.of(), ShellVariables.of(process.env()), options);
    ShellPrompt prompt = new ShellPrompt(shell, name, process.readsTerminal());
    shell.prompt = prompt;
    shell.interactive = true;
    process.onSignal(signal -> shell.jobs.hear(signal) || prompt.ignores(signal));
    shell.push(prompt);
    shell.go();
  }

  private static void begin(
      ProgramContext process,
      String name,
      List<String> arguments,
      ShellOptions options,
      String script) {
    Shell shell =
        new Shell(process, name, List.copyOf(arguments), ShellVariables.of(process.env()), options);
    process.onSignal(shell.jobs::hear);
    ShellFrame frame = shell.script(script);
    if (frame != null) {
      shell.push(frame);
      shell.go();
    }
  }

  /** Tells how many lines were read before those of the next script. */
  void setLinesBefore(int lines) {
    linesBefore = lines;
  }

  /** The frame of a script; null when it is none, which ends the shell. */
  @Nullable ShellFrame script(String text) {
    source = text;
    try {
      return new ShellFrames.Script(ShellParser.of(text));
    } catch (ShellSyntaxException e) {
      fail("syntax error: " + e.getMessage());
      return null;
    }
  }

  // What it is about

  private void go() {
    if (running) {
      return;
    }
    running = true;
    try {
      while (!waiting && !process.over()) {
        if (prompt != null) {
          prompt.unwind();
        }
        ShellFrame trap = jobs.nextTrap();
        if (trap != null) {
          push(trap);
        }
        ShellFrame top = frames.peek();
        if (top == null) {
          end(status);
        } else {
          top.step(this);
        }
      }
    } finally {
      running = false;
    }
  }

  void push(ShellFrame frame) {
    if (frames.size() >= FRAMES_MAX) {
      fail("maximum nesting level exceeded");
      return;
    }
    frame.streamsBefore = streams;
    frame.guardsBefore = guards;
    frames.push(frame);
  }

  void pop() {
    ShellFrame frame = frames.pop();
    streams = frame.streamsBefore;
    guards = frame.guardsBefore;
    frame.left(this);
  }

  @Nullable ShellFrame top() {
    return frames.peek();
  }

  /** The frames from the top on. */
  Iterable<ShellFrame> frames() {
    return frames;
  }

  /** Waits until {@link #resume}; to be called before what it waits for begins. */
  void await() {
    waiting = true;
  }

  boolean waiting() {
    return waiting;
  }

  /** Goes on with a status. */
  void resume(int newStatus) {
    waiting = false;
    status = newStatus;
    go();
  }

  /** Lets a signal be handled, if it waits for nothing. */
  void wake() {
    go();
  }

  /** Ends the shell, after what it has to do at its end. */
  void end(int code) {
    while (!frames.isEmpty()) {
      pop();
    }
    int last = endStatus >= 0 ? endStatus : code;
    String script = jobs.takeExitTrap();
    if (script.isEmpty()) {
      process.exit(last & 255);
      return;
    }
    endStatus = last;
    status = last;
    ShellFrame frame = script(script);
    if (frame != null) {
      push(frame);
    }
  }

  /** Ends the shell as {@code exit} does: a number given in a trap at the end counts. */
  void exit(int code) {
    endStatus = -1;
    end(code);
  }

  /** Says what is wrong and ends the shell with status 2. */
  void fail(String message) {
    complain(message);
    exit(2);
  }

  /** The words of the image's shell for a command that is not there. */
  private String notFound(String command) {
    boolean bash = process.argv().get(0).endsWith("bash");
    if (bash) {
      String where = interactive ? "" : "line " + lineOf(command) + ": ";
      boolean place = command.indexOf('/') >= 0;
      return where + command + (place ? ": No such file or directory" : ": command not found");
    }
    return (process.container().busyBox() ? "" : lineOf(command) + ": ") + command + ": not found";
  }

  /** In which line of the script a command stands first. */
  private int lineOf(String command) {
    int at = Math.max(0, source.indexOf(command));
    return linesBefore + 1 + (int) source.substring(0, at).chars().filter(c -> c == '\n').count();
  }

  /** Says what is wrong. */
  void complain(String message) {
    streams.err().write(process, name + ": " + message + "\n");
  }

  // Its state

  ProgramContext process() {
    return process;
  }

  int status() {
    return status;
  }

  void setStatus(int newStatus) {
    status = newStatus;
  }

  /** Ends the shell when the status is a failure and {@code set -e} says so. */
  void checkStatus() {
    if (status != 0 && guards == 0 && options.errexit()) {
      exit(status);
    }
  }

  /** Until the frame on top ends, failures do not end the shell. */
  void guard() {
    guards++;
  }

  void unguard(ShellFrame frame) {
    guards = frame.guardsBefore;
  }

  Streams streams() {
    return streams;
  }

  /** Uses other streams until the frame on top ends. */
  void useStreams(Streams newStreams) {
    streams = newStreams;
  }

  /** Uses other streams from now on, whatever ends. */
  void keepStreams(Streams newStreams) {
    streams = newStreams;
    frames.forEach(frame -> frame.streamsBefore = newStreams);
  }

  ShellVariables variables() {
    return variables;
  }

  Map<String, ShellNode> functions() {
    return functions;
  }

  ShellOptions options() {
    return options;
  }

  ShellJobs jobs() {
    return jobs;
  }

  boolean nounset() {
    return options.nounset();
  }

  boolean pipefail() {
    return options.pipefail();
  }

  List<String> arguments() {
    return arguments;
  }

  void setArguments(List<String> newArguments) {
    arguments = List.copyOf(newArguments);
  }

  String directory() {
    return directory;
  }

  void setDirectory(String path) {
    directory = path;
  }

  /** The path in the container of a file that is named relative to the working directory. */
  String path(String file) {
    return FilePaths.under(process.root(), FilePaths.resolve(directory, file));
  }

  /** Status of the last command substitution of a command without words. */
  int substitutionStatus() {
    return substitutionStatus;
  }

  void clearSubstitutionStatus() {
    substitutionStatus = 0;
  }

  /** Sets a variable; whether that went well: a constant ends the shell. */
  boolean assign(String variable, String value) {
    if (variables.constant(variable)) {
      fail(variable + ": is read only");
      return false;
    }
    variables.set(variable, value);
    return true;
  }

  /** The value of a parameter, or null when it is not set. */
  @Nullable String parameter(String parameter) {
    if (Character.isDigit(parameter.charAt(0))) {
      int number = parameter.length() > 6 ? Integer.MAX_VALUE : Integer.parseInt(parameter);
      return number == 0 ? name : number <= arguments.size() ? arguments.get(number - 1) : null;
    }
    return switch (parameter) {
      case "?" -> Integer.toString(status);
      case "#" -> Integer.toString(arguments.size());
      case "$" -> Integer.toString(shellPid);
      case "!" -> jobs.last();
      case "-" -> options.letters();
      case "@", "*" -> arguments.isEmpty() ? null : String.join(" ", arguments);
      default -> variables.value(parameter);
    };
  }

  /** Files whose names fit a pattern, in order. */
  List<String> files(String pattern) {
    boolean absolute = pattern.startsWith("/");
    String place = FilePaths.under(process.root(), absolute ? "/" : directory);
    String base = place.equals("/") ? "/" : place + "/";
    List<String> wanted = Arrays.asList(pattern.split("/"));
    List<String> found = new ArrayList<>();
    for (String path : process.container().files().paths()) {
      String below = path.substring(Math.min(path.length(), base.length()));
      String file = absolute && !below.isEmpty() ? "/" + below : below;
      if (path.startsWith(base) && !file.isEmpty() && fits(wanted, file.split("/"))) {
        found.add(file);
      }
    }
    return found;
  }

  private static boolean fits(List<String> patterns, String[] names) {
    if (patterns.size() != names.length) {
      return false;
    }
    for (int i = 0; i < names.length; i++) {
      boolean hidden = names[i].startsWith(".") && !patterns.get(i).startsWith(".");
      if (hidden || !ShellPattern.matches(patterns.get(i), names[i])) {
        return false;
      }
    }
    return true;
  }

  // Processes that it starts

  private Heritage heritage(Streams given) {
    return new Heritage(variables.environment(), given, directory, process.root());
  }

  /** Whether it may start one more process; else it has said so. */
  private boolean canFork() {
    boolean can = process.depth() < PROCESS_DEPTH_MAX && !process.run().full();
    if (!can) {
      complain("can't fork: Resource temporarily unavailable");
    }
    return can;
  }

  /** Runs commands in a shell of their own; null when there are too many processes. */
  @Nullable ProgramContext fork(ShellNode node, Streams given, IntConsumer then) {
    if (!canFork()) {
      then.accept(2);
      return null;
    }
    ProgramContext child = process.child(process.argv(), heritage(given), then);
    Shell shell = new Shell(this, child);
    shell.single = node instanceof ShellNode.Simple;
    child.onSignal(shell.jobs::hear);
    shell.push(ShellFrame.of(node));
    shell.go();
    return child;
  }

  void background(ShellNode node) {
    jobs.add(then -> fork(node, streams.with(0, ProgramInput.of("")), then));
    status = 0;
  }

  /** Runs the commands of {@code $(…)} and gives what they print, without line ends at its end. */
  void substitute(ShellNode node, Consumer<String> then) {
    StringBuilder printed = new StringBuilder();
    int before = status;
    await();
    fork(
        node,
        streams.with(
            1,
            (writer, text) -> {
              if (printed.length() + text.length() <= SUBSTITUTED_MAX) {
                printed.append(text);
              } else {
                writer.signal(Signal.PIPE);
              }
            }),
        code -> {
          int end = printed.length();
          while (end > 0 && printed.charAt(end - 1) == '\n') {
            end--;
          }
          substitutionStatus = code;
          then.accept(printed.substring(0, end));
          resume(before);
        });
  }

  /** Runs a program and waits for its end. */
  void start(List<String> argv) {
    Program program = process.run().programs().find(argv.get(0));
    if (program == null) {
      complain(notFound(argv.get(0)));
      status = 127;
      return;
    }
    boolean part = ShellBuiltIns.isPartOfShell(argv.get(0));
    if (!part && ArgumentSpace.exceeded(argv, variables.environment())) {
      complain(argv.get(0) + ": Argument list too long");
      status = 126;
      return;
    }
    if (single && !part) {
      replace(argv);
      return;
    }
    if (!canFork()) {
      status = 2;
      return;
    }
    await();
    ProgramContext child = process.child(argv, heritage(streams), this::resume);
    if (part) {
      child.writeFor(process);
    }
    program.run(child);
  }

  /** Runs a program in place of this shell. */
  void replace(List<String> argv) {
    Program program = process.run().programs().find(argv.get(0));
    if (program == null) {
      complain(notFound(argv.get(0)));
      exit(127);
      return;
    }
    await();
    program.run(process.replacement(argv, heritage(streams)));
  }
}
