package dev.wavetank.core.apiserver.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.certificates.CertificateAuthority;
import dev.wavetank.core.certificates.CertificateRequest;
import dev.wavetank.core.certificates.CertificateTemplate;
import dev.wavetank.core.certificates.InvalidCertificateException;
import dev.wavetank.core.certificates.Requests;
import java.math.BigInteger;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** CertificateSigningRequests: who decides, and what becomes of them. */
class CertificatesTest {

  private static final String REQUESTS = "/apis/certificates.k8s.io/v1/certificatesigningrequests";

  /** Of the subject CN=jane, O=dev. */
  private static final String JANE =
      "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlIWE1IOENBUUF3SFRFTk1Bc0dBMVVFQXd3"
          + "RWFtRnVaVEVNTUFvR0ExVUVDZ3dEWkdWMk1Ga3dFd1lIS29aSQp6ajBDQVFZSUtvWkl6ajBEQVFjRFFnQUU3"
          + "ajB0N1hGbUN4MEY4M2tMbmVTMUV4cVVYa2MrR1VYWW92MFZaZGJiCnEyRHZkUFhpNzF5RUlFWUMrYTBxWUtP"
          + "bG1Vcm4wZDZheG1xZEhNaUNRNGdEd3FBQU1Bb0dDQ3FHU000OUJBTUMKQTBnQU1FVUNJUUN2OWdESFpQajRW"
          + "Wis1QzZSU1VWdHlQZHBOaDZ5TS9KOFgvNFE0c29hSVB3SWdYNndXL1RkbwpRUm8rRXpOckJrQVpTUi9PMmJp"
          + "Y3E0aENzV0xkUHRxWkRDTT0KLS0tLS1FTkQgQ0VSVElGSUNBVEUgUkVRVUVTVC0tLS0tCg==";

  /** Of the subject CN=jane, O=system:masters. */
  private static final String ROOT =
      "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlIak1JR0tBZ0VBTUNneERUQUxCZ05WQkFN"
          + "TUJHcGhibVV4RnpBVkJnTlZCQW9NRG5ONWMzUmxiVHB0WVhOMApaWEp6TUZrd0V3WUhLb1pJemowQ0FRWUlL"
          + "b1pJemowREFRY0RRZ0FFOUJBbFFhUWd4TExkT3VoaVZBV0pUSUQ1CmVtNk8xVnhIcitsOUxHeFlNOGRiazEy"
          + "VGkzVzcxbHRpam9WdUxKRlZ1dzA5WldaNVpuZHdqamswaXdvR2tLQUEKTUFvR0NDcUdTTTQ5QkFNQ0EwZ0FN"
          + "RVVDSUZNQkZTazAxV3ZhL3djZkpLQUFmVmhwWFI1VXlzcFhXVkdnS0tYNQpKVW1uQWlFQWdoRnkvRENGWkNa"
          + "aGkxbURHSjZZUFgwb2VFajRtRmp2dGtrYVA2N3NDcjg9Ci0tLS0tRU5EIENFUlRJRklDQVRFIFJFUVVFU1Qt"
          + "LS0tLQo=";

  private final HttpClient client = new HttpClient();

  private HttpClient.Answer create(String name, String request) {
    return client.post(
        REQUESTS,
        "{\"metadata\":{\"name\":\""
            + name
            + "\"},\"spec\":{\"request\":\""
            + request
            + "\",\"usages\":[\"client auth\"],\"signerName\":"
            + "\"kubernetes.io/kube-apiserver-client\"}}");
  }

  private HttpClient.Answer decide(String name, String type, String... headers) {
    String[] all = new String[headers.length + 2];
    all[0] = "Content-Type";
    all[1] = "application/merge-patch+json";
    System.arraycopy(headers, 0, all, 2, headers.length);
    return client.send(
        "PATCH", REQUESTS + "/" + name + "/approval", "{\"status\":" + conditions(type) + "}", all);
  }

  private static String conditions(String type) {
    return "{\"conditions\":[{\"type\":\"" + type + "\",\"status\":\"True\"}]}";
  }

