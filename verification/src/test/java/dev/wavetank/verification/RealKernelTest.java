package dev.wavetank.verification;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.Sets;
import dev.wavetank.proxy.IptablesProxier;
import dev.wavetank.proxy.NftablesTransaction;
import dev.wavetank.proxy.ProxyMode;
import dev.wavetank.proxy.ProxyNode;
import dev.wavetank.proxy.ProxyState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The rules that the simulator writes, loaded into a real kernel: real connections meet the same
 * fates there as packets do in the walk.
 */
class RealKernelTest {

  /** How many random clusters are tried; {@code -Dkernel.clusters=200} for more. */
  private static final int CLUSTERS = Integer.getInteger("kernel.clusters", 20);

  /** A cluster's number is part of its addresses. */
  private static final int NUMBERS = 250;

  private static final double SECONDS = 0.2;

  /** For connections that should have been answered: a busy machine is slow. */
  private static final double PATIENT_SECONDS = 4;

  /** A whole request to the helper ends within a minute, be there an answer or none. */
  private static final double REQUEST_SECONDS = 48;

  private static final int SERIES_LENGTH = 3;
  private static final int BATCH = 4;
  private static final int TRIES_MAX = 12;

  private static KernelNode start(KernelNode.Variant variant) {
    return KernelNode.start(variant, KernelCluster.peers(), KernelCluster.listeners(), "outside");
  }

