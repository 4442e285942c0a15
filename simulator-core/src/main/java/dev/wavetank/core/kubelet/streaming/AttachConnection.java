package dev.wavetank.core.kubelet.streaming;

import dev.wavetank.core.apiserver.http.RemoteCommandOptions;
import dev.wavetank.core.apiserver.http.StreamConnection;
import dev.wavetank.core.apiserver.http.StreamStatus;
import dev.wavetank.core.container.Container;
import dev.wavetank.core.container.LogLine;
import dev.wavetank.core.container.PodSandbox;
import dev.wavetank.core.container.stream.ProcessStreams;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A client at a container's own process, until the process ends or the client leaves. How the
 * process ended is in the pod's status, not here.
 *
 * <p>Follows staging/src/k8s.io/cri-streaming/pkg/streaming/remotecommand/attach.go (v1.36).
 */
public final class AttachConnection implements StreamConnection, PodSandbox.Observer {

  private final @Nullable Container container;
  private final String name;
  private final RemoteCommandOptions options;
  private final ProcessOutput output;
  private @Nullable ProcessStdin stdin;
  private int told;

  /**
   * A connection that has not begun.
   *
   * @param container null when there is none of that name
   */
  public AttachConnection(
      @Nullable Container container, String name, RemoteCommandOptions options) {
    this.container = container;
    this.name = name;
    this.options = options;
    this.output = new ProcessOutput(options);
  }

  @Override
  public void start(Client client) {
    output.start(client);
    Container found = container;
    if (found == null || !found.running()) {
      output.end(StreamStatus.internalError(ExecConnection.notFound(name)));
      return;
    }
    ProcessStreams streams = found.attach(output);
    if (options.stdin() && found.spec().bool("stdin", false)) {
      stdin = new ProcessStdin(streams);
    }
    told = written(found).size();
    found.sandbox().observe(this);
  }

  /** What a server writes by itself, which nothing announces. */
  private static List<LogLine> written(Container container) {
    return container.behavior().log(container.ageNanos());
  }

  @Override
  public void poll() {
    Container found = container;
    if (found == null || output.over()) {
      return;
    }
    List<LogLine> lines = written(found);
    lines
        .subList(Math.min(told, lines.size()), lines.size())
        .forEach(l -> output.out(l.text() + "\n"));
    told = Math.max(told, lines.size());
  }

  @Override
  public void changed(PodSandbox sandbox) {
    Container found = container;
    if (found != null && !found.running() && !output.over()) {
      leave();
      output.end(StreamStatus.exited(0));
    }
  }

  @Override
  public void receive(int stream, byte[] piece) {
    ProcessStdin open = stdin;
    if (open == null || output.over()) {
      return;
    }
    if (stream == RESIZE) {
      open.resize(piece);
    } else if (stream == STDIN && !open.receive(piece)) {
      leave();
      output.end(StreamStatus.internalError(ProcessStdin.FULL));
    }
  }

  /** The process's input ends with that of its first client where the spec says so. */
  @Override
  public void receiveEnd(int stream) {
    ProcessStdin open = stdin;
    Container found = container;
    if (stream == STDIN && open != null && found != null) {
      stdin = null;
      if (found.spec().bool("stdinOnce", false)) {
        open.close();
      }
    }
  }

  @Override
  public boolean waiting() {
    ProcessStdin open = stdin;
    return !output.over() && (open == null || !open.awaited());
  }

  @Override
  public void stop() {
    receiveEnd(STDIN);
    leave();
    output.stop();
  }

  private void leave() {
    if (container != null) {
      container.detach(output);
      container.sandbox().forget(this);
    }
  }
}
