package dev.wavetank.core.kubectl;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.GoDuration;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Timestamps;
import dev.wavetank.core.kubectl.errors.CommandException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code kubectl top node} and {@code kubectl top pod}: what they use, where the cluster has
 * metrics.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/cmd/top (v1.36).
 */
abstract class TopCommand extends Command {

  /** An older pod should have metrics. */
  private static final Duration METRICS_CREATION_DELAY = Duration.ofMinutes(2);

  private static final ImmutableList<String> KEYS = ImmutableList.of("", "cpu", "memory");

  private TopCommand(String name, String summary, String... aliases) {
    super(name, summary, aliases);
    flags()
        .string("selector", "l", "", "Selector by labels")
        .string("sort-by", "", "", "cpu or memory")
        .bool("no-headers", "", false, "No line with the names of the columns")
        .bool("use-protocol-buffers", "", true, "Has no effect")
        .bool("show-swap", "", false, "Also swap memory");
  }

  static Command node() {
    Command command =
        new OfNodes("node", "Display resource (CPU/memory) usage of nodes", "nodes", "no");
    command.flags().bool("show-capacity", "", false, "Of the capacity, not what is allocatable");
    return command;
  }

  static Command pod() {
    Command command =
        new OfPods("pod", "Display resource (CPU/memory) usage of pods", "pods", "po");
    command
        .flags()
        .string("field-selector", "", "", "Selector by fields")
        .bool("containers", "", false, "A line for each container")
        .bool("all-namespaces", "A", false, "The pods of all namespaces")
        .bool("sum", "", false, "Also the sum");
    return command;
  }

  /** What kubectl says when a name and a selector are given. */
  abstract String nameAndSelector();

  abstract boolean selective(Invocation call);

  abstract void print(Invocation call, String name, TopTable table);

  @Override
  final void run(Invocation call) {
    if (call.args().size() > 1) {
      throw call.usage("unexpected arguments: [" + String.join(" ", call.args()) + "]");
    }
    String name = call.args().isEmpty() ? "" : call.args().get(0);
    String sortBy = call.flags().string("sort-by");
    if (!KEYS.contains(sortBy)) {
      throw CommandException.of("--sort-by accepts only cpu or memory");
    }
    if (!name.isEmpty() && selective(call)) {
      throw CommandException.of(nameAndSelector());
    }
    if (call.server().served().computed(ResourceType.POD_METRICS) == null) {
      throw CommandException.of("Metrics API not available");
    }
    boolean headers = !call.flags().bool("no-headers");
    print(call, name, new TopTable(headers, call.flags().bool("show-swap"), sortBy));
  }

  /** One object by its name, or those that are selected. */
  private static List<KubeObject> metrics(
      Invocation call, ResourceType type, @Nullable String namespace, String name, String fields) {
    if (!name.isEmpty()) {
      String of = namespace == null ? "" : namespace;
      return List.of(call.handlers().get(ObjectKey.of(type, of, name)));
    }
    return call.reader().list(type, namespace, call.flags().string("selector"), fields);
  }

  private static final class OfNodes extends TopCommand {

    OfNodes(String name, String summary, String... aliases) {
      super(name, summary, aliases);
    }

    @Override
    String nameAndSelector() {
      return "only one of NAME or --selector can be provided";
    }

    @Override
    boolean selective(Invocation call) {
      return !call.flags().string("selector").isEmpty();
    }

    @Override
    void print(Invocation call, String name, TopTable table) {
      List<KubeObject> metrics = metrics(call, ResourceType.NODE_METRICS, null, name, "");
      if (metrics.isEmpty()) {
        throw CommandException.of("metrics not available yet");
      }
      Map<String, KubeMap> available = new LinkedHashMap<>();
      String part = call.flags().bool("show-capacity") ? "capacity" : "allocatable";
      for (KubeObject node : metrics(call, ResourceType.NODES, null, name, "")) {
        available.put(node.name(), node.status().mapOrEmpty(part));
      }
      call.print(table.nodes(metrics, available));
    }
  }

  private static final class OfPods extends TopCommand {

    OfPods(String name, String summary, String... aliases) {
      super(name, summary, aliases);
    }

    @Override
    String nameAndSelector() {
      return "only one of NAME or selector can be provided";
    }

    @Override
    boolean selective(Invocation call) {
      return !call.flags().string("selector").isEmpty()
          || !call.flags().string("field-selector").isEmpty();
    }

    @Override
    void print(Invocation call, String name, TopTable table) {
      boolean all = call.flags().bool("all-namespaces");
      List<KubeObject> metrics =
          metrics(
              call,
              ResourceType.POD_METRICS,
              all ? null : call.namespace(),
              name,
              call.flags().string("field-selector"));
      if (metrics.isEmpty()) {
        explainNone(call);
        call.printError(
            all
                ? "No resources found\n"
                : "No resources found in " + call.namespace() + " namespace.\n");
        return;
      }
      call.print(
          table.pods(metrics, call.flags().bool("containers"), all, call.flags().bool("sum")));
    }

    /** Refuses where there are pods, and tells of one that should have metrics. */
    private static void explainNone(Invocation call) {
      List<KubeObject> pods =
          call.reader()
              .list(
                  ResourceType.PODS,
                  call.namespace(),
                  call.flags().string("selector"),
                  call.flags().string("field-selector"));
      for (KubeObject pod : pods) {
        Instant created = Timestamps.parse(pod.creationTimestamp());
        Duration age = created == null ? Duration.ZERO : Duration.between(created, call.now());
        if (age.compareTo(METRICS_CREATION_DELAY) > 0) {
          throw CommandException.of(
              "Metrics not available for pod "
                  + pod.namespace()
                  + "/"
                  + pod.name()
                  + ", age: "
                  + GoDuration.of(age.toNanos()));
        }
      }
      if (!pods.isEmpty()) {
        throw CommandException.of("metrics not available yet");
      }
    }
  }
}
