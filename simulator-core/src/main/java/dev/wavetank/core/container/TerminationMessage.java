package dev.wavetank.core.container;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a container leaves behind about its end. */
final class TerminationMessage {

  private static final int MESSAGE_MAX = 4096;
  private static final int LOG_MAX = 2048;
  private static final int LOG_LINES_MAX = 80;

  private TerminationMessage() {}

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
    return fallsBack && container.exitCode() != 0 ? endOfLog(container.log()) : "";
  }

  private static String endOfLog(List<String> lines) {
    int from = Math.max(0, lines.size() - LOG_LINES_MAX);
    StringBuilder text = new StringBuilder();
    lines.subList(from, lines.size()).forEach(line -> text.append(line).append('\n'));
    return text.substring(Math.max(0, text.length() - LOG_MAX));
  }
}
