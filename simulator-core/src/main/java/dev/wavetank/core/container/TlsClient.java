package dev.wavetank.core.container;

import org.jspecify.annotations.Nullable;

/** The client's side of a TLS handshake. */
public interface TlsClient {

  /** The name that it asks for (SNI); empty when it asks for none. */
  String serverName();

  /**
   * Whether it goes on with a server that shows that certificate.
   *
   * @param certificate null when the simulation does not know what the server shows
   */
  boolean accepts(@Nullable ShownCertificate certificate);
}
