package dev.wavetank.scenarios;

import com.google.common.base.Splitter;
import dev.wavetank.core.sim.Simulation;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * What a run tells while it goes: commands with what they print, and what happens between them,
 * each with its virtual time.
 */
final class Story {

  private static final double SECOND = 1e9;
  private static final String MARGIN = "           ";

  private final Consumer<String> lines;
  private final Simulation simulation;
  private final long beganNanos;
  private long lastNanos = -1;

  Story(Consumer<String> lines, Simulation simulation) {
    this.lines = lines;
    this.simulation = simulation;
    this.beganNanos = simulation.now();
  }

  /** A line with its time, which is left out when it is that of the line before. */
  void tell(String text) {
    long now = simulation.now() - beganNanos;
    String time = now == lastNanos ? MARGIN : String.format(Locale.ROOT, "%8.3f s ", now / SECOND);
    lastNanos = now;
    lines.accept((time + " " + text).stripTrailing());
  }

  void tellCommand(String commandLine, String output) {
    tell("$ " + commandLine);
    for (String line : Splitter.on('\n').split(output.stripTrailing())) {
      if (!output.isEmpty()) {
        lines.accept((MARGIN + "   " + line).stripTrailing());
      }
    }
  }
}
