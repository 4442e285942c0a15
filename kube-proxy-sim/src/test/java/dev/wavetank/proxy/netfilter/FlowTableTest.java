package dev.wavetank.proxy.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.Packet;
import dev.wavetank.core.network.Protocol;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class FlowTableTest {

  private static Packet flow(int port) {
    return new Packet(Protocol.UDP, IpAddress.v4(1), port, IpAddress.v4(2), 53);
  }

  /** Ports that are put in, and taken out when they are negative. */
  @Provide
  Arbitrary<List<Integer>> steps() {
    return Arbitraries.integers().between(-120, 120).list().ofMaxSize(400);
  }

  @Property(tries = 300)
  void itHoldsWhatAMapWouldHold(@ForAll("steps") List<Integer> steps) {
    FlowTable table = new FlowTable();
    Conntrack conntrack = new Conntrack();
    Map<Packet, Conntrack.Entry> map = new LinkedHashMap<>();
    for (int step : steps) {
      Packet flow = flow(Math.abs(step));
      if (step < 0) {
        Conntrack.Entry entry = map.remove(flow);
        if (entry != null) {
          assertThat(table.remove(flow, entry)).isTrue();
          assertThat(table.remove(flow, entry)).isFalse();
        }
      } else {
        Conntrack.Entry entry = conntrack.add(flow, flow.reply(), 0);
        assertThat(entry).isNotNull();
        table.put(flow, entry);
        map.put(flow, entry);
      }
    }
    for (int port = 0; port <= 120; port++) {
      assertThat(table.get(flow(port))).isSameAs(map.get(flow(port)));
    }
  }

  @Test
  void fewFlowsThatAreLeftOfManyAreFound() {
    FlowTable table = new FlowTable();
    Conntrack conntrack = new Conntrack();
    Map<Packet, Conntrack.Entry> map = new LinkedHashMap<>();
    for (int port = 1; port <= 5_000; port++) {
      Conntrack.Entry entry = conntrack.add(flow(port), flow(port).reply(), 0);
      assertThat(entry).isNotNull();
      table.put(flow(port), entry);
      map.put(flow(port), entry);
    }
    for (int port = 1; port <= 5_000; port++) {
      if (port % 1_000 != 7) {
        assertThat(table.remove(flow(port), map.remove(flow(port)))).isTrue();
      }
    }
    for (int port = 1; port <= 5_000; port++) {
      assertThat(table.get(flow(port))).isSameAs(map.get(flow(port)));
    }
  }
}
