package dev.wavetank.core.controller.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.UserInfo;
import dev.wavetank.core.apiserver.Write;
import dev.wavetank.core.apiserver.registry.CertificateApproval;
import dev.wavetank.core.certificates.Certificates;
import dev.wavetank.core.certificates.Requests;
import dev.wavetank.core.controller.ControlPlane;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.Test;

/** What becomes of CertificateSigningRequests. */
class CertificatesTest {

  private static final ResourceType TYPE = ResourceType.CERTIFICATE_SIGNING_REQUESTS;
  private static final ObjectKey JANE = ObjectKey.of(TYPE, "", "jane");
  private static final String CLIENT = "kubernetes.io/kube-apiserver-client";
  private static final String KUBELET = "kubernetes.io/kube-apiserver-client-kubelet";
  private static final String SERVING = "kubernetes.io/kubelet-serving";
  private static final String NODE = "CN=system:node:node-1,O=system:nodes";

  private final ControlPlane plane = new ControlPlane().withRegistry();

  CertificatesTest() {
    new CsrSigningController(plane.server);
    new CsrApprovingController(plane.server);
    new CsrCleanerController(plane.server);
  }

  private void create(String signer, String pem, KubeMap more, Object... usages) {
    KubeMap spec =
        KubeMap.of(
            "request", Requests.base64(pem), "signerName", signer, "usages", KubeList.of(usages));
    for (int i = 0; i < more.size(); i++) {
      spec = spec.with(more.keyAt(i), more.valueAt(i));
    }
    plane.server.create(TYPE, KubeObject.of(TYPE, KubeMap.of("name", "jane")).withSpec(spec));
  }

  private void decide(String type) {
    KubeMap condition = KubeMap.of("type", type, "status", "True");
    plane.server.updateSubresource(
        TYPE,
        CertificateController.withCondition(plane.server.get(JANE), condition),
        new CertificateApproval(plane.server),
        Write.untracked(false));
  }

  private KubeMap status() {
    return plane.server.get(JANE).status();
  }

  private boolean issued() {
    return CertificateController.issued(plane.server.get(JANE));
  }

  /** Until when the certificate is valid, from its approval on. */
  private Duration valid() {
    byte[] pem = Base64.getDecoder().decode(status().string("certificate", ""));
    Instant end = Certificates.notAfter(new String(pem, StandardCharsets.US_ASCII));
    return Duration.between(plane.simulation.start(), end);
  }

  private String failure() {
    plane.run(1);
    assertThat(issued()).isFalse();
    KubeMap failed = status().listOrEmpty("conditions").find("type", "Failed");
    assertThat(failed).isNotNull();
    assertThat(failed.get("reason")).isEqualTo("SignerValidationFailure");
    return failed.string("message", "");
  }

  @Test
  void whatIsApprovedIsSigned() {
    create(CLIENT, Requests.pem("CN=jane,O=dev"), KubeMap.EMPTY, "client auth");
    plane.run(60);
    assertThat(issued()).isFalse();
    decide("Approved");
    plane.run(1);
    assertThat(issued()).isTrue();
  }

  @Test
  void whatIsDeniedIsNot() {
    create(CLIENT, Requests.pem("CN=jane"), KubeMap.EMPTY, "client auth");
    decide("Denied");
    plane.run(60);
    assertThat(issued()).isFalse();
  }

  @Test
  void otherSignersAreNotTheClusters() {
    create("example.com/mine", Requests.pem("CN=jane"), KubeMap.EMPTY, "client auth");
    decide("Approved");
    plane.run(60);
    assertThat(issued()).isFalse();
    assertThat(status().listOrEmpty("conditions").size()).isEqualTo(1);
  }

  @Test
  void aCertificateIsValidForAYearLessTheBackdating() {
    create(CLIENT, Requests.pem("CN=jane"), KubeMap.EMPTY, "client auth");
    decide("Approved");
    plane.run(1);
    assertThat(valid()).isEqualTo(Duration.ofDays(365).minusMinutes(5));
  }

  @Test
  void expirationSecondsShortensThat() {
    create(CLIENT, Requests.pem("CN=jane"), KubeMap.of("expirationSeconds", 3600L), "client auth");
    decide("Approved");
    plane.run(1);
    assertThat(valid()).isEqualTo(Duration.ofHours(1));
  }

  @Test
  void aClientsCertificateIsForClientsOnly() {
    create(CLIENT, Requests.pem("CN=jane"), KubeMap.EMPTY, "client auth", "server auth");
    decide("Approved");
    assertThat(failure()).isEqualTo("invalid usage for client certificate: server auth");
  }

