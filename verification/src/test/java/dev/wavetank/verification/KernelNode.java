package dev.wavetank.verification;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wavetank.proxy.ProxyMode;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/**
 * A node whose rules a real kernel holds: network namespaces with pods, a second node and the world
 * outside, all kept by one helper process (kernel-node.py) and gone when that ends.
 */
final class KernelNode implements AutoCloseable {

  /** The programs that load rules: iptables' into x_tables or into nf_tables, and nftables' own. */
  enum Variant {
    LEGACY("iptables-legacy-restore", ProxyMode.IPTABLES),
    NFT("iptables-nft-restore", ProxyMode.IPTABLES),
    NFTABLES("nft", ProxyMode.NFTABLES);

    private final String program;
    private final ProxyMode mode;

    Variant(String program, ProxyMode mode) {
      this.program = program;
      this.mode = mode;
    }

    /** The mode of kube-proxy whose rules it loads. */
    ProxyMode mode() {
      return mode;
    }
  }

  /** A place from which connections come, and where pods live. */
  record Peer(String name, List<String> addresses, String gateway) {}

  /** A program that accepts connections and tells who came. */
  record Listener(String on, String address, int port) {}

  /** A connection to try. */
  record Probe(String from, String to, int port) {
    @Override
    public String toString() {
      return from + " -> " + to + ":" + port;
    }
  }

  private static final ObjectMapper JSON = new ObjectMapper();

  /** One rule of each kind that kube-proxy writes. */
  private static final String TRIAL =
      """
      *mangle
      :PREROUTING ACCEPT [0:0]
      COMMIT
      *filter
      :TRIAL - [0:0]
      -A TRIAL -m comment --comment trial -m conntrack --ctstate INVALID -j DROP
      -A TRIAL -p tcp -m tcp --dport 80 -m addrtype --dst-type LOCAL -j REJECT
      COMMIT
      *nat
      :TRIAL - [0:0]
      -A TRIAL -m recent --name TRIAL --rcheck --seconds 60 --reap -j RETURN
      -A TRIAL -m statistic --mode random --probability 0.5 -m recent --name TRIAL --set -j RETURN
      -A TRIAL -m mark --mark 0x4000/0x4000 -j MARK --xor-mark 0x4000
      -A TRIAL -p tcp -m tcp -j DNAT --to-destination 192.0.2.1:80
      -A POSTROUTING -m mark --mark 0x4000/0x4000 -j MASQUERADE --random-fully
      COMMIT
      """;

  private static final String TRIAL_TABLE =
      """
      add table ip trial
      add chain ip trial trial { type nat hook output priority -100 ; }
      add set ip trial seen { type ipv4_addr ; flags dynamic,timeout ; timeout 60s ; }
      add rule ip trial trial fib daddr type local update @seen { ip saddr }
      add rule ip trial trial meta l4proto tcp dnat ip addr . port to numgen random mod 1 map { 0 : 192.0.2.1 . 80 }
      """;

  private static final Pattern DYNAMIC_SET =
      Pattern.compile("add set (\\S+ \\S+ \\S+) \\{ type \\S+ ; flags dynamic");

  private final Variant variant;
  private final Process process;
  private final BufferedWriter requests;
  private final BufferedReader answers;

  /** Commands of nft that empty what rules have put into sets. */
  private String forget = "";

  private KernelNode(Variant variant, Process process) {
    this.variant = variant;
    this.process = process;
    this.requests = process.outputWriter();
    this.answers = process.inputReader();
  }

  /**
   * Builds the node. The test is skipped, and says so, where programs, rights or parts of the
   * kernel are missing.
   *
   * @param defaultRoute name of the peer to which everything unknown goes
   */
  static KernelNode start(
      Variant variant, List<Peer> peers, List<Listener> listeners, String defaultRoute) {
    for (String program : List.of("python3", "ip", "unshare", variant.program)) {
      if (!present(program)) {
        throw skipped("no program " + program);
      }
    }
    KernelNode node = new KernelNode(variant, startHelper());
    try {
      ObjectNode build = request("build").put("defaultRoute", defaultRoute);
      build.set("peers", JSON.valueToTree(peers));
      build.set("listeners", JSON.valueToTree(listeners));
      JsonNode built = node.ask(build);
      if (built.has("error")) {
        throw skipped("no network namespaces: " + built.get("error").textValue());
      }
      String refused = node.tried();
      if (!refused.isEmpty()) {
        throw skipped("the kernel takes no such rules: " + refused);
      }
      return node;
    } catch (RuntimeException | Error e) {
      node.close();
      throw e;
    }
  }

  private static TestAbortedException skipped(String reason) {
    String message = "REAL KERNEL ABSENT: " + reason + "; see CONTRIBUTING.md";
    System.out.println("\n!!! " + message + "\n!!! NOTHING WAS TRIED WITH IT\n");
    return new TestAbortedException(message);
  }

