package dev.wavetank.core.container.stream;

import org.jspecify.annotations.Nullable;

/** The open files of a process by their numbers; each is read from or written to. */
public final class Streams {

  /** Numbers are less than that. */
  public static final int COUNT = 10;

  private static final ProgramInput NOTHING = ProgramInput.of("");

  /** Nothing is open. */
  public static final Streams NONE = new Streams(new ProgramInput[COUNT], new Sink[COUNT]);

  private final @Nullable ProgramInput[] inputs;
  private final @Nullable Sink[] outputs;

  private Streams(@Nullable ProgramInput[] inputs, @Nullable Sink[] outputs) {
    this.inputs = inputs;
    this.outputs = outputs;
  }

  /** The three standard streams, and nothing else. */
  public static Streams of(ProgramInput in, Sink out, Sink err) {
    @Nullable ProgramInput[] inputs = new ProgramInput[COUNT];
    @Nullable Sink[] outputs = new Sink[COUNT];
    inputs[0] = in;
    outputs[1] = out;
    outputs[2] = err;
    return new Streams(inputs, outputs);
  }

  /** The standard input; an empty one where it is closed. */
  public ProgramInput in() {
    ProgramInput in = inputs[0];
    return in == null ? NOTHING : in;
  }

  /** The standard output; where it is closed, what is written is forgotten. */
  public Sink out() {
    Sink out = outputs[1];
    return out == null ? Sink.NOWHERE : out;
  }

  /** The standard error; where it is closed, what is written is forgotten. */
  public Sink err() {
    Sink err = outputs[2];
    return err == null ? Sink.NOWHERE : err;
  }

  /** Whether a number stands for anything. */
  public boolean open(int number) {
    return inputs[number] != null || outputs[number] != null;
  }

  /** The same with one number read from an input. */
  public Streams with(int number, ProgramInput in) {
    Streams changed = closed(number);
    changed.inputs[number] = in;
    return changed;
  }

  /** The same with one number written to a sink. */
  public Streams with(int number, Sink out) {
    Streams changed = closed(number);
    changed.outputs[number] = out;
    return changed;
  }

  /** The same with one number standing for what another stands for. */
  public Streams with(int number, int like) {
    Streams changed = closed(number);
    changed.inputs[number] = inputs[like];
    changed.outputs[number] = outputs[like];
    return changed;
  }

  /** The same without one number; a copy in every case. */
  public Streams closed(int number) {
    Streams changed = new Streams(inputs.clone(), outputs.clone());
    changed.inputs[number] = null;
    changed.outputs[number] = null;
    return changed;
  }
}
