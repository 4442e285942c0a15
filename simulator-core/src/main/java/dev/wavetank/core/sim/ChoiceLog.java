package dev.wavetank.core.sim;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Every answer that a run got, stream by stream. Streams are independent of each other, so the
 * order between streams is not part of a log.
 */
public final class ChoiceLog {

  /** Most answers of one stream; a longer run cannot be recorded. */
  public static final int ANSWERS_MAX = 1 << 28;

  /** The answers of one stream, in order. */
  static final class Answers {
    private long[] values = new long[8];
    private int size;

    void add(long value) {
      SimulationBug.check(size < ANSWERS_MAX, "choice log over " + ANSWERS_MAX + " answers");
      if (size == values.length) {
        values = Arrays.copyOf(values, size * 2);
      }
      values[size++] = value;
    }

    int size() {
      return size;
    }

    long get(int index) {
      return values[index];
    }
  }

  private final Map<String, Answers> streams = new LinkedHashMap<>();

  Answers stream(String name) {
    return streams.computeIfAbsent(name, n -> new Answers());
  }

  @Nullable Answers find(String name) {
    return streams.get(name);
  }

  /** How many answers there are in all. */
  public long size() {
    long sum = 0;
    for (Answers answers : streams.values()) {
      sum += answers.size();
    }
    return sum;
  }

  /** Appends an answer, as when a log is read from a file. */
  public void add(String stream, long answer) {
    stream(stream).add(answer);
  }

  /** Visits the streams in the order in which they were first asked, with their answers. */
  public void forEach(BiConsumer<String, long[]> action) {
    streams.forEach(
        (name, answers) -> action.accept(name, Arrays.copyOf(answers.values, answers.size)));
  }
}
