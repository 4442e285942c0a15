package dev.wavetank.core.container.image;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.container.Capacity;
import dev.wavetank.core.container.Container;
import dev.wavetank.core.container.ContainerBehavior;
import dev.wavetank.core.container.Exit;
import dev.wavetank.core.container.HttpAnswer;
import dev.wavetank.core.container.LogLine;
import dev.wavetank.core.container.ProgramOutput;
import dev.wavetank.core.container.StaticFiles;
import dev.wavetank.core.container.conversation.Conversation;
import dev.wavetank.core.container.http.HttpRequest;
import dev.wavetank.core.container.http.HttpResponse;
import dev.wavetank.core.network.Protocol;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A server of an image personality, as one container of a pod's spec runs it.
 *
 * <p>An unknown image opens the ports that its container declares, those that its probes ask and
 * one that its command names, and nothing else; it answers every request with 200, its probes'
 * commands succeed, and it runs until it is stopped.
 */
final class ApplicationBehavior implements ContainerBehavior {

  /** Of a thousandth of a core, for a second. */
  private static final double NANOS_PER_MILLI_SECOND = 1e6;

  private static final HttpAnswer OK =
      new HttpAnswer(HttpResponse.of(200, "text/plain; charset=utf-8", "OK\n"), 0);
  private static final HttpAnswer NOT_FOUND =
      new HttpAnswer(HttpResponse.of(404, "text/plain; charset=utf-8", "404 page not found\n"), 0);

  private final ImagePersonality personality;
  private final boolean unknown;
  private final ImmutableList<ImagePersonality.Port> ports;
  private final ImmutableList<KubeList> probeCommands;
  private final long[] changes;
  private final ImmutableList<ImagePersonality.Level> memory;
  private final ImmutableList<ImagePersonality.Level> cpu;
  private final long memoryLimitBytes;
  private final boolean readsFiles;
  private final boolean varies;

  ApplicationBehavior(ImagePersonality personality, KubeMap container, List<String> argv) {
    this.personality = personality;
    this.unknown = personality == ImagePersonality.UNKNOWN;
    this.ports = ports(personality, unknown, container, argv);
    this.probeCommands = unknown ? probeCommands(container) : ImmutableList.of();
    this.changes = changes();
    this.memory =
        levels(personality.memory(), ByteSize.of(option(personality.memoryOption(), argv)));
    long cpus = ByteSize.of(option(personality.cpuOption(), argv));
    this.cpu = levels(personality.cpu(), cpus < 0 ? cpus : cpus * 1000);
    this.readsFiles = personality.http().stream().anyMatch(http -> !http.root().isEmpty());
    this.varies = personality.http().stream().anyMatch(ImagePersonality.Http::varies);
    this.memoryLimitBytes = ByteSize.of(container.at("resources", "limits", "memory"));
  }

  /** The value of an option of a command line, which may be empty. */
  private static String option(String name, List<String> argv) {
    for (int i = 0; !name.isEmpty() && i < argv.size(); i++) {
      String word = argv.get(i).replaceFirst("^--?", "");
      if (word.startsWith(name + "=")) {
        return word.substring(name.length() + 1);
      }
      if (word.equals(name) && i + 1 < argv.size()) {
        return argv.get(i + 1);
      }
    }
    return "";
  }

  /** What an option says, a second after the start; what the image says where it says nothing. */
  private static ImmutableList<ImagePersonality.Level> levels(
      ImmutableList<ImagePersonality.Level> usual, long asked) {
    return asked <= 0 ? usual : ImmutableList.of(new ImagePersonality.Level(1_000_000_000L, asked));
  }

