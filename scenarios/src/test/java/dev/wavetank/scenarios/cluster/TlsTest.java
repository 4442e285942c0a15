package dev.wavetank.scenarios.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.kubectl.Output;
import dev.wavetank.core.kubectl.resource.FileSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/** What clients in pods see of certificates, and say of them. */
class TlsTest {

  /** It signed itself, is of Shop, and good for secure.test and *.shop.test until 2126. */
  static final String CERTIFICATE =
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

  private static final String SHOP =
      """
      apiVersion: v1
      kind: Secret
      metadata: {name: cert}
      type: kubernetes.io/tls
      data: {tls.crt: %s, tls.key: a2V5}
      ---
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata: {name: shop}
      spec:
        ingressClassName: nginx
        tls: [{hosts: [secure.test], secretName: cert}]
        rules:
        - host: secure.test
          http:
            paths:
            - {path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}
      """;

  private final Cluster cluster = Cluster.builder().nodes(1).start();
  private final String ingress;

  TlsTest() throws IOException {
    String controller = Files.readString(Path.of("library/manifests/ingress-nginx.yaml"), UTF_8);
    cluster.apply("ingress-nginx.yaml", controller);
    cluster.apply("web.yaml", WebBehindProxy.MANIFEST);
    String encoded = Base64.getEncoder().encodeToString(CERTIFICATE.getBytes(UTF_8));
    cluster.apply("shop.yaml", SHOP.formatted(encoded));
    cluster.run(Duration.ofSeconds(90));
    ingress =
        cluster
            .kubectl(
                "get service ingress-nginx-controller -n ingress-nginx -o"
                    + " jsonpath={.spec.clusterIP}")
            .stdout();
  }

  private Output sh(String script) {
    return cluster.kubectl("exec -i client -- sh", script, "default", FileSource.NONE);
  }

  private Output curl(String options, String host) {
    return sh(
        "cat > /tmp/ca.pem <<'END'\n"
            + CERTIFICATE
            + "END\ncurl -sS "
            + options
            + " --resolve "
            + host
            + ":443:"
            + ingress
            + " https://"
            + host
            + "/; echo exit $?");
  }

  @Test
  void aCertificateThatSignedItselfIsRefused() {
    Output refused = curl("", "secure.test");
    assertThat(refused.stdout()).isEqualTo("exit 60\n");
    assertThat(refused.stderr())
        .startsWith(
            """
            curl: (60) SSL certificate problem: self-signed certificate
            More details here: https://curl.se/docs/sslcerts.html

            curl failed to verify the legitimacy of the server and therefore could not
            """);
  }

  @Test
  void withItsAuthorityItIsTaken() {
    assertThat(curl("--cacert /tmp/ca.pem", "secure.test").stdout()).isEqualTo("web\nexit 0\n");
  }

  @Test
  void aMissingFileOfAuthoritiesIsAnErrorOfItsOwn() {
    Output missing = curl("--cacert /tmp/none.pem", "secure.test");
    assertThat(missing.stdout()).isEqualTo("exit 77\n");
    assertThat(missing.stderr())
        .isEqualTo("curl: (77) error adding trust anchors from file: /tmp/none.pem\n");
  }

  @Test
  void insecureGoesOn() {
    assertThat(curl("-k", "secure.test").stdout()).isEqualTo("web\nexit 0\n");
  }

  @Test
  void verboseShowsTheCertificateThatTheNameChose() {
    assertThat(curl("-kv", "secure.test").stderr())
        .contains(
            """
            * TLSv1.3 (OUT), TLS handshake, Finished (20):
            * SSL connection using TLSv1.3 / TLS_AES_256_GCM_SHA384 / X25519MLKEM768 / id-ecPublicKey
            * ALPN: server accepted http/1.1
            * Server certificate:
            *  subject: O=Shop; CN=secure.test
            *  start date: Nov 28 21:41:46 2026 GMT
            *  expire date: Nov  4 21:41:46 2126 GMT
            *  issuer: O=Shop; CN=secure.test
            *  SSL certificate verify result: self-signed certificate (18), continuing anyway.
            *   Certificate level 0: Public key type EC/prime256v1 (256/128 Bits/secBits), signed using ecdsa-with-SHA256
            * Connected to secure.test (%s) port 443
            """
                .formatted(ingress))
        .doesNotContain("CAfile");
  }

  @Test
  void verboseSaysThatATrustedCertificateMatches() {
    assertThat(curl("-v --cacert /tmp/ca.pem", "secure.test").stderr())
        .contains(
            "*  CAfile: /tmp/ca.pem\n*  CApath: /etc/ssl/certs\n",
            "*  subjectAltName: host \"secure.test\" matched cert's \"secure.test\"\n",
            "*  SSL certificate verify ok.\n");
  }

  @Test
  void verboseTellsWhereARefusedHandshakeEnded() {
    assertThat(curl("-v", "secure.test").stderr())
        .contains(
            """
            * TLSv1.3 (IN), TLS handshake, Certificate (11):
            * TLSv1.3 (OUT), TLS alert, unknown CA (560):
            * SSL certificate problem: self-signed certificate
            * closing connection #0
            """)
        .doesNotContain("> GET");
  }

  @Test
  void aHostWithoutACertificateShowsTheFakeOne() {
    assertThat(curl("-kv", "other.test").stderr())
        .contains("*  subject: O=Acme Co; CN=Kubernetes Ingress Controller Fake Certificate\n")
        .contains(
            "Public key type RSA (2048/112 Bits/secBits), signed using sha256WithRSAEncryption");
  }

