package dev.wavetank.scheduler.plugins;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.scheduler.framework.NodeInfo;
import dev.wavetank.scheduler.framework.Resource;
import dev.wavetank.scheduler.framework.ScorePlugin;
import dev.wavetank.scheduler.plugins.args.PluginArgs;

/**
 * Rates how full a node would be with a pod on it. Everything is computed on primitive numbers,
 * without allocation per node.
 *
 * <p>Follows resource_allocation.go, least_allocated.go, most_allocated.go and
 * requested_to_capacity_ratio.go of pkg/scheduler/framework/plugins/noderesources (v1.36).
 */
public final class ResourceScorer {

  /** What is liked. */
  public enum Strategy {
    LEAST_ALLOCATED,
    MOST_ALLOCATED,
    REQUESTED_TO_CAPACITY_RATIO,
    BALANCED
  }

  /** A resource that counts, and how much. */
  public record Weighted(String resource, long weight) {}

  /**
   * A point of the function of {@code RequestedToCapacityRatio}.
   *
   * @param utilization in percent
   * @param score 0 to 10
   */
  public record ShapePoint(long utilization, long score) {}

  /** CPU and memory alike, the default. */
  public static final ImmutableList<Weighted> CPU_AND_MEMORY =
      ImmutableList.of(new Weighted("cpu", 1), new Weighted("memory", 1));

  private enum Kind {
    CPU,
    MEMORY,
    EPHEMERAL_STORAGE,
    SCALAR
  }

  private static final long MAX = ScorePlugin.MAX_NODE_SCORE;
  private static final long SHAPE_SCALE = 10;

  private final Strategy strategy;
  private final String[] resources;
  private final Kind[] kinds;
  private final long[] weights;
  private final ShapePoint[] shape;

  public ResourceScorer(
      Strategy strategy, ImmutableList<Weighted> resources, ImmutableList<ShapePoint> shape) {
    this.strategy = strategy;
    this.resources = new String[resources.size()];
    this.kinds = new Kind[resources.size()];
    this.weights = new long[resources.size()];
    for (int i = 0; i < resources.size(); i++) {
      this.resources[i] = resources.get(i).resource();
      this.kinds[i] = kind(resources.get(i).resource());
      this.weights[i] = resources.get(i).weight();
    }
    this.shape = shape.toArray(new ShapePoint[0]);
  }

  /** The scorer of a {@code scoringStrategy}; an empty one is LeastAllocated. */
  static ResourceScorer of(KubeMap scoringStrategy) {
    Strategy strategy =
        switch (scoringStrategy.string("type", "")) {
          case "MostAllocated" -> Strategy.MOST_ALLOCATED;
          case "RequestedToCapacityRatio" -> Strategy.REQUESTED_TO_CAPACITY_RATIO;
          default -> Strategy.LEAST_ALLOCATED;
        };
    ImmutableList.Builder<ShapePoint> shape = ImmutableList.builder();
    KubeMap ratio = scoringStrategy.mapOrEmpty("requestedToCapacityRatio");
    for (KubeMap point : ratio.listOrEmpty("shape").maps()) {
      shape.add(new ShapePoint(point.number("utilization", 0), point.number("score", 0)));
    }
    return new ResourceScorer(
        strategy, resources(scoringStrategy.listOrEmpty("resources")), shape.build());
  }

  /** The resources of a list of {@code ResourceSpec}; CPU and memory when it is empty. */
  static ImmutableList<Weighted> resources(KubeList list) {
    if (list.isEmpty()) {
      return CPU_AND_MEMORY;
    }
    ImmutableList.Builder<Weighted> resources = ImmutableList.builder();
    for (KubeMap resource : list.maps()) {
      resources.add(new Weighted(resource.string("name", ""), PluginArgs.weight(resource)));
    }
    return resources.build();
  }

  private static Kind kind(String resource) {
    return switch (resource) {
      case "cpu" -> Kind.CPU;
      case "memory" -> Kind.MEMORY;
      case "ephemeral-storage" -> Kind.EPHEMERAL_STORAGE;
      default -> Kind.SCALAR;
    };
  }

  private long amount(Resource amounts, int index) {
    return switch (kinds[index]) {
      case CPU -> amounts.milliCpu();
      case MEMORY -> amounts.memory();
      case EPHEMERAL_STORAGE -> amounts.ephemeralStorage();
      case SCALAR -> amounts.scalar(resources[index]);
    };
  }

