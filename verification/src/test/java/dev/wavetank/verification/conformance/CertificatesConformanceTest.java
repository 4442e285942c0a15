package dev.wavetank.verification.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.verification.conformance.Framework.Answer;
import org.junit.jupiter.api.Test;

/** Follows test/e2e/auth/certificates.go (v1.36). */
class CertificatesConformanceTest {

  private static final String CERTIFICATES = "certificates.k8s.io/v1";
  private static final String SIGNER = "?fieldSelector=spec.signerName%3Dexample.com/e2e";

  /** A request for e2e.example.com. */
  private static final String REQUEST =
      "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlJQkFqQ0JxUUlCQURBYU1SZ3dGZ1lEVlFR"
          + "RERBOWxNbVV1WlhoaGJYQnNaUzVqYjIwd1dUQVRCZ2NxaGtqTwpQUUlCQmdncWhrak9QUU1CQndOQ0FBVENv"
          + "TTFLOHhHTFBmbm8rbWtWdnR6blJFa2l6b2VVNy84dHVrSVZtZnZwCldxcnNOM2FkQVErUDAxSDJDaDN2VHJw"
          + "ek4yODYvdFVOSTJIUkhZUmYwK0oyb0Mwd0t3WUpLb1pJaHZjTkFRa08KTVI0d0hEQWFCZ05WSFJFRUV6QVJn"
          + "ZzlsTW1VdVpYaGhiWEJzWlM1amIyMHdDZ1lJS29aSXpqMEVBd0lEU0FBdwpSUUloQUtpZElaMU1SVytMdVdj"
          + "SEU5aHpOUW9QRXlrUDRCMjlKZ1FDYzNrcHVYa0pBaUJ6Z21RTzJMaldrdlJ4CndQR1hTZkJhcTVGRGdDcjQ0"
          + "L1h6VGJSQU9iekovdz09Ci0tLS0tRU5EIENFUlRJRklDQVRFIFJFUVVFU1QtLS0tLQo=";

  /** A certificate that e2e.example.com signed for itself. */
  private static final String CERTIFICATE =
      "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUJpakNDQVRHZ0F3SUJBZ0lVV2xtYW85akVRMDZVRHUy"
          + "UFBzSE53STBxZUdzd0NnWUlLb1pJemowRUF3SXcKR2pFWU1CWUdBMVVFQXd3UFpUSmxMbVY0WVcxd2JHVXVZ"
          + "Mjl0TUNBWERUSTJNVEV5T1RBd01qY3pNbG9ZRHpJeApNall4TVRBMU1EQXlOek15V2pBYU1SZ3dGZ1lEVlFR"
          + "RERBOWxNbVV1WlhoaGJYQnNaUzVqYjIwd1dUQVRCZ2NxCmhrak9QUUlCQmdncWhrak9QUU1CQndOQ0FBU1Nz"
          + "RHFsc1lhRmQvUDY0bm1pcTZWMjlnaVpJcUxyNWt2d2xSVzIKLzh2TU9YTFRPMlUzVmhZNHI3aWVEZzBNVUVq"
          + "K0hMS0xUVTU1QldvMjM2VnJBU3dDbzFNd1VUQWRCZ05WSFE0RQpGZ1FVc3ZaVW9Iekx6emNqUmg3YmsrMEZW"
          + "NktBZmg0d0h3WURWUjBqQkJnd0ZvQVVzdlpVb0h6THp6Y2pSaDdiCmsrMEZWNktBZmg0d0R3WURWUjBUQVFI"
          + "L0JBVXdBd0VCL3pBS0JnZ3Foa2pPUFFRREFnTkhBREJFQWlBNWk3cFEKTkxCVGdtZmMvZHR4UE0wUDdWa0pR"
          + "dURyTVJrdllJcnVkNFlNbkFJZ2Y5OHBvTDFickFZcFR3dlFCS1pnaU4wUgpDYTU0dlhCUXp5bU9KNXVFSFRz"
          + "PQotLS0tLUVORCBDRVJUSUZJQ0FURS0tLS0tCg==";

  private final Framework framework = Framework.of("certificates");
  private final Resource requests = framework.resource(CERTIFICATES, "certificatesigningrequests");

