package dev.wavetank.scenarios.cluster;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.container.Container;
import dev.wavetank.core.container.PodSandbox;
import dev.wavetank.core.kubectl.gotemplate.GoTemplate;
import dev.wavetank.core.kubelet.Kubelet;
import dev.wavetank.core.sim.Simulation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What {@code docker ps} prints on a node whose container engine is Docker: its running containers,
 * the newest first, without those that only hold a pod's network.
 *
 * <p>Follows docker/cli, cli/command/formatter/container.go, and docker/go-units, duration.go.
 */
final class DockerPs {

  private static final String TABLE =
      "{{.ID}}\t{{.Image}}\t{{.Command}}\t{{.RunningFor}}\t{{.Status}}\t{{.Ports}}\t{{.Names}}";
  private static final ImmutableList<String> TITLES =
      ImmutableList.of("CONTAINER ID", "IMAGE", "COMMAND", "CREATED", "STATUS", "PORTS", "NAMES");

  private static final int ID_LENGTH = 12;
  private static final int COMMAND_LENGTH = 20;
  private static final int GAP = 3;

  private static final long MINUTE = 60;
  private static final long HOUR = 60 * MINUTE;
  private static final long DAY = 24 * HOUR;

  private final Simulation simulation;
  private final Kubelet kubelet;

  DockerPs(Simulation simulation, Kubelet kubelet) {
    this.simulation = simulation;
    this.kubelet = kubelet;
  }

  /**
   * The lines for a Go template; without one the usual table.
   *
   * @throws dev.wavetank.core.kubectl.gotemplate.TemplateException when the format is no template
   */
  String print(String format) {
    List<Container> containers = new ArrayList<>();
    for (PodSandbox sandbox : kubelet.sandboxes()) {
      containers.addAll(sandbox.running());
    }
    Collections.reverse(containers);
    containers.sort((a, b) -> Long.compare(b.startedNanos(), a.startedNanos()));
    GoTemplate template = GoTemplate.parse(format.isEmpty() ? TABLE : format);
    List<String> lines = new ArrayList<>();
    containers.forEach(container -> lines.add(template.apply(fields(container))));
    if (format.isEmpty()) {
      return table(lines);
    }
    return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
  }

  private KubeMap fields(Container container) {
    PodSandbox sandbox = container.sandbox();
    String id = container.id().replaceFirst("^[a-z-]+://", "");
    String age = duration((simulation.now() - container.startedNanos()) / 1_000_000_000L);
    return KubeMap.builder()
        .put("ID", id.substring(0, Math.min(ID_LENGTH, id.length())))
        .put("Image", container.spec().string("image", ""))
        .put("Command", "\"" + shortened(command(container)) + "\"")
        .put("RunningFor", age + " ago")
        .put("Status", "Up " + age)
        // A pod's ports belong to its network, which is not this container's.
        .put("Ports", "")
        .put(
            "Names",
            String.join(
                "_",
                "k8s",
                container.name(),
                sandbox.podName(),
                sandbox.namespace(),
                sandbox.podUid(),
                String.valueOf(container.attempt())))
        .build();
  }

  private static String command(Container container) {
    List<String> words = new ArrayList<>();
    container.spec().listOrEmpty("command").forEach(word -> words.add(word.toString()));
    container.spec().listOrEmpty("args").forEach(word -> words.add(word.toString()));
    return String.join(" ", words);
  }

  private static String shortened(String text) {
    return text.length() <= COMMAND_LENGTH ? text : text.substring(0, COMMAND_LENGTH - 1) + "…";
  }

  /** A length of time as people say it. */
  private static String duration(long seconds) {
    if (seconds < 1) {
      return "Less than a second";
    }
    if (seconds < MINUTE) {
      return seconds == 1 ? "1 second" : seconds + " seconds";
    }
    if (seconds < HOUR) {
      return seconds < 2 * MINUTE ? "About a minute" : seconds / MINUTE + " minutes";
    }
    long hours = (seconds + HOUR / 2) / HOUR;
    if (hours < 48) {
      return hours == 1 ? "About an hour" : hours + " hours";
    }
    long days = hours / 24;
    if (hours < 24 * 7 * 2) {
      return days + " days";
    }
    if (hours < 24 * 30 * 2) {
      return days / 7 + " weeks";
    }
    return hours < 24 * 365 * 2 ? days / 30 + " months" : seconds / DAY / 365 + " years";
  }

  private static String table(List<String> lines) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(TITLES);
    lines.forEach(line -> rows.add(Splitter.on('\t').splitToList(line)));
    StringBuilder out = new StringBuilder();
    for (List<String> row : rows) {
      for (int column = 0; column < row.size(); column++) {
        String cell = row.get(column);
        out.append(cell);
        if (column + 1 < row.size()) {
          out.append(" ".repeat(width(rows, column) + GAP - cell.length()));
        }
      }
      out.append('\n');
    }
    return out.toString();
  }

  private static int width(List<List<String>> rows, int column) {
    return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
  }
}
