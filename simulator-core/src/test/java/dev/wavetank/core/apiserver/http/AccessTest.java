package dev.wavetank.core.apiserver.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.Json;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.apiserver.http.HttpClient.Answer;
import org.junit.jupiter.api.Test;

class AccessTest {

  private static final String RBAC = "/apis/rbac.authorization.k8s.io/v1";
  private static final String AUTHORIZATION = "/apis/authorization.k8s.io/v1/";
  private static final String AUTHENTICATION = "/apis/authentication.k8s.io/v1/";
  private static final String PODS = "/api/v1/namespaces/w/pods";

  private final HttpClient client = new HttpClient();

  private Answer as(String user, String method, String path, String body) {
    return client.send(method, path, body, "Impersonate-User", user);
  }

  private Answer getAs(String user, String path) {
    return as(user, "GET", path, "");
  }

  private void namespace() {
    client.post("/api/v1/namespaces", "{\"metadata\":{\"name\":\"w\"}}");
  }

  private void role(String name, String rules) {
    Answer made =
        client.post(
            RBAC + "/namespaces/w/roles",
            "{\"metadata\":{\"name\":\"" + name + "\"},\"rules\":[" + rules + "]}");
    assertThat(made.code()).as(made.text()).isEqualTo(201);
  }

  private void bind(String role, String subject) {
    Answer made =
        client.post(
            RBAC + "/namespaces/w/rolebindings",
            "{\"metadata\":{\"name\":\"rb1\"},\"roleRef\":{\"kind\":\"Role\",\"name\":\""
                + role
                + "\"},\"subjects\":["
                + subject
                + "]}");
    assertThat(made.code()).as(made.text()).isEqualTo(201);
  }

  private void janeReadsPods() {
    namespace();
    role("r1", "{\"verbs\":[\"get\",\"list\"],\"apiGroups\":[\"\"],\"resources\":[\"pods\"]}");
    bind("r1", "{\"kind\":\"User\",\"name\":\"jane\"}");
  }

  @Test
  void api_A_005_aTokenThatIsNobodysIsRefused() {
    Answer answer = client.get("/api/v1/pods", "Authorization", "Bearer nonsense");
    assertThat(answer.code()).isEqualTo(401);
    assertThat(answer.message()).isEqualTo("Unauthorized");
    assertThat(answer.reason()).isEqualTo("Unauthorized");
    assertThat(answer.json().has("details")).isFalse();
  }

  @Test
  void api_A_005_anonymousUsersReadTheVersion() {
    assertThat(getAs("system:anonymous", "/version").code()).isEqualTo(200);
    assertThat(getAs("system:anonymous", "/healthz").code()).isEqualTo(200);
    assertThat(getAs("system:anonymous", "/api/v1/pods").code()).isEqualTo(403);
  }

  @Test
  void api_A_006_whatIsNotAllowedIsForbidden() {
    assertThat(getAs("jane", PODS).message())
        .isEqualTo(
            "pods is forbidden: User \"jane\" cannot list resource \"pods\" in API group \"\" in the"
                + " namespace \"w\"");
    assertThat(getAs("jane", "/api/v1/nodes").message())
        .isEqualTo(
            "nodes is forbidden: User \"jane\" cannot list resource \"nodes\" in API group \"\" at"
                + " the cluster scope");
    Answer named = as("jane", "DELETE", PODS + "/foo", "");
    assertThat(named.message())
        .isEqualTo(
            "pods \"foo\" is forbidden: User \"jane\" cannot delete resource \"pods\" in API group"
                + " \"\" in the namespace \"w\"");
    assertThat(Json.write(named.json().mapOrEmpty("details")))
        .isEqualTo("{\"name\":\"foo\",\"kind\":\"pods\"}");
    assertThat(getAs("jane", PODS + "/foo/log").message())
        .contains("cannot get resource \"pods/log\"");
    assertThat(getAs("jane", "/apis/apps/v1/deployments").message())
        .startsWith(
            "deployments.apps is forbidden: User \"jane\" cannot list resource \"deployments\" in"
                + " API group \"apps\"");
    assertThat(getAs("jane", "/metrics").message())
        .isEqualTo("forbidden: User \"jane\" cannot get path \"/metrics\"");
  }