  private KubeObject create() {
    return requests.create(
        "{metadata: {generateName: e2e-example-csr-}, spec: {request: "
            + REQUEST
            + ", signerName: example.com/e2e, expirationSeconds: 3600, usages: [digital signature,"
            + " key encipherment, server auth]}}");
  }

  private void addCondition(KubeObject object, String type, String subresource) {
    KubeMap condition =
        Yaml.map(
            "{type: " + type + ", status: 'True', reason: E2E, message: Set from an e2e test}");
    KubeList conditions = object.status().listOrEmpty("conditions");
    KubeObject sent = object.with(conditions.plus(condition), "status", "conditions");
    KubeList found = requests.update(sent, subresource).status().listOrEmpty("conditions");
    assertThat(found.size()).isEqualTo(conditions.size() + 1);
    assertThat(found.map(conditions.size()).string("type")).isEqualTo(type);
  }

  private void expectSame(KubeObject created, String subresource) {
    KubeObject read = requests.get(created.name(), subresource);
    assertThat(read.kind()).isEqualTo("CertificateSigningRequest");
    assertThat(read.apiVersion()).isEqualTo(CERTIFICATES);
    assertThat(read.uid()).isEqualTo(created.uid());
  }

  @Test
  @Codename(
      "[sig-auth] Certificates API [Privileged:ClusterAdmin] should support CSR API operations")
  void certificateSigningRequests() {
    KubeMap resources = framework.get("/apis/" + CERTIFICATES).object(200).root();
    for (String subresource : new String[] {"", "/approval", "/status"}) {
      String name = "certificatesigningrequests" + subresource;
      assertThat(resources.listOrEmpty("resources").find("name", name)).isNotNull();
    }
    create();
    create();
    KubeObject created = create();
    KubeObject read = requests.get(created.name());
    assertThat(read.uid()).isEqualTo(created.uid());
    assertThat(read.at("spec", "expirationSeconds")).isEqualTo(3600L);
    assertThat(requests.list(SIGNER)).hasSize(3);
    Events events =
        framework.watch(
            requests.path()
                + "?watch=true&resourceVersion="
                + created.resourceVersion()
                + "&fieldSelector=metadata.name%3D"
                + created.name());
    KubeObject patched =
        requests.patch(
            Resource.MERGE, created.name(), "{metadata: {annotations: {patched: 'true'}}}");
    assertThat(Long.parseLong(patched.resourceVersion()))
        .isGreaterThan(Long.parseLong(read.resourceVersion()));
    KubeObject updated =
        requests.update(patched.with("true", "metadata", "annotations", "updated"));
    Yaml.expect(updated, "{metadata: {annotations: {patched: 'true', updated: 'true'}}}");
    assertThat(events.expect("MODIFIED").annotations().string("patched")).isEqualTo("true");
    approve(created);
    issue(created);
    delete(created);
  }

  private void approve(KubeObject created) {
    expectSame(created, "approval");
    String patch =
        "{metadata: {annotations: {patchedapproval: 'true'}}, status: {conditions: [{type:"
            + " ApprovalPatch, status: 'True', reason: e2e}]}}";
    KubeObject patched = requests.patch(Resource.MERGE, created.name(), patch, "approval");
    Yaml.expect(patched, patch);
    addCondition(patched, "Approved", "approval");
  }

  private void issue(KubeObject created) {
    expectSame(created, "status");
    String patch =
        "{metadata: {annotations: {patchedstatus: 'true'}}, status: {certificate: "
            + CERTIFICATE
            + "}}";
    KubeObject patched = requests.patch(Resource.MERGE, created.name(), patch, "status");
    Yaml.expect(patched, patch);
    addCondition(patched, "StatusUpdate", "status");
  }

  private void delete(KubeObject created) {
    requests.delete(created.name());
    requests.absent(created.name());
    assertThat(requests.list(SIGNER)).hasSize(2);
    Answer answer = framework.send("DELETE", requests.path() + SIGNER, "");
    assertThat(answer.code()).as(answer.text()).isEqualTo(200);
    assertThat(requests.list(SIGNER)).isEmpty();
  }
}
