package dev.wavetank.core.container;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.container.filesystem.FileOwner;
import dev.wavetank.core.container.filesystem.FileTree;
import dev.wavetank.core.container.filesystem.Mount;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The file system of a container: the files of its image, what it has changed in them, the files
 * that every container has, and its volumes.
 */
public final class ContainerFiles {

  static final String NO_SPACE = "No space left on device";
  static final String READ_ONLY = "Read-only file system";

  private static final ImmutableList<String> DIRECTORIES =
      ImmutableList.of(
          "/", "/bin", "/dev", "/etc", "/home", "/proc", "/root", "/run", "/sys", "/tmp", "/usr",
          "/var");
  private static final ImmutableList<String> OWN_FILES =
      ImmutableList.of("/dev/null", "/etc/hostname", "/etc/hosts", "/etc/resolv.conf");

  private final Container container;
  private final boolean readOnlyRoot;
  private final FileTree changes = new FileTree();

  ContainerFiles(Container container) {
    this.container = container;
    this.readOnlyRoot =
        container.spec().mapOrEmpty("securityContext").bool("readOnlyRootFilesystem", false);
  }

  /** The volume in which a path lies: the deepest; null for the container's own files. */
  public @Nullable Mount mount(String path) {
    Mount deepest = null;
    for (Mount mount : container.mounts()) {
      if (mount.covers(path)
          && (deepest == null || mount.path().length() > deepest.path().length())) {
        deepest = mount;
      }
    }
    return deepest;
  }

  /** Content of a file, or null. */
  public @Nullable String read(String path) {
    Mount mount = mount(path);
    if (mount != null) {
      return mount.tree().read(mount.inside(path));
    }
    if (changes.knows(path)) {
      return changes.read(path);
    }
    PodSandbox sandbox = container.sandbox();
    return switch (path) {
      case "/etc/hostname" -> sandbox.hostname() + "\n";
      case "/etc/resolv.conf" -> sandbox.runtime().network().resolvConf(sandbox);
      case "/etc/hosts" -> sandbox.runtime().network().etcHosts(sandbox);
      case "/dev/null" -> "";
      default -> container.behavior().file(path);
    };
  }

  /** Whether there is a file or a directory. */
  public boolean exists(String path) {
    return read(path) != null || directory(path);
  }

  /** Why nothing can be written there; empty when it can. */
  private String refusal(String path) {
    Mount mount = mount(path);
    return mount == null ? (readOnlyRoot ? READ_ONLY : "") : mount.readOnly() ? READ_ONLY : "";
  }

  /** Writes a file; why not, in the words of the C library, or the empty text. */
  public String write(String path, String content) {
    String refusal = refusal(path);
    if (!refusal.isEmpty() || path.equals("/dev/null")) {
      return path.equals("/dev/null") ? "" : refusal;
    }
    boolean fresh = fresh(path);
    Mount mount = mount(path);
    boolean fits =
        mount == null
            ? changes.write(path, content)
            : mount.tree().write(mount.inside(path), content);
    own(path, fresh);
    tell();
    return fits ? "" : NO_SPACE;
  }

  /** Whether nobody has made it yet. */
  private boolean fresh(String path) {
    Mount mount = mount(path);
    return mount == null
        ? changes.owner(path) == null && read(path) == null
        : mount.tree().owner(mount.inside(path)) == null;
  }

  /** What a process makes belongs to it, and in a volume to the group of the pod's volumes. */
  private void own(String path, boolean fresh) {
    if (fresh) {
      FileOwner process = SecurityContext.owner(container);
      long volumes = mount(path) == null ? 0 : SecurityContext.fsGroup(container);
      setOwner(path, volumes == 0 ? process : new FileOwner(process.user(), volumes));
    }
  }

  /** Whom a path belongs to. */
  public FileOwner owner(String path) {
    Mount mount = mount(path);
    FileOwner made = mount == null ? changes.owner(path) : mount.tree().owner(mount.inside(path));
    FileOwner owner = made == null ? FileOwner.ROOT : made;
    long volumes = mount == null ? 0 : SecurityContext.fsGroup(container);
    return owner.group() == 0 && volumes != 0 ? new FileOwner(owner.user(), volumes) : owner;
  }

  /** Gives what has been made to somebody. */
  public void setOwner(String path, FileOwner owner) {
    Mount mount = mount(path);
    if (mount == null) {
      changes.setOwner(path, owner);
    } else {
      mount.tree().setOwner(mount.inside(path), owner);
    }
  }

