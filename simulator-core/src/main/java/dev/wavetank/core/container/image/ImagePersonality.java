package dev.wavetank.core.container.image;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.container.Capacity;
import dev.wavetank.core.container.Container;
import dev.wavetank.core.container.ContainerBehavior;
import dev.wavetank.core.container.Exit;
import dev.wavetank.core.container.HttpAnswer;
import dev.wavetank.core.container.ImageReference;
import dev.wavetank.core.container.LogLine;
import dev.wavetank.core.container.ProgramOutput;
import dev.wavetank.core.container.conversation.Conversation;
import dev.wavetank.core.container.conversation.MysqlConversation;
import dev.wavetank.core.container.conversation.PostgresConversation;
import dev.wavetank.core.container.conversation.RedisConversation;
import dev.wavetank.core.container.http.HttpResponse;
import dev.wavetank.core.network.Protocol;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an image is and does when run, as a YAML file describes it: its tags and size, the ports it
 * opens and when, its HTTP answers, exits, memory and log. {@link PersonalityReader} has the form
 * of the file. All times are nanoseconds since the start of the container.
 *
 * @param images repositories that have this personality; a name without a registry also matches the
 *     last part of a longer one
 * @param tags patterns with {@code *}; empty for every tag
 * @param sizeBytes compressed size; 0 for a size made from the name
 * @param toolbox whether it is a set of programs without a server of its own, such as busybox
 * @param portsFromCommand whether a port named in the command replaces {@code ports}
 * @param drains whether SIGTERM lets it answer what it works on before it ends
 * @param repeatNanos after so long everything begins again, but the exit; 0 for never
 * @param memoryOption option of its command line that says how much memory it uses; empty for none
 * @param cpuOption the same for processors
 * @param variants the first that fits counts
 */