  @Test
  void aClientsCertificateIsForClients() {
    create(CLIENT, Requests.pem("CN=jane"), KubeMap.EMPTY, "digital signature");
    decide("Approved");
    assertThat(failure()).isEqualTo("missing required usage for client certificate: client auth");
  }

  @Test
  void aKubeletIsANode() {
    create(KUBELET, Requests.pem("CN=system:node:n"), KubeMap.EMPTY, "client auth");
    decide("Approved");
    assertThat(failure()).isEqualTo("subject organization is not system:nodes");
  }

  @Test
  void aKubeletServesUnderAName() {
    create(SERVING, Requests.pem(NODE), KubeMap.EMPTY, "server auth", "digital signature");
    decide("Approved");
    assertThat(failure()).isEqualTo("DNS or IP subjectAltName is required");
  }

  @Test
  void aServingKubeletIsForServers() {
    GeneralName name = Requests.dns("node-1");
    create(SERVING, Requests.pem(NODE, name), KubeMap.EMPTY, "client auth", "digital signature");
    decide("Approved");
    assertThat(failure())
        .isEqualTo("usages did not match [digital signature key encipherment server auth]");
  }

  @Test
  void aServingKubeletGetsItsCertificate() {
    GeneralName name = Requests.dns("node-1");
    create(SERVING, Requests.pem(NODE, name), KubeMap.EMPTY, "server auth", "digital signature");
    decide("Approved");
    plane.run(1);
    assertThat(issued()).isTrue();
  }

  @Test
  void kubeletsAreApprovedWhereARoleSaysSo() {
    KubeMap subject =
        KubeMap.of("kind", "Group", "name", "nodes", "apiGroup", "rbac.authorization.k8s.io");
    KubeMap role =
        KubeMap.of(
            "kind", "ClusterRole",
            "name", "system:certificates.k8s.io:certificatesigningrequests:nodeclient",
            "apiGroup", "rbac.authorization.k8s.io");
    plane.server.create(
        ResourceType.CLUSTER_ROLE_BINDINGS,
        KubeObject.of(ResourceType.CLUSTER_ROLE_BINDINGS, KubeMap.of("name", "b"))
            .with(KubeList.of(subject), "subjects")
            .with(role, "roleRef"));
    plane.server.request().begin(UserInfo.of("joiner", "nodes"));
    create(KUBELET, Requests.pem(NODE), KubeMap.EMPTY, "client auth", "digital signature");
    plane.server.request().end();
    plane.run(1);
    KubeMap approved = status().listOrEmpty("conditions").find("type", "Approved");
    assertThat(approved).isNotNull();
    assertThat(approved.get("reason")).isEqualTo("AutoApproved");
    assertThat(issued()).isTrue();
  }

  @Test
  void kubeletsOfNobodyWait() {
    create(KUBELET, Requests.pem(NODE), KubeMap.EMPTY, "client auth", "digital signature");
    plane.run(60);
    assertThat(status().listOrEmpty("conditions").isEmpty()).isTrue();
  }

  @Test
  void whatIsIssuedGoesAtTheFirstLookAfterAnHour() {
    create(CLIENT, Requests.pem("CN=jane"), KubeMap.EMPTY, "client auth");
    plane.run(10);
    decide("Approved");
    plane.run(2 * 3600 - 11);
    assertThat(plane.server.find(JANE)).isNotNull();
    plane.run(2);
    assertThat(plane.server.find(JANE)).isNull();
  }

  @Test
  void whatNobodyDecidesGoesAfterADay() {
    plane.run(10);
    create(CLIENT, Requests.pem("CN=jane"), KubeMap.EMPTY, "client auth");
    plane.run(25 * 3600 - 11);
    assertThat(plane.server.find(JANE)).isNotNull();
    plane.run(2);
    assertThat(plane.server.find(JANE)).isNull();
  }

  @Test
  void noRequestCostsNothing() {
    plane.run(1);
    long events = plane.simulation.eventNumber();
    plane.run(30 * 86_400);
    assertThat(plane.simulation.eventNumber()).isEqualTo(events);
  }

  @Test
  void aRequestThatIsNoneIsRefused() {
    assertThatThrownBy(() -> create(CLIENT, "hello", KubeMap.EMPTY, "client auth"))
        .isInstanceOf(ApiException.class)
        .hasMessageContaining(
            "spec.request: Invalid value: \"aGVsbG8=\": PEM block type must be CERTIFICATE"
                + " REQUEST");
  }
}
