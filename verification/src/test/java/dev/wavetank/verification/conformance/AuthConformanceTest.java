package dev.wavetank.verification.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.verification.conformance.Framework.Answer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Follows test/e2e/auth/service_accounts.go and subjectreviews.go (v1.36). */
class AuthConformanceTest {

  private static final String ROOT_CA = "kube-root-ca.crt";

  private final Framework framework = Framework.of("svcaccounts");
  private final Resource accounts = framework.namespaced("v1", "serviceaccounts");

  @Test
  @Codename("[sig-auth] ServiceAccounts should allow opting out of API token automount")
  void tokensThatAreNotMounted() {
    accounts.create("{metadata: {name: mount}, automountServiceAccountToken: true}");
    accounts.create("{metadata: {name: nomount}, automountServiceAccountToken: false}");
    for (String account : List.of("default", "mount", "nomount")) {
      expectMount(account, "", !account.equals("nomount"));
      expectMount(account, "automountServiceAccountToken: true, ", true);
      expectMount(account, "automountServiceAccountToken: false, ", false);
    }
  }

  private void expectMount(String account, String said, boolean expected) {
    KubeObject pod =
        framework
            .namespaced("v1", "pods")
            .create(
                "{metadata: {generateName: pod-}, spec: {restartPolicy: Never, serviceAccountName: "
                    + account
                    + ", "
                    + said
                    + "containers: [{name: token-test, image: agnhost}]}}");
    KubeMap container = pod.spec().listOrEmpty("containers").map(0);
    String path = "/var/run/secrets/kubernetes.io/serviceaccount";
    assertThat(container.listOrEmpty("volumeMounts").find("mountPath", path) != null)
        .as(account + " " + said)
        .isEqualTo(expected);
  }

  @Test
  @Codename(
      "[sig-auth] ServiceAccounts should create a serviceAccountToken and ensure a successful"
          + " TokenReview")
  void aTokenIsReviewed() {
    KubeObject account = accounts.create("{metadata: {name: e2e-sa}}");
    KubeObject request =
        framework
            .send(
                "POST",
                accounts.path("e2e-sa", "token"),
                "{\"apiVersion\":\"authentication.k8s.io/v1\",\"kind\":\"TokenRequest\",\"spec\":"
                    + "{\"audiences\":[]}}",
                "Content-Type",
                "application/json")
            .object(201);
    String token = request.status().string("token", "");
    assertThat(token).isNotEmpty();
    KubeMap status =
        framework
            .resource("authentication.k8s.io/v1", "tokenreviews")
            .create("{spec: {token: '" + token + "'}}")
            .status();
    assertThat(status.bool("authenticated", false)).isTrue();
    assertThat(status.string("error", "")).isEmpty();
    String namespace = framework.namespace();
    KubeMap user = status.mapOrEmpty("user");
    assertThat(user.string("username")).isEqualTo("system:serviceaccount:" + namespace + ":e2e-sa");
    assertThat(user.string("uid")).isEqualTo(account.uid());
    for (String group :
        List.of(
            "system:serviceaccounts",
            "system:serviceaccounts:" + namespace,
            "system:authenticated")) {
      assertThat(user.listOrEmpty("groups").contains(group)).isTrue();
    }
  }

  @Test
  @Codename("[sig-auth] ServiceAccounts should guarantee kube-root-ca.crt exist in any namespace")
  void theRootCertificateOfEachNamespace() {
    Resource configMaps = framework.namespaced("v1", "configmaps");
    framework.await(() -> configMaps.exists(ROOT_CA));
    configMaps.delete(ROOT_CA);
    framework.await(() -> configMaps.exists(ROOT_CA));
    configMaps.update(Yaml.object("{metadata: {name: " + ROOT_CA + "}, data: {ca.crt: ''}}"));
    framework.await(
        () -> configMaps.get(ROOT_CA).root().mapOrEmpty("data").string("ca.crt", "").length() > 0);
  }

  @Test
  @Codename("[sig-auth] ServiceAccounts should run through the lifecycle of a ServiceAccount")
  void theLifecycleOfAServiceAccount() {
    String label = "test-serviceaccount-static=true";
    KubeObject made =
        accounts.create("{metadata: {name: test, labels: {test-serviceaccount-static: 'true'}}}");
    assertThat(accounts.get("test").uid()).isEqualTo(made.uid());
    Events events = accounts.watchFrom("", label);
    events.expect("ADDED", made);
    KubeObject patched =
        accounts.patch(Resource.STRATEGIC, "test", "{automountServiceAccountToken: false}");
    events.expect("MODIFIED", patched);
    List<KubeObject> found = framework.resource("v1", "serviceaccounts").labelled(label);
    assertThat(found).hasSize(1);
    assertThat(found.get(0).at("automountServiceAccountToken")).isEqualTo(false);
    Answer answer = framework.send("DELETE", accounts.path(), "");
    assertThat(answer.code()).isEqualTo(200);
    events.expect("DELETED");
    framework.await(() -> accounts.exists("default"));
  }

  @Test
  @Codename("[sig-auth] ServiceAccounts should update a ServiceAccount")
  void aServiceAccountIsUpdated() {
    accounts.create("{metadata: {name: e2e-sa}}");
    KubeObject updated =
        accounts.retryOnConflict(
            "e2e-sa", newest -> newest.with(true, "automountServiceAccountToken"));
    assertThat(updated.at("automountServiceAccountToken")).isEqualTo(true);
  }

  @Test
  @Codename("[sig-auth] SubjectReview should support SubjectReview API operations")
  void whatReviewsSayIsWhatHappens() {
    KubeObject account = accounts.create("{metadata: {name: e2e}}");
    String namespace = framework.namespace();
    String user = "system:serviceaccount:" + namespace + ":e2e";
    String groups =
        "groups: ['system:authenticated', 'system:serviceaccounts', 'system:serviceaccounts:"
            + namespace
            + "']";
    String spec =
        "spec: {resourceAttributes: {verb: list, resource: configmaps, version: v1, namespace: "
            + namespace
            + "}, "
            + groups
            + ", uid: "
            + account.uid()
            + ", user: ";
    Answer list =
        framework.get(
            framework.namespaced("v1", "configmaps").path(),
            "Impersonate-User",
            user,
            "Impersonate-Uid",
            account.uid(),
            "Impersonate-Group",
            "system:authenticated");
    assertThat(list.code()).isEqualTo(403);
    String authorization = "authorization.k8s.io/v1";
    for (KubeObject review :
        List.of(
            framework
                .resource(authorization, "subjectaccessreviews")
                .create("{" + spec + "'" + user + "'}}"),
            framework
                .namespaced(authorization, "localsubjectaccessreviews")
                .create("{metadata: {namespace: " + namespace + "}, " + spec + "e2e}}"))) {
      assertThat(review.at("status", "allowed")).isEqualTo(false);
    }
  }
}
