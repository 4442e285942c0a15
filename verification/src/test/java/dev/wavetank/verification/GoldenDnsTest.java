package dev.wavetank.verification;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.io.BaseEncoding;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeNull;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.core.sim.ChoiceStream;
import dev.wavetank.core.sim.Choices;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.dns.Corefile;
import dev.wavetank.dns.DnsServer;
import dev.wavetank.dns.plugin.Outside;
import dev.wavetank.dns.plugin.OutsideZone;
import dev.wavetank.dns.plugin.kubernetes.ClusterRecords;
import dev.wavetank.dns.resolver.Dig;
import dev.wavetank.dns.resolver.DigText;
import dev.wavetank.dns.resolver.HostsFile;
import dev.wavetank.dns.resolver.Lookup;
import dev.wavetank.dns.resolver.ResolvConf;
import dev.wavetank.dns.resolver.StubResolver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.GenericEDNSOption;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Answers of a real CoreDNS, and what real resolvers asked it. */
class GoldenDnsTest {
  private static final long LATENCY_NANOS = 1_000_000;
  private static final long SERIAL_SECONDS = Simulation.START.getEpochSecond();

  private Path directory = Path.of("");

  @Test
  void answersOfCoreDns() {
    GoldenCases.recordings("network/dns", golden -> read(golden, "cases.json"))
        .every(this::answer)
        .score();
  }

  @Test
  void namesThatResolversAsk() {
    GoldenCases.recordings("network/dns-resolver", golden -> read(golden, "resolver.json"))
        .every(this::resolver)
        .score();
  }

  @Test
  void answersOverTime() {
    GoldenCases.recordings("network/dns-series", this::readSeries)
        .kind("order", this::order)
        .kind("ttl", this::ttl)
        .score();
  }

  private List<GoldenCase> read(Path golden, String file) {
    directory = golden.resolve("network/dns");
    return Files.exists(directory.resolve(file)) ? numbered(json(file), "dns") : List.of();
  }

  private List<GoldenCase> readSeries(Path golden) {
    directory = golden.resolve("network/dns");
    if (!Files.exists(directory.resolve("series.json"))) {
      return List.of();
    }
    List<GoldenCase> cases = numbered(json("series.json").get("loadbalanceOrders"), "order");
    cases.addAll(numbered(json("series.json").get("ttlSeries"), "ttl"));
    return cases;
  }

