package dev.wavetank.core.apiserver.http;

/**
 * An open connection between a client and a pod: streams of bytes by their numbers, in both
 * directions, on virtual time.
 *
 * <p>A connection into a process has the streams {@link #STDIN} to {@link #RESIZE}. A connection
 * that forwards ports has, for the n-th connection forwarded, the stream 2n for its data and 2n+1
 * for its error.
 *
 * <p>Follows staging/src/k8s.io/streaming/pkg/httpstream/httpstream.go and
 * staging/src/k8s.io/apimachinery/pkg/util/remotecommand/constants.go (v1.36).
 */
public interface StreamConnection {

  int STDIN = 0;
  int STDOUT = 1;
  int STDERR = 2;

  /** How a process ended: one Status as JSON. */
  int ERROR = 3;

  /** Sizes of the client's terminal: JSON objects with {@code Width} and {@code Height}. */
  int RESIZE = 4;

  /** Where what comes out of the pod goes. */
  interface Client {

    /** Takes the next piece of a stream; it is not copied and must not be changed. */
    void write(int stream, byte[] piece);

    /** Nothing more comes on a stream. */
    void end(int stream);

    /** All is over. */
    void close();
  }

  /** Begins; what is there already is written at once. Called once, before everything else. */
  void start(Client client);

  /**
   * The client has a new connection forwarded.
   *
   * @param stream its data's number, which is even
   */
  default void open(int stream, int port) {}

  /** The client sends a piece of a stream; it is not copied and must not be changed. */
  void receive(int stream, byte[] piece);

  /** The client will send nothing more on a stream. */
  void receiveEnd(int stream);

  /** Looks for what nothing announces. Called now and then, between events. */
  default void poll() {}

  /** Whether the client waits for the pod; else it is the client's turn to say something. */
  boolean waiting();

  /** The client is gone. Also called after the end, and any number of times. */
  void stop();
}
