package dev.wavetank.core.container.program.network;

import com.google.common.net.InetAddresses;
import com.google.common.primitives.Ints;
import dev.wavetank.core.certificates.PemBlock;
import dev.wavetank.core.container.ProgramContext;
import dev.wavetank.core.container.ProgramNetwork;
import dev.wavetank.core.container.ProgramNetwork.Outcome;
import dev.wavetank.core.container.ShownCertificate;
import dev.wavetank.core.container.TlsClient;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The program {@code openssl s_client}: makes a TLS handshake, prints what came of it, and leaves
 * without a word to the server. Other commands of openssl are absent.
 *
 * <p>Follows apps/s_client.c (OpenSSL 3.0).
 */
final class OpensslClient implements TlsClient {

  private static final int UNVERIFIED_FIRST = 21;
  private static final int NO_ISSUER = 20;
  private static final int PORT_DEFAULT = 4433;

  private final ProgramContext context;
  private String host = "localhost";
  private int port = PORT_DEFAULT;
  private String serverName = "";
  private String authorityFile = "";
  private String error = "";
  private boolean namesServer = true;
  private boolean quiet;
  private boolean strict;
  private CertificateCheck check = CertificateCheck.OK;

  private OpensslClient(ProgramContext context) {
    this.context = context;
  }

  static void run(ProgramContext context) {
    List<String> words = context.arguments();
    String command = words.isEmpty() ? "" : words.get(0);
    if (command.equals("version")) {
      context.out("OpenSSL 3.0.17 1 Jul 2025 (Library: OpenSSL 3.0.17 1 Jul 2025)\n");
      context.exit(0);
    } else if (!command.equals("s_client")) {
      context.err("Invalid command '" + command + "'; type \"help\" for a list.\n");
      context.exit(1);
    } else {
      new OpensslClient(context).start(words.subList(1, words.size()));
    }
  }

  private void start(List<String> words) {
    for (int i = 0; i < words.size() && error.isEmpty(); i++) {
      String word = words.get(i).startsWith("--") ? words.get(i).substring(1) : words.get(i);
      String value = i + 1 < words.size() ? words.get(i + 1) : "";
      i += option(word, value) ? 1 : 0;
    }
    if (!error.isEmpty()) {
      context.err("s_client: " + error + "\ns_client: Use -help for summary.\n");
      context.exit(1);
      return;
    }
    context
        .network()
        .https(
            context.container().sandbox(),
            host,
            port,
            null,
            this,
            NetworkPrograms.PATIENCE_NANOS,
            context.unlessOver(this::done));
  }

  /** Takes an option; whether it has a value. */
  private boolean option(String name, String value) {
    switch (name) {
      case "-connect" -> {
        int colon = value.lastIndexOf(':');
        Integer number = Ints.tryParse(value.substring(colon + 1));
        String place = colon < 0 ? value : value.substring(0, colon);
        boolean bracketed = place.startsWith("[") && place.endsWith("]");
        host = bracketed ? place.substring(1, place.length() - 1) : place;
        port = colon < 0 || number == null ? PORT_DEFAULT : number;
      }
      case "-servername" -> serverName = value;
      case "-CAfile" -> authorityFile = value;
      case "-noservername" -> namesServer = false;
      case "-verify_return_error" -> strict = true;
      case "-quiet" -> quiet = true;
      case "-showcerts", "-tls1_3", "-ign_eof" -> {}
      default -> error = "Unknown option or cipher: " + name.replaceFirst("^-", "");
    }
    return name.equals("-connect") || name.equals("-servername") || name.equals("-CAfile");
  }

  @Override
  public String serverName() {
    if (!namesServer || !serverName.isEmpty()) {
      return namesServer ? serverName : "";
    }
    return InetAddresses.isInetAddress(host) ? "" : host;
  }

  @Override
  public boolean accepts(@Nullable ShownCertificate certificate) {
    if (certificate == null) {
      return true;
    }
    String file = authorityFile.isEmpty() ? CurlTls.SYSTEM_AUTHORITIES : authorityFile;
    String authorities = context.container().files().read(context.path(file));
    check =
        CertificateCheck.of(
            certificate,
            authorities == null ? "" : authorities,
            context.container().simulation().instant());
    return check.code() == 0 || !strict;
  }

  private void done(Outcome outcome) {
    switch (outcome.failure()) {
      case NAME_NOT_FOUND, NAME_SERVER_SILENT ->
          fail("error:10080002:BIO routines:BIO_lookup_ex:system lib:Name or service not known", 0);
      case REFUSED -> fail("error:8000006F:system library:BIO_connect:Connection refused", 111);
      case TIMED_OUT -> fail("error:8000006E:system library:BIO_connect:Connection timed out", 110);
      case RESET -> fail("error:80000068:system library:BIO_connect:Connection reset by peer", 104);
      case NO_ROUTE -> fail("error:80000071:system library:BIO_connect:No route to host", 113);
      default -> connected(outcome);
    }
  }

  private void fail(String words, int number) {
    context.err(words + "\nconnect:errno=" + number + "\n");
    context.exit(1);
  }

