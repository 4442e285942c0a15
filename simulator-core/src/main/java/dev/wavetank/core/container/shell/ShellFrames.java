package dev.wavetank.core.container.shell;

import dev.wavetank.core.container.shell.ShellExpansion.Mode;
import dev.wavetank.core.container.stream.ProgramInput;
import dev.wavetank.core.container.stream.Sink;
import dev.wavetank.core.container.stream.Streams;
import dev.wavetank.core.container.text.ShellPattern;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The frames of the compound commands of a shell. */
final class ShellFrames {

  private ShellFrames() {}

  /** A frame that {@code break} and {@code continue} look for. */
  interface Turning {}

  /** A frame that {@code return} looks for. */
  interface Returning {}

  /** Commands one after the other. */
  static final class Sequence extends ShellFrame {
    private final List<ShellNode> parts;
    private int next;

    Sequence(ShellNode.Sequence node) {
      parts = node.parts();
    }

    @Override
    void step(Shell shell) {
      if (next == parts.size()) {
        shell.pop();
      } else {
        shell.push(of(parts.get(next++)));
      }
    }
  }

  static final class AndOr extends ShellFrame {
    private final ShellNode.AndOr node;
    private int stage;

    AndOr(ShellNode.AndOr node) {
      this.node = node;
    }

    @Override
    void step(Shell shell) {
      if (stage == 0) {
        shell.guard();
        shell.push(of(node.left()));
        stage = 1;
      } else {
        boolean goesOn = (shell.status() == 0) == node.and();
        shell.pop();
        if (goesOn) {
          shell.push(of(node.right()));
        }
      }
    }
  }

  static final class If extends ShellFrame {
    private final ShellNode.If node;
    private boolean asked;

    If(ShellNode.If node) {
      this.node = node;
    }

    @Override
    void step(Shell shell) {
      if (!asked) {
        shell.guard();
        shell.push(of(node.condition()));
        asked = true;
        return;
      }
      ShellNode chosen = shell.status() == 0 ? node.then() : node.otherwise();
      shell.pop();
      if (chosen == ShellNode.NOTHING) {
        shell.setStatus(0);
      } else {
        shell.push(of(chosen));
      }
    }
  }

  static final class Loop extends ShellFrame implements Turning {
    /** What a turn takes at least, so that time goes on. */
    private static final long TURN_NANOS = 1_000_000L;

    private final ShellNode.Loop node;
    private int stage;
    private int bodyStatus;

    Loop(ShellNode.Loop node) {
      this.node = node;
    }

    @Override
    void step(Shell shell) {
      if (stage == 0) {
        shell.guard();
        shell.push(of(node.condition()));
        stage = 1;
      } else if (stage == 1) {
        shell.unguard(this);
        if ((shell.status() == 0) == node.until()) {
          shell.setStatus(bodyStatus);
          shell.pop();
        } else {
          shell.push(of(node.body()));
          stage = 2;
        }
      } else {
        bodyStatus = shell.status();
        stage = 0;
        shell.await();
        shell.process().after(TURN_NANOS, () -> shell.resume(bodyStatus));
      }
    }
  }

  static final class For extends ShellFrame implements Turning {
    private final ShellNode.For node;
    private @Nullable List<String> values;
    private int next;

    For(ShellNode.For node) {
      this.node = node;
    }

    @Override
    void step(Shell shell) {
      List<String> known = values;
      if (known == null) {
        List<ShellWord> words = node.words();
        if (words == null) {
          values = shell.arguments();
        } else {
          shell.push(new ShellExpansion(words, Mode.FIELDS, found -> values = found));
        }
      } else if (next == known.size()) {
        if (known.isEmpty()) {
          shell.setStatus(0);
        }
        shell.pop();
      } else if (shell.assign(node.name(), known.get(next++))) {
        shell.push(of(node.body()));
      }
    }
  }

  static final class Case extends ShellFrame {
    private final ShellNode.Case node;
    private @Nullable String word;
    private int next;

    Case(ShellNode.Case node) {
      this.node = node;
    }

    @Override
    void step(Shell shell) {
      String known = word;
      if (known == null) {
        shell.push(
            new ShellExpansion(List.of(node.word()), Mode.TEXT, found -> word = found.get(0)));
      } else if (next == node.items().size()) {
        shell.setStatus(0);
        shell.pop();
      } else {
        ShellNode.CaseItem item = node.items().get(next++);
        shell.push(
            new ShellExpansion(
                item.patterns(), Mode.PATTERN, patterns -> compare(shell, known, patterns, item)));
      }
    }

    private static void compare(
        Shell shell, String word, List<String> patterns, ShellNode.CaseItem item) {
      for (String pattern : patterns) {
        if (ShellPattern.matches(pattern, word)) {
          shell.pop();
          if (item.body() == ShellNode.NOTHING) {
            shell.setStatus(0);
          } else {
            shell.push(of(item.body()));
          }
          return;
        }
      }
    }
  }

  /** Commands of which each reads what the one before it writes, all in shells of their own. */
  static final class Pipeline extends ShellFrame {
    private final ShellNode.Pipeline node;
    private final int[] codes;
    private int pending;
    private boolean started;

    Pipeline(ShellNode.Pipeline node) {
      this.node = node;
      this.codes = new int[node.parts().size()];
    }

    @Override
    void step(Shell shell) {
      if (started) {
        finish(shell);
        return;
      }
      started = true;
      if (node.negated()) {
        shell.guard();
      }
      if (codes.length == 1) {
        shell.push(of(node.parts().get(0)));
      } else {
        start(shell);
      }
    }

