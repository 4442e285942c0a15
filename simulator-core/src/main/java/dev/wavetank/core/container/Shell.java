package dev.wavetank.core.container;

import dev.wavetank.core.container.ShellNode.Redirect;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/** Runs shell scripts, each program of them on virtual time. */
final class Shell {

  /** What a turn of a loop takes at least, so that time goes on. */
  private static final long TURN_NANOS = 1_000_000L;

  /** Where a command reads and writes. */
  private record Streams(String in, Consumer<String> out, Consumer<String> err) {}

  private final ProgramContext context;
  private final ShellWords words;
  private int status;

  private Shell(ProgramContext context, Map<String, String> variables) {
    this.context = context;
    this.words = new ShellWords(variables, this::substitute);
  }

  static boolean isBuiltIn(String name) {
    return switch (name) {
      case "cd", "export", "set", "exit", "wait", "trap", "exec", "eval", "unset", "read" -> true;
      default -> false;
    };
  }

  /** The program {@code sh}. */
  static void run(ProgramContext context) {
    List<String> arguments = context.arguments();
    int at = 0;
    boolean inline = false;
    while (at < arguments.size() && arguments.get(at).startsWith("-")) {
      inline |= !arguments.get(at).startsWith("--") && arguments.get(at).contains("c");
      at++;
    }
    String name = context.argv().get(0);
    String script;
    if (at >= arguments.size()) {
      script = context.stdin();
    } else if (inline) {
      script = arguments.get(at);
    } else {
      String content = context.container().file(arguments.get(at));
      if (content == null) {
        context.err(name + ": can't open '" + arguments.get(at) + "': No such file or directory\n");
        context.exit(2);
        return;
      }
      script = content;
    }
    Map<String, String> variables = new LinkedHashMap<>(context.env());
    for (int i = at + 1; i < arguments.size(); i++) {
      variables.put(Integer.toString(inline ? i - at - 1 : i - at), arguments.get(i));
    }
    Shell shell = new Shell(context, variables);
    Streams streams = new Streams(context.stdin(), context.outStream(), context.errStream());
    try {
      shell.execute(ShellParser.parse(script), streams, context::exit);
    } catch (ShellParser.SyntaxError e) {
      context.err(name + ": syntax error: " + e.getMessage() + "\n");
      context.exit(2);
    }
  }

  /** Runs the commands of {@code $(…)} and gives what they print. */
  private void substitute(String script, Consumer<String> then) {
    StringBuilder printed = new StringBuilder();
    try {
      ShellNode node = ShellParser.parse(script);
      execute(
          node,
          new Streams("", printed::append, context.errStream()),
          code -> {
            int end = printed.length();
            while (end > 0 && printed.charAt(end - 1) == '\n') {
              end--;
            }
            then.accept(printed.substring(0, end));
          });
    } catch (ShellParser.SyntaxError e) {
      context.err("sh: syntax error: " + e.getMessage() + "\n");
      then.accept("");
    }
  }

  private void done(int code, IntConsumer then) {
    status = code;
    words.set("?", Integer.toString(code));
    if (!context.over()) {
      then.accept(code);
    }
  }

  private void execute(ShellNode node, Streams streams, IntConsumer then) {
    if (context.over()) {
      return;
    }
    if (node instanceof ShellNode.Simple simple) {
      simple(simple, streams, then);
    } else if (node instanceof ShellNode.Sequence sequence) {
      sequence(sequence.parts(), 0, streams, then);
    } else if (node instanceof ShellNode.AndOr both) {
      execute(
          both.left(),
          streams,
          code -> {
            if ((code == 0) == both.and()) {
              execute(both.right(), streams, then);
            } else {
              then.accept(code);
            }
          });
    } else if (node instanceof ShellNode.Pipeline pipeline) {
      IntConsumer last = pipeline.negated() ? code -> done(code == 0 ? 1 : 0, then) : then;
      pipe(pipeline.parts(), 0, streams, last);
    } else if (node instanceof ShellNode.Background background) {
      execute(background.part(), streams, code -> {});
      done(0, then);
    } else if (node instanceof ShellNode.Loop loop) {
      turn(loop, streams, then);
    } else if (node instanceof ShellNode.For each) {
      words.expandAll(each.words(), values -> turn(each, values, 0, streams, then));
    } else if (node instanceof ShellNode.If choice) {
      execute(
          choice.condition(),
          streams,
          code -> execute(code == 0 ? choice.then() : choice.otherwise(), streams, then));
    }
  }

  private void sequence(List<ShellNode> parts, int at, Streams streams, IntConsumer then) {
    if (at == parts.size()) {
      done(parts.isEmpty() ? 0 : status, then);
      return;
    }
    execute(parts.get(at), streams, code -> sequence(parts, at + 1, streams, then));
  }

