package dev.wavetank.core.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.sim.Choices;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class NodePortAllocatorTest {

  private static NodePortAllocator allocator(long seed) {
    return new NodePortAllocator(Choices.seeded(seed).stream("apiserver/nodePort"));
  }

  @Property(tries = 5)
  void net_A_12_dynamicPortsComeFrom30086UpWhileThereAreSome(@ForAll long seed) {
    NodePortAllocator ports = allocator(seed);
    assertThat(ports.free()).isEqualTo(2768);
    NodePortAllocator.Operation operation = ports.start("a", false);
    for (int i = 0; i < 2768 - 86; i++) {
      assertThat(operation.allocateNext()).isBetween(30086L, 32767L);
    }
    for (int i = 0; i < 86; i++) {
      assertThat(operation.allocateNext()).isBetween(30000L, 30085L);
    }
    assertThat(operation.allocateNext()).isEqualTo(-1);
  }

  @Test
  void anOperationThatIsRevertedTookNothing() {
    NodePortAllocator ports = allocator(1);
    NodePortAllocator.Operation operation = ports.start("a", false);
    operation.allocate(30001);
    operation.allocateNext();
    assertThat(ports.free()).isEqualTo(2766);
    operation.revert();
    assertThat(ports.free()).isEqualTo(2768);
  }
}
