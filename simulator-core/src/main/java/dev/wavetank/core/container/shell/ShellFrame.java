package dev.wavetank.core.container.shell;

import dev.wavetank.core.container.stream.Streams;

/**
 * Something that a shell is about, on its stack: it goes on in steps, each of which may put others
 * on top, wait, or take it off.
 */
abstract class ShellFrame {

  /** The shell's streams before this frame; they come back with its end. */
  Streams streamsBefore = Streams.NONE;

  /** How many frames below do not mind a failure, see {@link Shell#guard}. */
  int guardsBefore;

  /** Goes one step on; called while it is on top and the shell does not wait. */
  abstract void step(Shell shell);

  /** Called when it is taken off, be it done or not. */
  void left(Shell shell) {}

  /** The frame that runs a command. */
  static ShellFrame of(ShellNode node) {
    if (node instanceof ShellNode.Simple simple) {
      return new ShellCommand(simple);
    }
    if (node instanceof ShellNode.Sequence sequence) {
      return new ShellFrames.Sequence(sequence);
    }
    if (node instanceof ShellNode.AndOr both) {
      return new ShellFrames.AndOr(both);
    }
    if (node instanceof ShellNode.Pipeline pipeline) {
      return new ShellFrames.Pipeline(pipeline);
    }
    if (node instanceof ShellNode.Background background) {
      return new ShellFrames.Background(background);
    }
    if (node instanceof ShellNode.Loop loop) {
      return new ShellFrames.Loop(loop);
    }
    if (node instanceof ShellNode.For each) {
      return new ShellFrames.For(each);
    }
    if (node instanceof ShellNode.If choice) {
      return new ShellFrames.If(choice);
    }
    if (node instanceof ShellNode.Case cases) {
      return new ShellFrames.Case(cases);
    }
    if (node instanceof ShellNode.Subshell subshell) {
      return new ShellFrames.Subshell(subshell);
    }
    if (node instanceof ShellNode.Function function) {
      return new ShellFrames.Definition(function);
    }
    return new ShellFrames.Redirected((ShellNode.Redirected) node);
  }
}
