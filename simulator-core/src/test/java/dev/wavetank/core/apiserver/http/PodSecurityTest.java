package dev.wavetank.core.apiserver.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.apiserver.http.HttpClient.Answer;
import org.junit.jupiter.api.Test;

class PodSecurityTest {

  private static final String PODS = "/api/v1/namespaces/default/pods";
  private static final String PLAIN = "{\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}";
  private static final String DETAILS =
      "allowPrivilegeEscalation != false (container \"c\" must set"
          + " securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container"
          + " \"c\" must set securityContext.capabilities.drop=[\"ALL\"]), runAsNonRoot != true (pod"
          + " or container \"c\" must set securityContext.runAsNonRoot=true), seccompProfile (pod or"
          + " container \"c\" must set securityContext.seccompProfile.type to \"RuntimeDefault\" or"
          + " \"Localhost\")";

  private final HttpClient client = new HttpClient();

  private Answer label(String mode, String level) {
    return client.patch(
        "/api/v1/namespaces/default",
        "merge-patch+json",
        "{\"metadata\":{\"labels\":{\"pod-security.kubernetes.io/"
            + mode
            + "\":\""
            + level
            + "\"}}}");
  }

  private Answer pod(String name, String spec) {
    return client.post(PODS, "{\"metadata\":{\"name\":\"" + name + "\"},\"spec\":" + spec + "}");
  }

  @Test
  void api_A_195_whatIsEnforcedIsRefused() {
    label("enforce", "restricted");
    Answer refused = pod("a", PLAIN);
    assertThat(refused.code()).isEqualTo(403);
    assertThat(refused.message())
        .isEqualTo(
            "pods \"a\" is forbidden: violates PodSecurity \"restricted:latest\": " + DETAILS);
  }

  @Test
  void api_A_195_aPodThatKeepsTheRulesIsCreated() {
    label("enforce", "restricted");
    Answer made =
        pod(
            "a",
            "{\"securityContext\":{\"runAsNonRoot\":true,\"seccompProfile\":"
                + "{\"type\":\"RuntimeDefault\"}},\"containers\":[{\"name\":\"c\",\"image\":\"i\","
                + "\"securityContext\":{\"allowPrivilegeEscalation\":false,"
                + "\"capabilities\":{\"drop\":[\"ALL\"]}}}]}");
    assertThat(made.code()).as(made.text()).isEqualTo(201);
    assertThat(made.header("Warning")).isEmpty();
  }

  @Test
  void api_A_195_theBaselineForbidsWhatReachesTheNode() {
    label("enforce", "baseline");
    assertThat(pod("a", PLAIN).code()).isEqualTo(201);
    assertThat(
            pod(
                    "b",
                    "{\"hostNetwork\":true,\"hostPID\":true,\"volumes\":[{\"name\":\"v\","
                        + "\"hostPath\":{\"path\":\"/\"}}],\"containers\":[{\"name\":\"c\","
                        + "\"image\":\"i\",\"ports\":[{\"containerPort\":80,\"hostPort\":80}],"
                        + "\"securityContext\":{\"privileged\":true}}]}")
                .message())
        .endsWith(
            "violates PodSecurity \"baseline:latest\": host namespaces (hostNetwork=true,"
                + " hostPID=true), hostPath volumes (volume \"v\"), hostPort (container \"c\" uses"
                + " hostPort 80), privileged (container \"c\" must not set"
                + " securityContext.privileged=true)");
  }

  @Test
  void api_A_195_workloadsAreWarnedOf() {
    label("enforce", "restricted");
    Answer made =
        client.post(
            "/apis/apps/v1/namespaces/default/deployments",
            "{\"metadata\":{\"name\":\"d\"},\"spec\":{\"selector\":{\"matchLabels\":"
                + "{\"a\":\"b\"}},\"template\":{\"metadata\":{\"labels\":{\"a\":\"b\"}},\"spec\":"
                + PLAIN
                + "}}}");
    assertThat(made.code()).isEqualTo(201);
    assertThat(made.header("Warning").replace("\\\"", "\""))
        .contains("would violate PodSecurity \"restricted:latest\": " + DETAILS);
  }

  @Test
  void api_A_196_aStricterLevelWarnsOfPodsThatAreThere() {
    pod("a", PLAIN);
    pod("b", PLAIN);
    Answer labelled = label("enforce", "restricted");
    assertThat(labelled.code()).isEqualTo(200);
    assertThat(labelled.header("Warning").replace("\\\"", "\""))
        .contains(
            "existing pods in namespace \"default\" violate the new PodSecurity enforce level"
                + " \"restricted:latest\"")
        .contains(
            "a (and 1 other pod): allowPrivilegeEscalation != false, unrestricted capabilities,"
                + " runAsNonRoot != true, seccompProfile");
  }

  @Test
  void api_A_196_aLevelThatIsNoneIsRefused() {
    Answer refused = label("enforce", "foo");
    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.message())
        .endsWith(
            "metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: \"foo\": must be"
                + " one of privileged, baseline, restricted");
  }
}