  /**
   * What the node has; 0 for a scalar resource that the pod does not ask for: it does not count.
   */
  private long capacity(NodeInfo node, int index, long[] podRequests) {
    return kinds[index] == Kind.SCALAR && podRequests[index] == 0
        ? 0
        : amount(node.allocatable(), index);
  }

  int size() {
    return resources.length;
  }

  String resource(int index) {
    return resources[index];
  }

  /** The score of a node with a pod that asks for these amounts, in the order of the resources. */
  long score(NodeInfo node, long[] podRequests) {
    return strategy == Strategy.BALANCED
        ? balanced(node, podRequests)
        : weighted(node, podRequests);
  }

  private long weighted(NodeInfo node, long[] podRequests) {
    long sum = 0;
    long weightSum = 0;
    for (int i = 0; i < resources.length; i++) {
      long capacity = capacity(node, i, podRequests);
      if (capacity == 0) {
        continue;
      }
      long requested = allocated(node, i) + podRequests[i];
      long score = score(requested, capacity);
      if (score > 0 || strategy != Strategy.REQUESTED_TO_CAPACITY_RATIO) {
        sum += score * weights[i];
        weightSum += weights[i];
      }
    }
    if (weightSum == 0) {
      return 0;
    }
    return strategy == Strategy.REQUESTED_TO_CAPACITY_RATIO
        ? Math.round((double) sum / weightSum)
        : sum / weightSum;
  }

  private long allocated(NodeInfo node, int index) {
    boolean nonZero = kinds[index] == Kind.CPU || kinds[index] == Kind.MEMORY;
    return amount(nonZero ? node.nonZeroRequested() : node.requested(), index);
  }

  private long score(long requested, long capacity) {
    return switch (strategy) {
      case LEAST_ALLOCATED -> requested > capacity ? 0 : (capacity - requested) * MAX / capacity;
      case MOST_ALLOCATED -> Math.min(requested, capacity) * MAX / capacity;
      default -> ratio(requested > capacity ? 100 : requested * 100 / capacity);
    };
  }

  private long ratio(long utilization) {
    for (int i = 0; i < shape.length; i++) {
      ShapePoint point = shape[i];
      if (utilization <= point.utilization()) {
        if (i == 0) {
          return point.score() * SHAPE_SCALE;
        }
        ShapePoint before = shape[i - 1];
        long rise = (point.score() - before.score()) * SHAPE_SCALE;
        return before.score() * SHAPE_SCALE
            + rise
                * (utilization - before.utilization())
                / (point.utilization() - before.utilization());
      }
    }
    return shape[shape.length - 1].score() * SHAPE_SCALE;
  }

  private long balanced(NodeInfo node, long[] podRequests) {
    long with = (long) ((1 - deviation(node, podRequests, true)) * MAX);
    long without = (long) ((1 - deviation(node, podRequests, false)) * MAX);
    return MAX / 2 + (MAX / 2 + with - without) / 2;
  }

  /** The standard deviation of the fractions in use, with the pod or as the node stands. */
  private double deviation(NodeInfo node, long[] podRequests, boolean withPod) {
    int count = 0;
    double total = 0;
    double first = 0;
    double last = 0;
    for (int i = 0; i < resources.length; i++) {
      double fraction = fraction(node, i, podRequests, withPod);
      if (fraction >= 0) {
        first = count == 0 ? fraction : first;
        last = fraction;
        total += fraction;
        count++;
      }
    }
    if (count < 2) {
      return 0;
    }
    if (count == 2) {
      return Math.abs((first - last) / 2);
    }
    double mean = total / count;
    double sum = 0;
    for (int i = 0; i < resources.length; i++) {
      double fraction = fraction(node, i, podRequests, withPod);
      if (fraction >= 0) {
        sum += (fraction - mean) * (fraction - mean);
      }
    }
    return Math.sqrt(sum / count);
  }

  /** The fraction of a resource in use, at most 1; -1 when it does not count. */
  private double fraction(NodeInfo node, int index, long[] podRequests, boolean withPod) {
    long capacity = capacity(node, index, podRequests);
    if (capacity == 0) {
      return -1;
    }
    long used = amount(node.requested(), index) + (withPod ? podRequests[index] : 0);
    return Math.min((double) used / capacity, 1);
  }
}
