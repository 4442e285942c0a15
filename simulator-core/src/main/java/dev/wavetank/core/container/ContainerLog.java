package dev.wavetank.core.container;

import java.util.List;

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
}
