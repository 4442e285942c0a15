package dev.wavetank.core.httpproxy;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.controller.ControlPlane;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** A certificate that signed itself, good for secure.test and *.shop.test. */
public final class TestCertificate {

  public static final String TEXT =
      """
      -----BEGIN CERTIFICATE-----
      MIIBxjCCAWygAwIBAgIUF+e7LksxMvw8zu34nd4uHOhnGn4wCgYIKoZIzj0EAwIw
      JTENMAsGA1UECgwEU2hvcDEUMBIGA1UEAwwLc2VjdXJlLnRlc3QwIBcNMjYxMTI4
      MjE0MTQ2WhgPMjEyNjExMDQyMTQxNDZaMCUxDTALBgNVBAoMBFNob3AxFDASBgNV
      BAMMC3NlY3VyZS50ZXN0MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE3HIII9IA
      O6ffEbaP8vifbC2WJyiYrJtJhI25ZRoaEijrldCqbCxuoNAawjoqcAWBE2qQOPNm
      861Xe1c3cJXpWqN4MHYwHQYDVR0OBBYEFCJmq03l91vyGDONjDvVghW3JJmHMB8G
      A1UdIwQYMBaAFCJmq03l91vyGDONjDvVghW3JJmHMA8GA1UdEwEB/wQFMAMBAf8w
      IwYDVR0RBBwwGoILc2VjdXJlLnRlc3SCCyouc2hvcC50ZXN0MAoGCCqGSM49BAMC
      A0gAMEUCIF0JUSaEJrKvVo/Hp/SAYgeukwNDlYeWqaqJLSfVE7/cAiEAhDits+vE
      djk+YlXVRlG1stkdUIYIpDIFUncDmmMuVCU=
      -----END CERTIFICATE-----
      """;

  private TestCertificate() {}

  /** A Secret of that type with the certificate and a key, as a document of a manifest. */
  public static String manifest(String namespace, String name, String type) {
    String written = Base64.getEncoder().encodeToString(TEXT.getBytes(StandardCharsets.UTF_8));
    return """
        ---
        apiVersion: v1
        kind: Secret
        type: %s
        metadata: {name: %s, namespace: %s}
        data: {tls.crt: %s, tls.key: a2V5}
        """
        .formatted(type, name, namespace, written);
  }

  /** Creates a Secret with a certificate and a key. */
  public static void create(ControlPlane plane, String namespace, String name, String certificate) {
    byte[] bytes = certificate.getBytes(StandardCharsets.UTF_8);
    String written = Base64.getEncoder().encodeToString(bytes);
    KubeMap data = KubeMap.of("tls.crt", written, "tls.key", "a2V5");
    plane.server.create(
        ResourceType.SECRETS,
        KubeObject.of(ResourceType.SECRETS, KubeMap.of("name", name, "namespace", namespace))
            .with("kubernetes.io/tls", "type")
            .with(data, "data"));
  }
}
