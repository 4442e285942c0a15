package dev.wavetank.core.gateway;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.container.ShownCertificate;
import dev.wavetank.core.container.TlsAnswer;
import dev.wavetank.core.httpproxy.TlsSecret;
import org.jspecify.annotations.Nullable;

/**
 * Which certificate a Gateway's proxy shows: the first one of the HTTPS listener on that port whose
 * hostname fits the name that the client asks for best.
 *
 * <p>Follows apis/v1/gateway_types.go of gateway-api, {@code ListenerTLSConfig} and {@code
 * ListenerConditionReason}.
 */
final class GatewayCertificates {

  static final GatewayCertificates NONE = new GatewayCertificates(ImmutableList.of());

  /**
   * What became of a listener's references.
   *
   * @param reason why one of them is not resolved; empty when all are
   * @param first the certificate that is shown; null when none can be
   */
  private record Resolved(String reason, @Nullable ShownCertificate first) {}

  private record Entry(int port, GatewayHost hostname, ShownCertificate certificate) {}

  private final ImmutableList<Entry> entries;

  private GatewayCertificates(ImmutableList<Entry> entries) {
    this.entries = entries;
  }

  /** Those of a Gateway's HTTPS listeners. */
  static GatewayCertificates of(KubeObject gateway, GatewayObjects objects) {
    ImmutableList.Builder<Entry> entries = ImmutableList.builder();
    for (Listener listener : Listener.of(gateway)) {
      if (listener.usable() && listener.https()) {
        ShownCertificate first = resolved(gateway, listener, objects).first;
        if (first != null) {
          entries.add(new Entry(listener.port(), listener.hostname(), first));
        }
      }
    }
    return new GatewayCertificates(entries.build());
  }

  /**
   * The reason for which the references of a listener are not resolved, {@code
   * InvalidCertificateRef} or {@code RefNotPermitted}; empty when they are, or need not be.
   */
  static String unresolved(KubeObject gateway, Listener listener, GatewayObjects objects) {
    return listener.https() ? resolved(gateway, listener, objects).reason : "";
  }

  /** Whether a listener can be served as far as certificates go: an HTTPS one needs one. */
  static boolean enough(KubeObject gateway, Listener listener, GatewayObjects objects) {
    return !listener.https() || resolved(gateway, listener, objects).first != null;
  }

  private static Resolved resolved(KubeObject gateway, Listener listener, GatewayObjects objects) {
    String reason = "";
    ShownCertificate first = null;
    boolean some = false;
    KubeMap tls = listener.said().mapOrEmpty("tls");
    for (KubeMap reference : tls.listOrEmpty("certificateRefs").maps()) {
      some = true;
      String namespace = reference.string("namespace", gateway.namespace());
      String name = reference.string("name", "");
      boolean permitted =
          namespace.equals(gateway.namespace())
              || ReferenceGrants.permit(objects, gateway, "Gateway", "Secret", namespace, name);
      ShownCertificate shown =
          permitted && namesSecret(reference) ? shown(objects.secret(namespace, name)) : null;
      if (shown == null && reason.isEmpty()) {
        reason = permitted ? "InvalidCertificateRef" : "RefNotPermitted";
      }
      first = first == null ? shown : first;
    }
    return new Resolved(some ? reason : "InvalidCertificateRef", first);
  }

  private static boolean namesSecret(KubeMap reference) {
    return reference.string("group", "").isEmpty()
        && reference.string("kind", "Secret").equals("Secret");
  }

  private static @Nullable ShownCertificate shown(@Nullable KubeObject secret) {
    return secret != null && secret.root().string("type", "").equals(TlsSecret.TYPE)
        ? TlsSecret.certificate(secret)
        : null;
  }

  /** Whether TLS is spoken on a port. */
  boolean spoken(int port) {
    return entries.stream().anyMatch(entry -> entry.port == port);
  }

  /**
   * The certificate for a name; null when no listener has one, so that the handshake fails.
   *
   * @param serverName that the client asks for (SNI); empty when it asks for none
   */
  @Nullable ShownCertificate shown(int port, String serverName) {
    for (String candidate : GatewayHost.candidates(Ascii.toLowerCase(serverName))) {
      for (Entry entry : entries) {
        if (entry.port == port && entry.hostname.text().equals(candidate)) {
          return entry.certificate;
        }
      }
    }
    return null;
  }

  /** How a handshake is answered; without a certificate for the name with an alert. */
  TlsAnswer answer(int port, String serverName) {
    if (!spoken(port)) {
      return TlsAnswer.NONE;
    }
    ShownCertificate certificate = shown(port, serverName);
    return certificate == null ? TlsAnswer.UNRECOGNIZED_NAME : TlsAnswer.of(certificate);
  }
}