    private void start(Shell shell) {
      pending = codes.length;
      shell.await();
      ProgramInput pipe = shell.streams().in();
      for (int i = 0; i < codes.length; i++) {
        ProgramInput in = pipe;
        Streams streams = shell.streams().with(0, in);
        boolean last = i == codes.length - 1;
        ProgramInput out = last ? in : ProgramInput.pipe();
        if (!last) {
          streams = streams.with(1, Sink.of(out));
          pipe = out;
        }
        int part = i;
        shell.fork(
            node.parts().get(i),
            streams,
            code -> {
              if (part > 0) {
                in.abandon();
              }
              if (!last) {
                out.close();
              }
              ended(shell, part, code);
            });
      }
    }

    private void ended(Shell shell, int part, int code) {
      codes[part] = code;
      if (--pending == 0) {
        int status = codes[codes.length - 1];
        for (int i = codes.length - 1; i >= 0 && status == 0 && shell.pipefail(); i--) {
          status = codes[i];
        }
        shell.resume(status);
      }
    }

    private void finish(Shell shell) {
      shell.pop();
      if (node.negated()) {
        shell.setStatus(shell.status() == 0 ? 1 : 0);
      } else {
        shell.checkStatus();
      }
    }
  }

  static final class Background extends ShellFrame {
    private final ShellNode.Background node;

    Background(ShellNode.Background node) {
      this.node = node;
    }

    @Override
    void step(Shell shell) {
      shell.pop();
      shell.background(node.part());
    }
  }

  static final class Subshell extends ShellFrame {
    private final ShellNode.Subshell node;
    private boolean started;

    Subshell(ShellNode.Subshell node) {
      this.node = node;
    }

    @Override
    void step(Shell shell) {
      if (started) {
        shell.pop();
        shell.checkStatus();
        return;
      }
      started = true;
      shell.await();
      shell.fork(node.body(), shell.streams(), shell::resume);
    }
  }

  /** The definition of a function. */
  static final class Definition extends ShellFrame {
    private final ShellNode.Function node;

    Definition(ShellNode.Function node) {
      this.node = node;
    }

    @Override
    void step(Shell shell) {
      shell.pop();
      shell.functions().put(node.name(), node.body());
      shell.setStatus(0);
    }
  }

  /** A compound command with its redirections. */
  static final class Redirected extends ShellFrame {
    private final ShellNode.Redirected node;
    private int stage;

    Redirected(ShellNode.Redirected node) {
      this.node = node;
    }

    @Override
    void step(Shell shell) {
      if (stage == 0) {
        stage = 1;
        shell.push(ShellRedirects.expansion(node.redirects(), targets -> redirect(shell, targets)));
      } else if (stage == 1) {
        stage = 2;
        shell.push(of(node.body()));
      } else {
        shell.pop();
      }
    }

    private void redirect(Shell shell, List<String> targets) {
      Streams streams = ShellRedirects.apply(shell, node.redirects(), targets);
      if (streams == null) {
        stage = 2;
      } else {
        shell.useStreams(streams);
      }
    }
  }

  /** A script that is read while it runs. */
  static final class Script extends ShellFrame {
    private final ShellParser parser;

    Script(ShellParser parser) {
      this.parser = parser;
    }

    @Override
    void step(Shell shell) {
      try {
        ShellNode next = parser.nextCommand();
        if (next == null) {
          shell.pop();
        } else {
          shell.push(of(next));
        }
      } catch (ShellSyntaxException e) {
        shell.fail("syntax error: " + e.getMessage());
      }
    }
  }

  /** A file that runs in this shell. */
  static final class Sourced extends ShellFrame implements Returning {
    private @Nullable ShellFrame script;

    Sourced(ShellFrame script) {
      this.script = script;
    }

    @Override
    void step(Shell shell) {
      ShellFrame next = script;
      script = null;
      if (next == null) {
        shell.pop();
      } else {
        shell.push(next);
      }
    }
  }

  /** A call of a function, with its own positional parameters and local variables. */
  static final class Call extends ShellFrame implements Returning {
    private final ShellNode body;
    private final List<String> argumentsBefore;
    private final List<String> locals = new ArrayList<>();
    private final List<ShellVariables.Variable> before = new ArrayList<>();
    private boolean started;

    Call(ShellNode body, List<String> argumentsBefore) {
      this.body = body;
      this.argumentsBefore = argumentsBefore;
    }

    @Override
    void step(Shell shell) {
      if (started) {
        shell.pop();
      } else {
        started = true;
        shell.push(of(body));
      }
    }

    void local(String name, ShellVariables variables) {
      if (!locals.contains(name)) {
        locals.add(name);
        before.add(variables.find(name));
      }
    }

    @Override
    void left(Shell shell) {
      shell.setArguments(argumentsBefore);
      for (int i = 0; i < locals.size(); i++) {
        shell.variables().restore(locals.get(i), before.get(i));
      }
    }
  }

  /** What a shell does on a signal; the status before it comes back after it. */
  static final class Trap extends ShellFrame {
    private final ShellFrame script;
    private final int statusBefore;
    private boolean started;

    Trap(ShellFrame script, int statusBefore) {
      this.script = script;
      this.statusBefore = statusBefore;
    }

    @Override
    void step(Shell shell) {
      if (started) {
        shell.pop();
        shell.setStatus(statusBefore);
      } else {
        started = true;
        shell.push(script);
      }
    }
  }
}
