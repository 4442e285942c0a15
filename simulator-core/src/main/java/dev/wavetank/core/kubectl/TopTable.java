package dev.wavetank.core.kubectl;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Quantity;
import dev.wavetank.core.kubectl.printers.TabWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The lines of {@code kubectl top}.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/metricsutil (v1.36).
 */
final class TopTable {

  private static final String SWAP = "swap";
  private static final long MEBIBYTE = 1024 * 1024;

  private final boolean headers;
  private final ImmutableList<String> measured;
  private final String sortBy;

  /**
   * A table.
   *
   * @param sortBy the resource by which lines are sorted, the greatest first; empty for by name
   */
  TopTable(boolean headers, boolean swap, String sortBy) {
    this.headers = headers;
    this.measured =
        swap ? ImmutableList.of("cpu", "memory", SWAP) : ImmutableList.of("cpu", "memory");
    this.sortBy = sortBy;
  }

  /**
   * A line for each node; those without metrics come last.
   *
   * @param available what each node has, by resource
   */
  String nodes(List<KubeObject> metrics, Map<String, KubeMap> available) {
    TabWriter out = TabWriter.ofTables();
    if (headers) {
      out.print("NAME\tCPU(cores)\tCPU(%)\tMEMORY(bytes)\tMEMORY(%)\t");
      out.print(measured.contains(SWAP) ? "SWAP(bytes)\tSWAP(%)\t\n" : "\n");
    }
    Map<String, KubeMap> without = new LinkedHashMap<>(available);
    Comparator<KubeObject> byName = Comparator.comparing(KubeObject::name);
    for (KubeObject node : sorted(metrics, byName, m -> m.root().mapOrEmpty("usage"))) {
      KubeMap usage = node.root().mapOrEmpty("usage");
      without.remove(node.name());
      out.print(node.name() + "\t");
      KubeMap has = available.getOrDefault(node.name(), KubeMap.EMPTY);
      for (String resource : measured) {
        out.print(resource.equals(SWAP) ? "<unknown>\t<unknown>\t" : share(resource, usage, has));
      }
      out.print("\n");
    }
    String unknown = "\t" + "<unknown>\t<unknown>\t".repeat(measured.size()) + "\n";
    without.keySet().forEach(node -> out.print(node + unknown));
    return out.toString();
  }

  private static String share(String resource, KubeMap usage, KubeMap has) {
    Quantity used = Quantity.of(usage.get(resource));
    String text = amount(resource, used) + "\t";
    if (!has.has(resource)) {
      return text;
    }
    Quantity all = Quantity.of(has.get(resource));
    double share = all.isZero() ? 0 : (double) used.milliValue() / all.milliValue() * 100;
    return text + (long) share + "%\t";
  }

  private static String amount(String resource, Quantity quantity) {
    return resource.equals("cpu")
        ? quantity.milliValue() + "m"
        : quantity.value() / MEBIBYTE + "Mi";
  }

  /** A line for each pod, or for each of its containers. */
  String pods(List<KubeObject> metrics, boolean containers, boolean namespaces, boolean sum) {
    TabWriter out = TabWriter.ofTables();
    if (headers) {
      out.print(namespaces ? "NAMESPACE\t" : "");
      out.print(containers ? "POD\t" : "");
      out.print("NAME\tCPU(cores)\tMEMORY(bytes)\t");
      out.print(measured.contains(SWAP) ? "SWAP(bytes)\t\n" : "\n");
    }
    Comparator<KubeObject> byName = Comparator.comparing(KubeObject::name);
    Comparator<KubeObject> order =
        namespaces ? Comparator.comparing(KubeObject::namespace).thenComparing(byName) : byName;
    for (KubeObject pod : sorted(metrics, order, TopTable::ofPod)) {
      String first = namespaces ? pod.namespace() + "\t" : "";
      if (containers) {
        for (KubeMap container : containers(pod)) {
          String name = pod.name() + "\t" + container.string("name", "");
          line(out, first + name, container.mapOrEmpty("usage"));
        }
      } else {
        line(out, first + pod.name(), ofPod(pod));
      }
    }
    if (sum) {
      int width = measured.size() + 1;
      if (headers) {
        width += (namespaces ? 1 : 0) + (containers ? 1 : 0);
      }
      sum(out, metrics, width);
    }
    return out.toString();
  }

  private void line(TabWriter out, String names, KubeMap usage) {
    out.print(names + "\t");
    for (String resource : measured) {
      out.print(amount(resource, Quantity.of(usage.get(resource))) + "\t");
    }
    out.print("\n");
  }

  private void sum(TabWriter out, List<KubeObject> metrics, int width) {
    KubeMap total = KubeMap.EMPTY;
    for (KubeObject pod : metrics) {
      total = added(total, ofPod(pod));
    }
    out.print("\t".repeat(width - 2) + "________\t________\t\n");
    line(out, "\t".repeat(width - 3), total);
  }

  private static KubeMap ofPod(KubeObject metrics) {
    KubeMap sum = KubeMap.EMPTY;
    for (KubeMap container : metrics.root().listOrEmpty("containers").maps()) {
      sum = added(sum, container.mapOrEmpty("usage"));
    }
    return sum;
  }

  private static KubeMap added(KubeMap sum, KubeMap more) {
    KubeMap added = sum;
    for (int i = 0; i < more.size(); i++) {
      String name = more.keyAt(i);
      Quantity amount = Quantity.of(sum.get(name)).add(Quantity.of(more.valueAt(i)));
      added = added.with(name, amount.toString());
    }
    return added;
  }

  private List<KubeMap> containers(KubeObject pod) {
    List<KubeMap> containers = new ArrayList<>();
    pod.root().listOrEmpty("containers").maps().forEach(containers::add);
    Comparator<KubeMap> byName = Comparator.comparing(container -> container.string("name", ""));
    containers.sort(
        sortBy.isEmpty() ? byName : greatestFirst(container -> container.mapOrEmpty("usage")));
    return containers;
  }

  /** What a line is about to what it uses. */
  private interface Usage<T> {
    KubeMap of(T line);
  }

  private <T> Comparator<T> greatestFirst(Usage<T> usage) {
    return (a, b) -> Quantity.of(usage.of(b).get(sortBy)).cmp(Quantity.of(usage.of(a).get(sortBy)));
  }

  private List<KubeObject> sorted(
      List<KubeObject> metrics, Comparator<KubeObject> byName, Usage<KubeObject> usage) {
    List<KubeObject> sorted = new ArrayList<>(metrics);
    sorted.sort(sortBy.isEmpty() ? byName : greatestFirst(usage));
    return sorted;
  }
}
