package dev.wavetank.core.container.image;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.ScenarioException;
import dev.wavetank.core.container.Capacity;
import dev.wavetank.core.container.ContainerBehavior;
import dev.wavetank.core.container.Exit;
import dev.wavetank.core.container.LogLine;
import dev.wavetank.core.container.ProgramOutput;
import dev.wavetank.core.container.http.HttpResponse;
import dev.wavetank.core.network.Protocol;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Reads an image personality from YAML; every error says its place.
 *
 * <pre>{@code
 * image: nginx                     # or images: [...]; without a registry: any path that ends so
 * tags: [latest, "1.2*"]           # absent: every tag exists
 * size: 70Mi                       # compressed
 * toolbox: false                   # true: only programs, no server
 * portsFromCommand: false          # true: a port named in the command replaces ports
 * entrypoint: [nginx]
 * command: [-g, "daemon off;"]
 * ports:
 * - {port: 80, protocol: TCP, after: 100ms, until: 1h}
 * - {port: 8081, protocol: UDP, answer: "${hostname}"}  # to each datagram; absent: none
 * - {port: 6379, speaks: redis}    # or mysql, postgres; absent: HTTP
 * - {port: 25, greeting: "220 ${hostname}\\r\\n", answer: "500 ${body}\\r\\n",  # to each line
 *    lines: [{line: "QUIT*", answer: "221\\r\\n", close: true}]}
 * http:                            # the first that fits answers; none: 404
 * - {path: /, port: 80, status: 200, contentType: text/html, body: "...", latency: 5ms,
 *    headers: {Location: /a}, hang: false, after: 0s, until: 30s}
 * - {path: /*, latency: 20ms, jitter: 10ms, cpu: 5ms}  # 10 to 30 ms, 5 ms of a processor
 * - {path: /*, status: 500, percent: 5}    # of the requests; the others go on to the next one
 * - {path: /*, status: 503, over: 20}      # while it works on more than 20
 * - {path: /*, root: /srv}         # files of the container; the next one where there is none
 * grpc: [{service: "", status: SERVING, after: 0s, until: 1h}]
 * exec: [{command: [cat, /x], exitCode: 0, output: "", after: 0s, until: 1h}]
 * exit: {after: 10s, code: 1, reason: Error}
 * terminate: {after: 1s, code: 0, ignore: false}
 *                                  # drain: true answers what it works on first, for so long
 * memory: [{at: 0s, amount: 20Mi}]
 * cpu: [{at: 0s, amount: 5}]       # thousandths of a core
 * log: [{at: 0s, line: started}]
 * files: {/etc/motd: hello}
 * repeat: 60s                      # answers begin anew
 * workers: 4                       # so many requests at once
 * queue: 10                        # so many more wait, others are answered 503
 * memoryOption: vm-bytes           # the memory is what that option of the command says
 * cpuOption: cpus
 * variants:                        # of a tag or of first arguments; else as above
 * - {tags: ["2*"], args: [serve], withoutEnv: [PASSWORD], http: [...]}
 * }</pre>
 */
public final class PersonalityReader {

  private static final Pattern DURATION_PART = Pattern.compile("(\\d+(?:\\.\\d+)?)(ms|s|m|h|d)");
  private static final ImmutableMap<String, Long> UNITS =
      ImmutableMap.of(
          "ms",
          1_000_000L,
          "s",
          1_000_000_000L,
          "m",
          60_000_000_000L,
          "h",
          3_600_000_000_000L,
          "d",
          86_400_000_000_000L);

  private final String file;

  private PersonalityReader(String file) {
    this.file = file;
  }

  /**
   * Reads a personality.
   *
   * @param file as errors name it
   * @throws ScenarioException when the text is wrong
   */
  public static ImagePersonality read(String file, String text) {
    try {
      Optional<Node> root = new Compose(LoadSettings.builder().build()).composeString(text);
      PersonalityReader reader = new PersonalityReader(file);
      if (root.isEmpty()) {
        throw new ScenarioException(file, 1, 1, "expected an image personality, found nothing");
      }
      return reader.personality(reader.new Fields(root.get(), ROOT_KEYS));
    } catch (MarkedYamlEngineException e) {
      Mark mark = e.getProblemMark().orElse(null);
      throw new ScenarioException(
          file,
          mark == null ? 1 : mark.getLine() + 1,
          mark == null ? 1 : mark.getColumn() + 1,
          e.getProblem());
    }
  }

  private ScenarioException wrong(Node node, String problem) {
    Mark mark = node.getStartMark().orElse(null);
    return new ScenarioException(
        file,
        mark == null ? 1 : mark.getLine() + 1,
        mark == null ? 1 : mark.getColumn() + 1,
        problem);
  }

  private static final int QUEUE_MAX = 1_000_000;
  private static final int OVER_MAX = 1_000_000;

  static final ImmutableList<String> ROOT_KEYS =
      ImmutableList.of(
          "image",
          "images",
          "tags",
          "size",
          "toolbox",
          "portsFromCommand",
          "entrypoint",
          "command",
          "ports",
          "http",
          "grpc",
          "exec",
          "exit",
          "terminate",
          "memory",
          "cpu",
          "log",
          "files",
          "repeat",
          "workers",
          "queue",
          "memoryOption",
          "cpuOption",
          "variants");
  static final ImmutableList<String> VARIANT_KEYS =
      ImmutableList.of(
          "args",
          "tags",
          "withoutEnv",
          "portsFromCommand",
          "command",
          "ports",
          "http",
          "grpc",
          "exec",
          "exit",
          "terminate",
          "memory",
          "cpu",
          "log",
          "files",
          "repeat",
          "workers",
          "queue");
  static final ImmutableList<String> SPAN_KEYS = ImmutableList.of("after", "until");

  /** A mapping whose keys are known. */
  private final class Fields {
    private final Node node;
    private final List<NodeTuple> tuples;

    Fields(Node node, ImmutableList<String> known) {
      this.node = node;
      if (!(node instanceof MappingNode mapping)) {
        throw wrong(node, "expected a mapping");
      }
      this.tuples = mapping.getValue();
      List<String> seen = new ArrayList<>();
      for (NodeTuple tuple : tuples) {
        String key = text(tuple.getKeyNode());
        if (!known.isEmpty() && !known.contains(key)) {
          String near = ScenarioException.nearest(key, known);
          throw wrong(
              tuple.getKeyNode(),
              "unknown field \""
                  + key
                  + "\""
                  + (near == null ? "" : ", did you mean \"" + near + "\"?"));
        }
        if (seen.contains(key)) {
          throw wrong(tuple.getKeyNode(), "field \"" + key + "\" is given twice");
        }
        seen.add(key);
      }
    }

    @Nullable Node find(String key) {
      for (NodeTuple tuple : tuples) {
        if (text(tuple.getKeyNode()).equals(key)) {
          return tuple.getValueNode();
        }
      }
      return null;
    }

    Node required(String key) {
      Node found = find(key);
      if (found == null) {
        throw wrong(node, "field \"" + key + "\" is required");
      }
      return found;
    }

    String string(String key, String otherwise) {
      Node found = find(key);
      return found == null ? otherwise : text(found);
    }

    boolean bool(String key) {
      Node found = find(key);
      String value = found == null ? "false" : text(found);
      if (found != null && !value.equals("true") && !value.equals("false")) {
        throw wrong(found, "expected true or false");
      }
      return value.equals("true");
    }

    int number(String key, int otherwise, int min, int max) {
      Node found = find(key);
      return found == null ? otherwise : numberOf(found, min, max);
    }

    long nanos(String key, long otherwise) {
      Node found = find(key);
      return found == null ? otherwise : nanosOf(found);
    }

    long amount(String key) {
      Node found = find(key);
      if (found == null) {
        return 0;
      }
      long bytes = ByteSize.of(text(found));
      if (bytes < 0) {
        throw wrong(found, "expected an amount such as 20Mi");
      }
      return bytes;
    }

    ImmutableList<String> strings(String key) {
      Node found = find(key);
      ImmutableList.Builder<String> strings = ImmutableList.builder();
      if (found != null) {
        items(found).forEach(item -> strings.add(text(item)));
      }
      return strings.build();
    }

    ImmutableMap<String, String> map(String key) {
      Node found = find(key);
      if (found == null) {
        return ImmutableMap.of();
      }
      ImmutableMap.Builder<String, String> map = ImmutableMap.builder();
      for (NodeTuple tuple : new Fields(found, ImmutableList.of()).tuples) {
        map.put(text(tuple.getKeyNode()), text(tuple.getValueNode()));
      }
      return map.buildKeepingLast();
    }

    List<Fields> list(String key, String... keys) {
      Node found = find(key);
      List<Fields> list = new ArrayList<>();
      if (found != null) {
        ImmutableList<String> known =
            ImmutableList.<String>builder().add(keys).addAll(SPAN_KEYS).build();
        items(found).forEach(item -> list.add(new Fields(item, known)));
      }
      return list;
    }

    ImagePersonality.Span span() {
      long after = nanos("after", 0);
      long until = nanos("until", ContainerBehavior.FOREVER);
      if (until <= after) {
        throw wrong(required("until"), "\"until\" must be later than \"after\"");
      }
      return new ImagePersonality.Span(after, until);
    }
  }

  private String text(Node node) {
    if (node instanceof ScalarNode scalar) {
      return scalar.getValue();
    }
    throw wrong(node, "expected a single value");
  }

  private List<Node> items(Node node) {
    if (node instanceof SequenceNode sequence) {
      return sequence.getValue();
    }
    throw wrong(node, "expected a list");
  }

  private int numberOf(Node node, int min, int max) {
    String value = text(node);
    if (value.matches("\\d{1,9}")) {
      int number = Integer.parseInt(value);
      if (number >= min && number <= max) {
        return number;
      }
    }
    throw wrong(node, "expected a number from " + min + " to " + max);
  }

  private long nanosOf(Node node) {
    String value = text(node);
    Matcher part = DURATION_PART.matcher(value);
    BigDecimal nanos = BigDecimal.ZERO;
    int at = 0;
    while (at < value.length() && part.find(at) && part.start() == at) {
      Long unit = UNITS.get(part.group(2));
      nanos =
          nanos.add(
              new BigDecimal(part.group(1)).multiply(BigDecimal.valueOf(unit == null ? 0 : unit)));
      at = part.end();
    }
    if (at == 0 || at < value.length()) {
      throw wrong(node, "expected a duration such as 250ms, 10s or 1m30s");
    }
    return nanos.longValue();
  }

  private ImagePersonality personality(Fields root) {
    ImmutableList<String> images = root.strings("images");
    if (images.isEmpty()) {
      images = ImmutableList.of(text(root.required("image")));
    }
    ImmutableList.Builder<Pattern> tags = ImmutableList.builder();
    for (String tag : root.strings("tags")) {
      tags.add(Pattern.compile(("\\Q" + tag + "\\E").replace("*", "\\E.*\\Q")));
    }
    Node exit = root.find("exit");
    Node terminate = root.find("terminate");
    return new ImagePersonality(
        images.get(0),
        images,
        tags.build(),
        root.amount("size"),
        root.bool("toolbox"),
        root.bool("portsFromCommand"),
        root.strings("entrypoint"),
        root.strings("command"),
        ports(root),
        http(root),
        grpc(root),
        exec(root),
        exit == null ? Exit.NEVER : exit(new Fields(exit, EXIT_KEYS)),
        terminate == null ? new Exit(0, 0, "") : terminate(new Fields(terminate, TERMINATE_KEYS)),
        terminate != null && new Fields(terminate, TERMINATE_KEYS).bool("drain"),
        levels(root, "memory"),
        levels(root, "cpu"),
        log(root),
        root.map("files"),
        root.nanos("repeat", 0),
        new Capacity(
            root.number("workers", Integer.MAX_VALUE, 1, Integer.MAX_VALUE),
            root.number("queue", 0, 0, QUEUE_MAX)),
        root.string("memoryOption", ""),
        root.string("cpuOption", ""),
        variants(root));
  }

  /** Variants: what one does not say it has from the personality that it is one of. */
  private ImmutableList<ImagePersonality.Variant> variants(Fields root) {
    ImmutableList.Builder<ImagePersonality.Variant> variants = ImmutableList.builder();
    Node list = root.find("variants");
    for (Node item : list == null ? List.<Node>of() : items(list)) {
      Fields own = new Fields(item, VARIANT_KEYS);
      List<NodeTuple> tuples = new ArrayList<>();
      for (NodeTuple tuple : root.tuples) {
        String key = text(tuple.getKeyNode());
        boolean inherited = !key.equals("variants") && !key.equals("tags");
        if (inherited && own.find(key) == null) {
          tuples.add(tuple);
        }
      }
      for (NodeTuple tuple : own.tuples) {
        String key = text(tuple.getKeyNode());
        if (!key.equals("args") && !key.equals("withoutEnv")) {
          tuples.add(tuple);
        }
      }
      Node merged =
          new MappingNode(
              item.getTag(), true, tuples, FlowStyle.BLOCK, item.getStartMark(), item.getEndMark());
      ImagePersonality personality = personality(new Fields(merged, ROOT_KEYS));
      variants.add(
          new ImagePersonality.Variant(
              personality.tags(), own.strings("args"), own.strings("withoutEnv"), personality));
    }
    return variants.build();
  }

  private static final ImmutableList<String> EXIT_KEYS =
      ImmutableList.of("after", "code", "reason", "ignore");

  static final ImmutableList<String> TERMINATE_KEYS =
      ImmutableList.<String>builder().addAll(EXIT_KEYS).add("drain").build();

  /** One that drains has as much time as it is given, unless it says how much it takes. */
  private Exit terminate(Fields fields) {
    boolean drains = fields.bool("drain");
    if (drains && fields.bool("ignore")) {
      throw wrong(fields.required("drain"), "what ignores SIGTERM does not drain");
    }
    return drains && fields.find("after") == null
        ? new Exit(
            ContainerBehavior.FOREVER,
            fields.number("code", 0, 0, 255),
            fields.string("reason", ""))
        : exit(fields);
  }

  private static Exit exit(Fields fields) {
    return fields.bool("ignore")
        ? Exit.NEVER
        : new Exit(
            fields.nanos("after", 0),
            fields.number("code", 0, 0, 255),
            fields.string("reason", ""));
  }

  private ImmutableList<ImagePersonality.Port> ports(Fields root) {
    ImmutableList.Builder<ImagePersonality.Port> ports = ImmutableList.builder();
    for (Fields port : root.list("ports", PORT_KEYS)) {
      String protocol = port.string("protocol", "TCP");
      if (!protocol.equals("TCP") && !protocol.equals("UDP") && !protocol.equals("SCTP")) {
        throw wrong(port.required("protocol"), "expected TCP, UDP or SCTP");
      }
      String answer = port.string("answer", "");
      if (!answer.isEmpty() && protocol.equals("SCTP")) {
        throw wrong(port.required("answer"), "only TCP and UDP have answers");
      }
      ports.add(
          new ImagePersonality.Port(
              Protocol.of(protocol),
              numberOf(port.required("port"), 1, 65535),
              port.span(),
              protocol.equals("UDP") ? answer : "",
              speech(port, protocol)));
    }
    return ports.build();
  }

  /** What is said on connections to a port; null for HTTP. */
  private ImagePersonality.@Nullable Speech speech(Fields port, String protocol) {
    for (String key : SPEECH_KEYS) {
      if (port.find(key) != null && !protocol.equals("TCP")) {
        throw wrong(port.required(key), "connections come to ports of TCP only");
      }
    }
    ImmutableList<String> known = ImagePersonality.Speech.PROTOCOLS;
    String speaks = port.string("speaks", "");
    if (!speaks.isEmpty() && !known.contains(speaks)) {
      throw wrong(port.required("speaks"), "expected one of " + String.join(", ", known));
    }
    ImmutableList.Builder<LineConversation.Line> lines = ImmutableList.builder();
    Node given = port.find("lines");
    for (Node item : given == null ? List.<Node>of() : items(given)) {
      Fields line = new Fields(item, LINE_KEYS);
      lines.add(
          new LineConversation.Line(
              text(line.required("line")), line.string("answer", ""), line.bool("close")));
    }
    if (protocol.equals("TCP") && port.find("answer") != null) {
      lines.add(new LineConversation.Line("*", port.string("answer", ""), false));
    }
    ImmutableList<LineConversation.Line> all = lines.build();
    String greeting = port.string("greeting", "");
    return speaks.isEmpty() && greeting.isEmpty() && all.isEmpty()
        ? null
        : new ImagePersonality.Speech(speaks, greeting, all);
  }

  static final String[] PORT_KEYS = {"port", "protocol", "answer", "greeting", "lines", "speaks"};
  static final ImmutableList<String> LINE_KEYS = ImmutableList.of("line", "answer", "close");
  private static final ImmutableList<String> SPEECH_KEYS =
      ImmutableList.of("greeting", "lines", "speaks");

  static final String[] HTTP_KEYS = {
    "path",
    "port",
    "status",
    "contentType",
    "body",
    "headers",
    "latency",
    "jitter",
    "cpu",
    "percent",
    "over",
    "hang",
    "root"
  };

  private ImmutableList<ImagePersonality.Http> http(Fields root) {
    ImmutableList.Builder<ImagePersonality.Http> answers = ImmutableList.builder();
    for (Fields http : root.list("http", HTTP_KEYS)) {
      String path = text(http.required("path"));
      if (!path.startsWith("/") && !path.equals("*")) {
        throw wrong(http.required("path"), "expected a path that starts with / or is *");
      }
      ImmutableMap.Builder<String, String> headers = ImmutableMap.builder();
      headers.put("Content-Type", http.string("contentType", "text/plain"));
      headers.putAll(http.map("headers"));
      answers.add(
          new ImagePersonality.Http(
              http.number("port", 0, 1, 65535),
              path,
              http.span(),
              new ImagePersonality.Share(
                  http.number("percent", 100, 1, 100), http.number("over", 0, 0, OVER_MAX)),
              new HttpResponse(
                  http.number("status", 200, 100, 599),
                  headers.buildKeepingLast(),
                  http.string("body", "")),
              work(http),
              http.string("root", "")));
    }
    return answers.build();
  }

  private ImagePersonality.Work work(Fields http) {
    long latency = http.bool("hang") ? ContainerBehavior.FOREVER : http.nanos("latency", 0);
    long jitter = http.nanos("jitter", 0);
    if (jitter > latency || (jitter > 0 && latency == ContainerBehavior.FOREVER)) {
      throw wrong(http.required("jitter"), "\"jitter\" is at most \"latency\"");
    }
    return new ImagePersonality.Work(latency, jitter, http.nanos("cpu", 0));
  }

  private static ImmutableList<ImagePersonality.Grpc> grpc(Fields root) {
    ImmutableList.Builder<ImagePersonality.Grpc> services = ImmutableList.builder();
    for (Fields grpc : root.list("grpc", "service", "status")) {
      services.add(
          new ImagePersonality.Grpc(
              grpc.string("service", ""), grpc.span(), grpc.string("status", "SERVING")));
    }
    return services.build();
  }

  private static ImmutableList<ImagePersonality.Exec> exec(Fields root) {
    ImmutableList.Builder<ImagePersonality.Exec> commands = ImmutableList.builder();
    for (Fields exec : root.list("exec", "command", "exitCode", "output")) {
      exec.required("command");
      commands.add(
          new ImagePersonality.Exec(
              exec.strings("command"),
              exec.span(),
              new ProgramOutput(
                  exec.number("exitCode", 0, 0, 255), exec.string("output", ""), "")));
    }
    return commands.build();
  }

  private static ImmutableList<ImagePersonality.Level> levels(Fields root, String key) {
    ImmutableList.Builder<ImagePersonality.Level> levels = ImmutableList.builder();
    for (Fields level : root.list(key, "at", "amount")) {
      level.required("amount");
      levels.add(new ImagePersonality.Level(level.nanos("at", 0), level.amount("amount")));
    }
    return levels.build();
  }

  private ImmutableList<LogLine> log(Fields root) {
    ImmutableList.Builder<LogLine> lines = ImmutableList.builder();
    for (Fields line : root.list("log", "at", "line")) {
      lines.add(new LogLine(line.nanos("at", 0), text(line.required("line"))));
    }
    return lines.build();
  }
}
