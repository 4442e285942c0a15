package dev.wavetank.core.gateway;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.Snapshot;
import dev.wavetank.core.container.ShownCertificate;
import dev.wavetank.core.httpproxy.TlsSecret;
import org.jspecify.annotations.Nullable;

/**
 * Which certificate a Gateway's proxy shows: the first one of the HTTPS listener on that port whose
 * hostname fits the name that the client asks for best.
 *
 * <p>Follows apis/v1/gateway_types.go of gateway-api, {@code ListenerTLSConfig}.
 */
final class GatewayCertificates {

  static final GatewayCertificates NONE = new GatewayCertificates(ImmutableList.of());

  private record Entry(int port, GatewayHost hostname, ObjectKey secret) {}

  private final ImmutableList<Entry> entries;

  private GatewayCertificates(ImmutableList<Entry> entries) {
    this.entries = entries;
  }

  /** Those of a Gateway's listeners that end TLS, as far as they may refer to their Secrets. */
  static GatewayCertificates of(KubeObject gateway, GatewayObjects objects) {
    ImmutableList.Builder<Entry> entries = ImmutableList.builder();
    for (Listener listener : Listener.of(gateway)) {
      KubeMap tls = listener.said().mapOrEmpty("tls");
      boolean ends = tls.string("mode", "Terminate").equals("Terminate");
      if (listener.usable() && listener.scheme().equals("https") && ends) {
        for (KubeMap reference : tls.listOrEmpty("certificateRefs").maps()) {
          ObjectKey secret = secret(gateway, reference, objects);
          if (secret != null) {
            entries.add(new Entry(listener.port(), listener.hostname(), secret));
          }
        }
      }
    }
    return new GatewayCertificates(entries.build());
  }

  private static @Nullable ObjectKey secret(
      KubeObject gateway, KubeMap reference, GatewayObjects objects) {
    String namespace = reference.string("namespace", gateway.namespace());
    String name = reference.string("name", "");
    boolean isSecret =
        reference.string("group", "").isEmpty()
            && reference.string("kind", "Secret").equals("Secret");
    boolean permitted =
        namespace.equals(gateway.namespace())
            || ReferenceGrants.permit(objects, gateway, "Gateway", "Secret", namespace, name);
    return isSecret && permitted ? ObjectKey.of(ResourceType.SECRETS, namespace, name) : null;
  }

  /**
   * The certificate for a name; null when no listener has one, so that the handshake fails.
   *
   * @param serverName that the client asks for (SNI); empty when it asks for none
   * @param secrets as they are now
   */
  @Nullable ShownCertificate shown(int port, String serverName, Snapshot secrets) {
    for (String candidate : GatewayHost.candidates(Ascii.toLowerCase(serverName))) {
      for (Entry entry : entries) {
        if (entry.port == port && entry.hostname.text().equals(candidate)) {
          KubeObject secret = secrets.get(entry.secret);
          return secret == null ? null : TlsSecret.certificate(secret);
        }
      }
    }
    return null;
  }
}