  @ParameterizedTest
  @EnumSource
  void connectionsInRandomClustersMeetTheFatesOfTheWalk(KernelNode.Variant variant) {
    List<Difference> differences = new ArrayList<>();
    try (KernelNode kernel = start(variant)) {
      for (int i = 0; i < CLUSTERS; i++) {
        KernelCluster cluster = KernelCluster.random(i % NUMBERS + 1);
        sync(variant, kernel, cluster, UnaryOperator.identity());
        differences.addAll(differences(variant.mode(), kernel, cluster));
      }
    }
    assertThat(differences).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"LEGACY", "NFT"})
  void theTextOfIptablesSaveIsLoadedToTheSameEffect(KernelNode.Variant variant) {
    KernelCluster cluster = everyKind();
    try (KernelNode kernel = start(variant)) {
      ProxyState state = cluster.state(ProxyMode.IPTABLES);
      kernel.load(state.ruleset(KernelCluster.node()).save(), false);
      assertThat(differences(ProxyMode.IPTABLES, kernel, cluster)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aBrokenRuleIsNoticed(KernelNode.Variant variant) {
    KernelCluster cluster = everyKind();
    try (KernelNode kernel = start(variant)) {
      sync(variant, kernel, cluster, UnaryOperator.identity());
      assertThat(differences(variant.mode(), kernel, cluster)).isEmpty();
      for (Fault fault : Fault.of(variant.mode())) {
        sync(variant, kernel, cluster, fault::in);
        assertThat(differences(variant.mode(), kernel, cluster))
            .as(fault.name())
            .flatExtracting(Difference::fates)
            .anySatisfy(fate -> assertThat(fate).containsPattern(fault.fate));
      }
    }
  }

  /** A mistake in the rules, and a fate that then only the kernel or only the walk knows. */
  private enum Fault {
    DNAT_TO_ANOTHER_PORT(
        ProxyMode.IPTABLES,
        "--to-destination 10.244.1.2:8080",
        "--to-destination 10.244.1.2:9",
        "refused by tcp-reset"),
    NO_MARK_FOR_MASQUERADING(
        ProxyMode.IPTABLES,
        "! -s 10.244.0.0/16 -j KUBE-MARK-MASQ",
        "! -s 10.244.0.0/16",
        "10.244.1.2:8080 from 172.18.0.100"),
    DROP_IN_PLACE_OF_REJECT(ProxyMode.IPTABLES, "-j REJECT", "-j DROP", WalkedFates.NO_ANSWER),
    REJECT_IN_PLACE_OF_DROP(
        ProxyMode.IPTABLES, "-j DROP", "-j REJECT", "refused by icmp-port-unreachable"),
    AN_ENDPOINT_NEVER_CHOSEN(
        ProxyMode.IPTABLES,
        "--probability 0.5000000000",
        "--probability 0",
        "10.244.1.2:8080 from 10.244.1.6"),
    NO_AFFINITY(
        ProxyMode.IPTABLES,
        "--rcheck --seconds 10800 --reap",
        "--rcheck --seconds 10800 --hitcount 20",
        "10.244.1.2:8080 from [0-9.]+, 10.244.2.2|10.244.2.2:8080 from [0-9.]+, 10.244.1.2"),
    TABLE_DNAT_TO_ANOTHER_PORT(
        ProxyMode.NFTABLES, "10.244.1.2 . 8080 ,", "10.244.1.2 . 9 ,", "refused by tcp-reset"),
    TABLE_WITHOUT_MARK_FOR_MASQUERADING(
        ProxyMode.NFTABLES,
        "ip saddr != 10.244.0.0/16 mark set mark or 0x00004000",
        "ip saddr != 10.244.0.0/16 mark set mark or 0x00000000",
        "10.244.1.2:8080 from 172.18.0.100"),
    TABLE_WITHOUT_HAIRPIN(
        ProxyMode.NFTABLES,
        "add element ip kube-proxy hairpin-connections { 10.244.1.2",
        "add element ip kube-proxy hairpin-connections { 10.244.1.99",
        "10.244.1.2:8080 from 10.244.1.1"),
    TABLE_DROPS_IN_PLACE_OF_REJECT(
        ProxyMode.NFTABLES, "reject-chain reject", "reject-chain drop", WalkedFates.NO_ANSWER),
    TABLE_REJECTS_IN_PLACE_OF_DROP(
        ProxyMode.NFTABLES,
        ": drop }",
        ": goto reject-chain }",
        "refused by icmp-port-unreachable"),
    TABLE_NEVER_CHOOSES_AN_ENDPOINT(
        ProxyMode.NFTABLES,
        "numgen random mod 2 map",
        "numgen random mod 1 map",
        "10.244.2.2:8080 from"),
    TABLE_WITHOUT_AFFINITY(
        ProxyMode.NFTABLES,
        "{ ip saddr }",
        "{ ip daddr }",
        "10.244.1.2:8080 from [0-9.]+, 10.244.2.2|10.244.2.2:8080 from [0-9.]+, 10.244.1.2");

    private final ProxyMode mode;
    private final String right;
    private final String wrong;
    private final Pattern fate;

    Fault(ProxyMode mode, String right, String wrong, String fate) {
      this.mode = mode;
      this.right = right;
      this.wrong = wrong;
      this.fate = Pattern.compile(fate);
    }

    private static List<Fault> of(ProxyMode mode) {
      return Stream.of(values()).filter(fault -> fault.mode == mode).toList();
    }

    private String in(String rules) {
      assertThat(rules).contains(right);
      return rules.replace(right, wrong);
    }
  }

  /** A connection whose fates differ. */
  private record Difference(
      int cluster, KernelNode.Probe probe, TreeSet<String> kernel, TreeSet<String> walk) {

    /** What only one of both knows. */
    Set<String> fates() {
      return Sets.symmetricDifference(kernel, walk);
    }
  }

  /** Loads what kube-proxy feeds on a node where its chains and the jumps to them are in place. */
  private static void sync(
      KernelNode.Variant variant,
      KernelNode kernel,
      KernelCluster cluster,
      UnaryOperator<String> change) {
    ProxyMode mode = variant.mode();
    ProxyState state = cluster.state(mode);
    ProxyNode node = KernelCluster.node();
    switch (mode) {
      case IPTABLES -> {
        kernel.load(KernelCluster.emptyState(mode).ruleset(node).save(), false);
        kernel.load(change.apply(IptablesProxier.restoreInput(state, node)), true);
      }
      case NFTABLES -> {
        kernel.transact("flush ruleset\n");
        kernel.transact(change.apply(NftablesTransaction.first(state, node)));
      }
      case IPVS -> throw new IllegalArgumentException("no variant has IPVS");
    }
  }

  private static KernelCluster everyKind() {
    List<KernelCluster.EndpointPlan> places = KernelCluster.places();
    List<KernelCluster.EndpointPlan> two = places.subList(0, 2);
    List<KernelCluster.EndpointPlan> remote = places.subList(1, 2);
    return new KernelCluster(
        1,
        List.of(
            new KernelCluster.Plan("NodePort", false, false, false, "", two),
            new KernelCluster.Plan("ClusterIP", true, false, false, "", two),
            new KernelCluster.Plan("NodePort", false, true, true, "", remote),
            new KernelCluster.Plan("LoadBalancer", false, false, false, "", List.of())));
  }

  /** Where kernel and walk differ. */
  private static List<Difference> differences(
      ProxyMode mode, KernelNode kernel, KernelCluster cluster) {
    WalkedFates walk = new WalkedFates(mode, cluster.state(mode), KernelCluster.node());
    List<KernelCluster.Attempt> attempts = cluster.attempts();
    List<String> first = first(kernel, attempts, walk);
    List<Difference> differences = new ArrayList<>();
    for (int i = 0; i < attempts.size(); i++) {
      KernelCluster.Attempt attempt = attempts.get(i);
      boolean connected = first.get(i).contains(" from ");
      int length = attempt.sticky() && connected ? SERIES_LENGTH : 1;
      TreeSet<String> walked = walk.of(attempt.probe(), attempt.source(), length);
      TreeSet<String> met = new TreeSet<>();
      if (length == 1) {
        met.add(first.get(i));
      }
      if (!first.get(i).equals(WalkedFates.NO_ANSWER)) {
        meet(kernel, attempt.probe(), met, walked, length);
      }
      if (!met.equals(walked)) {
        differences.add(new Difference(cluster.number(), attempt.probe(), met, walked));
      }
    }
    return differences;
  }

  /** The fate of one connection each; those that should have had an answer get a second chance. */
  private static List<String> first(
      KernelNode kernel, List<KernelCluster.Attempt> attempts, WalkedFates walk) {
    List<KernelNode.Probe> probes = attempts.stream().map(KernelCluster.Attempt::probe).toList();
    List<String> fates = kernel.connect(probes, SECONDS);
    List<Integer> late = new ArrayList<>();
    for (int i = 0; i < fates.size(); i++) {
      KernelCluster.Attempt attempt = attempts.get(i);
      if (fates.get(i).equals(WalkedFates.NO_ANSWER)
          && !walk.of(attempt.probe(), attempt.source(), 1).contains(WalkedFates.NO_ANSWER)) {
        late.add(i);
      }
    }
    List<String> second = kernel.connect(late.stream().map(probes::get).toList(), PATIENT_SECONDS);
    for (int i = 0; i < late.size(); i++) {
      fates.set(late.get(i), second.get(i));
    }
    return fates;
  }

  /**
   * Connects at least {@link #BATCH} times per fate of the walk, until all of them were met, or one
   * that it does not know.
   */
  private static void meet(
      KernelNode kernel,
      KernelNode.Probe probe,
      TreeSet<String> met,
      TreeSet<String> walked,
      int length) {
    for (int tries = 0; tries < TRIES_MAX; tries++) {
      if (!walked.containsAll(met) || (tries > 0 && met.equals(walked))) {
        return;
      }
      int rounds = BATCH * walked.size();
      met.addAll(
          length > 1
              ? kernel.series(
                  probe,
                  rounds,
                  length,
                  Math.min(PATIENT_SECONDS, REQUEST_SECONDS / (rounds * length)))
              : kernel.connect(Collections.nCopies(rounds, probe), PATIENT_SECONDS));
    }
  }
}
