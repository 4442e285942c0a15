package dev.wavetank.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.wavetank.proxy.NftablesTransaction;
import dev.wavetank.proxy.ProxyMode;
import dev.wavetank.proxy.ProxyNode;
import dev.wavetank.proxy.ProxyState;
import dev.wavetank.proxy.netfilter.IpFamily;
import dev.wavetank.proxy.nftables.Table;
import dev.wavetank.proxy.nftables.TableParser;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The transactions that the simulator writes, fed to the real {@code nft}: it takes them, and lists
 * the table as the simulator lists it.
 */
class RealNftTest {

  private static final int CLUSTERS = 40;

  /** The version whose listing the simulator writes. */
  private static final String VERSION = "v1.0.6";

  private static final Pattern ELEMENTS =
      Pattern.compile("elements = \\{ (.*?) \\}\n", Pattern.DOTALL);

  private static KernelNode start() {
    KernelNode kernel =
        KernelNode.start(KernelNode.Variant.NFTABLES, KernelCluster.peers(), List.of(), "outside");
    String version = kernel.nftVersion();
    if (!version.equals(VERSION)) {
      kernel.close();
      String message = "NFT " + VERSION + " ABSENT: it is " + version;
      System.out.println("\n!!! " + message + "\n!!! ITS LISTING WAS NOT COMPARED\n");
      assumeTrue(false, message);
    }
    return kernel;
  }

  /** The listing with the elements of each set in the order of their text: the kernel has none. */
  private static String sorted(String listing) {
    return ELEMENTS
        .matcher(listing)
        .replaceAll(
            found ->
                Matcher.quoteReplacement(
                    Stream.of(found.group(1).split(",\\s*", -1))
                        .sorted()
                        .collect(Collectors.joining(",\n", "elements = { ", " }\n"))));
  }

  private static String listed(KernelNode kernel, IpFamily family) {
    return sorted(kernel.listTable(family == IpFamily.IPV4 ? "ip" : "ip6", "kube-proxy"));
  }

  private static ProxyState state(RecordedNetwork network, IpFamily family) {
    return network.state(ProxyMode.NFTABLES, family);
  }

  @Test
  void net_N_01_tablesOfRandomClustersAreListedAsWritten() {
    try (KernelNode kernel = start()) {
      for (int number = 1; number <= CLUSTERS; number++) {
        ProxyState state = KernelCluster.random(number).state(ProxyMode.NFTABLES);
        kernel.transact("flush ruleset\n");
        kernel.transact(NftablesTransaction.first(state, KernelCluster.node()));
        assertThat(listed(kernel, IpFamily.IPV4))
            .isEqualTo(sorted(state.table(KernelCluster.node()).list()));
      }
    }
  }

  @Test
  void tablesOfRecordedClustersAreListedAsWritten() {
    List<Path> cases = RecordedNetwork.caseDirectories(GoldenLedger.ofProject().recordings());
    assumeTrue(!cases.isEmpty(), "no recordings");
    try (KernelNode kernel = start()) {
      for (Path directory : cases) {
        if (RecordedNetwork.steps(directory).isEmpty()) {
          RecordedNetwork network = RecordedNetwork.of(directory);
          kernel.transact("flush ruleset\n");
          for (IpFamily family : IpFamily.values()) {
            ProxyState state = state(network, family);
            kernel.transact(NftablesTransaction.first(state, network.node()));
            assertThat(listed(kernel, family))
                .as(directory + " " + family)
                .isEqualTo(sorted(state.table(network.node()).list()));
          }
        }
      }
    }
  }

  @Test
  void partialSyncsOfRecordedSequencesLeadToTheSameTable() {
    List<Path> cases = RecordedNetwork.caseDirectories(GoldenLedger.ofProject().recordings());
    assumeTrue(!cases.isEmpty(), "no recordings");
    try (KernelNode kernel = start()) {
      for (Path directory : cases) {
        List<String> steps = RecordedNetwork.steps(directory);
        if (!steps.isEmpty()) {
          kernel.transact("flush ruleset\n");
          follow(kernel, directory, steps);
        }
      }
    }
  }

  private static void follow(KernelNode kernel, Path directory, List<String> steps) {
    List<ProxyState> states = new ArrayList<>();
    RecordedNetwork start = RecordedNetwork.step(directory, steps.get(0));
    ProxyNode node = start.node();
    states.add(state(start, IpFamily.IPV4));
    String first = NftablesTransaction.first(states.get(0), node);
    kernel.transact(first);
    Table table = TableParser.parse(IpFamily.IPV4, first);
    for (String step : steps.subList(1, steps.size())) {
      ProxyState before = states.get(states.size() - 1);
      ProxyState after = state(RecordedNetwork.step(directory, step), IpFamily.IPV4);
      String partial = NftablesTransaction.partial(before, after, node);
      String delete = NftablesTransaction.deleteStaleChains(before, after, node);
      kernel.transact(partial);
      kernel.transact(delete);
      table = TableParser.apply(TableParser.apply(table, partial), delete);
      assertThat(table).as(directory + " " + step).isEqualTo(after.table(node));
      assertThat(listed(kernel, IpFamily.IPV4))
          .as(directory + " " + step)
          .isEqualTo(sorted(table.list()));
      states.add(after);
    }
  }
}
