package dev.wavetank.scenarios.fault;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.FileFields;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.scenarios.cluster.Cluster;
import dev.wavetank.scenarios.expect.ObjectSet;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** The one list of the faults, by their key in scenario files. */
public final class Faults {

  private static final int FACTOR_MAX = 1_000_000;

  private static final ImmutableMap<String, BiFunction<FileFields, String, Fault>> READERS =
      ImmutableMap.<String, BiFunction<FileFields, String, Fault>>builder()
          .put("kill-container", Faults::killContainer)
          .put("crash-node", (fields, key) -> new CrashNode(fields.text(key)))
          .put("recover-node", (fields, key) -> new RecoverNode(fields.text(key)))
          .put("slow-pulls", Faults::slowPulls)
          .put("fail-pulls", Faults::failPulls)
          .put("network", NetworkFault::read)
          .buildOrThrow();

  private static final String CHAOS = "chaos";

  /** The keys, in the order of the documentation. */
  public static final ImmutableList<String> KEYS =
      ImmutableList.<String>builder().addAll(READERS.keySet()).add(CHAOS).build();

  /** Where the text of a file comes from. */
  public interface Files {
    /** The text of the file that the value of a key names. */
    String text(FileFields fields, String key, String path);
  }

  private Faults() {}

  /**
   * The faults of a mapping, in its order.
   *
   * @throws dev.wavetank.core.api.ScenarioException when one is wrong
   */
  public static ImmutableList<Fault> read(FileFields fields, Files files) {
    fields.known(KEYS);
    ImmutableList.Builder<Fault> faults = ImmutableList.builder();
    for (String key : fields.keys()) {
      BiFunction<FileFields, String, Fault> reader = READERS.get(key);
      if (reader != null) {
        faults.add(reader.apply(fields, key));
      } else {
        faults.add(chaos(fields, files));
      }
    }
    if (fields.keys().isEmpty()) {
      throw fields.wrong("expected one of " + String.join(", ", KEYS));
    }
    return faults.build();
  }

  /** An object of Chaos Mesh, written in place or in a file beside the scenario. */
  private static Fault chaos(FileFields fields, Files files) {
    String value = fields.text(CHAOS);
    return value.contains("\n")
        ? Chaos.read(fields.place(CHAOS).file() + " (chaos)", value)
        : Chaos.read(value, files.text(fields, CHAOS, value));
  }

  private static Fault killContainer(FileFields fields, String key) {
    if (!fields.isMap(key)) {
      return new KillContainer(pods(fields, key, fields.text(key)), "");
    }
    FileFields kill = fields.requiredMap(key).known(ImmutableList.of("pod", "container"));
    return new KillContainer(pods(kill, "pod", kill.text("pod")), kill.text("container", ""));
  }

  private static ObjectSet pods(FileFields fields, String key, String text) {
    try {
      ObjectSet pods = ObjectSet.parse(text);
      if (pods.type().equals(ResourceType.PODS)) {
        return pods;
      }
    } catch (IllegalArgumentException e) {
      throw fields.wrong(key, String.valueOf(e.getMessage()));
    }
    throw fields.wrong(key, "expected a pod, such as pod/web or \"pods -l app=web\"");
  }

  private static Fault slowPulls(FileFields fields, String key) {
    FileFields slow = fields.requiredMap(key).known(ImmutableList.of("node", "factor"));
    return new SlowPulls(slow.text("node", ""), slow.number("factor", 10, 1, FACTOR_MAX));
  }

  private static Fault failPulls(FileFields fields, String key) {
    FileFields fail = fields.requiredMap(key).known(ImmutableList.of("image", "error"));
    return new FailPulls(fail.text("image"), fail.text("error", ""));
  }

  private record KillContainer(ObjectSet pods, String container) implements Fault {
    @Override
    public String words() {
      return "kills "
          + (container.isEmpty() ? "a container" : "container " + container)
          + " of "
          + pods;
    }

    @Override
    public Optional<String> inject(Cluster cluster, String namespace) {
      List<KubeObject> found = pods.in(cluster, namespace);
      for (KubeObject pod : found) {
        if (cluster.killContainer(pod.namespace(), pod.name(), container)) {
          return Optional.empty();
        }
      }
      return Optional.of(
          found.isEmpty() ? "there is no pod " + pods : "no such container of " + pods + " runs");
    }
  }

  private record CrashNode(String node) implements Fault {
    @Override
    public String words() {
      return "node " + node + " loses power";
    }

    @Override
    public Optional<String> inject(Cluster cluster, String namespace) {
      cluster.crashNode(node);
      return Optional.empty();
    }
  }

  private record RecoverNode(String node) implements Fault {
    @Override
    public String words() {
      return "node " + node + " starts again";
    }

    @Override
    public Optional<String> inject(Cluster cluster, String namespace) {
      cluster.recoverNode(node);
      return Optional.empty();
    }
  }

  private record SlowPulls(String node, long factor) implements Fault {
    @Override
    public String words() {
      return "image pulls "
          + (node.isEmpty() ? "of every node" : "of node " + node)
          + " take "
          + factor
          + " times as long";
    }

    @Override
    public Optional<String> inject(Cluster cluster, String namespace) {
      if (!node.isEmpty()) {
        cluster.slowPulls(node, factor);
      } else {
        cluster.kubelets().all().forEach(kubelet -> cluster.slowPulls(kubelet.name(), factor));
      }
      return Optional.empty();
    }
  }

  private record FailPulls(String image, String error) implements Fault {
    @Override
    public String words() {
      return "image " + image + " cannot be pulled";
    }

    @Override
    public Optional<String> inject(Cluster cluster, String namespace) {
      cluster.failPulls(image, error);
      return Optional.empty();
    }
  }
}
