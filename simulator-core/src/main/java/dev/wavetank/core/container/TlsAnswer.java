package dev.wavetank.core.container;

import com.google.common.collect.ImmutableSet;
import dev.wavetank.core.container.ProgramNetwork.Failure;
import org.jspecify.annotations.Nullable;

/**
 * How a server answers the beginning of a TLS handshake.
 *
 * @param spoken whether it speaks TLS
 * @param certificate what it shows; null when it speaks none, or the simulation does not know what
 *     it shows, so that clients take it as it is
 */
public record TlsAnswer(boolean spoken, @Nullable ShownCertificate certificate) {

  /** Whoever listens there speaks something else. */
  public static final TlsAnswer NONE = new TlsAnswer(false, null);

  /** It speaks TLS with a certificate of its own. */
  public static final TlsAnswer UNKNOWN = new TlsAnswer(true, null);

  private static final ImmutableSet<Integer> USUAL_PORTS =
      ImmutableSet.of(443, 6443, 8443, 9443, 10250);

  public static TlsAnswer of(ShownCertificate certificate) {
    return new TlsAnswer(true, certificate);
  }

  /** What becomes of a client's handshake with the server; NONE when it goes on. */
  public Failure with(TlsClient client) {
    if (!spoken) {
      return Failure.NOT_TLS;
    }
    return client.accepts(certificate) ? Failure.NONE : Failure.CERTIFICATE_REFUSED;
  }

  /** Of a server that says nothing of TLS: it speaks that on the ports where servers mostly do. */
  static TlsAnswer usual(int port) {
    return USUAL_PORTS.contains(port) ? UNKNOWN : NONE;
  }
}