  @Test
  void whoMayApprovesByASubresource() {
    assertThat(create("jane", JANE).code()).isEqualTo(201);
    KubeObject approved = KubeObject.of(decide("jane", "Approved").json());
    KubeMap condition = approved.status().listOrEmpty("conditions").map(0);
    assertThat(condition.get("type")).isEqualTo("Approved");
    assertThat(condition.has("lastUpdateTime")).isTrue();
    assertThat(condition.has("lastTransitionTime")).isTrue();
  }

  @Test
  void aDecisionCannotBeTakenBack() {
    create("jane", JANE);
    decide("jane", "Approved");
    assertThat(decide("jane", "Denied").message())
        .contains("updates may not remove a condition of type \"Approved\"");
  }

  @Test
  void theStatusCannotDecide() {
    create("jane", JANE);
    HttpClient.Answer refused =
        client.patch(
            REQUESTS + "/jane/status",
            "merge-patch+json",
            "{\"status\":" + conditions("Approved") + "}");
    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.message())
        .contains("status.conditions: Forbidden: updates may not add a condition of type");
  }

  @Test
  void approvalNeedsPermissionForTheSigner() {
    create("jane", JANE);
    client.post(
        "/apis/rbac.authorization.k8s.io/v1/clusterroles",
        "{\"metadata\":{\"name\":\"decider\"},\"rules\":[{\"apiGroups\":[\"certificates.k8s.io\"],"
            + "\"resources\":[\"certificatesigningrequests/approval\"],\"verbs\":[\"patch\"]}]}");
    client.post(
        "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
        "{\"metadata\":{\"name\":\"decider\"},\"roleRef\":{\"apiGroup\":"
            + "\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\",\"name\":\"decider\"},"
            + "\"subjects\":[{\"kind\":\"User\",\"name\":\"bob\"}]}");
    HttpClient.Answer refused = decide("jane", "Approved", "Impersonate-User", "bob");
    assertThat(refused.code()).isEqualTo(403);
    assertThat(refused.message())
        .endsWith(
            "user not permitted to approve requests with signerName"
                + " \"kubernetes.io/kube-apiserver-client\"");
  }

  @Test
  void nobodyBecomesAMasterByACertificate() {
    HttpClient.Answer refused = create("root", ROOT);
    assertThat(refused.code()).isEqualTo(403);
    assertThat(refused.message())
        .endsWith(
            "use of kubernetes.io/kube-apiserver-client signer with system:masters group is not"
                + " allowed");
  }

  private static String certificate() {
    Instant from = Instant.parse("2026-01-01T00:00:00Z");
    Instant until = from.plus(CertificateAuthority.VALID);
    try {
      return CertificateAuthority.of(new byte[0], from, until)
          .sign(
              CertificateRequest.parse(Requests.pem("CN=jane")),
              new CertificateTemplate(BigInteger.ONE, from, until, ImmutableList.of()));
    } catch (InvalidCertificateException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whatIsNoCertificateIsRefused() {
    create("jane", JANE);
    String pem = Requests.base64("-----BEGIN CERTIFICATE-----\n");
    assertThat(
            client
                .patch(
                    REQUESTS + "/jane/status",
                    "merge-patch+json",
                    "{\"status\":{\"certificate\":\"" + pem + "\"}}")
                .message())
        .contains(
            "status.certificate: Invalid value: \"<certificate data>\": must contain at least one"
                + " CERTIFICATE PEM block");
  }

  @Test
  void aRequestIsSignedByWhoHasItsKey() {
    String changed =
        JANE.substring(0, 300) + (JANE.charAt(300) == 'A' ? 'B' : 'A') + JANE.substring(301);
    HttpClient.Answer refused = create("jane", changed);
    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.message()).contains("spec.request: Invalid value: \"");
  }

  @Test
  void anIssuedCertificateStays() {
    create("jane", JANE);
    String pem = Requests.base64(certificate());
    String path = REQUESTS + "/jane/status";
    String first = "{\"status\":{\"certificate\":\"" + pem + "\"}}";
    assertThat(client.patch(path, "merge-patch+json", first).code()).isEqualTo(200);
    assertThat(
            client.patch(path, "merge-patch+json", "{\"status\":{\"certificate\":null}}").message())
        .contains("updates may not modify existing certificate content");
  }
}