  private JsonNode json(String file) {
    try {
      return new ObjectMapper().readTree(directory.resolve(file).toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ids say what was asked; the number tells equal questions apart. */
  private static List<GoldenCase> numbered(JsonNode array, String kind) {
    List<GoldenCase> cases = new ArrayList<>();
    Map<String, Integer> seen = new LinkedHashMap<>();
    for (JsonNode json : array) {
      String what =
          json.has("command")
              ? json.get("command").asText() + " with " + json.get("resolvConf").asText()
              : json.path("corefile").asText("kubeadm")
                  + " "
                  + json.get("name").asText()
                  + " "
                  + json.get("type").asText()
                  + (json.has("digOptions") ? " " + json.get("digOptions") : "");
      String id = kind + " " + what.replace('\n', ' ').strip();
      int number = seen.merge(id, 1, Integer::sum);
      // A case's kind is its id without the number at the end.
      cases.add(
          new GoldenCase(kind.equals("dns") ? id + " " + number : kind + "-" + cases.size(), json));
    }
    return cases;
  }

  private DnsServer server(String corefile) throws IOException {
    Corefile parsed =
        Corefile.parse(
            corefile, Files.readString(directory.resolve("corefiles").resolve(corefile)));
    Outside outside = new Outside();
    String zone = Files.readString(directory.resolve("upstream-example.com.zone"));
    outside.with(
        "192.0.2.53",
        new Outside.Server(
            ImmutableList.of(OutsideZone.parse(Name.fromConstantString("example.com."), zone)),
            Outside.rootSoa("a.root.example.", "nstld.example.", 2026010100, 300),
            false,
            LATENCY_NANOS));
    outside.refusing("192.0.2.54", LATENCY_NANOS);
    DnsServer server =
        new DnsServer(
            "coredns",
            parsed,
            new ClusterRecords(),
            ImmutableList.of("10.1.0.5"),
            ImmutableList.of(),
            outside,
            Choices.seeded(36),
            Simulation.START);
    Map<ResourceType, List<KubeObject>> objects = objects();
    for (ResourceType type : server.controller().types()) {
      server.controller().listed(type, objects.getOrDefault(type, List.of()), 1000, 0);
    }
    return server;
  }

  private Map<ResourceType, List<KubeObject>> objects() throws IOException {
    Map<ResourceType, List<KubeObject>> objects = new LinkedHashMap<>();
    String yaml = Files.readString(directory.resolve("input.yaml"));
    for (Object document : new Load(LoadSettings.builder().build()).loadAllFromString(yaml)) {
      KubeObject object = KubeObject.of((KubeMap) tree(document));
      for (ResourceType type : ResourceType.BUILT_IN) {
        if (type.matches(object)) {
          objects.computeIfAbsent(type, none -> new ArrayList<>()).add(object);
        }
      }
    }
    return objects;
  }

  private static Object tree(Object value) {
    if (value instanceof Map<?, ?> map) {
      KubeMap.Builder builder = KubeMap.builder();
      map.forEach((key, child) -> builder.put((String) key, tree(child)));
      return builder.build();
    }
    if (value instanceof List<?> list) {
      List<Object> children = new ArrayList<>();
      list.forEach(child -> children.add(tree(child)));
      return KubeList.copyOf(children);
    }
    return value == null ? KubeNull.NULL : value;
  }

  private void answer(JsonNode recorded) throws Exception {
    DnsServer server = server(recorded.get("corefile").asText());
    if (recorded.path("noResponse").asBoolean()) {
      List<String> arguments =
          List.of(recorded.get("name").asText(), recorded.get("type").asText());
      Dig dig = new Dig(arguments, conf(), ids(), () -> Simulation.START);
      converse(dig, server);
      for (JsonNode said : recorded.get("digSaid")) {
        assertThat(dig.output()).contains(said.asText());
      }
      return;
    }
    for (JsonNode question : recorded.get("question")) {
      answer(recorded, server, question.asText());
    }
  }

  private static void answer(JsonNode recorded, DnsServer server, String asked) throws IOException {
    List<String> fields = Splitter.on(' ').splitToList(asked);
    List<String> options = new ArrayList<>();
    recorded.path("digOptions").forEach(option -> options.add(option.asText()));
    Message question = question(fields, options);
    Protocol transport = options.contains("+tcp") ? Protocol.TCP : Protocol.UDP;
    // Through bytes, as on the wire.
    DnsServer.Response response = server.answer(question.toWire(), transport, 0);
    assertThat(response).isNotNull();
    Message message = new Message(response.message().toWire(65535));
    assertThat(Rcode.string(message.getRcode())).isEqualTo(recorded.get("rcode").asText());
    assertThat(flags(message.getHeader())).isEqualTo(strings(recorded.get("flags")));
    assertThat(edns(message)).isEqualTo(strings(recorded.path("edns")));
    Set<String> unordered = new LinkedHashSet<>(strings(recorded.path("orderInsensitive")));
    boolean truncated = strings(recorded.get("flags")).contains("tc");
    section(recorded, "answer", message, Section.ANSWER, unordered, truncated);
    section(recorded, "authority", message, Section.AUTHORITY, unordered, false);
    section(recorded, "additional", message, Section.ADDITIONAL, unordered, false);
  }

  private static Message question(List<String> fields, List<String> options) throws IOException {
    Message question = new Message(7);
    if (!options.contains("+norec")) {
      question.getHeader().setFlag(Flags.RD);
    }
    if (options.contains("+cdflag")) {
      question.getHeader().setFlag(Flags.CD);
    }
    question.getHeader().setFlag(Flags.AD);
    question.addRecord(
        Record.newRecord(
            Name.fromString(fields.get(0)), Type.value(fields.get(2)), DClass.value(fields.get(1))),
        Section.QUESTION);
    if (options.contains("+edns=0")) {
      List<EDNSOption> cookies = new ArrayList<>();
      int bytes = 1232;
      for (String option : options) {
        if (option.startsWith("+cookie=")) {
          cookies.add(
              new GenericEDNSOption(
                  EDNSOption.Code.COOKIE,
                  BaseEncoding.base16().decode(option.substring(8).toUpperCase(Locale.ROOT))));
        }
        if (option.startsWith("+bufsize=")) {
          bytes = Integer.parseInt(option.substring(9));
        }
      }
      int flags = options.contains("+dnssec") ? ExtendedFlags.DO : 0;
      question.addRecord(new OPTRecord(bytes, 0, 0, flags, cookies), Section.ADDITIONAL);
    }
    return question;
  }

  private static List<String> strings(JsonNode array) {
    List<String> strings = new ArrayList<>();
    array.forEach(value -> strings.add(value.asText()));
    return strings;
  }

  private static List<String> flags(Header header) {
    List<String> flags = new ArrayList<>();
    for (int flag :
        new int[] {Flags.QR, Flags.AA, Flags.TC, Flags.RD, Flags.RA, Flags.AD, Flags.CD}) {
      if (header.getFlag(flag)) {
        flags.add(Flags.string(flag));
      }
    }
    return flags;
  }

  private static List<String> edns(Message message) {
    OPTRecord opt = message.getOPT();
    if (opt == null) {
      return List.of();
    }
    List<String> lines = new ArrayList<>();
    lines.add(
        "EDNS: version: 0, flags:"
            + ((opt.getFlags() & ExtendedFlags.DO) != 0 ? " do" : "")
            + "; udp: "
            + opt.getPayloadSize());
    for (EDNSOption option : opt.getOptions(EDNSOption.Code.COOKIE)) {
      byte[] wire = option.toWire();
      lines.add(
          "COOKIE: "
              + BaseEncoding.base16().lowerCase().encode(wire, 4, wire.length - 4)
              + " (echoed)");
    }
    return lines;
  }

  private static void section(
      JsonNode recorded,
      String name,
      Message message,
      int section,
      Set<String> unordered,
      boolean truncated) {
    List<String> expected = strings(recorded.path(name));
    List<String> actual = new ArrayList<>();
    for (Record record : message.getSection(section)) {
      if (record.getType() != Type.OPT) {
        actual.add(text(record));
      }
    }
    if (truncated) {
      assertThat(actual).hasSameSizeAs(expected);
      assertThat(actual.stream().map(line -> line.replaceAll("\\d+$", "N")).distinct())
          .containsExactlyElementsOf(
              expected.stream().map(line -> line.replaceAll("\\d+$", "N")).distinct().toList());
      assertThat(actual).doesNotHaveDuplicates();
    } else if (unordered.contains(name)) {
      assertThat(actual).as(name).containsExactlyInAnyOrderElementsOf(expected);
    } else {
      assertThat(actual).as(name).isEqualTo(expected);
    }
  }

  /** One blank between fields; the serial of a zone of the cluster is a word. */
  private static String text(Record record) {
    return DigText.record(record)
        .replaceAll("[ \t]+", " ")
        .replace(" " + SERIAL_SECONDS + " 7200 ", " SERIAL 7200 ");
  }

  private static ResolvConf conf() {
    return ResolvConf.parse("nameserver 10.1.0.5\n");
  }

  private static ChoiceStream ids() {
    return Choices.seeded(1).stream("ids");
  }

  private static List<String> converse(Lookup lookup, DnsServer server) {
    List<String> asked = new ArrayList<>();
    for (Lookup.Ask ask = lookup.ask(); ask != null; ask = lookup.ask()) {
      ImmutableList.Builder<Lookup.Answer> answers = ImmutableList.builder();
      for (Message question : ask.questions()) {
        DnsServer.Response response = server.answer(question, ask.transport(), 0);
        assertThat(response).isNotNull();
        Message message = response.message();
        Record record = question.getQuestion();
        asked.add(
            record.getName()
                + " "
                + Type.string(record.getType())
                + " "
                + Rcode.string(message.getRcode())
                + " "
                + message.getSection(Section.ANSWER).size());
        answers.add(new Lookup.Answer(message, response.sizeBytes(), response.delayNanos()));
      }
      lookup.answered(answers.build());
    }
    return asked;
  }

  private void resolver(JsonNode recorded) throws Exception {
    DnsServer server = server("kubeadm");
    ResolvConf conf = ResolvConf.parse(recorded.get("resolvConf").asText());
    List<String> words = Splitter.on(' ').splitToList(recorded.get("command").asText());
    List<String> asked;
    String output;
    int exit;
    if (words.get(0).equals("dig")) {
      Dig dig = new Dig(words.subList(1, words.size()), conf, ids(), () -> Simulation.START);
      asked = converse(dig, server);
      output = dig.output();
      exit = dig.exitCode();
    } else {
      StubResolver.Family family =
          words.get(1).equals("ahostsv4") ? StubResolver.Family.IPV4 : StubResolver.Family.ANY;
      StubResolver.Resolution resolution =
          new StubResolver(conf, HostsFile.EMPTY, ids()).resolve(words.get(2), family);
      asked = converse(resolution, server);
      StubResolver.Result result = resolution.result();
      assertThat(result).isNotNull();
      output = StubResolver.ahosts(result);
      exit = result.status() == StubResolver.Status.SUCCESS ? 0 : 2;
    }
    List<String> expected = new ArrayList<>();
    for (JsonNode query : recorded.get("queries")) {
      expected.add(
          query.get("name").asText()
              + " "
              + query.get("type").asText()
              + " "
              + query.get("rcode").asText()
              + " "
              + query.get("answers").asText());
    }
    assertThat(asked).isEqualTo(expected);
    assertThat(exit).isEqualTo(recorded.get("exit").asInt());
    JsonNode lines = recorded.get("output");
    if (lines.isArray()) {
      assertThat(stripped(output)).isEqualTo(strings(lines));
    } else {
      // A recorded time to live of 29 only says that the answer was a second old.
      assertThat(output)
          .isEqualTo(lines.asText().replace("\t29\t", "\t30\t").replace(" 29 ", " 30 "));
    }
  }

  private static List<String> stripped(String output) {
    List<String> lines = new ArrayList<>();
    for (String line : Splitter.on('\n').omitEmptyStrings().split(output)) {
      lines.add(line.stripTrailing());
    }
    return lines;
  }

  /** Which orders come at all, and that addresses are spread over the first place. */
  private void order(JsonNode recorded) throws Exception {
    DnsServer server = server("kubeadm");
    Map<String, Integer> orders = new TreeMap<>();
    int queries = recorded.get("queries").asInt();
    for (int i = 0; i < queries; i++) {
      Message question =
          question(
              List.of(recorded.get("name").asText() + ".", "IN", recorded.get("type").asText()),
              List.of());
      DnsServer.Response response = server.answer(question, Protocol.UDP, 0);
      assertThat(response).isNotNull();
      List<String> order = new ArrayList<>();
      for (Record record : response.message().getSection(Section.ANSWER)) {
        order.add(
            record instanceof ARecord a
                ? a.getAddress().getHostAddress()
                : ((SRVRecord) record).getTarget().toString());
      }
      orders.merge(String.join(" ", order), 1, Integer::sum);
    }
    Set<String> expected = new LinkedHashSet<>();
    recorded.get("orders").fieldNames().forEachRemaining(expected::add);
    assertThat(orders.keySet()).containsExactlyInAnyOrderElementsOf(expected);
    int fair = queries / expected.size();
    assertThat(orders.values())
        .allSatisfy(count -> assertThat(count).isBetween(fair / 3, fair * 3));
  }

  private void ttl(JsonNode recorded) throws Exception {
    DnsServer server = server("kubeadm");
    long now = 0;
    for (JsonNode step : recorded.get("series")) {
      now += TimeUnit.SECONDS.toNanos(step.get("secondsSincePrevious").asLong());
      Message question =
          question(
              List.of(recorded.get("name").asText() + ".", "IN", recorded.get("type").asText()),
              List.of());
      DnsServer.Response response = server.answer(question, Protocol.UDP, now);
      assertThat(response).isNotNull();
      now += response.delayNanos();
      Message message = response.message();
      assertThat(Rcode.string(message.getRcode())).isEqualTo(step.get("rcode").asText());
      assertThat(flags(message.getHeader())).isEqualTo(strings(step.get("flags")));
      section(step, "answer", message, Section.ANSWER, Set.of(), false);
      section(step, "authority", message, Section.AUTHORITY, Set.of(), false);
    }
  }
}
