package dev.wavetank.core.kubectl.printers;

import java.util.List;
import java.util.function.BiPredicate;

/**
 * Sorts as Go's {@code sort.Sort} does, equal elements in the same order included: a quicksort that
 * defeats patterns, which is not stable but always the same.
 *
 * <p>Follows Go's sort/zsortinterface.go.
 */
public final class GoSort<T> {

  private static final int INSERTION_MAX = 12;
  private static final int NINTHER_MIN = 50;
  private static final int SHIFTING_MIN = 50;
  private static final int SHIFTS_MAX = 5;
  private static final int SWAPS_MAX = 12;

  private final List<T> data;
  private final BiPredicate<T, T> order;

  private GoSort(List<T> data, BiPredicate<T, T> order) {
    this.data = data;
    this.order = order;
  }

  /** Sorts a list in place by what is less than what. */
  public static <T> void sort(List<T> data, BiPredicate<T, T> less) {
    int limit = Integer.SIZE - Integer.numberOfLeadingZeros(data.size());
    new GoSort<>(data, less).sort(0, data.size(), limit);
  }

  private boolean less(int i, int j) {
    return order.test(data.get(i), data.get(j));
  }

  private void swap(int i, int j) {
    T held = data.get(i);
    data.set(i, data.get(j));
    data.set(j, held);
  }

  private void sort(int from, int to, int badChoicesMax) {
    int a = from;
    int b = to;
    int limit = badChoicesMax;
    boolean wasBalanced = true;
    boolean wasPartitioned = true;
    while (b - a > INSERTION_MAX) {
      int length = b - a;
      if (limit == 0) {
        heapSort(a, b);
        return;
      }
      if (!wasBalanced) {
        breakPatterns(a, b);
        limit--;
      }
      int[] swaps = {0};
      int pivot = choosePivot(a, b, swaps);
      boolean increasing = swaps[0] == 0;
      if (swaps[0] == SWAPS_MAX) {
        reverse(a, b);
        pivot = b - 1 - (pivot - a);
        increasing = true;
      }
      if (wasBalanced && wasPartitioned && increasing && partialInsertionSort(a, b)) {
        return;
      }
      if (a > 0 && !less(a - 1, pivot)) {
        a = partitionEqual(a, b, pivot);
        continue;
      }
      boolean[] already = {false};
      int mid = partition(a, b, pivot, already);
      wasPartitioned = already[0];
      wasBalanced = Math.min(mid - a, b - mid) >= length / 8;
      if (mid - a < b - mid) {
        sort(a, mid, limit);
        a = mid + 1;
      } else {
        sort(mid + 1, b, limit);
        b = mid;
      }
    }
    insertionSort(a, b);
  }

  private void insertionSort(int a, int b) {
    for (int i = a + 1; i < b; i++) {
      for (int j = i; j > a && less(j, j - 1); j--) {
        swap(j, j - 1);
      }
    }
  }

  private void heapSort(int a, int b) {
    int length = b - a;
    for (int i = (length - 1) / 2; i >= 0; i--) {
      siftDown(i, length, a);
    }
    for (int i = length - 1; i >= 0; i--) {
      swap(a, a + i);
      siftDown(0, i, a);
    }
  }

  private void siftDown(int low, int high, int first) {
    int root = low;
    for (int child = 2 * root + 1; child < high; child = 2 * root + 1) {
      if (child + 1 < high && less(first + child, first + child + 1)) {
        child++;
      }
      if (!less(first + root, first + child)) {
        return;
      }
      swap(first + root, first + child);
      root = child;
    }
  }

  private int partition(int a, int b, int pivot, boolean[] already) {
    swap(a, pivot);
    int i = a + 1;
    int j = b - 1;
    already[0] = true;
    while (true) {
      while (i <= j && less(i, a)) {
        i++;
      }
      while (i <= j && !less(j, a)) {
        j--;
      }
      if (i > j) {
        swap(j, a);
        return j;
      }
      already[0] = false;
      swap(i++, j--);
    }
  }

  private int partitionEqual(int a, int b, int pivot) {
    swap(a, pivot);
    int i = a + 1;
    int j = b - 1;
    while (true) {
      while (i <= j && !less(a, i)) {
        i++;
      }
      while (i <= j && less(a, j)) {
        j--;
      }
      if (i > j) {
        return i;
      }
      swap(i++, j--);
    }
  }

  /** Sorts what is nearly sorted; false when it is not. */
  private boolean partialInsertionSort(int a, int b) {
    int i = a + 1;
    for (int shift = 0; shift < SHIFTS_MAX; shift++) {
      while (i < b && !less(i, i - 1)) {
        i++;
      }
      if (i == b) {
        return true;
      }
      if (b - a < SHIFTING_MIN) {
        return false;
      }
      swap(i, i - 1);
      if (i - a >= 2) {
        for (int j = i - 1; j >= 1 && less(j, j - 1); j--) {
          swap(j, j - 1);
        }
      }
      if (b - i >= 2) {
        for (int j = i + 1; j < b && less(j, j - 1); j++) {
          swap(j, j - 1);
        }
      }
    }
    return false;
  }

  private void breakPatterns(int a, int b) {
    int length = b - a;
    if (length < 8) {
      return;
    }
    long random = length;
    int modulus = 1 << (Integer.SIZE - Integer.numberOfLeadingZeros(length));
    int index = a + length / 4 * 2 - 1;
    for (int i = 0; i < 3; i++) {
      random ^= random << 13;
      random ^= random >>> 7;
      random ^= random << 17;
      int other = (int) random & (modulus - 1);
      swap(index - 1 + i, a + (other >= length ? other - length : other));
    }
  }

  private int choosePivot(int a, int b, int[] swaps) {
    int length = b - a;
    int i = a + length / 4;
    int j = a + length / 4 * 2;
    int k = a + length / 4 * 3;
    if (length < 8) {
      return j;
    }
    if (length >= NINTHER_MIN) {
      i = median(i - 1, i, i + 1, swaps);
      j = median(j - 1, j, j + 1, swaps);
      k = median(k - 1, k, k + 1, swaps);
    }
    return median(i, j, k, swaps);
  }

  private int median(int first, int second, int third, int[] swaps) {
    int a = first;
    int b = second;
    int c = third;
    if (less(b, a)) {
      swaps[0]++;
      int held = a;
      a = b;
      b = held;
    }
    if (less(c, b)) {
      swaps[0]++;
      b = c;
    }
    if (less(b, a)) {
      swaps[0]++;
      b = a;
    }
    return b;
  }

  private void reverse(int a, int b) {
    for (int i = a, j = b - 1; i < j; i++, j--) {
      swap(i, j);
    }
  }
}
