package dev.wavetank.core.container;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known of a container's end beyond the reason. */
final class TerminationMessage {

  private static final int MESSAGE_MAX = 4096;
  private static final int LOG_MAX = 2048;
  private static final int LOG_LINES_MAX = 80;

  private TerminationMessage() {}

  /** See {@link Container#terminationMessage()}. */
  static String of(Container container, @Nullable ContainerState state) {
    if (state != null && !state.startError().isEmpty()) {
      return state.startError();
    }
    String path = container.spec().string("terminationMessagePath", "/dev/termination-log");
    String written = state == null ? null : state.files(container).read(path);
    if (written != null && !written.isEmpty()) {
      return written.length() <= MESSAGE_MAX ? written : written.substring(0, MESSAGE_MAX);
    }
    boolean fallsBack =
        container.spec().string("terminationMessagePolicy", "").equals("FallbackToLogsOnError");
    return fallsBack && container.exitCode() != 0 ? endOfLog(container) : "";
  }

  private static String endOfLog(Container container) {
    List<String> lines = container.log();
    int from = Math.max(0, lines.size() - LOG_LINES_MAX);
    StringBuilder text = new StringBuilder();
    lines.subList(from, lines.size()).forEach(line -> text.append(line).append('\n'));
    return text.substring(Math.max(0, text.length() - LOG_MAX));
  }
}
