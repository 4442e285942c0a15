package dev.wavetank.verification.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.verification.conformance.Framework.Answer;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Follows test/e2e/apimachinery/discovery.go, aggregated_discovery.go, server_version.go and
 * table_conversion.go (v1.36).
 */
class DiscoveryConformanceTest {

  private static final String AGGREGATED =
      "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

  /** What discovery has to name, as {@code group/version/resource}. */
  private static final ImmutableList<String> EXPECTED =
      ImmutableList.of(
          "admissionregistration.k8s.io/v1/validatingwebhookconfigurations",
          "apiextensions.k8s.io/v1/customresourcedefinitions",
          "apiregistration.k8s.io/v1/apiservices",
          "apps/v1/deployments",
          "authentication.k8s.io/v1/tokenreviews",
          "authorization.k8s.io/v1/selfsubjectaccessreviews",
          "autoscaling/v1/horizontalpodautoscalers",
          "autoscaling/v2/horizontalpodautoscalers",
          "batch/v1/jobs",
          "certificates.k8s.io/v1/certificatesigningrequests",
          "coordination.k8s.io/v1/leases",
          "discovery.k8s.io/v1/endpointslices",
          "events.k8s.io/v1/events",
          "networking.k8s.io/v1/ingresses",
          "node.k8s.io/v1/runtimeclasses",
          "policy/v1/poddisruptionbudgets",
          "scheduling.k8s.io/v1/priorityclasses",
          "storage.k8s.io/v1/csinodes");

  private final Framework framework = Framework.of("discovery");

  private KubeMap aggregated(String path, String accept) {
    Answer answer = framework.get(path, "Accept", accept);
    assertThat(answer.header("Content-Type")).startsWith("application/json;g=apidiscovery.k8s.io");
    KubeMap document = answer.object(200).root();
    assertThat(document.string("kind", "")).isEqualTo("APIGroupDiscoveryList");
    return document;
  }

  private static boolean names(KubeMap document, String expected) {
    List<String> parts = Splitter.on('/').splitToList(expected);
    for (KubeMap group : document.listOrEmpty("items").maps()) {
      String name = group.mapOrEmpty("metadata").string("name", "");
      KubeMap version = group.listOrEmpty("versions").find("version", parts.get(1));
      if (name.equals(parts.get(0))
          && version != null
          && version.listOrEmpty("resources").find("resource", parts.get(2)) != null) {
        return true;
      }
    }
    return false;
  }

  private void expectAll(String accept) {
    KubeMap named = aggregated("/apis", accept);
    assertThat(EXPECTED).allMatch(expected -> names(named, expected));
    assertThat(names(aggregated("/api", accept), "/v1/namespaces")).isTrue();
  }

  private void expectOfDefinition(String accept) {
    CustomResources customResources = new CustomResources(framework);
    customResources.create(
        CustomResources.definition(
            "group1.example.com",
            "testcrds",
            "testcrd",
            "Namespaced",
            CustomResources.ALLOW_ALL,
            "v1"));
    framework.await(() -> names(aggregated("/apis", accept), "group1.example.com/v1/testcrds"));
  }

  /** What a client says that would take the unaggregated form as well. */
  private static String clientAccept() {
    return AGGREGATED
        + ",application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList"
        + ",application/json";
  }

  @Test
  @Codename(
      "[sig-api-machinery] AggregatedDiscovery should support raw aggregated discovery endpoint"
          + " Accept headers")
  void rawAggregatedDiscovery() {
    expectAll(AGGREGATED);
  }

  @Test
  @Codename(
      "[sig-api-machinery] AggregatedDiscovery should support raw aggregated discovery request for"
          + " CRDs")
  void rawAggregatedDiscoveryOfDefinitions() {
    expectOfDefinition(AGGREGATED);
  }

  @Test
  @Codename("[sig-api-machinery] AggregatedDiscovery should support aggregated discovery interface")
  void aggregatedDiscoveryOfClients() {
    expectAll(clientAccept());
  }

