package dev.wavetank.core.kubelet.streaming;

import dev.wavetank.core.api.Json;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.container.stream.ProcessStreams;
import dev.wavetank.core.container.stream.Terminal;
import dev.wavetank.core.container.text.ByteText;
import java.nio.charset.StandardCharsets;

/** What a client sends to a process: bytes of its input, and sizes of the client's terminal. */
final class ProcessStdin {

  static final String FULL =
      "the process does not read its standard input, and no more of it can wait";

  private static final int SIZE_MAX = 10_000;

  private final ProcessStreams streams;
  private final ByteText.Decoder decoder = new ByteText.Decoder();

  ProcessStdin(ProcessStreams streams) {
    this.streams = streams;
  }

  /**
   * Takes a piece of the input.
   *
   * @return whether there was room for it
   */
  boolean receive(byte[] piece) {
    return write(decoder.next(piece));
  }

  private boolean write(String text) {
    Terminal terminal = streams.terminal();
    return terminal == null ? streams.in().write(text) : terminal.type(text);
  }

  /** The input is over. */
  void close() {
    write(decoder.end());
    streams.in().close();
  }

  /** Takes a size; what is none changes nothing, as upstream. */
  void resize(byte[] json) {
    Terminal terminal = streams.terminal();
    if (terminal == null) {
      return;
    }
    Object read;
    try {
      read = Json.read(new String(json, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      return;
    }
    if (read instanceof KubeMap size
        && size.get("Height") instanceof Long rows
        && size.get("Width") instanceof Long columns
        && rows > 0
        && columns > 0
        && rows <= SIZE_MAX
        && columns <= SIZE_MAX) {
      terminal.resize(rows.intValue(), columns.intValue());
    }
  }

  /** Whether the process waits for the client. */
  boolean awaited() {
    return streams.in().awaited();
  }
}