  private static ImmutableList<ImagePersonality.Port> ports(
      ImagePersonality personality, boolean unknown, KubeMap container, List<String> argv) {
    List<ImagePersonality.Port> open = new ArrayList<>();
    List<Integer> named =
        personality.portsFromCommand() ? ListenOptions.ports(argv) : ImmutableList.of();
    for (int port : named) {
      addPort(open, Protocol.TCP, port);
    }
    if (named.isEmpty()) {
      open.addAll(personality.ports());
    }
    if (unknown) {
      for (KubeMap port : container.listOrEmpty("ports").maps()) {
        Protocol protocol = Protocol.of(port.string("protocol", ""));
        addPort(open, protocol, (int) port.number("containerPort", 0));
      }
      for (String probe : ImmutableList.of("startupProbe", "readinessProbe", "livenessProbe")) {
        KubeMap spec = container.mapOrEmpty(probe);
        addProbePort(open, container, spec.mapOrEmpty("httpGet").get("port"));
        addProbePort(open, container, spec.mapOrEmpty("tcpSocket").get("port"));
        addProbePort(open, container, spec.mapOrEmpty("grpc").get("port"));
      }
    }
    return ImmutableList.copyOf(open);
  }

  private static void addProbePort(
      List<ImagePersonality.Port> open, KubeMap container, @Nullable Object port) {
    if (port instanceof Long number) {
      addPort(open, Protocol.TCP, number.intValue());
    } else if (port instanceof String name) {
      KubeMap named = container.listOrEmpty("ports").find("name", name);
      if (named != null) {
        addPort(open, Protocol.TCP, (int) named.number("containerPort", 0));
      }
    }
  }

  private static void addPort(List<ImagePersonality.Port> open, Protocol protocol, int port) {
    for (ImagePersonality.Port known : open) {
      if (known.port() == port && known.protocol() == protocol) {
        return;
      }
    }
    open.add(new ImagePersonality.Port(protocol, port, ImagePersonality.Span.ALWAYS, "", null));
  }

  private static ImmutableList<KubeList> probeCommands(KubeMap container) {
    ImmutableList.Builder<KubeList> commands = ImmutableList.builder();
    for (String probe : ImmutableList.of("startupProbe", "readinessProbe", "livenessProbe")) {
      KubeList command = container.mapOrEmpty(probe).mapOrEmpty("exec").listOrEmpty("command");
      if (!command.isEmpty()) {
        commands.add(command);
      }
    }
    return commands.build();
  }

  /** Ages at which an answer may change, in order. */
  private long[] changes() {
    List<Long> ages = new ArrayList<>();
    for (ImagePersonality.Port port : ports) {
      add(ages, port.when());
    }
    for (ImagePersonality.Http http : personality.http()) {
      add(ages, http.when());
    }
    for (ImagePersonality.Grpc grpc : personality.grpc()) {
      add(ages, grpc.when());
    }
    for (ImagePersonality.Exec exec : personality.exec()) {
      add(ages, exec.when());
    }
    return ages.stream().mapToLong(Long::longValue).sorted().distinct().toArray();
  }

  private static void add(List<Long> ages, ImagePersonality.Span span) {
    if (span.afterNanos() > 0) {
      ages.add(span.afterNanos());
    }
    if (span.untilNanos() != FOREVER) {
      ages.add(span.untilNanos());
    }
  }

  private long within(long ageNanos) {
    return personality.repeatNanos() == 0 ? ageNanos : ageNanos % personality.repeatNanos();
  }

  @Override
  public Exit exit(Container container) {
    Exit exit = personality.exit();
    if (memoryLimitBytes > 0) {
      for (ImagePersonality.Level level : memory) {
        if (level.amount() > memoryLimitBytes && level.atNanos() < exit.afterNanos()) {
          return new Exit(level.atNanos(), 137, "OOMKilled");
        }
      }
    }
    return exit;
  }

  @Override
  public Exit terminated(Container container, long ageNanos) {
    return personality.terminate();
  }

  @Override
  public boolean listens(Protocol protocol, int port, long ageNanos) {
    for (int i = 0; i < ports.size(); i++) {
      ImagePersonality.Port open = ports.get(i);
      if (open.port() == port
          && open.protocol() == protocol
          && open.when().holds(within(ageNanos))) {
        return true;
      }
    }
    return false;
  }

  @Override
  public HttpAnswer http(int port, HttpRequest request, long ageNanos) {
    return http(null, port, request, ageNanos);
  }