  private static boolean present(String program) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }

  /** Who is not root becomes root of a user namespace, where the kernel lets everybody have one. */
  private static Process startHelper() {
    try {
      Path script =
          Path.of(KernelNode.class.getResource("kernel-node.py").toURI()).toAbsolutePath();
      ProcessBuilder builder =
          new ProcessBuilder("unshare", "--net", "--map-root-user", "python3", script.toString());
      if (System.getProperty("user.name").equals("root")) {
        builder.command().remove("--map-root-user");
      }
      // The rules are the helper's own, and only root may open the common lock.
      builder.environment().put("XTABLES_LOCKFILE", "/dev/null");
      return builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ObjectNode request(String what) {
    return JSON.createObjectNode().put("do", what);
  }

  private JsonNode ask(ObjectNode request) {
    try {
      requests.write(JSON.writeValueAsString(request));
      requests.newLine();
      requests.flush();
      String line = answers.readLine();
      return line == null
          ? JSON.createObjectNode().put("error", "the helper ended")
          : JSON.readTree(line);
    } catch (IOException e) {
      return JSON.createObjectNode().put("error", "the helper ended: " + e.getMessage());
    }
  }

  private JsonNode answer(ObjectNode request) {
    JsonNode answer = ask(request);
    if (answer.has("error")) {
      throw new IllegalStateException(answer.get("error").textValue());
    }
    return answer;
  }

  private JsonNode run(String input, List<String> command) {
    ObjectNode request = request("run").put("stdin", input);
    request.set("command", JSON.valueToTree(command));
    return answer(request);
  }

  /** What the program says of rules that it refuses; nothing when it takes them. */
  private String fed(String rules, List<String> command) {
    JsonNode done = run(rules, command);
    return done.get("exit").intValue() == 0 ? "" : done.get("stderr").textValue().strip();
  }

  private String restored(String rules, List<String> options) {
    List<String> command = new ArrayList<>(List.of(variant.program, "-w", "5"));
    command.addAll(options);
    return fed(rules, command);
  }

  private String tried() {
    if (variant == Variant.NFTABLES) {
      String refused = fed(TRIAL_TABLE, List.of("nft", "-f", "-"));
      return refused.isEmpty() ? fed("delete table ip trial", List.of("nft", "-f", "-")) : refused;
    }
    String refused = restored(TRIAL, List.of());
    if (refused.isEmpty()) {
      load("*filter\nCOMMIT\n*nat\nCOMMIT\n", false);
    }
    return refused;
  }

  /**
   * Feeds a transaction to {@code nft -f -}.
   *
   * @throws IllegalArgumentException with nft's words when it refuses it
   */
  void transact(String commands) {
    String refused = fed(commands, List.of("nft", "-f", "-"));
    if (!refused.isEmpty()) {
      throw new IllegalArgumentException("nft: " + refused + "\n" + commands);
    }
    StringBuilder flushes = new StringBuilder();
    Matcher sets = DYNAMIC_SET.matcher(commands);
    while (sets.find()) {
      flushes.append("flush set ").append(sets.group(1)).append('\n');
    }
    forget = flushes.toString();
  }

  /** What {@code nft list table} prints. */
  String listTable(String family, String name) {
    return run("", List.of("nft", "list", "table", family, name)).get("stdout").textValue();
  }

  /** The version of nft, such as {@code v1.0.6}. */
  String nftVersion() {
    return run("", List.of("nft", "--version")).get("stdout").textValue().split(" ", -1)[1];
  }

  /**
   * Feeds rules to {@code iptables-restore --counters}.
   *
   * @param onTop whether chains that the text does not name stay as they are ({@code --noflush})
   * @throws IllegalArgumentException with the program's words when it refuses them
   */
  void load(String rules, boolean onTop) {
    String refused =
        restored(rules, onTop ? List.of("--noflush", "--counters") : List.of("--counters"));
    if (!refused.isEmpty()) {
      throw new IllegalArgumentException(variant.program + ": " + refused + "\n" + rules);
    }
  }

  /**
   * Tries all connections at once, each on its own.
   *
   * @param seconds how long to wait for answers
   * @return the fate of each, in the words of {@link WalkedFates}
   */
  List<String> connect(List<Probe> probes, double seconds) {
    ObjectNode request = request("connect").put("seconds", seconds);
    ArrayNode all = request.putArray("probes");
    probes.forEach(probe -> all.add(JSON.<JsonNode>valueToTree(probe)));
    return fates(request);
  }

  /**
   * Connects again and again, on a node that has forgotten its clients before each round.
   *
   * @return the fates of each round, joined
   */
  List<String> series(Probe probe, int rounds, int length, double seconds) {
    ObjectNode request = request("series").put("seconds", seconds);
    request.put("rounds", rounds).put("length", length).put("forget", forget);
    request.set("probe", JSON.valueToTree(probe));
    return fates(request);
  }

  private List<String> fates(ObjectNode request) {
    List<String> fates = new ArrayList<>();
    answer(request).get("fates").forEach(fate -> fates.add(fate.textValue()));
    return fates;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
