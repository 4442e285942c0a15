package dev.wavetank.verification;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.proxy.ChainNames;
import dev.wavetank.proxy.NftablesNames;
import dev.wavetank.proxy.ServicePortName;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Names of chains against those of kube-proxy's own functions. */
class GoldenChainNamesTest {

  @Test
  void namesOfServiceAndEndpointChains() {
    GoldenCases.vectors("names-iptables-chains").every(GoldenChainNamesTest::check).score();
  }

  @Test
  void namesOfNftablesChains() {
    GoldenCases.vectors("names-nftables-chains").every(GoldenChainNamesTest::checkNft).score();
  }

  private static void checkNft(JsonNode json) {
    Protocol protocol = Protocol.of(json.get("protocol").textValue().toUpperCase(Locale.ROOT));
    ServicePortName name =
        new ServicePortName(
            json.get("namespace").textValue(),
            json.get("service").textValue(),
            json.get("port").textValue(),
            protocol);
    assertThat(NftablesNames.base(name)).isEqualTo(json.get("serviceBase").textValue());
    assertThat(NftablesNames.base(name, json.get("endpoint").textValue()))
        .isEqualTo(json.get("endpointBase").textValue());
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