  /** Servers of the pod may answer otherwise now. */
  private void tell() {
    container.sandbox().running().forEach(Container::filesChanged);
  }

  /** Adds to the end of a file, which need not exist; why not, or the empty text. */
  public String append(String path, String more) {
    String refusal = refusal(path);
    if (!refusal.isEmpty() || path.equals("/dev/null")) {
      return path.equals("/dev/null") ? "" : refusal;
    }
    Mount mount = mount(path);
    if (mount != null) {
      boolean fresh = fresh(path);
      boolean fits = mount.tree().append(mount.inside(path), more);
      own(path, fresh);
      return fits ? "" : NO_SPACE;
    }
    if (changes.read(path) == null && read(path) == null) {
      return write(path, more);
    }
    if (changes.read(path) == null) {
      String before = read(path);
      return changes.write(path, (before == null ? "" : before) + more) ? "" : NO_SPACE;
    }
    return changes.append(path, more) ? "" : NO_SPACE;
  }

  /** Makes a directory; why not, or the empty text. */
  public String makeDirectory(String path) {
    String refusal = refusal(path);
    if (!refusal.isEmpty()) {
      return refusal;
    }
    boolean fresh = fresh(path);
    Mount mount = mount(path);
    boolean fits =
        mount == null
            ? changes.makeDirectory(path)
            : mount.tree().makeDirectory(mount.inside(path));
    own(path, fresh);
    return fits ? "" : NO_SPACE;
  }

  /** Removes a file or an empty directory; why not, or the empty text. */
  public String remove(String path) {
    Mount mount = mount(path);
    if (mount != null && mount.path().equals(path)) {
      return "Device or resource busy";
    }
    String refusal = refusal(path);
    if (!refusal.isEmpty()) {
      return refusal;
    }
    if (mount != null) {
      mount.tree().remove(mount.inside(path));
    } else {
      changes.hide(path);
    }
    tell();
    return "";
  }

  /**
   * The permission bits of a path, such as octal 0644; those of a new file or directory where
   * nobody has set them.
   */
  public int mode(String path) {
    Mount mount = mount(path);
    int mode = mount == null ? changes.mode(path) : mount.tree().mode(mount.inside(path));
    boolean directory = directory(path);
    if (mode < 0 && mount != null && directory && SecurityContext.fsGroup(container) != 0) {
      return 02777;
    }
    return mode >= 0
        ? mode
        : path.equals("/tmp")
            ? 01777
            : mount != null && directory ? 0777 : directory ? 0755 : FileTree.FILE_MODE;
  }

  /** Sets permission bits; why not, or the empty text. */
  public String setMode(String path, int mode) {
    String refusal = refusal(path);
    if (!refusal.isEmpty()) {
      return refusal;
    }
    Mount mount = mount(path);
    if (mount != null) {
      mount.tree().setMode(mount.inside(path), mode);
      return "";
    }
    if (changes.mode(path) < 0) {
      String content = read(path);
      if (content == null) {
        changes.makeDirectory(path);
      } else {
        changes.write(path, content);
      }
      changes.setOwner(path, FileOwner.ROOT);
    }
    changes.setMode(path, mode);
    return "";
  }

  /** Whether a path is a directory: one that every image has, was made, or has something in it. */
  public boolean directory(String path) {
    Mount mount = mount(path);
    if (mount != null) {
      return mount.tree().directory(mount.inside(path));
    }
    return (DIRECTORIES.contains(path) && !changes.hidden().contains(path))
        || (read(path) == null && paths().contains(path));
  }

  /** Absolute paths of files and of the directories that they are in, sorted; not of all images. */
  public NavigableSet<String> paths() {
    NavigableSet<String> paths = new TreeSet<>(DIRECTORIES);
    List<String> files = new ArrayList<>(OWN_FILES);
    files.addAll(container.behavior().paths());
    files.addAll(changes.paths());
    changes.hidden().forEach(paths::remove);
    files.removeAll(changes.hidden());
    files.removeIf(file -> mount(file) != null);
    for (Mount mount : container.mounts()) {
      files.add(mount.path());
      for (String inside : mount.tree().paths()) {
        String outside = mount.outside(inside);
        if (!outside.isEmpty() && mount.equals(mount(outside))) {
          files.add(outside);
        }
      }
    }
    for (String file : files) {
      for (int slash = file.length(); slash > 0; slash = file.lastIndexOf('/', slash - 1)) {
        paths.add(file.substring(0, slash));
      }
    }
    return paths;
  }
}
