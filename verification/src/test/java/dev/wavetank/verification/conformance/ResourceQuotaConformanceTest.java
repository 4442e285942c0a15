package dev.wavetank.verification.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeObject;
import org.junit.jupiter.api.Test;

/** Follows test/e2e/apimachinery/resource_quota.go (v1.36). */
class ResourceQuotaConformanceTest {

  private final Framework framework = Framework.of("resourcequota");
  private final Resource quotas = framework.namespaced("v1", "resourcequotas");

  private static String hard(String cpu, String memory) {
    return "{hard: {cpu: '" + cpu + "', memory: " + memory + "}}";
  }

  private KubeObject create(String name, String cpu, String memory) {
    String spec = hard(cpu, memory);
    quotas.create(
        "{metadata: {name: " + name + ", labels: {e2e-rq-label: rq}}, spec: " + spec + "}");
    KubeObject read = quotas.get(name);
    Yaml.expect(read, "{spec: " + spec + "}");
    return read;
  }

  @Test
  @Codename("[sig-api-machinery] ResourceQuota should be able to update and delete ResourceQuota.")
  void updatedAndDeleted() {
    create("test-quota", "1", "500Mi");
    String spec = "{spec: " + hard("2", "1Gi") + "}";
    // As in upstream's test, the update names no version.
    KubeObject sent = Yaml.object("{metadata: {name: test-quota}, spec: " + hard("2", "1Gi") + "}");
    Yaml.expect(quotas.update(sent), spec);
    Yaml.expect(quotas.get("test-quota"), spec);
    quotas.delete("test-quota");
    quotas.absent("test-quota");
  }

  @Test
  @Codename("[sig-api-machinery] ResourceQuota should manage the lifecycle of a ResourceQuota")
  void lifecycle() {
    KubeObject made = create("e2e-quota", "1", "500Mi");
    assertThat(framework.resource("v1", "resourcequotas").labelled("e2e-rq-label=rq")).hasSize(1);
    String patch = "{metadata: {labels: {e2e: patched}}, spec: {hard: {memory: 750Mi}}}";
    KubeObject patched = quotas.patch(Resource.STRATEGIC, "e2e-quota", patch);
    Yaml.expect(patched, patch);
    assertThat(patched.at("spec", "hard", "cpu")).isEqualTo("1");
    assertThat(Long.parseLong(patched.resourceVersion()))
        .isGreaterThan(Long.parseLong(made.resourceVersion()));
    quotas.deleteCollection("e2e-rq-label=rq");
    quotas.absent("e2e-quota");
  }

  @Test
  @Codename("[sig-api-machinery] ResourceQuota should apply changes to a resourcequota status")
  void theStatus() {
    Events events = quotas.watch("e2e-rq-label=rq");
    create("e2e-rq-status", "500m", "500Mi");
    String status = "{status: " + hard("500m", "500Mi") + "}";
    Yaml.expect(
        quotas.retryOnConflict(
            "e2e-rq-status", newest -> Yaml.with(newest.withStatus(null), status), "status"),
        status);
    events.await("MODIFIED", quota -> limits(quota, "500m", "500Mi"));
    quotas.patch(Resource.STRATEGIC, "e2e-rq-status", "{spec: " + hard("1", "1Gi") + "}");
    patchStatus("1", "1Gi");
    events.await("MODIFIED", quota -> limits(quota, "1", "1Gi"));
    Yaml.expect(quotas.get("e2e-rq-status", "status"), "{status: " + hard("1", "1Gi") + "}");
    patchStatus("2", "2Gi");
    events.await("MODIFIED", quota -> limits(quota, "2", "2Gi"));
    framework.await(() -> limits(quotas.get("e2e-rq-status"), "1", "1Gi"));
  }

  private void patchStatus(String cpu, String memory) {
    String status = "{status: " + hard(cpu, memory) + "}";
    Yaml.expect(quotas.patch(Resource.STRATEGIC, "e2e-rq-status", status, "status"), status);
  }

  private static boolean limits(KubeObject quota, String cpu, String memory) {
    return cpu.equals(quota.at("status", "hard", "cpu"))
        && memory.equals(quota.at("status", "hard", "memory"));
  }
}
