package dev.wavetank.scheduler.framework;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.Quantity;
import java.util.Arrays;
import java.util.Map;

/**
 * Amounts of compute resources as primitive numbers: CPU in thousandths, everything else in whole
 * units. Mutable, so that a node's totals change in place.
 *
 * <p>Follows {@code Resource} of pkg/scheduler/framework/types.go (v1.36).
 */
public final class Resource {

  private static final String[] NO_NAMES = {};
  private static final long[] NO_AMOUNTS = {};

  private long milliCpu;
  private long memory;
  private long ephemeralStorage;
  private long allowedPodNumber;
  private String[] scalarNames = NO_NAMES;
  private long[] scalarAmounts = NO_AMOUNTS;

  /** The amounts of a resource list of the API, such as a node's {@code allocatable}. */
  public static Resource of(KubeMap list) {
    Resource resource = new Resource();
    list.forEach((name, quantity) -> resource.put(name, Quantity.of(quantity)));
    return resource;
  }

  static Resource of(Map<String, Quantity> amounts) {
    Resource resource = new Resource();
    amounts.forEach(resource::put);
    return resource;
  }

  private void put(String name, Quantity amount) {
    switch (name) {
      case "cpu" -> milliCpu = amount.milliValue();
      case "memory" -> memory = amount.value();
      case "ephemeral-storage" -> ephemeralStorage = amount.value();
      case "pods" -> allowedPodNumber = amount.value();
      default -> {
        if (scalarName(name)) {
          addScalar(name, amount.value());
        }
      }
    }
  }

  private static boolean scalarName(String name) {
    return name.startsWith("hugepages-")
        || name.startsWith("attachable-volumes-")
        || name.contains("kubernetes.io/")
        || (name.indexOf('/') > 0 && !name.startsWith("requests."));
  }

  /** Whether the name is that of an extended resource, such as {@code example.com/gpu}. */
  public static boolean extendedResourceName(String name) {
    return name.indexOf('/') > 0
        && !name.contains("kubernetes.io/")
        && !name.startsWith("requests.");
  }

  public long milliCpu() {
    return milliCpu;
  }

  public long memory() {
    return memory;
  }

  public long ephemeralStorage() {
    return ephemeralStorage;
  }

  /** How many pods may run; only of a node. */
  public long allowedPodNumber() {
    return allowedPodNumber;
  }

  /** How many other resources are named. */
  public int scalars() {
    return scalarNames.length;
  }

  public String scalarName(int index) {
    return scalarNames[index];
  }

  public long scalarAmount(int index) {
    return scalarAmounts[index];
  }

  /** The amount of an extended or other scalar resource; 0 when it is not named. */
  public long scalar(String name) {
    for (int i = 0; i < scalarNames.length; i++) {
      if (scalarNames[i].equals(name)) {
        return scalarAmounts[i];
      }
    }
    return 0;
  }

  /** The amount of any resource by its name; CPU in thousandths. */
  public long amount(String name) {
    return switch (name) {
      case "cpu" -> milliCpu;
      case "memory" -> memory;
      case "ephemeral-storage" -> ephemeralStorage;
      case "pods" -> allowedPodNumber;
      default -> scalar(name);
    };
  }

  /** Whether nothing is asked for, pods apart. */
  public boolean zero() {
    return milliCpu == 0 && memory == 0 && ephemeralStorage == 0 && scalarNames.length == 0;
  }

  void add(Resource other, int sign) {
    milliCpu += sign * other.milliCpu;
    memory += sign * other.memory;
    ephemeralStorage += sign * other.ephemeralStorage;
    for (int i = 0; i < other.scalarNames.length; i++) {
      addScalar(other.scalarNames[i], sign * other.scalarAmounts[i]);
    }
  }

  void addCpuAndMemory(long addedMilliCpu, long addedMemory) {
    milliCpu += addedMilliCpu;
    memory += addedMemory;
  }

  private void addScalar(String name, long amount) {
    for (int i = 0; i < scalarNames.length; i++) {
      if (scalarNames[i].equals(name)) {
        scalarAmounts[i] += amount;
        return;
      }
    }
    int last = scalarNames.length;
    scalarNames = Arrays.copyOf(scalarNames, last + 1);
    scalarAmounts = Arrays.copyOf(scalarAmounts, last + 1);
    scalarNames[last] = name;
    scalarAmounts[last] = amount;
  }

  Resource copy() {
    Resource copy = new Resource();
    copy.allowedPodNumber = allowedPodNumber;
    copy.add(this, 1);
    return copy;
  }
}