  @Test
  void aCertificateForAnotherNameIsRefused() {
    Output refused =
        sh(
            "d=/var/run/secrets/kubernetes.io/serviceaccount; curl -sS --cacert $d/ca.crt --resolve"
                + " api.test:443:10.96.0.1 https://api.test/; echo exit $?");
    assertThat(refused.stdout()).isEqualTo("exit 60\n");
    assertThat(refused.stderr())
        .startsWith(
            "curl: (60) SSL: no alternative certificate subject name matches target hostname"
                + " 'api.test'\n");
  }

  @Test
  void theApiServersAuthorityIsInEveryPod() {
    String curl =
        "d=/var/run/secrets/kubernetes.io/serviceaccount; curl -sv --cacert $d/ca.crt https://";
    assertThat(sh(curl + "kubernetes.default.svc/version").stderr())
        .contains("*  subject: CN=kube-apiserver\n", "*  issuer: CN=kubernetes\n")
        .contains("matched cert's \"kubernetes.default.svc\"", "SSL certificate verify ok.");
    assertThat(sh(curl + "10.96.0.1/version").stderr())
        .contains("subjectAltName: host \"10.96.0.1\" matched cert's IP address!");
  }

  @Test
  void theApiServerIsNotTrustedWithoutItsAuthority() {
    Output refused = sh("curl -sS https://kubernetes.default.svc/version; echo exit $?");
    assertThat(refused.stdout()).isEqualTo("exit 60\n");
    assertThat(refused.stderr())
        .startsWith("curl: (60) SSL certificate problem: unable to get local issuer certificate\n");
  }

  @Test
  void aServerWithoutTlsFailsTheHandshake() {
    Output curl = sh("curl -sS https://web:80/; echo exit $?");
    assertThat(curl.stdout()).isEqualTo("exit 35\n");
    assertThat(curl.stderr())
        .isEqualTo(
            "curl: (35) TLS connect error: error:0A0000C6:SSL routines::packet length too long\n");
  }

  @Test
  void nginxRefusesPlainHttpOnItsTlsPort() {
    assertThat(sh("curl -s http://" + ingress + ":443/").stdout())
        .contains("<title>400 The plain HTTP request was sent to HTTPS port</title>")
        .contains("<center>The plain HTTP request was sent to HTTPS port</center>");
  }

  @Test
  void busyBoxSaysThatItDoesNotLook() {
    Output wget = sh("wget -qO- https://kubernetes.default.svc/version");
    assertThat(wget.stderr()).contains("wget: note: TLS certificate validation not implemented\n");
    assertThat(sh("wget --no-check-certificate -qO- https://web:443/").stderr())
        .doesNotContain("validation");
  }

  @Test
  void aHandshakeCostsARoundTrip() {
    long before = cluster.simulation().now();
    sh("curl -sk --resolve secure.test:443:" + ingress + " https://secure.test/");
    long tls = cluster.simulation().now() - before;
    before = cluster.simulation().now();
    sh("curl -sk -H 'Host: secure.test' http://" + ingress + "/");
    assertThat(tls).isGreaterThan(cluster.simulation().now() - before);
  }

  @Test
  void opensslPrintsTheCertificateOfTheNameThatItAsksFor() {
    Output client =
        sh("openssl s_client -connect " + ingress + ":443 -servername secure.test </dev/null");
    assertThat(client.stdout())
        .startsWith(
            """
            CONNECTED(00000003)
            ---
            Certificate chain
             0 s:O = Shop, CN = secure.test
               i:O = Shop, CN = secure.test
               a:PKEY: id-ecPublicKey, 256 (bit); sigalg: ecdsa-with-SHA256
               v:NotBefore: Nov 28 21:41:46 2026 GMT; NotAfter: Nov  4 21:41:46 2126 GMT
            ---
            Server certificate
            """
                + CERTIFICATE
                + """
                subject=O = Shop, CN = secure.test
                issuer=O = Shop, CN = secure.test
                ---
                """)
        .endsWith("Verify return code: 18 (self-signed certificate)\n---\n");
    assertThat(client.stderr())
        .isEqualTo(
            """
            depth=0 O = Shop, CN = secure.test
            verify error:num=18:self-signed certificate
            verify return:1
            depth=0 O = Shop, CN = secure.test
            verify return:1
            DONE
            """);
  }

  @Test
  void opensslVerifiesByTheAuthorityOfAPod() {
    String authority = " -CAfile /var/run/secrets/kubernetes.io/serviceaccount/ca.crt";
    String connect = "openssl s_client -connect kubernetes.default.svc:443";
    assertThat(sh(connect + authority + " </dev/null").stdout())
        .contains(" 0 s:CN = kube-apiserver\n   i:CN = kubernetes\n", "Verify return code: 0 (ok)");
    assertThat(sh(connect + " </dev/null").stdout())
        .contains("Verify return code: 21 (unable to verify the first certificate)");
  }

  @Test
  void opensslToAServerWithoutTlsHasNoCertificate() {
    Output client = sh("openssl s_client -connect web:80 </dev/null; echo exit $?");
    assertThat(client.stdout()).contains("no peer certificate available").endsWith("exit 1\n");
    assertThat(client.stderr()).contains("wrong version number");
  }
}