  private void pipe(List<ShellNode> parts, int at, Streams streams, IntConsumer then) {
    if (at == parts.size() - 1) {
      execute(parts.get(at), streams, then);
      return;
    }
    StringBuilder printed = new StringBuilder();
    execute(
        parts.get(at),
        new Streams(streams.in(), printed::append, streams.err()),
        code ->
            pipe(
                parts,
                at + 1,
                new Streams(printed.toString(), streams.out(), streams.err()),
                then));
  }

  private void turn(ShellNode.Loop loop, Streams streams, IntConsumer then) {
    execute(
        loop.condition(),
        streams,
        code -> {
          if ((code == 0) == loop.until()) {
            done(0, then);
          } else {
            execute(
                loop.body(),
                streams,
                last -> context.after(TURN_NANOS, () -> turn(loop, streams, then)));
          }
        });
  }

  private void turn(
      ShellNode.For each, List<String> values, int at, Streams streams, IntConsumer then) {
    if (at == values.size()) {
      done(status, then);
      return;
    }
    words.set(each.name(), values.get(at));
    execute(
        each.body(),
        streams,
        code -> context.after(TURN_NANOS, () -> turn(each, values, at + 1, streams, then)));
  }

  private void simple(ShellNode.Simple simple, Streams streams, IntConsumer then) {
    words.expandAll(
        simple.words(),
        argv ->
            assign(
                simple.assignments(),
                0,
                () -> redirect(simple.redirects(), 0, streams, io -> run(argv, io, then))));
  }

  private void assign(List<String> assignments, int at, Runnable then) {
    if (at == assignments.size()) {
      then.run();
      return;
    }
    String assignment = assignments.get(at);
    int equals = assignment.indexOf('=');
    words.expand(
        assignment.substring(equals + 1),
        value -> {
          words.set(assignment.substring(0, equals), value);
          assign(assignments, at + 1, then);
        });
  }

  private void redirect(List<Redirect> redirects, int at, Streams streams, Consumer<Streams> then) {
    if (at == redirects.size()) {
      then.accept(streams);
      return;
    }
    Redirect redirect = redirects.get(at);
    if (redirect.file().isEmpty()) {
      redirect(
          redirects,
          at + 1,
          redirect.stream() == 2
              ? new Streams(streams.in(), streams.out(), streams.out())
              : new Streams(streams.in(), streams.err(), streams.err()),
          then);
      return;
    }
    words.expand(
        redirect.file(), file -> redirect(redirects, at + 1, to(redirect, file, streams), then));
  }

  private Streams to(Redirect redirect, String file, Streams streams) {
    Container container = context.container();
    if (redirect.stream() == 0) {
      String content = container.file(file);
      return new Streams(content == null ? "" : content, streams.out(), streams.err());
    }
    if (file.equals("/dev/stdout") || file.equals("/proc/1/fd/1")) {
      return streams;
    }
    if (!redirect.append()) {
      container.write(file, "");
    }
    Consumer<String> writer =
        text -> {
          String before = container.file(file);
          container.write(file, (before == null ? "" : before) + text);
        };
    return redirect.stream() == 2
        ? new Streams(streams.in(), streams.out(), writer)
        : new Streams(streams.in(), writer, streams.err());
  }

  private void run(List<String> argv, Streams streams, IntConsumer then) {
    if (argv.isEmpty()) {
      done(0, then);
      return;
    }
    String name = argv.get(0);
    switch (name) {
      case "exit" -> context.exit(argv.size() > 1 ? ShellWords.number(argv.get(1)) : status);
      case "exec" -> run(argv.subList(1, argv.size()), streams, context::exit);
      case "export" -> {
        for (String word : argv.subList(1, argv.size())) {
          int equals = word.indexOf('=');
          if (equals > 0) {
            words.set(word.substring(0, equals), word.substring(equals + 1));
          }
        }
        done(0, then);
      }
      case "trap" -> {
        if (argv.size() > 2 && argv.stream().anyMatch(w -> w.endsWith("TERM") || w.equals("15"))) {
          String script = argv.get(1);
          context.run().onTerminate(() -> substitute(script, streams.out()));
        }
        done(0, then);
      }
      case "cd", "set", "wait", "eval", "unset", "read" -> done(0, then);
      default -> start(name, argv, streams, then);
    }
  }

  private void start(String name, List<String> argv, Streams streams, IntConsumer then) {
    Program program = context.run().programs().find(name);
    if (program == null) {
      streams.err().accept("sh: " + name + ": not found\n");
      done(127, then);
      return;
    }
    program.run(
        new ProgramContext(
            context.run(),
            argv,
            words.environment(),
            streams.in(),
            streams.out(),
            streams.err(),
            code -> done(code, then)));
  }
}
