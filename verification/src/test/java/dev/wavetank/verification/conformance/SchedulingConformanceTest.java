package dev.wavetank.verification.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeObject;
import org.junit.jupiter.api.Test;

/** Follows test/e2e/scheduling/limit_range.go and preemption.go (v1.36). */
class SchedulingConformanceTest {

  private final Framework framework = Framework.of("scheduling");

  @Test
  @Codename("[sig-scheduling] LimitRange should list, patch and delete a LimitRange by collection")
  void limitRanges() {
    String limits =
        "limits: [{type: Container, min: {cpu: 50m, memory: 100Mi, ephemeral-storage: 100Gi}, max:"
            + " {cpu: 500m, memory: 500Mi, ephemeral-storage: 500Gi}, default: {cpu: 500m, memory:"
            + " 500Mi, ephemeral-storage: 500Gi}, defaultRequest: {cpu: 100m, memory: 200Mi,"
            + " ephemeral-storage: 200Gi}}]";
    String limitRange =
        "{metadata: {name: e2e-limitrange, labels: {e2e-test: lr, lr: created}}, spec: {"
            + limits
            + "}}";
    Resource limitRanges = framework.namespaced("v1", "limitranges");
    KubeObject made = limitRanges.create(limitRange);
    framework.createNamespace("e2e-limitrange");
    framework.resourceIn("e2e-limitrange", "v1", "limitranges").create(limitRange);
    Resource everywhere = framework.resource("v1", "limitranges");
    assertThat(everywhere.labelled("e2e-test=lr")).hasSize(2);
    String patch =
        "{metadata: {labels: {lr: patched}}, spec: {"
            + limits.replace(
                "min: {cpu: 50m, memory: 100Mi, ephemeral-storage: 100Gi}",
                "min: {cpu: 9m, memory: 49Mi, ephemeral-storage: 49Gi}")
            + "}}";
    KubeObject patched = limitRanges.patch(Resource.STRATEGIC, "e2e-limitrange", patch);
    Yaml.expect(patched, patch);
    assertThat(Long.parseLong(patched.resourceVersion()))
        .isGreaterThan(Long.parseLong(made.resourceVersion()));
    limitRanges.deleteCollection("lr=patched");
    assertThat(everywhere.labelled("e2e-test=lr")).hasSize(1);
  }

  @Test
  @Codename(
      "[sig-scheduling] SchedulerPreemption [Serial] PriorityClass endpoints verify PriorityClass"
          + " endpoints can be operated with different HTTP methods")
  void priorityClasses() {
    Resource classes = framework.resource("scheduling.k8s.io/v1", "priorityclasses");
    KubeObject first = classes.create("{metadata: {name: p1}, value: 1000000000}");
    KubeObject second = classes.create("{metadata: {name: p2}, value: 900000000}");
    assertThat(
            classes.tryPatch(Resource.STRATEGIC, classes.path("p1"), "{value: 100000000}").code())
        .isEqualTo(422);
    assertThat(classes.tryUpdate(second.with(90000000L, "value")).code()).isEqualTo(422);
    String description = "{description: updated description}";
    classes.patch(Resource.STRATEGIC, "p1", description);
    classes.update(Yaml.with(second, description));
    assertThat(classes.list("")).extracting(KubeObject::name).contains("p1", "p2");
    for (KubeObject before : new KubeObject[] {first, second}) {
      KubeObject live = classes.get(before.name());
      Yaml.expect(live, description);
      assertThat(live.at("value")).isEqualTo(before.at("value"));
      assertThat(Long.parseLong(live.resourceVersion()))
          .isGreaterThan(Long.parseLong(before.resourceVersion()));
    }
  }
}