public record ImagePersonality(
    String name,
    ImmutableList<String> images,
    ImmutableList<Pattern> tags,
    long sizeBytes,
    boolean toolbox,
    boolean portsFromCommand,
    ImmutableList<String> entrypoint,
    ImmutableList<String> command,
    ImmutableList<Port> ports,
    ImmutableList<Http> http,
    ImmutableList<Grpc> grpc,
    ImmutableList<Exec> exec,
    Exit exit,
    Exit terminate,
    boolean drains,
    ImmutableList<Level> memory,
    ImmutableList<Level> cpu,
    ImmutableList<LogLine> log,
    ImmutableMap<String, String> files,
    long repeatNanos,
    Capacity capacity,
    String memoryOption,
    String cpuOption,
    ImmutableList<Variant> variants) {

  private static final double NANOS_PER_SECOND = 1e9;

  /** A span of ages: from {@code afterNanos} on, before {@code untilNanos}. */
  public record Span(long afterNanos, long untilNanos) {
    static final Span ALWAYS = new Span(0, ContainerBehavior.FOREVER);

    boolean holds(long ageNanos) {
      return ageNanos >= afterNanos && ageNanos < untilNanos;
    }
  }

  /**
   * A port that is open.
   *
   * @param answer to a datagram that comes there, a template; empty for none
   * @param speech what is said on its connections; null for HTTP
   */
  public record Port(
      Protocol protocol, int port, Span when, String answer, @Nullable Speech speech) {}

  /**
   * What is said on connections that carry no HTTP.
   *
   * @param protocol one of those known, or empty for greeting and lines
   * @param greeting what the server says first, a template; empty for nothing
   * @param lines the first that fits a line is its answer
   */
  record Speech(String protocol, String greeting, ImmutableList<LineConversation.Line> lines) {

    /** Protocols that servers can speak whole. */
    static final ImmutableList<String> PROTOCOLS = ImmutableList.of("mysql", "postgres", "redis");

    Conversation begin(Container container) {
      return switch (protocol) {
        case "redis" -> new RedisConversation(container.redis());
        case "mysql" -> new MysqlConversation();
        case "postgres" -> new PostgresConversation();
        default -> new LineConversation(container, greeting, lines);
      };
    }
  }

  /**
   * How long a request is worked on.
   *
   * @param latencyNanos {@link ContainerBehavior#FOREVER} when it hangs
   * @param jitterNanos so much less or more, evenly distributed; at most the latency
   * @param cpuNanos processor time that it uses
   */
  public record Work(long latencyNanos, long jitterNanos, long cpuNanos) {

    HttpAnswer answer(HttpResponse response, @Nullable Container container) {
      long nanos = latencyNanos;
      if (jitterNanos > 0 && container != null) {
        nanos += container.random().between(-jitterNanos, jitterNanos);
      }
      return new HttpAnswer(response, nanos, cpuNanos);
    }
  }

  /**
   * Which of the requests that fit get an answer.
   *
   * @param percent of them, by chance; the others go on to the next answer
   * @param over only while more than so many requests are worked on, this one included; 0 for
   *     always
   */
  public record Share(int percent, int over) {
    static final Share ALL = new Share(100, 0);

    boolean takes(@Nullable Container container) {
      if (equals(ALL)) {
        return true;
      }
      return container != null
          && container.working() >= over
          && (percent == ALL.percent || container.random().between(1, ALL.percent) <= percent);
    }
  }

  /**
   * An HTTP answer.
   *
   * @param port 0 for every port
   * @param path exact, or with a {@code *} at its end
   * @param root a directory of the container whose files are the answers, empty for {@code
   *     response}; the next answer counts where it has no such file
   */
  public record Http(
      int port,
      String path,
      Span when,
      Share share,
      HttpResponse response,
      Work work,
      String root) {
    boolean serves(int askedPort, String asked, long ageNanos) {
      return (port == 0 || port == askedPort)
          && when.holds(ageNanos)
          && (path.endsWith("*")
              ? asked.startsWith(path.substring(0, path.length() - 1))
              : asked.equals(path));
    }

    /** Whether two requests at the same age may be answered differently. */
    boolean varies() {
      return !share.equals(Share.ALL) || work.jitterNanos > 0;
    }
  }

  /** Health of a gRPC service. */
  public record Grpc(String service, Span when, String status) {}

  /** Answer to a command, whole. */
  public record Exec(ImmutableList<String> command, Span when, ProgramOutput output) {}

  /** An amount from an age on. */
  public record Level(long atNanos, long amount) {}

  /**
   * What it is instead when it is run with those tags and arguments, and without the variables.
   *
   * @param withoutEnv variables of which a container must set none, as far as its spec tells
   */
  public record Variant(
      ImmutableList<Pattern> tags,
      ImmutableList<String> args,
      ImmutableList<String> withoutEnv,
      ImagePersonality personality) {
    boolean fits(String tag, List<String> argv, KubeMap container) {
      boolean lacks = withoutEnv.isEmpty() || container.listOrEmpty("envFrom").isEmpty();
      for (String name : withoutEnv) {
        lacks &= container.listOrEmpty("env").find("name", name) == null;
      }
      int at = argv.isEmpty() || args.isEmpty() ? -1 : argv.indexOf(args.get(0));
      boolean called = at >= 0 && at + args.size() <= argv.size();
      return lacks
          && ImagePersonality.hasTag(tags, tag)
          && (args.isEmpty() || (called && argv.subList(at, at + args.size()).equals(args)));
    }
  }

  /** What nobody has described: it opens the ports that its container names. */
  static final ImagePersonality UNKNOWN =
      new ImagePersonality(
          "unknown",
          ImmutableList.of(),
          ImmutableList.of(),
          0,
          false,
          true,
          ImmutableList.of(),
          ImmutableList.of(),
          ImmutableList.of(),
          ImmutableList.of(),
          ImmutableList.of(),
          ImmutableList.of(),
          Exit.NEVER,
          new Exit(0, 0, ""),
          false,
          ImmutableList.of(),
          ImmutableList.of(),
          ImmutableList.of(),
          ImmutableMap.of(),
          0,
          Capacity.UNLIMITED,
          "",
          "",
          ImmutableList.of());

  /** Files of the personalities that come with the simulator; the first that fits counts. */
  private static final ImmutableList<String> BUILT_IN =
      ImmutableList.of(
          "agnhost",
          "busybox",
          "coredns",
          "curl",
          "dnsutils",
          "echoserver",
          "hpa-example",
          "http-echo",
          "httpd",
          "kubernetes-bootcamp",
          "kubia",
          "mongo",
          "mysql",
          "nginx",
          "node",
          "pause",
          "perl",
          "postgres",
          "prometheus",
          "python",
          "redis",
          "serve-hostname",
          "stress",
          "todobackend",
          "traefik",
          "ubuntu",
          "whoami");

  /** Read once: every cluster has them, and they never change. */
  private static final class BuiltIn {
    static final ImmutableList<ImagePersonality> ALL = read();
  }

  /** The personalities that come with the simulator. */
  static ImmutableList<ImagePersonality> builtIn() {
    return BuiltIn.ALL;
  }

  private static ImmutableList<ImagePersonality> read() {
    ImmutableList.Builder<ImagePersonality> found = ImmutableList.builder();
    for (String name : BUILT_IN) {
      String file = "images/" + name + ".yaml";
      try (InputStream in = ImagePersonality.class.getResourceAsStream("/" + file)) {
        if (in == null) {
          throw new IllegalStateException(file + " is missing");
        }
        String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        found.add(PersonalityReader.read(file, text));
      } catch (IOException e) {
        throw new IllegalStateException(file, e);
      }
    }
    return found.build();
  }

  boolean matches(ImageReference reference) {
    for (String image : images) {
      if (image.indexOf('/') < 0
          ? reference.shortName().equals(image)
          : reference.repository().equals(ImageReference.of(image).repository())) {
        return true;
      }
    }
    return false;
  }

  boolean hasTag(String tag) {
    return hasTag(tags, tag);
  }

  private static boolean hasTag(List<Pattern> tags, String tag) {
    if (tags.isEmpty() || tag.isEmpty()) {
      return true;
    }
    for (Pattern pattern : tags) {
      if (pattern.matcher(tag).matches()) {
        return true;
      }
    }
    return false;
  }

  /** What it is in a container with that tag and command line. */
  ImagePersonality as(String tag, List<String> argv, KubeMap container) {
    for (Variant variant : variants) {
      if (variant.fits(tag, argv, container)) {
        return variant.personality();
      }
    }
    return this;
  }

  /** The amount per second, summed up over time: levels of one unit give units times seconds. */
  static double sum(ImmutableList<Level> levels, long ageNanos) {
    double sum = 0;
    for (int i = 0; i < levels.size(); i++) {
      long from = levels.get(i).atNanos();
      long to = i + 1 < levels.size() ? levels.get(i + 1).atNanos() : ContainerBehavior.FOREVER;
      sum += levels.get(i).amount() * (double) Math.max(0, Math.min(to, ageNanos) - from);
    }
    return sum / NANOS_PER_SECOND;
  }

  static long level(ImmutableList<Level> levels, long ageNanos) {
    long amount = 0;
    for (Level level : levels) {
      if (level.atNanos() <= ageNanos) {
        amount = level.amount();
      }
    }
    return amount;
  }
}
