package dev.wavetank.core.container;

import dev.wavetank.core.api.GoQuote;
import dev.wavetank.core.container.ProgramNetwork.Failure;
import dev.wavetank.core.container.ProgramNetwork.Outcome;
import java.util.ArrayList;
import java.util.List;

/**
 * The program of the image agnhost, as far as its sub-commands print and end; those that serve are
 * in the image's personality.
 *
 * <p>Follows test/images/agnhost (v1.36).
 */
final class Agnhost {

  private static final long SECOND = 1_000_000_000L;
  private static final String NEW_FILE = "mount-tester new file\n";

  private Agnhost() {}

  static void run(ProgramContext context) {
    List<String> words = context.arguments();
    switch (words.isEmpty() ? "pause" : words.get(0)) {
      case "pause" -> pause(context);
      case "entrypoint-tester" -> {
        context.out("[" + String.join(" ", context.argv()) + "]\n");
        context.exit(0);
      }
      case "mounttest" -> mountTest(context);
      case "connect" -> connect(context);
      case "dns-suffix" -> dns(context, "search ");
      case "dns-server-list" -> dns(context, "nameserver ");
      case "etc-hosts" -> {
        context.out(context.container().file("/etc/hosts") + "\n");
        context.exit(0);
      }
      case "logs-generator" -> logs(context);
      default -> {
        context.err("Error: unknown command \"" + words.get(0) + "\" for \"app\"\n");
        context.exit(1);
      }
    }
  }

  private static void pause(ProgramContext context) {
    context.out("Paused\n");
    BasicPrograms.pause(context);
  }

  /** The value of an option such as {@code --timeout=1s}; empty for none. */
  private static String option(ProgramContext context, String name) {
    List<String> words = context.arguments();
    for (int i = 0; i < words.size(); i++) {
      if (words.get(i).startsWith("--" + name + "=")) {
        return words.get(i).substring(name.length() + 3);
      }
      if (words.get(i).equals("--" + name) && i + 1 < words.size()) {
        return words.get(i + 1);
      }
    }
    return "";
  }

  private static void mountTest(ProgramContext context) {
    Container container = context.container();
    ContainerFiles files = container.files();
    boolean failed = false;
    for (String mode : new String[] {"0644", "0666", "0660", "0777"}) {
      String path = option(context, "new_file_" + mode);
      if (path.isEmpty()) {
        continue;
      }
      String error = files.write(path, NEW_FILE);
      if (error.isEmpty()) {
        files.setMode(path, Integer.parseInt(mode, 8));
        context.out(content(path, NEW_FILE));
      } else {
        context.out("error writing new file " + GoQuote.quote(path) + ": " + error + "\n");
        failed = true;
      }
    }
    String type = option(context, "fs_type");
    for (Mount mount : container.mounts()) {
      if (mount.path().equals(FilePaths.resolve("/", type))) {
        String medium = mount.medium().equals("tmpfs") ? "tmpfs" : "61267";
        context.out("mount type of " + GoQuote.quote(type) + ": " + medium + "\n");
      }
    }
    String modePath = option(context, "file_mode");
    String permPath = option(context, "file_perm");
    failed |= mode(context, modePath, "mode");
    failed |= mode(context, permPath, "perms");
    String owner = option(context, "file_owner");
    if (!owner.isEmpty()) {
      context.out("owner UID of " + GoQuote.quote(owner) + ": 0\n");
      context.out("owner GID of " + GoQuote.quote(owner) + ": 0\n");
    }
    String path = option(context, "file_content");
    String text = path.isEmpty() ? null : container.file(FilePaths.resolve("/", path));
    if (!path.isEmpty() && text == null) {
      String error = "open " + path + ": no such file or directory";
      context.out("error reading file content for " + GoQuote.quote(path) + ": " + error + "\n");
      failed = true;
    } else if (text != null) {
      context.out(content(path, text));
    }
    String looped = option(context, "file_content_in_loop");
    if (looped.isEmpty()) {
      context.exit(failed ? 1 : 0);
    } else {
      String seconds = option(context, "retry_time");
      long retry = seconds.matches("\\d{1,6}") ? Long.parseLong(seconds) : 180;
      boolean breaks = !option(context, "break_on_expected_content").equals("false");
      loop(context, looped, breaks, retry);
    }
  }

  private static String content(String path, String text) {
    return "content of file " + GoQuote.quote(path) + ": " + text + "\n";
  }

