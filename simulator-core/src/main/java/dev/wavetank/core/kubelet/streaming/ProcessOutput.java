package dev.wavetank.core.kubelet.streaming;

import dev.wavetank.core.apiserver.http.RemoteCommandOptions;
import dev.wavetank.core.apiserver.http.StreamConnection;
import dev.wavetank.core.container.stream.ProcessClient;
import dev.wavetank.core.container.text.ByteText;
import org.jspecify.annotations.Nullable;

/** What a process writes, on its way to a client, and how it ended. */
final class ProcessOutput implements ProcessClient {

  private final RemoteCommandOptions options;
  private StreamConnection.@Nullable Client client;

  ProcessOutput(RemoteCommandOptions options) {
    this.options = options;
  }

  /** Begins, and says so by an empty piece on the first stream that the client reads. */
  void start(StreamConnection.Client newClient) {
    client = newClient;
    int first =
        options.stdout()
            ? StreamConnection.STDOUT
            : options.stderr() ? StreamConnection.STDERR : StreamConnection.ERROR;
    newClient.write(first, new byte[0]);
  }

  /** Whether nobody hears it any more. */
  boolean over() {
    return client == null;
  }

  @Override
  public void out(String text) {
    write(options.stdout(), StreamConnection.STDOUT, text);
  }

  @Override
  public void err(String text) {
    write(options.stderr(), StreamConnection.STDERR, text);
  }

  private void write(boolean wanted, int stream, String text) {
    StreamConnection.Client hears = client;
    if (wanted && hears != null && !text.isEmpty()) {
      hears.write(stream, ByteText.bytes(text));
    }
  }

  /** Tells how it ended, and ends the connection. */
  void end(byte[] status) {
    StreamConnection.Client hears = client;
    if (hears != null) {
      client = null;
      hears.write(StreamConnection.ERROR, status);
      hears.close();
    }
  }

  /** Nobody hears it any more. */
  void stop() {
    client = null;
  }
}
