package dev.wavetank.verification;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.proxy.ChainNames;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Names of chains against those of kube-proxy's own functions. */
class GoldenChainNamesTest {

  @Test
  void namesOfServiceAndEndpointChains() {
    GoldenCases.vectors("names-iptables-chains").every(GoldenChainNamesTest::check).score();
  }

  private static void check(JsonNode json) {
    String name = json.get("servicePortName").textValue();
    Protocol protocol = Protocol.of(json.get("protocol").textValue().toUpperCase(Locale.ROOT));
    assertThat(ChainNames.clusterPolicy(name, protocol)).isEqualTo(json.get("svc").textValue());
    assertThat(ChainNames.localPolicy(name, protocol)).isEqualTo(json.get("svl").textValue());
    assertThat(ChainNames.external(name, protocol)).isEqualTo(json.get("ext").textValue());
    assertThat(ChainNames.firewall(name, protocol)).isEqualTo(json.get("fw").textValue());
    assertThat(ChainNames.endpoint(name, protocol, json.get("endpoint").textValue()))
        .isEqualTo(json.get("sep").textValue());
  }
}
