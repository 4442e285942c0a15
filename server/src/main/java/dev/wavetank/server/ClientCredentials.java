package dev.wavetank.server;

import dev.wavetank.core.certificates.PemBlock;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * What a client of a server with TLS has: whom it believes, and by what it shows who it is. All are
 * in PEM, as in a kubeconfig.
 *
 * @param authority certificates of those who may have signed the server's
 * @param certificate of the client; empty for none
 * @param key that belongs to the certificate, in PKCS #8; empty for none
 */
public record ClientCredentials(String authority, String certificate, String key) {

  private static final char[] NO_PASSWORD = new char[0];
  private static final String KEY_BEGINS = "-----BEGIN PRIVATE KEY-----";
  private static final String KEY_ENDS = "-----END PRIVATE KEY-----";
  private static final List<String> KEY_ALGORITHMS = List.of("EC", "RSA", "Ed25519");

  static ClientCredentials of(X509Certificate authority, KubeadmCertificates.Issued client) {
    try {
      return new ClientCredentials(
          PemBlock.encode(PemBlock.CERTIFICATE, authority.getEncoded()),
          PemBlock.encode(PemBlock.CERTIFICATE, client.certificate().getEncoded()),
          PemBlock.encode("PRIVATE KEY", client.key().getEncoded()));
    } catch (CertificateEncodingException e) {
      throw new AssertionError(e);
    }
  }

  /** These without the certificate: they are nobody's. */
  public ClientCredentials anonymous() {
    return new ClientCredentials(authority, "", "");
  }

  /**
   * What the JDK's clients want to have.
   *
   * @throws GeneralSecurityException when something is not what it should be
   */
  public SSLContext sslContext() throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keyManagers(), trusting(certificates(authority)), null);
    return context;
  }

  /** What trusts the holders of certificates that these have signed. */
  static TrustManager[] trusting(List<? extends Certificate> authorities)
      throws GeneralSecurityException {
    KeyStore trusted = emptyStore();
    for (int i = 0; i < authorities.size(); i++) {
      trusted.setCertificateEntry("authority-" + i, authorities.get(i));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    return trust.getTrustManagers();
  }

  private KeyManager[] keyManagers() throws GeneralSecurityException {
    if (certificate.isEmpty()) {
      return new KeyManager[0];
    }
    KeyStore own = emptyStore();
    own.setKeyEntry(
        "client",
        privateKey(key),
        NO_PASSWORD,
        certificates(certificate).toArray(Certificate[]::new));
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(own, NO_PASSWORD);
    return keys.getKeyManagers();
  }

  private static KeyStore emptyStore() throws GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try {
      store.load(null, NO_PASSWORD);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return store;
  }

  private static List<? extends Certificate> certificates(String pem) throws CertificateException {
    List<? extends Certificate> read =
        List.copyOf(
            CertificateFactory.getInstance("X.509")
                .generateCertificates(
                    new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII))));
    if (read.isEmpty()) {
      throw new CertificateException("no certificate");
    }
    return read;
  }

  private static PrivateKey privateKey(String pem) throws GeneralSecurityException {
    int begin = pem.indexOf(KEY_BEGINS);
    int end = pem.indexOf(KEY_ENDS);
    if (begin < 0 || end < begin) {
      throw new InvalidKeySpecException("no private key in PKCS #8");
    }
    String text = pem.substring(begin + KEY_BEGINS.length(), end);
    byte[] bytes;
    try {
      bytes = Base64.getMimeDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new InvalidKeySpecException("no private key in PKCS #8", e);
    }
    for (String algorithm : KEY_ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(bytes));
      } catch (InvalidKeySpecException e) {
        // It is of another kind.
      }
    }
    throw new InvalidKeySpecException("no private key of " + KEY_ALGORITHMS);
  }

  /** Without the key, which is nobody else's. */
  @Override
  public String toString() {
    return "ClientCredentials[" + certificate + "]";
  }
}
