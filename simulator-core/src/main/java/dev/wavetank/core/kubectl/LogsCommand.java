package dev.wavetank.core.kubectl;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.GoQuote;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Timestamps;
import dev.wavetank.core.kubectl.errors.CommandException;
import dev.wavetank.core.kubectl.errors.ErrorText;
import dev.wavetank.core.kubectl.flags.Flags;
import dev.wavetank.core.kubectl.resource.ResourceBuilder;
import dev.wavetank.core.kubectl.resource.ResourceInfo;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * {@code kubectl logs}: the logs of containers so far. Following a log that has no end is refused.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/cmd/logs/logs.go and
 * pkg/polymorphichelpers/logsforobject.go (v1.36).
 */
final class LogsCommand extends Command {

  private static final String USAGE =
      "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\n"
          + "POD or TYPE/NAME is a required argument for the logs command";
  private static final long SELECTED_TAIL = 10;
  private static final long SECOND = 1_000_000_000L;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSSSSX", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  LogsCommand() {
    super("logs", "Print the logs for a container in a pod");
    PodFinder.addTimeoutFlag(flags(), "20s");
    flags()
        .bool("all-pods", "", false, "The logs of all pods, each line with its source")
        .bool("all-containers", "", false, "The logs of all containers of the pod")
        .bool("follow", "f", false, "Go on with the log; refused")
        .bool("timestamps", "", false, "Each line with its time")
        .integer("limit-bytes", 0, "The most bytes of a log; zero for no limit")
        .bool("previous", "p", false, "The log of the container's run before this one")
        .integer("tail", -1, "The most lines; -1 for all, or 10 with a selector")
        .bool("ignore-errors", "", false, "A log that cannot be read is no failure")
        .string("since-time", "", "", "Lines from that time on")
        .duration("since", "0s", "Lines not older than this")
        .string("container", "c", "", "The container; else the first")
        .bool("insecure-skip-tls-verify-backend", "", false, "Has no effect")
        .string("selector", "l", "", "Selector by labels")
        .integer("max-log-requests", 5, "Only with --follow")
        .bool("prefix", "", false, "Each line with its source");
  }

  /** One container's log. */
  private record Source(KubeObject pod, String container) {}

  @Override
  void run(Invocation call) {
    Flags flags = call.flags();
    List<String> args = call.args();
    String selector = flags.string("selector");
    if (args.size() > 2 || (args.isEmpty() && selector.isEmpty())) {
      throw call.usage(USAGE);
    }
    if (args.size() == 1 && !selector.isEmpty()) {
      throw call.usage("only a selector (-l) or a POD name is allowed");
    }
    PodFinder.timeoutNanos(call);
    Instant since = sinceTime(flags);
    List<ResourceInfo> infos = find(call);
    check(call);
    List<Source> sources = new ArrayList<>();
    for (ResourceInfo info : infos) {
      sources.addAll(sources(call, info));
    }
    for (Source source : sources) {
      print(call, source, since);
    }
  }

  private static @Nullable Instant sinceTime(Flags flags) {
    String text = flags.string("since-time");
    Instant time = text.isEmpty() ? null : Timestamps.parse(text);
    if (!text.isEmpty() && time == null) {
      throw CommandException.of(
          "parsing time "
              + GoQuote.quote(text)
              + " as \"2006-01-02T15:04:05Z07:00\": cannot parse "
              + GoQuote.quote(text)
              + " as \"2006\"");
    }
    return time;
  }

  private static void check(Invocation call) {
    Flags flags = call.flags();
    if (!flags.string("since-time").isEmpty() && flags.nanos("since") != 0) {
      throw CommandException.of("at most one of `sinceTime` or `sinceSeconds` may be specified");
    }
    String container = container(call);
    if (flags.bool("all-containers") && !container.isEmpty()) {
      throw CommandException.of(
          "--all-containers=true should not be specified with container name " + container);
    }
    if (flags.changed("container") && call.args().size() == 2) {
      throw CommandException.of("only one of -c or an inline [CONTAINER] arg is allowed");
    }
    if (flags.number("limit-bytes") < 0) {
      throw CommandException.of("--limit-bytes must be greater than 0");
    }
    if (flags.nanos("since") < 0) {
      throw CommandException.of("--since must be greater than 0");
    }
    if (flags.number("tail") < -1) {
      throw CommandException.of("--tail must be greater than or equal to -1");
    }
    if (flags.bool("follow")) {
      throw CommandException.of("--follow is absent from this simulation");
    }
  }

  private static String container(Invocation call) {
    return call.args().size() == 2 ? call.args().get(1) : call.flags().string("container");
  }

  private static List<ResourceInfo> find(Invocation call) {
    String selector = call.flags().string("selector");
    ResourceBuilder builder = call.builder().singleResourceType();
    if (call.args().isEmpty()) {
      builder.labels(selector).args(false, List.of("pods"));
    } else {
      builder.names("pods", List.of(call.args().get(0)));
    }
    try {
      List<ResourceInfo> infos = builder.build().infos();
      if (infos.isEmpty()) {
        call.printError("No resources found in " + call.namespace() + " namespace.\n");
      }
      return infos;
    } catch (ApiException e) {
      if (e.notFound()) {
        throw CommandException.of(
            "error from server (NotFound): "
                + ErrorText.bare(e)
                + " in namespace "
                + GoQuote.quote(call.namespace()));
      }
      throw e;
    }
  }

  private static List<Source> sources(Invocation call, ResourceInfo info) {
    List<KubeObject> pods = PodFinder.pods(call, info, PodOrder.BY_LOG, "get the logs from");
    boolean allPods = call.flags().bool("all-pods");
    if (pods.size() > 1 && !allPods) {
      call.printError("Found " + pods.size() + " pods, using pod/" + pods.get(0).name() + "\n");
      pods = pods.subList(0, 1);
    }
    List<Source> sources = new ArrayList<>();
    for (KubeObject pod : pods) {
      if (call.flags().bool("all-containers")) {
        for (String list : List.of("initContainers", "containers", "ephemeralContainers")) {
          PodContainers.names(pod, list).forEach(name -> sources.add(new Source(pod, name)));
        }
      } else {
        sources.add(new Source(pod, container(call, pod, allPods)));
      }
    }
    return sources;
  }

  private static String container(Invocation call, KubeObject pod, boolean quiet) {
    String named = container(call);
    if (!named.isEmpty()) {
      return PodContainers.named(pod, named);
    }
    String annotated = PodContainers.annotated(pod);
    if (annotated.isEmpty()) {
      return PodContainers.first(call, pod, quiet);
    }
    if (PodContainers.has(pod, annotated)) {
      return annotated;
    }
    call.printError(
        "Default container name "
            + GoQuote.quote(annotated)
            + " not found in pod "
            + pod.name()
            + "\n");
    return PodContainers.first(call, pod, quiet);
  }

  private static void print(Invocation call, Source source, @Nullable Instant sinceTime) {
    Flags flags = call.flags();
    List<PodStreams.LogLine> lines;
    try {
      lines = call.session().streams().lines(source.pod, source.container, flags.bool("previous"));
    } catch (ApiException e) {
      if (!flags.bool("ignore-errors")) {
        throw e;
      }
      call.print("error: " + ErrorText.bare(e) + "\n");
      return;
    }
    boolean prefixed = flags.bool("prefix") || flags.bool("all-pods");
    String prefix = prefixed ? "[pod/" + source.pod.name() + "/" + source.container + "] " : "";
    List<String> texts = new ArrayList<>();
    for (PodStreams.LogLine line : recent(call, lines, sinceTime)) {
      texts.add((flags.bool("timestamps") ? time(line) + " " : "") + line.text() + "\n");
    }
    long left = flags.number("limit-bytes") == 0 ? Long.MAX_VALUE : flags.number("limit-bytes");
    for (String text : texts) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      int taken = (int) Math.min(bytes.length, left);
      if (taken > 0) {
        call.print(prefix + new String(bytes, 0, taken, StandardCharsets.UTF_8));
      }
      left -= taken;
    }
  }

  private static String time(PodStreams.LogLine line) {
    Instant time = line.time();
    return time == null ? "" : TIME.format(time);
  }

  /** The lines that are young enough, and of those the last ones. */
  private static List<PodStreams.LogLine> recent(
      Invocation call, List<PodStreams.LogLine> lines, @Nullable Instant sinceTime) {
    Flags flags = call.flags();
    long since = flags.nanos("since");
    Instant from = since == 0 ? sinceTime : call.now().minusSeconds((since + SECOND / 2) / SECOND);
    List<PodStreams.LogLine> young = new ArrayList<>();
    for (PodStreams.LogLine line : lines) {
      Instant time = line.time();
      if (from == null || time == null || !time.isBefore(from)) {
        young.add(line);
      }
    }
    boolean selected = !flags.string("selector").isEmpty() && !flags.changed("tail");
    long tail = selected ? SELECTED_TAIL : flags.number("tail");
    return tail < 0 || tail >= young.size()
        ? young
        : young.subList(young.size() - (int) tail, young.size());
  }
}
