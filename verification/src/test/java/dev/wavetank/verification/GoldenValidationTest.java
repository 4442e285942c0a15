package dev.wavetank.verification;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.Latencies;
import dev.wavetank.core.apiserver.registry.NodePortAllocator;
import dev.wavetank.core.apiserver.registry.Registry;
import dev.wavetank.core.apiserver.registry.ServiceIpAllocator;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.sim.Choices;
import dev.wavetank.core.sim.Simulation;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the create strategies refuse, and in which words, against recordings of the real ones. */
class GoldenValidationTest {
  private static final Pattern GENERATED = Pattern.compile("Bad_[a-z0-9]{5}");
  private static final Pattern UID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  @Test
  void validation() {
    GoldenCases.vectors("validation").every(GoldenValidationTest::check).score();
  }

  /** An API server without admission, as the recording had none. */
  private static ApiServer server() {
    ApiServer server = new ApiServer(new Simulation(Choices.first()), new Latencies(0, 0, 0, 0));
    Choices choices = server.simulation().choices();
    Registry.install(
        server,
        ImmutableList.of(
            new ServiceIpAllocator(IpAddress.parse("10.96.0.0"), 12, choices.stream("ips"))),
        new NodePortAllocator(choices.stream("ports")));
    return server;
  }

  private static void check(JsonNode recorded) {
    KubeObject object = KubeObject.of((KubeMap) GoldenCluster.tree(recorded.get("object")));
    ApiServer server = server();
    ResourceType type = server.typeOf(object.apiVersion(), object.kind());
    assertThat(type).as("the kind is served").isNotNull();
    ApiException refusal = null;
    try {
      server.create(type, server.decode(type, object, false), true);
    } catch (ApiException e) {
      refusal = e;
    }
    if (recorded.get("valid").asBoolean()) {
      assertThat(refusal).isNull();
      return;
    }
    assertThat(refusal).isNotNull();
    assertThat(refusal.code()).isEqualTo(recorded.get("code").asInt());
    assertThat(refusal.reason()).isEqualTo(recorded.get("reason").asText());
    String message = GENERATED.matcher(refusal.getMessage()).replaceAll("Bad_xxxxx");
    assertThat(UID.matcher(message).replaceAll("<uid>"))
        .isEqualTo(UID.matcher(recorded.get("message").asText()).replaceAll("<uid>"));
  }
}
