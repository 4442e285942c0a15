package dev.wavetank.scenarios.cluster;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.Json;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.http.StreamConnection;
import dev.wavetank.core.container.text.ByteText;
import dev.wavetank.core.kubectl.Output;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A client that keeps what a process writes until it has ended. */
final class CollectedStreams implements StreamConnection.Client {

  /** Most bytes that are kept of a stream; the rest is cut off. */
  private static final int BYTES_MAX = 1 << 20;

  private final boolean merged;
  private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
  private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
  private final ByteArrayOutputStream error = new ByteArrayOutputStream();
  private boolean over;

  /**
   * A client.
   *
   * @param merged whether errors are among the output, as on a terminal
   */
  CollectedStreams(boolean merged) {
    this.merged = merged;
  }

  @Override
  public void write(int stream, byte[] piece) {
    ByteArrayOutputStream kept =
        switch (stream) {
          case StreamConnection.ERROR -> error;
          case StreamConnection.STDERR -> merged ? stdout : stderr;
          default -> stdout;
        };
    kept.write(piece, 0, Math.min(piece.length, BYTES_MAX - Math.min(kept.size(), BYTES_MAX)));
  }

  @Override
  public void end(int stream) {}

  @Override
  public void close() {
    over = true;
  }

  boolean over() {
    return over;
  }

  /**
   * What was written, and the exit code.
   *
   * @throws ApiException when the command could not be started
   */
  Output output() {
    KubeMap status = (KubeMap) Json.read(error.toString(StandardCharsets.UTF_8));
    int code = 0;
    if (status.string("status", "").equals("Failure")) {
      KubeMap cause = status.mapOrEmpty("details").listOrEmpty("causes").map(0);
      if (!"ExitCode".equals(cause.get("reason"))) {
        throw new ApiException(Status.internalError(cause.string("message", "")));
      }
      code = Integer.parseInt(cause.string("message", "0"));
    }
    return new Output(
        ByteText.text(stdout.toByteArray()), ByteText.text(stderr.toByteArray()), code);
  }
}