  @Test
  @Codename(
      "[sig-api-machinery] AggregatedDiscovery should support aggregated discovery interface for"
          + " CRDs")
  void aggregatedDiscoveryOfClientsAndDefinitions() {
    expectOfDefinition(clientAccept());
  }

  @Test
  @Codename("[sig-api-machinery] Discovery should validate PreferredVersion for each APIGroup")
  void thePreferredVersionOfEachGroupIsOneOfItsVersions() {
    KubeMap groups = framework.get("/apis/").object(200).root();
    assertThat(groups.listOrEmpty("groups").size()).isGreaterThanOrEqualTo(EXPECTED.size() - 1);
    for (KubeMap listed : groups.listOrEmpty("groups").maps()) {
      KubeObject group = framework.get("/apis/" + listed.string("name", "") + "/").object(200);
      Object preferred = group.at("preferredVersion", "groupVersion");
      assertThat(preferred).isInstanceOf(String.class);
      assertThat(group.root().listOrEmpty("versions").find("groupVersion", preferred.toString()))
          .as(group.toString())
          .isNotNull();
    }
  }

  @Test
  @Codename(
      "[sig-api-machinery] Discovery should locate the groupVersion and a resource within each"
          + " APIGroup")
  void eachGroupHasItsVersionAndAResource() {
    expectResource("/api/v1", "v1", "namespaces");
    for (String expected : EXPECTED) {
      int slash = expected.lastIndexOf('/');
      String groupVersion = expected.substring(0, slash);
      expectResource("/apis/" + groupVersion, groupVersion, expected.substring(slash + 1));
    }
  }

  private void expectResource(String path, String groupVersion, String resource) {
    KubeMap list = framework.get(path).object(200).root();
    assertThat(list.string("groupVersion", "")).isEqualTo(groupVersion);
    assertThat(list.listOrEmpty("resources").find("name", resource)).isNotNull();
  }

  @Test
  @Codename(
      "[sig-api-machinery] CustomResourceDefinition resources [Privileged:ClusterAdmin] should"
          + " include custom resource definition resources in discovery documents")
  void definitionsAreInTheDiscoveryDocuments() {
    KubeMap groups = framework.get("/apis").object(200).root();
    KubeMap listed = groups.listOrEmpty("groups").find("name", "apiextensions.k8s.io");
    assertThat(listed).isNotNull();
    assertThat(listed.listOrEmpty("versions").find("version", "v1")).isNotNull();
    KubeMap group = framework.get("/apis/apiextensions.k8s.io").object(200).root();
    assertThat(group.string("name", "")).isEqualTo("apiextensions.k8s.io");
    assertThat(group.listOrEmpty("versions").find("version", "v1")).isNotNull();
    expectResource(
        "/apis/apiextensions.k8s.io/v1", "apiextensions.k8s.io/v1", "customresourcedefinitions");
  }

  @Test
  @Codename("[sig-api-machinery] server version should find the server version")
  void theServersVersion() {
    KubeMap version = framework.get("/version").object(200).root();
    assertThat(version.string("major", "")).matches("[1-9]");
    assertThat(version.string("minor", "")).matches("[0-9]+[^0-9]*");
  }

  @Test
  @Codename(
      "[sig-api-machinery] Servers with support for Table transformation should return a 406 for a"
          + " backend which does not implement metadata")
  void aTableOfWhatHasNoMetadataIsNotAcceptable() {
    Answer answer =
        framework.send(
            "POST",
            "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
            "{\"apiVersion\":\"authorization.k8s.io/v1\",\"kind\":\"SelfSubjectAccessReview\","
                + "\"spec\":{\"nonResourceAttributes\":{\"path\":\"/\",\"verb\":\"get\"}}}",
            "Accept",
            "application/json;as=Table;v=v1;g=meta.k8s.io");
    assertThat(answer.code()).isEqualTo(406);
  }
}
