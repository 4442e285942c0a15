package dev.wavetank.verification;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wavetank.proxy.IptablesProxier;
import dev.wavetank.proxy.ProxyState;
import dev.wavetank.proxy.iptables.RulesetParser;
import dev.wavetank.proxy.netfilter.IpFamily;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The rules of every recorded cluster, in both text forms, against those of kube-proxy. */
class GoldenNetworkRulesTest {

  /** Chains in which kube-proxy writes Services in random order. */
  private static final Set<String> UNORDERED =
      Set.of("KUBE-SERVICES", "KUBE-NODEPORTS", "KUBE-EXTERNAL-SERVICES", "KUBE-PROXY-FIREWALL");

  private static List<GoldenCase> cases(Path recordings) {
    List<GoldenCase> cases = new ArrayList<>();
    for (Path directory : RecordedNetwork.caseDirectories(recordings)) {
      String name = directory.getFileName().toString();
      List<String> steps = RecordedNetwork.steps(directory);
      if (steps.isEmpty()) {
        cases.add(new GoldenCase(name, RecordedNetwork.json(directory)));
      }
      for (String step : steps) {
        cases.add(new GoldenCase(name + "/" + step, RecordedNetwork.json(directory.resolve(step))));
      }
    }
    return cases;
  }

  private static RecordedNetwork recorded(Path directory) {
    Path parent = directory.getParent();
    return directory.resolve("config.yaml").toFile().exists()
        ? RecordedNetwork.of(directory)
        : RecordedNetwork.step(parent, directory.getFileName().toString());
  }

  @Test
  void whatIptablesSavePrints() {
    GoldenCases.recordings("network/rules", GoldenNetworkRulesTest::cases)
        .every(GoldenNetworkRulesTest::checkSaved)
        .score();
  }

  private static void checkSaved(JsonNode json) {
    RecordedNetwork network = recorded(Path.of(json.textValue()));
    checkSaved(network, IpFamily.IPV4, network.text("iptables-save.txt"));
    if (network.has("ip6tables-save.txt")) {
      checkSaved(network, IpFamily.IPV6, network.text("ip6tables-save.txt"));
    }
  }

  private static void checkSaved(RecordedNetwork network, IpFamily family, String recorded) {
    String written = network.state(family).ruleset(network.node()).save();
    assertThat(comparable(written)).isEqualTo(comparable(recorded));
    assertThat(declarationOrder(written)).isEqualTo(declarationOrder(recorded));
    assertThat(RulesetParser.parse(family, recorded).save()).isEqualTo(recorded);
  }

  @Test
  void whatKubeProxyFeedsToIptablesRestore() {
    GoldenCases.recordings("network/restore", GoldenNetworkRulesTest::cases)
        .every(GoldenNetworkRulesTest::checkRestore)
        .score();
  }

  private static void checkRestore(JsonNode json) {
    Path directory = Path.of(json.textValue());
    RecordedNetwork network = recorded(directory);
    List<String> steps = RecordedNetwork.steps(directory.getParent());
    int step = network.has("config.yaml") ? 0 : steps.indexOf(directory.getFileName().toString());
    ProxyState state = network.state(IpFamily.IPV4);
    if (step == 0) {
      String written = IptablesProxier.restoreInput(state, network.node());
      assertThat(comparable(written)).isEqualTo(comparable(network.text("restore-input.txt")));
      if (network.has("restore-input-ipv6.txt")) {
        written = IptablesProxier.restoreInput(network.state(IpFamily.IPV6), network.node());
        assertThat(comparable(written))
            .isEqualTo(comparable(network.text("restore-input-ipv6.txt")));
      }
      return;
    }
    RecordedNetwork before = RecordedNetwork.step(directory.getParent(), steps.get(step - 1));
    ProxyState stateBefore = before.state(IpFamily.IPV4);
    if (network.has("restore-input.txt")) {
      String written = IptablesProxier.restoreInput(stateBefore, state, network.node());
      assertThat(comparable(written)).isEqualTo(comparable(network.text("restore-input.txt")));
      return;
    }
    ProxyState between = network.state(before, IpFamily.IPV4);
    String first = IptablesProxier.restoreInput(stateBefore, between, network.node());
    assertThat(comparable(first)).isEqualTo(comparable(network.text("restore-input-1.txt")));
    String second = IptablesProxier.restoreInput(between, state, network.node());
    assertThat(comparable(second)).isEqualTo(comparable(network.text("restore-input-2.txt")));
  }

  @Test
  void restoringWhatWasFedGivesWhatWasSaved() {
    GoldenCases.recordings("network/restore-effect", GoldenNetworkRulesTest::sequenceSteps)
        .every(GoldenNetworkRulesTest::checkEffect)
        .score();
  }

  private static List<GoldenCase> sequenceSteps(Path recordings) {
    return cases(recordings).stream()
        .filter(golden -> golden.id().contains("/") && !golden.id().contains("/00-"))
        .toList();
  }

  private static void checkEffect(JsonNode json) {
    Path directory = Path.of(json.textValue());
    RecordedNetwork network = recorded(directory);
    List<String> steps = RecordedNetwork.steps(directory.getParent());
    int step = steps.indexOf(directory.getFileName().toString());
    RecordedNetwork before = RecordedNetwork.step(directory.getParent(), steps.get(step - 1));
    String input =
        network.has("restore-input.txt")
            ? network.text("restore-input.txt")
            : network.text("restore-input-1.txt") + network.text("restore-input-2.txt");
    String saved = before.text("iptables-save.txt");
    String after = RulesetParser.restore(RulesetParser.parse(IpFamily.IPV4, saved), input).save();
    assertThat(comparable(after)).isEqualTo(comparable(network.text("iptables-save.txt")));
  }

  /** Table and chain to its rules; in the unordered chains sorted, the last ones kept last. */
  private static TreeMap<String, List<String>> comparable(String text) {
    TreeMap<String, List<String>> chains = new TreeMap<>();
    String table = "";
    for (String line : text.split("\n", -1)) {
      if (line.startsWith("*")) {
        table = line;
      } else if (line.startsWith(":")) {
        chains.computeIfAbsent(table + " " + line, key -> new ArrayList<>());
      } else if (line.startsWith("-")) {
        String chain = line.split(" ", -1)[1];
        chains
            .computeIfAbsent(
                table + " " + line.substring(0, 2) + " " + chain, k -> new ArrayList<>())
            .add(line);
      }
    }
    chains.forEach(
        (chain, rules) -> {
          if (UNORDERED.contains(chain.substring(chain.lastIndexOf(' ') + 1))) {
            sortServices(rules);
          }
        });
    return chains;
  }

  private static void sortServices(List<String> rules) {
    List<String> last =
        rules.stream().filter(rule -> rule.contains("NOTE: this must be the last")).toList();
    assertThat(rules.subList(rules.size() - last.size(), rules.size())).isEqualTo(last);
    for (int i = 0; i < rules.size(); i++) {
      if (rules.get(i).contains("localhost_nps_accepted_pkts")) {
        rules.set(i, rules.get(i) + " before " + rules.get(i + 1));
      }
    }
    rules.subList(0, rules.size() - last.size()).sort(String::compareTo);
  }

  /** The chains of each table in the order of the save. */
  private static List<String> declarationOrder(String text) {
    List<String> lines = new ArrayList<>();
    for (String line : text.split("\n", -1)) {
      if (line.startsWith("*") || line.startsWith(":")) {
        lines.add(line);
      }
    }
    assertThat(new TreeSet<>(lines)).isNotEmpty();
    return lines;
  }
}
