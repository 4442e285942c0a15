package dev.wavetank.core.kubelet.streaming;

import dev.wavetank.core.apiserver.http.RemoteCommandOptions;
import dev.wavetank.core.apiserver.http.StreamConnection;
import dev.wavetank.core.apiserver.http.StreamStatus;
import dev.wavetank.core.container.Container;
import dev.wavetank.core.container.ProgramOutput;
import dev.wavetank.core.container.ProgramRun;
import dev.wavetank.core.container.stream.ProcessStreams;
import dev.wavetank.core.container.stream.ProgramInput;
import dev.wavetank.core.container.stream.Signal;
import dev.wavetank.core.container.stream.Terminal;
import org.jspecify.annotations.Nullable;

/**
 * A command that runs in a container for a client. A client that leaves takes the command's input
 * and terminal with it; a command without a terminal goes on.
 *
 * <p>Follows staging/src/k8s.io/cri-streaming/pkg/streaming/remotecommand/exec.go (v1.36).
 */
public final class ExecConnection implements StreamConnection {

  private final @Nullable Container container;
  private final String name;
  private final RemoteCommandOptions options;
  private final ProcessOutput output;
  private final ProcessStreams streams;
  private final ProcessStdin stdin;
  private @Nullable ProgramRun run;

  /**
   * A connection to a command that is not started yet.
   *
   * @param container null when there is none of that name
   */
  public ExecConnection(@Nullable Container container, String name, RemoteCommandOptions options) {
    this.container = container;
    this.name = name;
    this.options = options;
    this.output = new ProcessOutput(options);
    ProgramInput in = options.stdin() ? ProgramInput.pipe() : ProgramInput.of("");
    Terminal terminal = options.tty() ? new Terminal(in, output::out) : null;
    this.streams = new ProcessStreams(in, output, terminal);
    this.stdin = new ProcessStdin(streams);
  }

  @Override
  public void start(Client client) {
    output.start(client);
    Container found = container;
    if (found == null || !found.running()) {
      output.end(StreamStatus.internalError(notFound(name)));
      return;
    }
    run = found.exec(options.command(), streams, this::ended);
  }

  static String notFound(String container) {
    return "unable to upgrade connection: container not found (\"" + container + "\")";
  }

  private void ended(ProgramOutput ended) {
    if (ended.exitCode() == ProgramOutput.NOT_STARTED) {
      output.end(
          StreamStatus.internalError(
              "Internal error occurred: error executing command in container: failed to exec in"
                  + " container: "
                  + ended.stderr()));
    } else {
      output.end(StreamStatus.exited(ended.exitCode()));
    }
  }

  @Override
  public void receive(int stream, byte[] piece) {
    if (output.over()) {
      return;
    }
    if (stream == RESIZE) {
      stdin.resize(piece);
    } else if (stream == STDIN && options.stdin() && !stdin.receive(piece)) {
      output.end(StreamStatus.internalError(ProcessStdin.FULL));
    }
  }

  @Override
  public void receiveEnd(int stream) {
    if (stream == STDIN && !output.over()) {
      stdin.close();
    }
  }

  @Override
  public boolean waiting() {
    return !output.over() && !stdin.awaited();
  }

  @Override
  public void stop() {
    output.stop();
    ProgramRun running = run;
    if (running != null && !running.over()) {
      if (options.tty()) {
        running.interrupt(Signal.HUP);
      }
      stdin.close();
    }
  }
}
