package dev.wavetank.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.network.Protocol;
import org.junit.jupiter.api.Test;

class ChainNamesTest {

  @Test
  void net_I_01_aChainIsNamedByAHashOfServicePortAndProtocol() {
    assertThat(ChainNames.clusterPolicy("default/todobackend", Protocol.TCP))
        .isEqualTo("KUBE-SVC-NDXUXOZJV25S5TU7");
    assertThat(ChainNames.clusterPolicy("default/kubernetes:https", Protocol.TCP))
        .isEqualTo("KUBE-SVC-NPX46M4PTMTKRN6Y");
    assertThat(ChainNames.clusterPolicy("kube-system/kube-dns:dns", Protocol.UDP))
        .isEqualTo("KUBE-SVC-TCOU7JCQXEZGVUNU");
    assertThat(ChainNames.clusterPolicy("kube-system/kube-dns:dns-tcp", Protocol.TCP))
        .isEqualTo("KUBE-SVC-ERIFXISQEP7F7OF4");
    assertThat(ChainNames.clusterPolicy("kube-system/kube-dns:metrics", Protocol.TCP))
        .isEqualTo("KUBE-SVC-JD5MR3NA4I4DYORP");
  }

  @Test
  void net_I_01_anEndpointsChainHashesItsAddressToo() {
    assertThat(ChainNames.endpoint("default/todobackend", Protocol.TCP, "10.244.1.2:8080"))
        .isEqualTo("KUBE-SEP-E2URIE5QK2XXCZHA");
    assertThat(ChainNames.endpoint("kube-system/kube-dns:dns", Protocol.UDP, "10.244.0.3:53"))
        .isEqualTo("KUBE-SEP-6E7XQMQ4RAYOWTTM");
  }

  @Test
  void net_I_02_namesFitIntoTheKernel() {
    String name = "a-namespace-of-a-long-name/a-service-of-a-long-name:port";
    assertThat(ChainNames.clusterPolicy(name, Protocol.TCP)).startsWith("KUBE-SVC-").hasSize(25);
    assertThat(ChainNames.localPolicy(name, Protocol.TCP)).startsWith("KUBE-SVL-").hasSize(25);
    assertThat(ChainNames.external(name, Protocol.SCTP)).startsWith("KUBE-EXT-").hasSize(25);
    assertThat(ChainNames.firewall(name, Protocol.UDP)).startsWith("KUBE-FW-").hasSize(24);
  }
}
