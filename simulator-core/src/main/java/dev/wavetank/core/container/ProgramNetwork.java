package dev.wavetank.core.container;

import dev.wavetank.core.container.http.HttpRequest;
import dev.wavetank.core.container.http.HttpResponse;
import dev.wavetank.core.container.text.ByteText;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The network as programs in a container see it. The wiring of the cluster supplies it; each call
 * ends by one call of its callback, later in virtual time or at once.
 */
public interface ProgramNetwork {

  /** How a request of a program ended. */
  enum Failure {
    NONE,
    NAME_NOT_FOUND,
    NAME_SERVER_SILENT,
    REFUSED,
    TIMED_OUT,
    RESET,
    NO_ROUTE,
    /** What came back is no HTTP: it is the body of a response with status 0, and may be empty. */
    NOT_HTTP,
    /** The other side speaks no TLS. */
    NOT_TLS,
    /** The client does not go on with the certificate that the server shows. */
    CERTIFICATE_REFUSED,
    /** The server has no certificate for the name that the client asks for, and ends with that. */
    UNRECOGNIZED_NAME
  }

  /**
   * Outcome of a request.
   *
   * @param failure {@code NONE} when there is a response
   * @param response empty answer with status 0 when there is none
   * @param address address and port that was tried, such as {@code 10.96.0.1:80}; empty when the
   *     name was not resolved
   * @param certificate what the server showed in a TLS handshake; null without one, or when the
   *     simulation does not know it
   */
  record Outcome(
      Failure failure,
      HttpResponse response,
      String address,
      @Nullable ShownCertificate certificate) {

    /** An outcome without TLS. */
    public Outcome(Failure failure, HttpResponse response, String address) {
      this(failure, response, address, null);
    }
  }

  /**
   * Sends an HTTP request.
   *
   * @param from the pod; a program on the node itself is in a sandbox of the host network
   * @param host name or address
   * @param timeoutNanos until then the outcome is known
   */
  void http(
      PodSandbox from,
      String host,
      int port,
      HttpRequest request,
      long timeoutNanos,
      Consumer<Outcome> then);

  /**
   * Sends an HTTP request over TLS, after a handshake.
   *
   * @param request null for the handshake alone
   */
  void https(
      PodSandbox from,
      String host,
      int port,
      @Nullable HttpRequest request,
      TlsClient client,
      long timeoutNanos,
      Consumer<Outcome> then);

  /** Opens a TCP connection and closes it; the response of the outcome has no meaning. */
  void connect(PodSandbox from, String host, int port, long timeoutNanos, Consumer<Outcome> then);

  /**
   * Sends a datagram.
   *
   * @param then the outcome whose response has the answer as its body, or why there is none
   */
  void datagram(
      PodSandbox from,
      String host,
      int port,
      String text,
      long timeoutNanos,
      Consumer<Outcome> then);

  /** The program's end of a TCP connection that is open; texts are bytes as {@link ByteText}. */
  interface Socket {
    /** Sends bytes; they arrive in their order. */
    void send(String text);

    /** Sends nothing more, and still hears. */
    void finish();

    /** Ends the connection; nothing more is heard of it. */
    void close();
  }

  /** Hears of a connection of its own. */
  interface SocketListener {
    /** It is open. */
    void opened(Socket socket, String address);

    void received(String text);

    /** The other end says no more, and the connection is over. */
    void ended();

    /** It was not opened, or it broke. */
    void failed(Outcome outcome);
  }

  /** Opens a TCP connection whose bytes go both ways. */
  void open(PodSandbox from, String host, int port, long timeoutNanos, SocketListener listener);

  /** The program {@code dig} with those arguments. */
  void dig(PodSandbox from, List<String> arguments, Consumer<ProgramOutput> then);

  /** The program {@code nslookup} with those arguments. */
  void nslookup(PodSandbox from, List<String> arguments, Consumer<ProgramOutput> then);

  /** Content of {@code /etc/resolv.conf} in that pod. */
  String resolvConf(PodSandbox from);

  /** Content of {@code /etc/hosts} in that pod. */
  String etcHosts(PodSandbox from);

  /**
   * The rules for packets in the network namespace of that pod, as {@code iptables-save} prints
   * them: those of the node for a pod in the host network, none for another pod.
   *
   * @param ipv6 the rules for IPv6, as {@code ip6tables-save} prints them
   */
  String iptablesSave(PodSandbox from, boolean ipv6);

  /** A node without any network: every name and every connection fails. */
  ProgramNetwork NONE = new NoNetwork();
}
