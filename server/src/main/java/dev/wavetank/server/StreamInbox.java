package dev.wavetank.server;

import java.util.ArrayList;
import java.util.List;

/**
 * What a client has said on its streams and the simulation has not heard yet. One thread adds,
 * another takes.
 */
final class StreamInbox {

  /** A client that has said so much is not read from until some of it was heard. */
  static final int BYTES_MAX = 1 << 20;

  /** What an input counts for, beside its bytes. */
  private static final int INPUT_BYTES = 64;

  private final long id;
  private final Runnable emptied;
  private List<ClientInput> inputs = new ArrayList<>();
  private long bytes;

  /**
   * An empty inbox.
   *
   * @param id of the request that the connection began with
   * @param emptied told, on the thread that takes, that there is room again
   */
  StreamInbox(long id, Runnable emptied) {
    this.id = id;
    this.emptied = emptied;
  }

  long id() {
    return id;
  }

  /**
   * Adds an input.
   *
   * @return whether it is the first since the last were taken
   */
  synchronized boolean add(ClientInput input) {
    inputs.add(input);
    bytes += input.piece().length + INPUT_BYTES;
    return inputs.size() == 1;
  }

  synchronized boolean full() {
    return bytes > BYTES_MAX;
  }

  /** Takes all inputs, in their order. */
  List<ClientInput> take() {
    List<ClientInput> taken;
    boolean wasFull;
    synchronized (this) {
      taken = inputs;
      wasFull = bytes > BYTES_MAX;
      inputs = new ArrayList<>();
      bytes = 0;
    }
    if (wasFull) {
      emptied.run();
    }
    return taken;
  }
}