  private static boolean mode(ProgramContext context, String path, String what) {
    if (path.isEmpty()) {
      return false;
    }
    Container container = context.container();
    String place = FilePaths.resolve("/", path);
    String quoted = GoQuote.quote(path);
    if (!FilePrograms.exists(container, place)) {
      context.out(
          "error from Lstat(" + quoted + "): lstat " + path + ": no such file or directory\n");
      return true;
    }
    boolean directory = container.file(place) == null;
    int bits = container.files().mode(place);
    String letters = Ls.letters(bits & 0777, directory && what.equals("mode"));
    String sticky = (bits & 01000) != 0 && what.equals("mode") ? "t" : "";
    String shown = sticky.isEmpty() ? letters : "dt" + letters.substring(1);
    context.out(what + " of file " + quoted + ": " + shown + "\n");
    return false;
  }

  /** Prints a file every two seconds, as long as it says something else than it should. */
  private static void loop(ProgramContext context, String path, boolean breaks, long left) {
    String text = context.container().file(FilePaths.resolve("/", path));
    if (text == null) {
      String error = "open " + path + ": no such file or directory";
      context.out("Error reading file " + path + ": " + error + ", retrying\n");
    } else {
      context.out(content(path, text));
    }
    boolean expected = text != null && text.equals(NEW_FILE);
    if (breaks && text != null && !expected) {
      context.out("Unexpected content. Expected: " + NEW_FILE + ". Retrying\n");
    }
    if (left <= 0 || (expected && breaks)) {
      context.exit(0);
    } else {
      context.after(2 * SECOND, () -> loop(context, path, breaks, left - 2));
    }
  }

  private static void connect(ProgramContext context) {
    List<String> words = new ArrayList<>(context.arguments());
    words.removeIf(word -> word.startsWith("--"));
    String place = words.size() > 1 ? words.get(1) : "";
    int colon = place.lastIndexOf(':');
    String port = place.substring(colon + 1);
    if (colon <= 0 || !port.matches("\\d{1,5}")) {
      context.err("DNS: address " + place + ": missing port in address\n");
      context.exit(1);
      return;
    }
    long asked = BasicPrograms.durationNanos(option(context, "timeout"));
    context
        .network()
        .connect(
            context.container().sandbox(),
            place.substring(0, colon).replaceAll("[\\[\\]]", ""),
            Integer.parseInt(port),
            asked > 0 ? asked : NetworkPrograms.PATIENCE_NANOS,
            context.unlessOver(outcome -> connected(context, outcome)));
  }

  private static void connected(ProgramContext context, Outcome outcome) {
    String error =
        switch (outcome.failure()) {
          case NONE -> "";
          case REFUSED -> "REFUSED\n";
          case TIMED_OUT -> "TIMEOUT\n";
          case NAME_NOT_FOUND, NAME_SERVER_SILENT -> "DNS: lookup failed\n";
          default -> "OTHER: " + NetworkPrograms.words(outcome.failure()) + "\n";
        };
    context.err(error);
    context.exit(outcome.failure() == Failure.NONE ? 0 : 1);
  }

  private static void dns(ProgramContext context, String prefix) {
    String file = context.container().file("/etc/resolv.conf");
    List<String> values = new ArrayList<>();
    for (String line : TextPrograms.lines(file == null ? "" : file)) {
      if (line.startsWith(prefix)) {
        values.addAll(List.of(line.substring(prefix.length()).trim().split(" ")));
      }
    }
    context.out(String.join(",", values) + "\n");
    context.exit(0);
  }

  private static void logs(ProgramContext context) {
    String total = option(context, "log-lines-total");
    long nanos = BasicPrograms.durationNanos(option(context, "run-duration"));
    if (!total.matches("[1-9]\\d{0,6}") || nanos < 0) {
      context.err("Invalid total number of lines: " + total + "\n");
      context.exit(1);
      return;
    }
    logs(context, 0, Integer.parseInt(total), nanos / Integer.parseInt(total));
  }

  private static void logs(ProgramContext context, int line, int total, long delayNanos) {
    if (line == total) {
      context.exit(0);
      return;
    }
    String[] verbs = {"GET", "PUT", "POST"};
    String[] places = {"default", "kube-system", "ns"};
    context.out(
        line
            + " "
            + verbs[line % verbs.length]
            + " /api/v1/namespaces/"
            + places[line / verbs.length % places.length]
            + "/pods/p"
            + line
            + " "
            + (200 + line * 37 % 400)
            + "\n");
    context.after(delayNanos, () -> logs(context, line + 1, total, delayNanos));
  }
}