  @Test
  void api_A_232_rolesAllowWhatTheySay() {
    janeReadsPods();
    assertThat(getAs("jane", PODS).code()).isEqualTo(200);
    assertThat(getAs("jane", PODS + "?watch=true").code()).isEqualTo(403);
    assertThat(getAs("jane", PODS + "/a/log").code()).isEqualTo(403);
    assertThat(getAs("jane", "/api/v1/namespaces/default/pods").code()).isEqualTo(403);
    assertThat(getAs("joe", PODS).code()).isEqualTo(403);
  }

  @Test
  void api_A_232_aClusterRoleIsGivenInANamespace() {
    namespace();
    client.post(
        RBAC + "/namespaces/w/rolebindings",
        "{\"metadata\":{\"name\":\"v\"},\"roleRef\":{\"kind\":\"ClusterRole\",\"name\":\"view\"},"
            + "\"subjects\":[{\"kind\":\"Group\",\"name\":\"system:serviceaccounts:w\"}]}");
    assertThat(getAs("system:serviceaccount:w:robot", PODS).code()).isEqualTo(200);
    assertThat(getAs("system:serviceaccount:w:robot", "/api/v1/namespaces/w/secrets").code())
        .isEqualTo(403);
  }

  @Test
  void api_A_232_resourceNamesNarrowARule() {
    namespace();
    role(
        "r1",
        "{\"verbs\":[\"get\",\"list\"],\"apiGroups\":[\"\"],\"resources\":[\"configmaps\"],"
            + "\"resourceNames\":[\"a\"]}");
    bind("r1", "{\"kind\":\"User\",\"name\":\"jane\"}");
    String maps = "/api/v1/namespaces/w/configmaps";
    assertThat(getAs("jane", maps + "/a").code()).isEqualTo(404);
    assertThat(getAs("jane", maps + "/b").code()).isEqualTo(403);
    assertThat(getAs("jane", maps).code()).isEqualTo(403);
    assertThat(getAs("jane", maps + "?fieldSelector=metadata.name%3Da").code()).isEqualTo(200);
  }

  @Test
  void api_A_233_aReviewSaysWhy() {
    janeReadsPods();
    String body =
        "{\"spec\":{\"resourceAttributes\":{\"namespace\":\"w\",\"verb\":\"%s\","
            + "\"resource\":\"pods\"}}}";
    Answer allowed =
        as("jane", "POST", AUTHORIZATION + "selfsubjectaccessreviews", body.formatted("list"));
    assertThat(allowed.code()).isEqualTo(201);
    assertThat(Json.write(allowed.json().mapOrEmpty("status")))
        .isEqualTo(
            "{\"allowed\":true,\"reason\":\"RBAC: allowed by RoleBinding \\\"rb1/w\\\" of Role"
                + " \\\"r1\\\" to User \\\"jane\\\"\"}");
    Answer denied =
        as("jane", "POST", AUTHORIZATION + "selfsubjectaccessreviews", body.formatted("delete"));
    assertThat(Json.write(denied.json().mapOrEmpty("status"))).isEqualTo("{\"allowed\":false}");
    Answer admin =
        client.post(AUTHORIZATION + "selfsubjectaccessreviews", body.formatted("delete"));
    assertThat(Json.write(admin.json().mapOrEmpty("status"))).isEqualTo("{\"allowed\":true}");
  }

  @Test
  void api_A_233_aReviewOfSomebodyElse() {
    janeReadsPods();
    Answer answer =
        client.post(
            AUTHORIZATION + "subjectaccessreviews",
            "{\"spec\":{\"user\":\"jane\",\"resourceAttributes\":{\"namespace\":\"w\","
                + "\"verb\":\"get\",\"resource\":\"pods\"}}}");
    assertThat(answer.json().at("status", "allowed")).isEqualTo(true);
    assertThat(client.post(AUTHORIZATION + "subjectaccessreviews", "{\"spec\":{}}").code())
        .isEqualTo(422);
  }

