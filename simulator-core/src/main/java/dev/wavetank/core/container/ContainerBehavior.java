package dev.wavetank.core.container;

import dev.wavetank.core.container.conversation.Conversation;
import dev.wavetank.core.container.http.HttpRequest;
import dev.wavetank.core.network.Protocol;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a container does when it runs: answers as functions of the time since its start.
 *
 * <p>One behavior may serve many containers, so it keeps no state of any of them; what changes in
 * another way than with time is told by {@link Container#behave} or {@link Container#changed}. All
 * ages are nanoseconds since the start of the container.
 */
public interface ContainerBehavior {

  /** An age that is never reached. */
  long FOREVER = Long.MAX_VALUE;

  /** Called when a container with this behavior has started, before anybody can see it run. */
  default void started(Container container) {}

  /** When and how the process ends by itself. */
  default Exit exit(Container container) {
    return Exit.NEVER;
  }

  /** Reaction to SIGTERM; {@code afterNanos} counts from the signal. */
  default Exit terminated(Container container, long ageNanos) {
    return new Exit(0, 0, "");
  }

  /**
   * Whether SIGTERM makes it close its ports and answer what it works on before it ends, at the
   * latest as {@link #terminated} says, as Go's {@code Server.Shutdown} does.
   */
  default boolean drains() {
    return false;
  }

  /** Whether the port accepts connections or datagrams. */
  boolean listens(Protocol protocol, int port, long ageNanos);

  /** What it does with a request on a port that listens. */
  HttpAnswer http(int port, HttpRequest request, long ageNanos);

  /** The same in a container, whose name, arguments and files may be in the answer. */
  default HttpAnswer http(
      @Nullable Container container, int port, HttpRequest request, long ageNanos) {
    return http(port, request, ageNanos);
  }

  /**
   * The certificate that it shows in a TLS handshake on that port; null when it speaks none there.
   *
   * @param serverName that the client asks for (SNI); empty when it asks for none
   */
  default @Nullable ShownCertificate certificate(int port, String serverName) {
    return null;
  }

  /**
   * How it answers a TLS handshake on a TCP port that listens; see {@link #certificate}. Without a
   * certificate it speaks TLS on the ports where servers mostly do.
   */
  default TlsAnswer tls(int port, String serverName) {
    ShownCertificate certificate = certificate(port, serverName);
    return certificate == null ? TlsAnswer.usual(port) : TlsAnswer.of(certificate);
  }

  /**
   * What it answers to a datagram on a port that listens; empty for nothing.
   *
   * @param from address and port of the client
   */
  default String datagram(Container container, int port, String text, String from) {
    return "";
  }

  /** What it says on a new connection to that TCP port; null when it speaks HTTP there. */
  default @Nullable Conversation conversation(Container container, int port) {
    return null;
  }

  /** Whether its answers may change when files of the container do. */
  default boolean readsFiles() {
    return false;
  }

  /** How many requests it takes at once. */
  default Capacity capacity() {
    return Capacity.UNLIMITED;
  }

  /**
   * Status of {@code grpc.health.v1.Health/Check}, such as {@code SERVING}; null when the service
   * is not served.
   */
  default @Nullable String grpcHealth(int port, String service, long ageNanos) {
    return null;
  }

  /** Answer to a command run inside, or null when the program of that name is to be run. */
  default @Nullable ProgramOutput exec(List<String> command, long ageNanos) {
    return null;
  }

  /** Content of a file of the image, or null. */
  default @Nullable String file(String path) {
    return null;
  }

  /** Paths of files of the image that are known by name. */
  default List<String> paths() {
    return List.of();
  }

  /** Lines that the application has written by itself until that age, with the ages of each. */
  default List<LogLine> log(long ageNanos) {
    return List.of();
  }

  /** Memory in use, in bytes. */
  default long memoryBytes(long ageNanos) {
    return 0;
  }

  /** Processor time used per second, in thousandths of a core. */
  default long cpuMilli(long ageNanos) {
    return 0;
  }

  /**
   * Processor time used since the start, in nanoseconds, requests aside.
   *
   * @see Container#cpuNanos()
   */
  default double cpuNanosUntil(long ageNanos) {
    return cpuMilli(ageNanos) / 1000.0 * ageNanos;
  }

  /**
   * Until which age no answer of this behavior changes by itself; {@link #FOREVER} when none does.
   * An answer may change at that age, not before. The same age means: it may change at any time.
   */
  default long constantUntilNanos(long ageNanos) {
    return FOREVER;
  }
}
