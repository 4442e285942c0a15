package dev.wavetank.core.container;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a container's log.
 *
 * @param forgotten lines that were let go before the first that is here
 * @param lines in the order of their times
 * @param lastUnfinished whether the last line has no line break yet
 */
public record ContainerLog(long forgotten, List<LogLine> lines, boolean lastUnfinished) {

  /** A log without a line. */
  public static final ContainerLog EMPTY = new ContainerLog(0, List.of(), false);

  /** What the application has written by itself, and what its programs have. */
  static ContainerLog of(Container container, @Nullable ContainerState state) {
    long started = container.startedNanos();
    long now = container.exited() ? container.finishedNanos() : container.simulation().now();
    List<LogLine> lines = new ArrayList<>();
    for (LogLine line : container.behavior().log(now - started)) {
      lines.add(new LogLine(started + line.nanos(), line.text()));
    }
    if (state == null) {
      return new ContainerLog(0, lines, false);
    }
    lines.addAll(state.log());
    lines.sort(Comparator.comparingLong(LogLine::nanos));
    return new ContainerLog(state.forgotten(), lines, state.lastUnfinished());
  }
}