  @Test
  void api_A_234_aUserSeesWhoHeIsAndWhatHeMay() {
    janeReadsPods();
    Answer who =
        client.send(
            "POST",
            AUTHENTICATION + "selfsubjectreviews",
            "{}",
            "Impersonate-User",
            "jane",
            "Impersonate-Group",
            "devs");
    assertThat(Json.write(who.json().mapOrEmpty("status")))
        .isEqualTo(
            "{\"userInfo\":{\"username\":\"jane\",\"groups\":[\"devs\",\"system:authenticated\"]}}");
    KubeMap status =
        as(
                "jane",
                "POST",
                AUTHORIZATION + "selfsubjectrulesreviews",
                "{\"spec\":{\"namespace\":\"w\"}}")
            .json()
            .mapOrEmpty("status");
    assertThat(status.get("incomplete")).isEqualTo(false);
    KubeList rules = status.listOrEmpty("resourceRules");
    assertThat(Json.write(rules.get(rules.size() - 1)))
        .isEqualTo("{\"verbs\":[\"get\",\"list\"],\"apiGroups\":[\"\"],\"resources\":[\"pods\"]}");
    assertThat(rules.map(0).listOrEmpty("resources").get(0)).isEqualTo("selfsubjectaccessreviews");
  }

  @Test
  void api_A_235_nobodyGivesAwayWhatHeHasNot() {
    namespace();
    role(
        "r1",
        "{\"verbs\":[\"*\"],\"apiGroups\":[\"rbac.authorization.k8s.io\"],"
            + "\"resources\":[\"*\"],\"resourceNames\":[]},"
            + "{\"verbs\":[\"list\"],\"apiGroups\":[\"\"],\"resources\":[\"secrets\"]}");
    client.send(
        "PATCH",
        RBAC + "/namespaces/w/roles/r1",
        "{\"rules\":[{\"verbs\":[\"create\",\"get\"],\"apiGroups\":"
            + "[\"rbac.authorization.k8s.io\"],\"resources\":[\"roles\",\"rolebindings\"]},"
            + "{\"verbs\":[\"list\"],\"apiGroups\":[\"\"],\"resources\":[\"secrets\"]}]}",
        "Content-Type",
        "application/merge-patch+json");
    bind("r1", "{\"kind\":\"User\",\"name\":\"jane\"}");
    String role =
        "{\"metadata\":{\"name\":\"esc\"},\"rules\":[{\"verbs\":[\"%s\"],\"apiGroups\":[\"\"],"
            + "\"resources\":[\"secrets\"]}]}";
    Answer refused = as("jane", "POST", RBAC + "/namespaces/w/roles", role.formatted("get"));
    assertThat(refused.code()).isEqualTo(403);
    assertThat(refused.message())
        .isEqualTo(
            """
            roles.rbac.authorization.k8s.io "esc" is forbidden: user "jane" \
            (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently \
            held:
            {APIGroups:[""], Resources:["secrets"], Verbs:["get"]}""");
    assertThat(as("jane", "POST", RBAC + "/namespaces/w/roles", role.formatted("list")).code())
        .isEqualTo(201);
    Answer bound =
        as(
            "jane",
            "POST",
            RBAC + "/namespaces/w/rolebindings",
            "{\"metadata\":{\"name\":\"b\"},\"roleRef\":{\"kind\":\"ClusterRole\","
                + "\"name\":\"cluster-admin\"},\"subjects\":[]}");
    assertThat(bound.code()).isEqualTo(403);
  }

  @Test
  void api_A_236_impersonationMustBeAllowed() {
    janeReadsPods();
    KubeMap token = token("w", "default", "{}");
    String bearer = "Bearer " + token.at("status", "token");
    Answer refused = client.get(PODS, "Authorization", bearer, "Impersonate-User", "jane");
    assertThat(refused.code()).isEqualTo(403);
    assertThat(refused.message())
        .isEqualTo(
            "pods is forbidden: User \"system:serviceaccount:w:default\" cannot"
                + " impersonate-on:user-info:list resource \"pods\" in API group \"\" in the"
                + " namespace \"w\"");
  }

  private KubeMap token(String namespace, String account, String spec) {
    String accounts = "/api/v1/namespaces/" + namespace + "/serviceaccounts";
    client.post(accounts, "{\"metadata\":{\"name\":\"" + account + "\"}}");
    return client.post(accounts + "/" + account + "/token", "{\"spec\":" + spec + "}").json();
  }

