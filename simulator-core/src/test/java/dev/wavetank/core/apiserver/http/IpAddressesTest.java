package dev.wavetank.core.apiserver.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.Admission;
import dev.wavetank.core.apiserver.http.HttpClient.Answer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class IpAddressesTest {

  private static final String NETWORKING = "/apis/networking.k8s.io/v1/";
  private static final String SERVICES = "/api/v1/namespaces/default/services";

  private final HttpClient client = new HttpClient();

  private Answer service(String name, String query, String spec) {
    return client.post(
        SERVICES + query,
        "{\"metadata\":{\"name\":\""
            + name
            + "\"},\"spec\":{"
            + spec
            + "\"ports\":[{\"port\":80}]}}");
  }

  private List<String> addresses() {
    List<String> names = new ArrayList<>();
    KubeMap list = client.get(NETWORKING + "ipaddresses").json();
    list.listOrEmpty("items").maps().forEach(item -> names.add(KubeObject.of(item).name()));
    return names;
  }

  @Test
  void api_A_212_aFreshClusterHasItsServiceCidrAndOneAddress() {
    KubeObject cidr = KubeObject.of(client.get(NETWORKING + "servicecidrs/kubernetes").json());
    assertThat(cidr.spec().listOrEmpty("cidrs").get(0)).isEqualTo("10.96.0.0/12");
    KubeMap ready = cidr.status().listOrEmpty("conditions").map(0);
    assertThat(ready.string("type")).isEqualTo("Ready");
    assertThat(ready.string("status")).isEqualTo("True");
    assertThat(ready.string("message")).isEqualTo("Kubernetes default Service CIDR is ready");
    assertThat(addresses()).containsExactly("10.96.0.1");
  }

  @Test
  void aDeletedDefaultServiceCidrIsBackInTheNextRound() {
    client.send("DELETE", NETWORKING + "servicecidrs/kubernetes", "");
    assertThat(client.get(NETWORKING + "servicecidrs/kubernetes").code()).isEqualTo(404);
    client.simulation.runUntil(client.simulation.now() + 10_000_000_000L);
    assertThat(client.get(NETWORKING + "servicecidrs/kubernetes").code()).isEqualTo(200);
  }

  @Test
  void net_A_11_aClusterIpIsAnIpAddressOfItsService() {
    String ip = KubeObject.of(service("web", "", "").json()).spec().string("clusterIP", "");
    KubeObject address = KubeObject.of(client.get(NETWORKING + "ipaddresses/" + ip).json());
    assertThat(address.labels())
        .isEqualTo(
            KubeMap.of(
                "ipaddress.kubernetes.io/ip-family",
                "IPv4",
                "ipaddress.kubernetes.io/managed-by",
                "ipallocator.k8s.io"));
    assertThat(address.spec().mapOrEmpty("parentRef"))
        .isEqualTo(KubeMap.of("resource", "services", "namespace", "default", "name", "web"));
    client.send("DELETE", SERVICES + "/web", "");
    assertThat(addresses()).doesNotContain(ip);
  }

  @Test
  void net_A_11_aServiceThatIsRefusedOrTriedHasNone() {
    service("dry", "?dryRun=All", "");
    service("bad", "", "\"sessionAffinity\":\"Foo\",");
    service("none", "", "\"clusterIP\":\"None\",");
    assertThat(addresses()).containsExactly("10.96.0.1");
  }

  @Test
  void net_A_11_anAddressThatSomebodyElseHasIsTaken() {
    client.post(
        NETWORKING + "ipaddresses",
        "{\"metadata\":{\"name\":\"10.96.0.77\"},\"spec\":{\"parentRef\":{\"resource\":\"things\","
            + "\"name\":\"mine\"}}}");
    assertThat(service("web", "", "\"clusterIP\":\"10.96.0.77\",").message())
        .contains("failed to allocate IP 10.96.0.77: provided IP is already allocated");
    client.send("DELETE", NETWORKING + "ipaddresses/10.96.0.77", "");
    assertThat(service("web", "", "\"clusterIP\":\"10.96.0.77\",").code()).isEqualTo(201);
  }

  @Test
  void net_A_11_anAddressThatItsServiceHasIsMadeAgain() {
    service("web", "", "\"clusterIP\":\"10.96.0.77\",");
    client.send("DELETE", NETWORKING + "ipaddresses/10.96.0.77", "");
    assertThat(addresses()).doesNotContain("10.96.0.77");
    client.simulation.runUntil(client.simulation.now());
    assertThat(addresses()).contains("10.96.0.77");
  }

  /** Refuses every write of an IPAddress from now on. */
  private void refuseAddresses() {
    client.server.admit(
        new Admission() {
          @Override
          public KubeObject admit(
              ResourceType type, KubeObject object, @Nullable KubeObject before) {
            admitDelete(type, object);
            return object;
          }

          @Override
          public void admitDelete(ResourceType type, KubeObject object) {
            if (type.equals(ResourceType.IP_ADDRESSES)) {
              throw new ApiException(Status.forbidden(type, object.name(), "not now"));
            }
          }
        });
  }

  @Test
  void aServiceWhoseAddressIsRefusedIsRefused() {
    refuseAddresses();
    Answer answer = service("web", "", "\"clusterIP\":\"10.96.0.77\",");
    assertThat(answer.code()).isEqualTo(403);
    assertThat(answer.message()).contains("ipaddresses.networking.k8s.io \"10.96.0.77\"");
    assertThat(client.get(SERVICES + "/web").code()).isEqualTo(404);
  }

  @Test
  void aServiceGoesThoughItsAddressMayNot() {
    service("web", "", "\"clusterIP\":\"10.96.0.77\",");
    refuseAddresses();
    assertThat(client.send("DELETE", SERVICES + "/web", "").code()).isEqualTo(200);
    assertThat(addresses()).contains("10.96.0.77");
    assertThat(service("other", "", "\"clusterIP\":\"10.96.0.77\",").message())
        .contains("provided IP is already allocated");
  }
}
