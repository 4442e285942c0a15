package dev.wavetank.core.container.agnhost;

import dev.wavetank.core.api.GoQuote;
import dev.wavetank.core.container.Container;
import dev.wavetank.core.container.ContainerFiles;
import dev.wavetank.core.container.ProgramContext;
import dev.wavetank.core.container.filesystem.FileOwner;
import dev.wavetank.core.container.filesystem.FilePaths;
import dev.wavetank.core.container.filesystem.Mount;
import dev.wavetank.core.container.program.file.Ls;

/**
 * {@code agnhost mounttest}: makes files and tells about files.
 *
 * <p>Follows test/images/agnhost/mounttest/mt.go and mt_utils.go (v1.36).
 */
final class AgnhostMountTest {

  private static final String NEW_FILE = "mount-tester new file\n";
  private static final String[] NEW_FILE_MODES = {"0644", "0666", "0660", "0777"};
  private static final long RETRY_SECONDS = 2;

  /** What {@code statfs} tells of ext4. */
  private static final int EXT4 = 0xEF53;

  private final ProgramContext context;
  private final AgnhostFlags flags;
  private boolean failed;

  private AgnhostMountTest(ProgramContext context, AgnhostFlags flags) {
    this.context = context;
    this.flags = flags;
  }

  static AgnhostFlags flags() {
    AgnhostFlags flags =
        new AgnhostFlags()
            .text("fs-type", "")
            .text("file-mode", "")
            .text("file-perm", "")
            .text("file-owner", "")
            .text("file-content", "")
            .text("file-content-in-loop", "")
            .number("retry-time", 180)
            .toggle("break-on-expected-content", true);
    for (String mode : NEW_FILE_MODES) {
      flags.text("new-file-" + mode, "");
    }
    return flags;
  }

  static void run(ProgramContext context, AgnhostFlags flags) {
    new AgnhostMountTest(context, flags).run();
  }

  private void run() {
    fileSystem(flags.text("fs-type"));
    for (String mode : NEW_FILE_MODES) {
      newFile(flags.text("new-file-" + mode), Integer.parseInt(mode, 8));
    }
    mode(flags.text("file-mode"), false);
    mode(flags.text("file-perm"), true);
    owner(flags.text("file-owner"));
    content(flags.text("file-content"));
    String looped = flags.text("file-content-in-loop");
    if (looped.isEmpty()) {
      context.exit(failed ? 1 : 0);
    } else {
      loop(looped, flags.number("retry-time"), false);
    }
  }

  /** Whether there is such a file; says so when there is none. */
  private boolean found(String path, String call) {
    boolean there = context.container().files().exists(place(path));
    if (!there) {
      String error = call.toLowerCase(java.util.Locale.ROOT) + " " + path;
      String why = call.equals("Stat") ? error + ": " : "";
      context.out(
          "error from "
              + call
              + "("
              + GoQuote.quote(path)
              + "): "
              + why
              + "no such file or directory\n");
      failed = true;
    }
    return there;
  }

  private static String place(String path) {
    return FilePaths.resolve("/", path);
  }

  private void fileSystem(String path) {
    if (path.isEmpty() || !found(path, "statfs")) {
      return;
    }
    Mount mount = context.container().files().mount(place(path));
    boolean memory = mount != null && mount.medium().equals("tmpfs");
    String type = memory ? "tmpfs" : Integer.toString(EXT4);
    context.out("mount type of " + GoQuote.quote(path) + ": " + type + "\n");
  }

  private void newFile(String path, int mode) {
    if (path.isEmpty()) {
      return;
    }
    ContainerFiles files = context.container().files();
    String refused = files.write(place(path), NEW_FILE);
    if (refused.isEmpty()) {
      files.setMode(place(path), mode);
      content(path);
    } else {
      String why = "open " + path + ": " + refused.toLowerCase(java.util.Locale.ROOT);
      context.out("error writing new file " + GoQuote.quote(path) + ": " + why + "\n");
      failed = true;
    }
  }

  private void content(String path) {
    if (path.isEmpty()) {
      return;
    }
    String text = context.container().file(place(path));
    String quoted = GoQuote.quote(path);
    if (text != null) {
      context.out("content of file " + quoted + ": " + text + "\n");
    } else {
      context.out("error reading file content for " + quoted + ": " + missing(path) + "\n");
      failed = true;
    }
  }

  private static String missing(String path) {
    return "open " + path + ": no such file or directory";
  }

  private void mode(String path, boolean permissionsOnly) {
    if (path.isEmpty() || !found(path, "Stat")) {
      return;
    }
    Container container = context.container();
    boolean directory = container.file(place(path)) == null;
    int bits = container.files().mode(place(path));
    String letters = Ls.letters(bits & 0777, false).substring(1);
    boolean sticky = (bits & 01000) != 0;
    String kind =
        permissionsOnly || (!directory && !sticky)
            ? "-"
            : (directory ? "d" : "") + (sticky ? "t" : "");
    String what = permissionsOnly ? "perms" : "mode";
    context.out(what + " of file " + GoQuote.quote(path) + ": " + kind + letters + "\n");
  }

  private void owner(String path) {
    if (!path.isEmpty() && found(path, "stat")) {
      FileOwner owner = context.container().files().owner(place(path));
      context.out("owner UID of " + GoQuote.quote(path) + ": " + owner.user() + "\n");
      context.out("owner GID of " + GoQuote.quote(path) + ": " + owner.group() + "\n");
    }
  }

  /** Prints a file every two seconds, as long as it says something else than it should. */
  private void loop(String path, long secondsLeft, boolean unread) {
    if (secondsLeft <= 0) {
      context.exit(failed || unread ? 1 : 0);
      return;
    }
    String text = context.container().file(place(path));
    if (text == null) {
      context.out("Error reading file " + path + ": " + missing(path) + ", retrying\n");
    } else {
      context.out("content of file " + GoQuote.quote(path) + ": " + text + "\n");
      if (flags.on("break-on-expected-content")) {
        if (text.equals(NEW_FILE)) {
          context.exit(failed ? 1 : 0);
          return;
        }
        context.out("Unexpected content. Expected: " + NEW_FILE + ". Retrying\n");
      }
    }
    context.after(
        RETRY_SECONDS * 1_000_000_000L,
        () -> loop(path, secondsLeft - RETRY_SECONDS, text == null));
  }
}