  @Test
  void api_A_238_aServiceAccountsTokenSaysWhoItIs() {
    janeReadsPods();
    String bearer = "Bearer " + token("w", "robot", "{}").at("status", "token");
    KubeMap user =
        client
            .send("POST", AUTHENTICATION + "selfsubjectreviews", "{}", "Authorization", bearer)
            .json()
            .mapOrEmpty("status")
            .mapOrEmpty("userInfo");
    assertThat(user.get("username")).isEqualTo("system:serviceaccount:w:robot");
    assertThat(user.get("groups"))
        .isEqualTo(
            KubeList.of(
                "system:serviceaccounts", "system:serviceaccounts:w", "system:authenticated"));
    assertThat(Json.write(user.mapOrEmpty("extra")))
        .startsWith("{\"authentication.kubernetes.io/credential-id\":[\"JTI=");
    client.send("DELETE", "/api/v1/namespaces/w/serviceaccounts/robot", "");
    assertThat(client.get(PODS, "Authorization", bearer).code()).isEqualTo(401);
  }

  @Test
  void api_A_164_tokensAreMadeOnRequest() {
    namespace();
    KubeMap made = token("w", "robot", "{}");
    assertThat(made.get("kind")).isEqualTo("TokenRequest");
    assertThat(made.at("spec", "expirationSeconds")).isEqualTo(3600L);
    assertThat(String.valueOf(made.at("status", "token"))).startsWith("eyJhbGciOiJSUzI1NiI");
    Answer refused =
        client.post(
            "/api/v1/namespaces/w/serviceaccounts/robot/token",
            "{\"spec\":{\"expirationSeconds\":60}}");
    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.message())
        .endsWith(
            "spec.expirationSeconds: Invalid value: 60: may not specify a duration less than 10"
                + " minutes");
    client.simulation.runUntil(client.simulation.now() + 3_601_000_000_000L);
    String bearer = "Bearer " + made.at("status", "token");
    assertThat(client.get(PODS, "Authorization", bearer).code()).isEqualTo(401);
  }

  @Test
  void api_A_238_aTokenIsReviewed() {
    namespace();
    String token = String.valueOf(token("w", "robot", "{}").at("status", "token"));
    KubeMap status =
        client
            .post(AUTHENTICATION + "tokenreviews", "{\"spec\":{\"token\":\"" + token + "\"}}")
            .json()
            .mapOrEmpty("status");
    assertThat(status.get("authenticated")).isEqualTo(true);
    assertThat(status.at("user", "username")).isEqualTo("system:serviceaccount:w:robot");
    KubeMap unknown =
        client
            .post(AUTHENTICATION + "tokenreviews", "{\"spec\":{\"token\":\"nonsense\"}}")
            .json()
            .mapOrEmpty("status");
    assertThat(unknown.has("authenticated")).isFalse();
  }

  @Test
  void api_A_215_theRolesOfEveryClusterAreThere() {
    assertThat(count("/clusterroles")).isEqualTo(69);
    assertThat(count("/clusterrolebindings")).isEqualTo(50);
    assertThat(count("/roles")).isEqualTo(7);
    assertThat(count("/rolebindings")).isEqualTo(7);
    KubeMap admin = client.get(RBAC + "/clusterroles/admin").json();
    assertThat(admin.listOrEmpty("rules").size()).isGreaterThan(20);
  }

  private int count(String resource) {
    return client.get(RBAC + resource).json().listOrEmpty("items").size();
  }

  @Test
  void api_A_183_theRoleOfABindingNeverChanges() {
    janeReadsPods();
    Answer refused =
        client.patch(
            RBAC + "/namespaces/w/rolebindings/rb1",
            "merge-patch+json",
            "{\"roleRef\":{\"name\":\"r2\"}}");
    assertThat(refused.message())
        .endsWith(
            "roleRef: Invalid value: {\"APIGroup\":\"rbac.authorization.k8s.io\",\"Kind\":\"Role\","
                + "\"Name\":\"r2\"}: cannot change roleRef");
  }
}
