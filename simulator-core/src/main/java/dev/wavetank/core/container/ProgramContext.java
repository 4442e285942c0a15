package dev.wavetank.core.container;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/** What a running program sees: its arguments, its streams, its container, and the clock. */
public final class ProgramContext {

  private final ProgramRun run;
  private final List<String> argv;
  private final Map<String, String> env;
  private final String stdin;
  private final Consumer<String> out;
  private final Consumer<String> err;
  private final IntConsumer ended;
  private boolean over;

  ProgramContext(
      ProgramRun run,
      List<String> argv,
      Map<String, String> env,
      String stdin,
      Consumer<String> out,
      Consumer<String> err,
      IntConsumer ended) {
    this.run = run;
    this.argv = argv;
    this.env = env;
    this.stdin = stdin;
    this.out = out;
    this.err = err;
    this.ended = ended;
  }

  ProgramRun run() {
    return run;
  }

  public Container container() {
    return run.container();
  }

  /** The command line, the program's name first. */
  public List<String> argv() {
    return argv;
  }

  /** The arguments without the program's name. */
  public List<String> arguments() {
    return argv.subList(1, argv.size());
  }

  /** Environment variables, in order; a program may change its own. */
  public Map<String, String> env() {
    return env;
  }

  /** What is piped into it. */
  public String stdin() {
    return stdin;
  }

  public void out(String text) {
    out.accept(text);
  }

  public void err(String text) {
    err.accept(text);
  }

  Consumer<String> outStream() {
    return out;
  }

  Consumer<String> errStream() {
    return err;
  }

  /** The network of the program's pod. */
  public ProgramNetwork network() {
    return container().sandbox().runtime().network();
  }

  /** Goes on after some time, unless it was killed meanwhile. */
  public void after(long nanos, Runnable action) {
    run.after(nanos, action);
  }

  /** Ends the program; everything after that is without effect. */
  public void exit(int code) {
    if (!over && !run.over()) {
      over = true;
      ended.accept(code);
    }
  }

  /** Whether it ended or was killed: a late answer of the network has nobody to hear it. */
  public boolean over() {
    return over || run.over();
  }
}
