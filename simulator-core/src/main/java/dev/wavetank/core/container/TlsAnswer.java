package dev.wavetank.core.container;

import com.google.common.collect.ImmutableSet;
import dev.wavetank.core.container.ProgramNetwork.Failure;
import org.jspecify.annotations.Nullable;

/**
 * How a server answers the beginning of a TLS handshake.
 *
 * @param failure why every handshake fails; NONE when that is up to the client
 * @param certificate what it shows; null when it shows none, or the simulation does not know what
 *     it shows, so that clients take it as it is
 */
public record TlsAnswer(Failure failure, @Nullable ShownCertificate certificate) {

  /** Whoever listens there speaks something else. */
  public static final TlsAnswer NONE = new TlsAnswer(Failure.NOT_TLS, null);

  /** It speaks TLS with a certificate of its own. */
  public static final TlsAnswer UNKNOWN = new TlsAnswer(Failure.NONE, null);

  /**
   * It speaks TLS, and has no certificate for the name: it ends with the alert {@code
   * unrecognized_name} of RFC 6066, section 3.
   */
  public static final TlsAnswer UNRECOGNIZED_NAME = new TlsAnswer(Failure.UNRECOGNIZED_NAME, null);

  private static final ImmutableSet<Integer> USUAL_PORTS =
      ImmutableSet.of(443, 6443, 8443, 9443, 10250);

  public static TlsAnswer of(ShownCertificate certificate) {
    return new TlsAnswer(Failure.NONE, certificate);
  }

  /** What becomes of a client's handshake with the server; NONE when it goes on. */
  public Failure with(TlsClient client) {
    if (failure != Failure.NONE) {
      return failure;
    }
    return client.accepts(certificate) ? Failure.NONE : Failure.CERTIFICATE_REFUSED;
  }

  /** Of a server that says nothing of TLS: it speaks that on the ports where servers mostly do. */
  static TlsAnswer usual(int port) {
    return USUAL_PORTS.contains(port) ? UNKNOWN : NONE;
  }
}