  private void connected(Outcome outcome) {
    ShownCertificate certificate = outcome.certificate();
    boolean shook = outcome.failure() == ProgramNetwork.Failure.NONE;
    if (shook && serverName().isEmpty()) {
      context.err("Can't use SSL_get_servername\n");
    }
    if (certificate != null) {
      verification(certificate);
    }
    if (outcome.failure() == ProgramNetwork.Failure.CERTIFICATE_REFUSED) {
      context.err(
          "error:0A000086:SSL routines:tls_post_process_server_certificate:certificate verify"
              + " failed\n");
    } else if (outcome.failure() == ProgramNetwork.Failure.UNRECOGNIZED_NAME) {
      context.err(
          "error:0A000458:SSL routines:ssl3_read_bytes:tlsv1 unrecognized name:SSL alert number"
              + " 112\n");
    } else if (!shook) {
      context.err("error:0A00010B:SSL routines:ssl3_get_record:wrong version number\n");
    }
    if (!quiet) {
      session(certificate, shook);
      context.err(shook ? "DONE\n" : "");
    }
    context.exit(shook ? 0 : 1);
  }

  /** Each step of the check, with what came of it. */
  private void verification(ShownCertificate certificate) {
    String depth = "depth=0 " + name(certificate.subject()) + "\n";
    StringBuilder out = new StringBuilder(depth);
    if (check.code() != 0) {
      out.append("verify error:num=").append(check.code()).append(':').append(check.words());
      out.append('\n');
      if (strict) {
        context.err(out.toString());
        return;
      }
      out.append("verify return:1\n").append(depth);
      if (check.code() == NO_ISSUER) {
        check = new CertificateCheck(UNVERIFIED_FIRST, "unable to verify the first certificate");
        out.append("verify error:num=21:").append(check.words());
        out.append("\nverify return:1\n").append(depth);
      }
    }
    context.err(out.append("verify return:1\n").toString());
  }

  private static String name(String rfc2253) {
    return CertificateText.name(rfc2253, ", ").replace("=", " = ");
  }

  private void session(@Nullable ShownCertificate certificate, boolean shook) {
    StringBuilder out = new StringBuilder("CONNECTED(00000003)\n---\n");
    if (certificate == null) {
      out.append("no peer certificate available\n");
    } else {
      chain(out, certificate);
    }
    out.append("---\nNo client certificate CA names sent\n");
    if (shook && certificate != null) {
      out.append("Peer signing digest: SHA256\nPeer signature type: ");
      out.append(rsa(certificate) ? "RSA-PSS" : "ECDSA").append('\n');
      out.append("Server Temp Key: X25519, 253 bits\n");
    }
    boolean verified = check.code() == 0;
    out.append("---\nVerification").append(verified ? ": OK" : " error: " + check.words());
    out.append("\n---\nNew, ").append(shook ? "TLSv1.3" : "(NONE)").append(", Cipher is ");
    out.append(shook ? "TLS_AES_256_GCM_SHA384" : "(NONE)").append('\n');
    if (certificate != null) {
      out.append("Server public key is ").append(certificate.keyBits()).append(" bit\n");
    }
    out.append("Secure Renegotiation IS NOT supported\nCompression: NONE\nExpansion: NONE\n");
    out.append("No ALPN negotiated\nEarly data was not sent\nVerify return code: ");
    out.append(check.code()).append(" (").append(check.words()).append(")\n---\n");
    context.out(out.toString());
  }

  private static boolean rsa(ShownCertificate certificate) {
    return certificate.publicKey().equals("RSA");
  }

  private static void chain(StringBuilder out, ShownCertificate certificate) {
    String subject = name(certificate.subject());
    String issuer = name(certificate.issuer());
    String signature = certificate.signature();
    int with = signature.indexOf("WithRSAEncryption");
    out.append("Certificate chain\n 0 s:").append(subject).append("\n   i:").append(issuer);
    out.append("\n   a:PKEY: ").append(rsa(certificate) ? "rsaEncryption" : "id-ecPublicKey");
    out.append(", ").append(certificate.keyBits()).append(" (bit); sigalg: ");
    out.append(with < 0 ? signature : "RSA-" + signature.substring(0, with).replace("sha", "SHA"));
    out.append("\n   v:NotBefore: ").append(CertificateText.time(certificate.notBefore()));
    out.append("; NotAfter: ").append(CertificateText.time(certificate.notAfter()));
    out.append("\n---\nServer certificate\n").append(pem(certificate));
    out.append("subject=").append(subject).append("\nissuer=").append(issuer).append('\n');
  }

  /** The certificate; a text in its place when only the simulation knows it. */
  private static String pem(ShownCertificate certificate) {
    byte[] bytes;
    try {
      bytes =
          certificate.encoded() == null
              ? ("Simulated certificate of " + certificate.subject() + ". It has no key.")
                  .getBytes(StandardCharsets.UTF_8)
              : certificate.encoded().getEncoded();
    } catch (CertificateEncodingException e) {
      bytes = new byte[0];
    }
    return PemBlock.encode(PemBlock.CERTIFICATE, bytes);
  }
}
