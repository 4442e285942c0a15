package dev.wavetank.core.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wavetank.core.sim.SimulationBug;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class DeepHashTest {

  private static String fnv(byte[] bytes) {
    Fnv128 hash = new Fnv128();
    hash.add(bytes);
    return hash.hex();
  }

  private static String fnv(String text) {
    return fnv(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void nothingAndOneLetterHashAsPublished() {
    assertThat(fnv("")).isEqualTo("6c62272e07bb014262b821756295c58d");
    assertThat(fnv("a")).isEqualTo("d228cb696f1a8caf78912b704e4a8964");
    assertThat(fnv("foobar")).isEqualTo("343e1662793c64bf6f0d3597ba446f18");
  }

  @Property
  void theHashIsThatOfPlainArithmetic(@ForAll byte[] bytes) {
    BigInteger two128 = BigInteger.ONE.shiftLeft(128);
    BigInteger prime = BigInteger.ONE.shiftLeft(88).add(BigInteger.valueOf(0x13b));
    BigInteger hash = new BigInteger("6c62272e07bb014262b821756295c58d", 16);
    for (byte b : bytes) {
      hash = hash.xor(BigInteger.valueOf(b & 0xff)).multiply(prime).mod(two128);
    }
    assertThat(new BigInteger(fnv(bytes), 16)).isEqualTo(hash);
  }

  @Test
  void anObjectHashesAsItsDump() {
    KubeMap port = KubeMap.of("name", "web", "port", 80, "protocol", "TCP", "appProtocol", "h2c");
    assertThat(DeepHash.fnv1a128(port, "core.EndpointPort"))
        .isEqualTo(
            fnv(
                "(v1.EndpointPort){Name:(string)web Port:(int32)80 Protocol:(v1.Protocol)TCP"
                    + " AppProtocol:(*string)h2c}"));
    KubeMap target = KubeMap.of("kind", "Pod", "namespace", "d", "name", "p", "uid", "u");
    KubeMap address = KubeMap.of("ip", "10.0.0.1", "nodeName", "n", "targetRef", target);
    KubeMap subset =
        KubeMap.of(
            "addresses",
            KubeList.of(address),
            "ports",
            KubeList.of(KubeMap.of("port", 80, "protocol", "TCP")));
    assertThat(DeepHash.fnv1a128(subset, "core.EndpointSubset"))
        .isEqualTo(
            fnv(
                "(v1.EndpointSubset){Addresses:([]v1.EndpointAddress)[{IP:(string)10.0.0.1"
                    + " Hostname:(string) NodeName:(*string)n TargetRef:(*v1.ObjectReference)"
                    + "{Kind:(string)Pod Namespace:(string)d Name:(string)p UID:(types.UID)u"
                    + " APIVersion:(string) ResourceVersion:(string) FieldPath:(string)}}]"
                    + " NotReadyAddresses:([]v1.EndpointAddress)<nil>"
                    + " Ports:([]v1.EndpointPort)[{Name:(string) Port:(int32)80"
                    + " Protocol:(v1.Protocol)TCP AppProtocol:(*string)<nil>}]}"));
  }

  @Test
  void aTypeThatTheSchemaLacksIsABug() {
    assertThatThrownBy(() -> DeepHash.fnv1a128(KubeMap.EMPTY, "core.Nothing"))
        .isInstanceOf(SimulationBug.class)
        .hasMessageContaining("core.Nothing");
  }
}
