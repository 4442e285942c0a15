package dev.wavetank.core.container.filesystem;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Files and directories by their absolute paths: the content of a volume, or what a container has
 * changed in the files of its image. It holds {@value #FILES_MAX} files of {@value #FILE_MAX}
 * characters each, {@value #TOTAL_MAX} in all, as a disk that is full beyond that.
 */
public final class FileTree {

  /** Files and directories. */
  public static final int FILES_MAX = 2000;

  /** Characters of a file. */
  public static final int FILE_MAX = 1 << 20;

  /** Characters of all files. */
  public static final int TOTAL_MAX = 8 << 20;

  /** Mode of a file and of a directory that nobody has set another for. */
  public static final int FILE_MODE = 0644;

  public static final int DIRECTORY_MODE = 0755;

  /**
   * A file as a whole.
   *
   * @param mode permission bits
   */
  public record File(String content, int mode) {}

  /** Text that was written whole is kept as it came: many pods share that of one ConfigMap. */
  private static final class Entry {
    private @Nullable CharSequence content;
    private int mode;
    private FileOwner owner;

    Entry(@Nullable CharSequence content, int mode, FileOwner owner) {
      this.content = content;
      this.mode = mode;
      this.owner = owner;
    }
  }

  /** An entry whose content is null is a directory; a null entry is what was removed. */
  private final Map<String, @Nullable Entry> entries = new LinkedHashMap<>(2);

  private long total;

  /** Whether it knows the path, be it as removed. */
  public boolean knows(String path) {
    return entries.containsKey(path);
  }

  /** Content of a file; null when there is no such file. */
  public @Nullable String read(String path) {
    Entry entry = entries.get(path);
    return entry == null || entry.content == null ? null : entry.content.toString();
  }

  private long length(String path) {
    Entry entry = entries.get(path);
    return entry == null || entry.content == null ? 0 : entry.content.length();
  }

  /**
   * Writes a file anew; its mode stays.
   *
   * @return whether there was room for it
   */
  public boolean write(String path, String content) {
    Entry old = entries.get(path);
    long after = total - length(path) + content.length();
    boolean fits =
        content.length() <= FILE_MAX
            && after <= TOTAL_MAX
            && (entries.size() < FILES_MAX || entries.containsKey(path));
    if (fits) {
      total = after;
      entries.put(
          path,
          old == null
              ? new Entry(content, FILE_MODE, FileOwner.ROOT)
              : new Entry(content, old.mode, old.owner));
    }
    return fits;
  }

  /**
   * Adds to the end of a file, which need not exist.
   *
   * @return whether there was room for it
   */
  public boolean append(String path, String more) {
    Entry entry = entries.get(path);
    CharSequence content = entry == null ? null : entry.content;
    if (entry == null || content == null) {
      return write(path, more);
    }
    boolean fits = content.length() + more.length() <= FILE_MAX;
    fits &= total + more.length() <= TOTAL_MAX;
    if (fits) {
      total += more.length();
      StringBuilder longer =
          content instanceof StringBuilder builder ? builder : new StringBuilder(content);
      entry.content = longer.append(more);
    }
    return fits;
  }

  /** Makes a directory; whether there was room for it. */
  public boolean makeDirectory(String path) {
    boolean fits = entries.size() < FILES_MAX || entries.containsKey(path);
    if (fits && entries.get(path) == null) {
      entries.put(path, new Entry(null, DIRECTORY_MODE, FileOwner.ROOT));
    }
    return fits;
  }

  /** Removes a file or an empty directory for good. */
  public void remove(String path) {
    total -= length(path);
    entries.remove(path);
  }

  /** Notes that a file which lies below this tree is removed. */
  public void hide(String path) {
    total -= length(path);
    entries.put(path, null);
  }

  /** Permission bits; -1 when nobody has set them here. */
  public int mode(String path) {
    Entry entry = entries.get(path);
    return entry == null ? -1 : entry.mode;
  }

  /** Whom it belongs to; null when nobody has made it here. */
  public @Nullable FileOwner owner(String path) {
    Entry entry = entries.get(path);
    return entry == null ? null : entry.owner;
  }

  /** Gives what exists to somebody. */
  public void setOwner(String path, FileOwner owner) {
    Entry entry = entries.get(path);
    if (entry != null) {
      entry.owner = owner;
    }
  }

  /** Sets permission bits of what exists. */
  public void setMode(String path, int mode) {
    Entry entry = entries.get(path);
    if (entry != null) {
      entry.mode = mode;
    }
  }

  /** Replaces everything at once, as an update of a projected volume does. */
  public void replace(Map<String, File> files) {
    entries.clear();
    total = 0;
    files.forEach(
        (path, file) -> {
          if (write(path, file.content())) {
            setMode(path, file.mode());
          }
        });
  }

  /** Paths of files, and of directories that were made, in the order in which they came. */
  public List<String> paths() {
    List<String> paths = new ArrayList<>(entries.size());
    entries.forEach(
        (path, entry) -> {
          if (entry != null) {
            paths.add(path);
          }
        });
    return paths;
  }

  /** Paths that were removed from what lies below. */
  public List<String> hidden() {
    List<String> paths = new ArrayList<>();
    entries.forEach(
        (path, entry) -> {
          if (entry == null) {
            paths.add(path);
          }
        });
    return paths;
  }

  /** Whether it is a directory: one that was made, or that has something in it. */
  public boolean directory(String path) {
    if (path.equals("/")) {
      return true;
    }
    Entry known = entries.get(path);
    if (known != null) {
      return known.content == null;
    }
    String prefix = path + "/";
    for (Map.Entry<String, @Nullable Entry> entry : entries.entrySet()) {
      if (entry.getValue() != null && entry.getKey().startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }
}
