package dev.wavetank.core.container.shell;

import dev.wavetank.core.container.shell.ShellExpansion.Mode;
import dev.wavetank.core.container.shell.ShellNode.Assignment;
import dev.wavetank.core.container.stream.Streams;
import java.util.ArrayList;
import java.util.List;

/** The frame of a simple command: words, redirections, assignments, then the command itself. */
final class ShellCommand extends ShellFrame {

  private enum Stage {
    WORDS,
    REDIRECTS,
    ASSIGNMENTS,
    COMMAND,
    END
  }

  private final ShellNode.Simple node;
  private final List<String> changed = new ArrayList<>(0);
  private final List<ShellVariables.Variable> before = new ArrayList<>(0);
  private final List<String> assignments = new ArrayList<>(0);
  private Stage stage = Stage.WORDS;
  private List<String> argv = List.of();
  private int assigned;

  ShellCommand(ShellNode.Simple node) {
    this.node = node;
  }

  @Override
  void step(Shell shell) {
    switch (stage) {
      case WORDS -> {
        stage = Stage.REDIRECTS;
        shell.clearSubstitutionStatus();
        if (declares()) {
          expandDeclaration(shell);
        } else {
          shell.push(new ShellExpansion(node.words(), Mode.FIELDS, found -> argv = found));
        }
      }
      case REDIRECTS -> {
        stage = Stage.ASSIGNMENTS;
        if (!node.redirects().isEmpty()) {
          shell.push(
              ShellRedirects.expansion(node.redirects(), targets -> redirect(shell, targets)));
        }
      }
      case ASSIGNMENTS -> assign(shell);
      case COMMAND -> {
        stage = Stage.END;
        trace(shell);
        run(shell);
      }
      case END -> {
        shell.pop();
        shell.checkStatus();
      }
    }
  }

  /** Whether it is a command whose assignments are words that are not split. */
  private boolean declares() {
    String name = node.words().isEmpty() ? "" : node.words().get(0).plain();
    return name.equals("export") || name.equals("readonly") || name.equals("local");
  }

  private void expandDeclaration(Shell shell) {
    argv = new ArrayList<>();
    for (int i = node.words().size() - 1; i >= 0; i--) {
      ShellWord word = node.words().get(i);
      Mode mode = ShellParser.assignment(word) == null ? Mode.FIELDS : Mode.TEXT;
      shell.push(new ShellExpansion(List.of(word), mode, found -> argv.addAll(found)));
    }
  }

  private void redirect(Shell shell, List<String> targets) {
    Streams streams = ShellRedirects.apply(shell, node.redirects(), targets);
    if (streams == null) {
      stage = Stage.END;
    } else {
      shell.useStreams(streams);
    }
  }

  private void assign(Shell shell) {
    if (assigned == node.assignments().size()) {
      stage = Stage.COMMAND;
      return;
    }
    Assignment assignment = node.assignments().get(assigned++);
    shell.push(
        new ShellExpansion(
            List.of(assignment.value()),
            Mode.TEXT,
            found -> assign(shell, assignment.name(), found.get(0))));
  }

  /** Assignments before a program, a function or a built-in that is not special are its own. */
  private void assign(Shell shell, String name, String value) {
    if (shell.options().xtrace()) {
      assignments.add(name + "=" + value);
    }
    if (!argv.isEmpty() && !ShellBuiltIns.isSpecial(argv.get(0))) {
      changed.add(name);
      before.add(shell.variables().find(name));
      if (shell.assign(name, value)) {
        shell.variables().export(name);
      }
    } else {
      shell.assign(name, value);
    }
  }

  @Override
  void left(Shell shell) {
    for (int i = changed.size() - 1; i >= 0; i--) {
      shell.variables().restore(changed.get(i), before.get(i));
    }
  }

  private void trace(Shell shell) {
    if (shell.options().xtrace()) {
      List<String> words = new ArrayList<>(assignments);
      words.addAll(argv);
      shell.streams().err().write(shell.process(), "+ " + String.join(" ", words) + "\n");
    }
  }

  private void run(Shell shell) {
    if (argv.isEmpty()) {
      shell.setStatus(shell.substitutionStatus());
      return;
    }
    ShellNode function = shell.functions().get(argv.get(0));
    if (function != null) {
      shell.push(new ShellFrames.Call(function, shell.arguments()));
      shell.setArguments(argv.subList(1, argv.size()));
    } else if (ShellBuiltIns.isBuiltIn(argv.get(0))) {
      ShellBuiltIns.run(shell, argv);
    } else {
      shell.start(argv);
    }
  }
}