  @Override
  public HttpAnswer http(
      @Nullable Container container, int port, HttpRequest request, long ageNanos) {
    String path = request.plainPath();
    for (ImagePersonality.Http http : personality.http()) {
      if (http.serves(port, path, within(ageNanos)) && http.share().takes(container)) {
        HttpResponse response = http.response();
        if (!http.root().isEmpty()) {
          response = container == null ? null : StaticFiles.answer(container, http.root(), path);
        } else if (container != null && AnswerTemplate.dynamic(response.body())) {
          response = AnswerTemplate.filled(response, container, request);
        }
        if (response != null) {
          return http.work().answer(response, container);
        }
      }
    }
    return unknown || personality.http().isEmpty() ? OK : NOT_FOUND;
  }

  @Override
  public String datagram(Container container, int port, String text, String from) {
    for (ImagePersonality.Port open : ports) {
      if (open.port() == port && open.protocol() == Protocol.UDP) {
        return AnswerTemplate.filled(open.answer(), container, HttpRequest.datagram(text, from));
      }
    }
    return "";
  }

  @Override
  public @Nullable Conversation conversation(Container container, int port) {
    for (ImagePersonality.Port open : ports) {
      ImagePersonality.Speech speech = open.speech();
      if (speech != null && open.port() == port && open.protocol() == Protocol.TCP) {
        return speech.begin(container);
      }
    }
    return null;
  }

  @Override
  public boolean readsFiles() {
    return readsFiles;
  }

  @Override
  public @Nullable String grpcHealth(int port, String service, long ageNanos) {
    for (ImagePersonality.Grpc grpc : personality.grpc()) {
      if (grpc.service().equals(service) && grpc.when().holds(within(ageNanos))) {
        return grpc.status();
      }
    }
    return unknown ? "SERVING" : null;
  }

  @Override
  public @Nullable ProgramOutput exec(List<String> command, long ageNanos) {
    for (ImagePersonality.Exec exec : personality.exec()) {
      if (exec.command().equals(command) && exec.when().holds(within(ageNanos))) {
        return exec.output();
      }
    }
    for (KubeList known : probeCommands) {
      if (known.equals(KubeList.copyOf(command))) {
        return ProgramOutput.ok("");
      }
    }
    return null;
  }

  @Override
  public @Nullable String file(String path) {
    return personality.files().get(path);
  }

  @Override
  public List<String> paths() {
    return personality.files().keySet().asList();
  }

  @Override
  public List<LogLine> log(long ageNanos) {
    List<LogLine> lines = new ArrayList<>();
    for (LogLine line : personality.log()) {
      if (line.nanos() <= ageNanos) {
        lines.add(line);
      }
    }
    return lines;
  }

  @Override
  public long memoryBytes(long ageNanos) {
    return ImagePersonality.level(memory, within(ageNanos));
  }

  @Override
  public long cpuMilli(long ageNanos) {
    return ImagePersonality.level(cpu, within(ageNanos));
  }

  @Override
  public long constantUntilNanos(long ageNanos) {
    if (varies) {
      return ageNanos;
    }
    long within = within(ageNanos);
    for (long change : changes) {
      if (change > within
          && (personality.repeatNanos() == 0 || change < personality.repeatNanos())) {
        return ageNanos - within + change;
      }
    }
    return personality.repeatNanos() == 0 || changes.length == 0
        ? FOREVER
        : ageNanos - within + personality.repeatNanos();
  }

  @Override
  public double cpuNanosUntil(long ageNanos) {
    long repeat = personality.repeatNanos();
    long rounds = repeat == 0 ? 0 : ageNanos / repeat;
    double milliSeconds =
        rounds * ImagePersonality.sum(cpu, repeat) + ImagePersonality.sum(cpu, within(ageNanos));
    return milliSeconds * NANOS_PER_MILLI_SECOND;
  }

  @Override
  public boolean drains() {
    return personality.drains();
  }

  @Override
  public Capacity capacity() {
    return personality.capacity();
  }
}
