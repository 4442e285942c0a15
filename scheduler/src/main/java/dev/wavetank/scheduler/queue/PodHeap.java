package dev.wavetank.scheduler.queue;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A binary heap of pods from which any pod can be taken; equal pods leave in order of arrival. */
final class PodHeap {

  /** Which of two pods leaves first. */
  interface Order {
    boolean less(QueuedPod first, QueuedPod second);
  }

  private final Order order;
  private final QueuedPod.Place place;
  private @Nullable QueuedPod[] pods = new QueuedPod[16];
  private int size;
  private long arrivals;

  PodHeap(QueuedPod.Place place, Order order) {
    this.place = place;
    this.order = order;
  }

  int size() {
    return size;
  }

  void add(QueuedPod pod) {
    if (size == pods.length) {
      pods = Arrays.copyOf(pods, size * 2);
    }
    pod.place = place;
    pod.sequence = arrivals++;
    up(size++, pod);
  }

  @Nullable QueuedPod peek() {
    return size == 0 ? null : pods[0];
  }

  @Nullable QueuedPod pop() {
    QueuedPod first = peek();
    if (first != null) {
      remove(first);
    }
    return first;
  }

  void remove(QueuedPod pod) {
    int hole = pod.heapIndex;
    QueuedPod last = at(--size);
    pods[size] = null;
    pod.heapIndex = -1;
    if (last != pod) {
      down(hole, last);
      if (pods[hole] == last) {
        up(hole, last);
      }
    }
  }

  private QueuedPod at(int index) {
    QueuedPod pod = pods[index];
    if (pod == null) {
      throw new IllegalStateException("a hole in the heap");
    }
    return pod;
  }

  private void up(int from, QueuedPod pod) {
    int index = from;
    while (index > 0) {
      int parent = (index - 1) >>> 1;
      QueuedPod above = at(parent);
      if (!before(pod, above)) {
        break;
      }
      put(index, above);
      index = parent;
    }
    put(index, pod);
  }

  private void down(int from, QueuedPod pod) {
    int index = from;
    while (2 * index + 1 < size) {
      int child = 2 * index + 1;
      if (child + 1 < size && before(at(child + 1), at(child))) {
        child++;
      }
      QueuedPod below = at(child);
      if (!before(below, pod)) {
        break;
      }
      put(index, below);
      index = child;
    }
    put(index, pod);
  }

  private void put(int index, QueuedPod pod) {
    pods[index] = pod;
    pod.heapIndex = index;
  }

  private boolean before(QueuedPod first, QueuedPod second) {
    if (order.less(first, second)) {
      return true;
    }
    return !order.less(second, first) && first.sequence < second.sequence;
  }
}
