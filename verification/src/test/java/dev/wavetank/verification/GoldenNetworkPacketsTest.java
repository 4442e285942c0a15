package dev.wavetank.verification;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wavetank.proxy.netfilter.IpFamily;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What happens to packets under the written rules against what happened to real ones. */
class GoldenNetworkPacketsTest {

  private static final int ATTEMPTS = 400;

  private static List<GoldenCase> cases(Path recordings) {
    List<GoldenCase> cases = new ArrayList<>();
    for (Path directory : RecordedNetwork.caseDirectories(recordings)) {
      Path file = directory.resolve("packets.json");
      if (file.toFile().exists()) {
        cases.addAll(cases(directory, RecordedPackets.read(file)));
      }
    }
    return cases;
  }

  private static List<GoldenCase> cases(Path directory, JsonNode packets) {
    String name = directory.getFileName().toString();
    List<GoldenCase> cases = new ArrayList<>();
    List<String> states = packets.has("steps") ? new ArrayList<>() : List.of("");
    packets.path("steps").forEach(step -> states.add(step.get("step").textValue()));
    for (String state : states) {
      JsonNode source = packets;
      for (JsonNode step : packets.path("steps")) {
        source = step.get("step").textValue().equals(state) ? step : source;
      }
      int number = 0;
      for (String kind : List.of("packets", "newConnections", "affinitySeries", "openFlows")) {
        for (JsonNode packet : source.path(kind)) {
          String id = name + "/" + (state.isEmpty() ? "" : state + "/") + kind + "-" + number++;
          cases.add(new GoldenCase(id, RecordedPackets.located(packet, directory, state, kind)));
        }
      }
    }
    return cases;
  }

  @Test
  void packetsMeetTheFateThatWasRecorded() {
    GoldenCases.recordings("network/packets", GoldenNetworkPacketsTest::cases)
        .every(GoldenNetworkPacketsTest::check)
        .score();
  }

  private static void check(JsonNode packet) {
    switch (packet.get("kind").textValue()) {
      case "affinitySeries" -> checkSeries(packet);
      case "openFlows" -> checkOpenFlow(packet);
      default -> checkPacket(packet);
    }
  }

  private static RecordedNetwork network(JsonNode packet) {
    Path directory = Path.of(packet.get("directory").textValue());
    String step = packet.get("state").textValue();
    return step.isEmpty() ? RecordedNetwork.of(directory) : RecordedNetwork.step(directory, step);
  }

  private static void checkPacket(JsonNode packet) {
    RecordedPackets.Walker walker =
        new RecordedPackets.Walker(network(packet), family(packet), ATTEMPTS);
    TreeSet<String> seen = new TreeSet<>();
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      seen.add(walker.fate(packet, walker.freshMemory(attempt)));
    }
    TreeSet<String> recorded = new TreeSet<>();
    packet
        .path("endpoints")
        .properties()
        .forEach(
            entry ->
                recorded.add(
                    "connected "
                        + entry.getKey()
                        + " from "
                        + entry.getValue().get("sourceSeen").textValue()
                        + (entry.getValue().get("masqueraded").booleanValue()
                            ? " masqueraded"
                            : "")));
    if (recorded.isEmpty()) {
      recorded.add(RecordedPackets.refusal(packet));
    }
    if (packet.get("attempts").intValue() <= 6) {
      assertThat(seen).containsAll(recorded);
    } else {
      assertThat(seen).isEqualTo(recorded);
    }
  }

  /** Within the timeout since the last connection the endpoint stays; later it may change. */
  private static void checkSeries(JsonNode series) {
    RecordedNetwork network = network(series);
    RecordedPackets.Walker walker = new RecordedPackets.Walker(network, family(series), ATTEMPTS);
    long timeout = RecordedPackets.affinitySeconds(network, series);
    long seconds = 0;
    String before = "";
    String recordedBefore = "";
    for (JsonNode connection : series.get("series")) {
      long since = connection.get("secondsSincePrevious").longValue();
      seconds += since;
      String now = walker.endpointAt(series, seconds);
      String recorded = connection.get("endpoint").textValue();
      if (since < timeout && !before.isEmpty()) {
        assertThat(recorded).isEqualTo(recordedBefore);
        assertThat(now).isEqualTo(before);
      }
      before = now;
      recordedBefore = recorded;
    }
    assertThat(before).isNotEmpty();
  }

  private static void checkOpenFlow(JsonNode flow) {
    Path directory = Path.of(flow.get("directory").textValue());
    String until = flow.get("state").textValue();
    RecordedPackets.OpenFlow open = new RecordedPackets.OpenFlow(directory, flow);
    TreeSet<String> reached = new TreeSet<>();
    for (int seed = 0; seed < 64; seed++) {
      reached.add(open.endpointAfter(until, seed));
    }
    assertThat(reached).contains(flow.get("endpoint").textValue());
  }

  private static IpFamily family(JsonNode packet) {
    return packet.get("destination").textValue().contains(":") ? IpFamily.IPV6 : IpFamily.IPV4;
  }
}
