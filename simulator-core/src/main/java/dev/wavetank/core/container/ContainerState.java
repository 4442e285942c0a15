package dev.wavetank.core.container;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What only few containers have: requests under way, commands that run, a log, written files. */
final class ContainerState {

  /** Lines kept of a log; older ones are let go. */
  private static final int LOG_LINES_MAX = 1000;

  /** Files that a container may write, and characters of one. */
  private static final int FILES_MAX = 1000;

  private static final int FILE_MAX = 1 << 20;

  private final Set<Exchange> exchanges = new LinkedHashSet<>(2);
  private final Set<ProgramRun> runs = new LinkedHashSet<>(2);
  private final ArrayDeque<String> log = new ArrayDeque<>(2);
  private final Map<String, @Nullable StringBuilder> files = new LinkedHashMap<>(2);
  private final Set<String> directories = new LinkedHashSet<>(2);
  private int pids = 1;
  private String unfinishedLine = "";
  private String startError = "";

  void failStart(String error) {
    startError = error;
  }

  /** Why it could not be started; mostly empty. */
  String startError() {
    return startError;
  }

  Set<Exchange> exchanges() {
    return exchanges;
  }

  Set<ProgramRun> runs() {
    return runs;
  }

  void log(String text) {
    String pending = unfinishedLine + text;
    int start = 0;
    for (int end = pending.indexOf('\n'); end >= 0; end = pending.indexOf('\n', start)) {
      if (log.size() == LOG_LINES_MAX) {
        log.removeFirst();
      }
      log.addLast(pending.substring(start, end));
      start = end + 1;
    }
    unfinishedLine = pending.substring(start);
  }

  List<String> log() {
    List<String> lines = new ArrayList<>(log);
    if (!unfinishedLine.isEmpty()) {
      lines.add(unfinishedLine);
    }
    return lines;
  }

  boolean hasWritten(String path) {
    return files.containsKey(path);
  }

  @Nullable String written(String path) {
    StringBuilder content = files.get(path);
    return content == null ? null : content.toString();
  }

  boolean write(String path, @Nullable String content) {
    boolean fits =
        (files.size() < FILES_MAX || files.containsKey(path))
            && (content == null || content.length() <= FILE_MAX);
    if (fits) {
      files.put(path, content == null ? null : new StringBuilder(content));
      if (content == null) {
        directories.remove(path);
      }
    }
    return fits;
  }

  boolean append(String path, String more) {
    StringBuilder content = files.get(path);
    if (content == null || content.length() + more.length() > FILE_MAX) {
      return false;
    }
    content.append(more);
    return true;
  }

  void makeDirectory(String path) {
    if (directories.size() < FILES_MAX) {
      directories.add(path);
    }
  }

  /** Files that were written and directories that were made. */
  List<String> paths() {
    List<String> paths = new ArrayList<>(directories);
    files.forEach(
        (path, content) -> {
          if (content != null) {
            paths.add(path);
          }
        });
    return paths;
  }

  List<String> removedPaths() {
    List<String> removed = new ArrayList<>();
    files.forEach(
        (path, content) -> {
          if (content == null) {
            removed.add(path);
          }
        });
    return removed;
  }

  int nextPid() {
    return ++pids;
  }
}
