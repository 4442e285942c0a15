package dev.wavetank.core.ingress;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.Snapshot;
import dev.wavetank.core.container.ShownCertificate;
import dev.wavetank.core.httpproxy.TlsSecret;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Which certificate nginx shows to a client that asks for a host: that of the Secret which an
 * Ingress names for the host, if it is good for it; else one that nobody has signed.
 *
 * <p>Follows internal/ingress/controller/controller.go of ingress-nginx (1.14), {@code
 * createServers}.
 */
final class IngressCertificates {

  private static final String FAKE = "CN=Kubernetes Ingress Controller Fake Certificate,O=Acme Co";

  private static final Duration FAKE_LASTS = Duration.ofDays(365);

  private record Entry(HostPattern host, ObjectKey secret) {}

  private final List<Entry> entries;
  private final ShownCertificate fake;

  private IngressCertificates(List<Entry> entries, ShownCertificate fake) {
    this.entries = entries;
    this.fake = fake;
  }

  /** What clients see whose host has no certificate; made when the controller starts. */
  static ShownCertificate fake(Instant start) {
    return ShownCertificate.made(FAKE, FAKE, start, start.plus(FAKE_LASTS), "ingress-nginx itself")
        .goodFor(ImmutableList.of("ingress.local"), ImmutableList.of());
  }

  /**
   * Those that Ingresses name.
   *
   * @param fake see {@link #fake(Instant)}
   */
  static IngressCertificates of(List<KubeObject> ingresses, ShownCertificate fake) {
    List<Entry> entries = new ArrayList<>();
    for (KubeObject ingress : ingresses) {
      for (KubeMap tls : ingress.spec().listOrEmpty("tls").maps()) {
        String secret = tls.string("secretName", "");
        if (secret.isEmpty()) {
          continue;
        }
        ObjectKey key = ObjectKey.of(ResourceType.SECRETS, ingress.namespace(), secret);
        for (Object host : tls.listOrEmpty("hosts")) {
          entries.add(new Entry(HostPattern.of(host.toString()), key));
        }
      }
    }
    return new IngressCertificates(entries, fake);
  }

  /**
   * The certificate for a name; the first Ingress that names the host decides.
   *
   * @param serverName that the client asks for (SNI); empty when it asks for none
   * @param secrets as they are now
   */
  ShownCertificate shown(String serverName, Snapshot secrets) {
    String name = Ascii.toLowerCase(serverName);
    Entry best = null;
    for (Entry entry : entries) {
      boolean better = best == null || entry.host.rank() > best.host.rank();
      if (!name.isEmpty() && better && entry.host.matches(name)) {
        best = entry;
      }
    }
    KubeObject secret = best == null ? null : secrets.get(best.secret);
    ShownCertificate certificate = secret == null ? null : TlsSecret.certificate(secret);
    return certificate != null && best != null && covers(certificate, best, name)
        ? certificate
        : fake;
  }

  private static boolean covers(ShownCertificate certificate, Entry entry, String name) {
    String host = entry.host.text();
    return certificate.covers(host.startsWith("*.") ? name : host);
  }
}
