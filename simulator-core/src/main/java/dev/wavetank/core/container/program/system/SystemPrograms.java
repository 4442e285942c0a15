package dev.wavetank.core.container.program.system;

import com.google.common.hash.HashFunction;
import com.google.common.hash.Hashing;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.container.ProcessNamespace.Listed;
import dev.wavetank.core.container.Program;
import dev.wavetank.core.container.ProgramContext;
import dev.wavetank.core.container.Programs;
import dev.wavetank.core.container.SecurityContext;
import dev.wavetank.core.container.filesystem.FileTree;
import dev.wavetank.core.container.filesystem.Mount;
import dev.wavetank.core.container.program.FileInput;
import dev.wavetank.core.container.program.ProgramOptions;
import dev.wavetank.core.container.stream.Signal;
import dev.wavetank.core.container.text.ByteText;
import dev.wavetank.core.container.text.Lines;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Programs that tell about the system and its processes, and some that run others. */
public final class SystemPrograms {

  /** How many lines {@code yes} writes at a time, and how often. */
  private static final int YES_LINES = 512;

  private static final long YES_NANOS = 10_000_000L;

  private SystemPrograms() {}

  /** Adds those of this room to a table, by their names. */
  public static void addTo(Programs programs) {
    BasicPrograms.addTo(programs);
    ProcessPrograms.addTo(programs);
    TerminalPrograms.addTo(programs);
    TestProgram.addTo(programs);
    programs.add("expr", Expr::run);
    programs.add("id", SystemPrograms::id);
    programs.add("whoami", SystemPrograms::whoami);
    programs.add("ps", SystemPrograms::ps);
    programs.add("top", SystemPrograms::top);
    programs.add("df", SystemPrograms::df);
    programs.add("mount", SystemPrograms::mount);
    programs.add("free", SystemPrograms::free);
    programs.add("nproc", context -> print(context, "4\n"));
    programs.add("uname", SystemPrograms::uname);
    programs.add("uptime", SystemPrograms::uptime);
    programs.add("arch", context -> print(context, "x86_64\n"));
    programs.add("clear", context -> print(context, ""));
    programs.add("sync", context -> print(context, ""));
    programs.add("yes", SystemPrograms::yes);
    programs.add("which", SystemPrograms::which);
    programs.add("timeout", SystemPrograms::timeout);
    programs.add("nohup", context -> run(context, context.arguments()));
    programs.add("chroot", SystemPrograms::chroot);
    programs.add("xargs", SystemPrograms::xargs);
    programs.add("base64", SystemPrograms::base64);
    programs.add("md5sum", context -> digest(context, SystemPrograms::md5));
    programs.add("sha1sum", context -> digest(context, SystemPrograms::sha1));
    programs.add("sha256sum", context -> digest(context, Hashing::sha256));
  }

  @SuppressWarnings("deprecation") // the program is asked for by name
  private static HashFunction md5() {
    return Hashing.md5();
  }

  @SuppressWarnings("deprecation") // the program is asked for by name
  private static HashFunction sha1() {
    return Hashing.sha1();
  }

  private static void print(ProgramContext context, String text) {
    context.out(text);
    context.exit(0);
  }

  // Users

  private static long security(ProgramContext context, String field) {
    return SecurityContext.number(context.container(), field);
  }

  private static String named(long number) {
    return number == 0 ? "0(root)" : Long.toString(number);
  }

  private static void id(ProgramContext context) {
    ProgramOptions options = ProgramOptions.of(context, "ugGn");
    if (options == null) {
      return;
    }
    long user = security(context, "runAsUser");
    long group = security(context, "runAsGroup");
    List<Long> groups = new ArrayList<>(List.of(group));
    KubeMap pod = context.container().sandbox().podSpec().mapOrEmpty("securityContext");
    if (user == 0 && group == 0) {
      groups.add(10L);
    }
    if (pod.has("fsGroup")) {
      groups.add(pod.number("fsGroup", 0));
    }
    pod.listOrEmpty("supplementalGroups").forEach(one -> groups.add(((Number) one).longValue()));
    boolean names = options.has("n");
    if (options.has("u")) {
      print(context, (names && user == 0 ? "root" : user + "") + "\n");
    } else if (options.has("g")) {
      print(context, (names && group == 0 ? "root" : group + "") + "\n");
    } else if (options.has("G")) {
      print(
          context,
          groups.stream().map(String::valueOf).reduce((a, b) -> a + " " + b).orElse("") + "\n");
    } else {
      List<String> all = new ArrayList<>();
      groups.forEach(one -> all.add(one == 10 ? "10(wheel)" : named(one)));
      print(
          context,
          "uid="
              + named(user)
              + " gid="
              + named(group)
              + " groups="
              + String.join(",", all)
              + "\n");
    }
  }

  private static void whoami(ProgramContext context) {
    long user = security(context, "runAsUser");
    if (user == 0) {
      print(context, "root\n");
    } else {
      context.err("whoami: unknown uid " + user + "\n");
      context.exit(1);
    }
  }

  // Processes

  private static String user(ProgramContext context) {
    long user = security(context, "runAsUser");
    return user == 0 ? "root" : Long.toString(user);
  }

  private static void ps(ProgramContext context) {
    StringBuilder text = new StringBuilder("PID   USER     TIME  COMMAND\n");
    for (Listed process : context.container().processNamespace().processes()) {
      text.append(
          String.format(
              Locale.ROOT, "%5d %-8s  0:00 %s\n", process.pid(), user(context), process.command()));
    }
    print(context, text.toString());
  }

  /** One look at the processes; without {@code -n} again every five seconds. */
  private static void top(ProgramContext context) {
    ProgramOptions options = ProgramOptions.of(context, "bn:d:");
    if (options != null) {
      top(context, options.has("n") ? options.number("n", 1) : Integer.MAX_VALUE);
    }
  }

  private static void top(ProgramContext context, int left) {
    long used = context.container().behavior().memoryBytes(context.container().ageNanos()) >> 10;
    long total = 8L << 20;
    StringBuilder text = new StringBuilder();
    text.append(
        "Mem: " + used + "K used, " + (total - used) + "K free, 0K shrd, 0K buff, 0K cached\n");
    text.append("CPU:   0% usr   0% sys   0% nic 100% idle   0% io   0% irq   0% sirq\n");
    List<Listed> processes = context.container().processNamespace().processes();
    int last = processes.get(processes.size() - 1).pid();
    text.append("Load average: 0.00 0.00 0.00 1/" + processes.size() + " " + last + "\n");
    text.append("  PID  PPID USER     STAT   VSZ %VSZ CPU %CPU COMMAND\n");
    for (Listed process : processes) {
      text.append(
          String.format(
              Locale.ROOT,
              "%5d %5d %-8s S     4400   0%%   0   0%% %s\n",
              process.pid(),
              process.pid() == 1 ? 0 : 1,
              user(context),
              process.command()));
    }
    context.out(text.toString());
    if (left <= 1) {
      context.exit(0);
    } else {
      context.after(5_000_000_000L, () -> top(context, left - 1));
    }
  }

  // The machine

  private static void df(ProgramContext context) {
    ProgramOptions options = ProgramOptions.of(context, "hkmTPai");
    if (options == null) {
      return;
    }
    boolean human = options.has("h");
    StringBuilder text = new StringBuilder();
    text.append(
        human
            ? "Filesystem                Size      Used Available Use% Mounted on\n"
            : "Filesystem           1K-blocks      Used Available Use% Mounted on\n");
    boolean all = true;
    if (options.operands().isEmpty()) {
      disk(text, human, null, "/");
      disk(text, human, null, "/dev");
      context.container().mounts().forEach(mount -> disk(text, human, mount, mount.path()));
    }
    for (String operand : options.operands()) {
      String path = context.path(operand);
      if (context.container().files().exists(path)) {
        Mount mount = context.container().files().mount(path);
        boolean device = mount == null && (path.equals("/dev") || path.startsWith("/dev/"));
        disk(text, human, mount, mount != null ? mount.path() : device ? "/dev" : "/");
      } else {
        context.err("df: " + operand + ": can't find mount point\n");
        all = false;
      }
    }
    context.out(text.toString());
    context.exit(all ? 0 : 1);
  }

  /** One line: of a volume, or of what every container has. */
  private static void disk(StringBuilder text, boolean human, @Nullable Mount mount, String place) {
    boolean device = mount == null && place.equals("/dev");
    boolean memory = mount != null && mount.medium().equals("tmpfs");
    String name = mount != null ? mount.medium() : device ? "tmpfs" : "overlay";
    long size = device ? 65_536L : memory ? 4_028_416L : 61_202_244L;
    long used = device ? 0 : memory ? 4 : 12_240_448L;
    disk(text, human, name, size, used, place);
  }

  private static void disk(
      StringBuilder text, boolean human, String name, long size, long used, String place) {
    text.append(
        String.format(
            Locale.ROOT,
            "%-20s %9s %9s %9s %3d%% %s\n",
            name,
            human ? human(size) : size,
            human ? human(used) : used,
            human ? human(size - used) : size - used,
            (used * 100 + size - 1) / size,
            place));
  }

  private static String human(long kilobytes) {
    if (kilobytes == 0) {
      return "0";
    }
    double amount = kilobytes;
    String units = "KMGT";
    int unit = 0;
    while (amount >= 1024 && unit < units.length() - 1) {
      amount /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f%c", amount, units.charAt(unit));
  }

  private static void mount(ProgramContext context) {
    StringBuilder text = new StringBuilder();
    text.append("overlay on / type overlay (rw,relatime)\n");
    text.append("proc on /proc type proc (rw,nosuid,nodev,noexec,relatime)\n");
    text.append("tmpfs on /dev type tmpfs (rw,nosuid,size=65536k,mode=755)\n");
    text.append("sysfs on /sys type sysfs (ro,nosuid,nodev,noexec,relatime)\n");
    for (Mount mount : context.container().mounts()) {
      String type = mount.medium().equals("tmpfs") ? "tmpfs" : "ext4";
      String access = mount.readOnly() ? "ro" : "rw";
      text.append(mount.medium() + " on " + mount.path() + " type " + type + " (" + access);
      text.append(",relatime)\n");
    }
    print(context, text.toString());
  }

  private static void free(ProgramContext context) {
    ProgramOptions options = ProgramOptions.of(context, "hmkbg");
    if (options == null) {
      return;
    }
    int shift = options.has("m") ? 10 : options.has("g") ? 20 : 0;
    long total = 8L << 20;
    long used = context.container().behavior().memoryBytes(context.container().ageNanos()) >> 10;
    long left = total - used;
    print(
        context,
        String.format(
                Locale.ROOT,
                "%19s%12s%12s%12s%12s%12s\n",
                "total",
                "used",
                "free",
                "shared",
                "buff/cache",
                "available")
            + String.format(
                Locale.ROOT,
                "%-7s%12d%12d%12d%12d%12d%12d\n",
                "Mem:",
                total >> shift,
                used >> shift,
                left >> shift,
                0,
                0,
                left >> shift)
            + String.format(Locale.ROOT, "%-7s%12d%12d%12d\n", "Swap:", 0, 0, 0));
  }

  private static void uname(ProgramContext context) {
    ProgramOptions options = ProgramOptions.of(context, "asnrvmpo");
    if (options == null) {
      return;
    }
    String host = context.container().sandbox().hostname();
    String[][] parts = {
      {"s", "Linux"},
      {"n", host},
      {"r", "6.1.0"},
      {"v", "#1 SMP"},
      {"m", "x86_64"},
      {"o", "GNU/Linux"}
    };
    List<String> words = new ArrayList<>();
    for (String[] part : parts) {
      if (options.has("a") || options.has(part[0])) {
        words.add(part[1]);
      }
    }
    print(context, (words.isEmpty() ? "Linux" : String.join(" ", words)) + "\n");
  }

  private static void uptime(ProgramContext context) {
    long minutes = context.container().simulation().now() / 60_000_000_000L;
    String time =
        java.time.LocalTime.ofInstant(
                context.container().simulation().instant(), java.time.ZoneOffset.UTC)
            .withNano(0)
            .format(java.time.format.DateTimeFormatter.ISO_LOCAL_TIME);
    print(
        context,
        " " + time + " up " + minutes + " min,  0 users,  load average: 0.00, 0.00, 0.00\n");
  }

  // Programs that run others

  private static void yes(ProgramContext context) {
    String word = context.arguments().isEmpty() ? "y" : String.join(" ", context.arguments());
    yes(context, (word + "\n").repeat(YES_LINES));
  }

  private static void yes(ProgramContext context, String text) {
    context.out(text);
    if (!context.over()) {
      context.after(YES_NANOS, () -> yes(context, text));
    }
  }

  private static void which(ProgramContext context) {
    boolean all = true;
    for (String name : context.arguments()) {
      boolean found = context.run().programs().find(name) != null;
      context.out(found ? (name.startsWith("/") ? name : "/bin/" + name) + "\n" : "");
      all &= found;
    }
    context.exit(all && !context.arguments().isEmpty() ? 0 : 1);
  }

  /** Runs a program in place of this one; says that there is none of that name. */
  private static void run(ProgramContext context, List<String> argv) {
    String own = context.argv().get(0);
    Program program = argv.isEmpty() ? null : context.run().programs().find(argv.get(0));
    if (program == null) {
      String name = argv.isEmpty() ? "" : argv.get(0);
      context.err(own + ": can't execute '" + name + "': No such file or directory\n");
      context.exit(127);
      return;
    }
    program.run(context.replacement(argv, heritage(context)));
  }

  private static void chroot(ProgramContext context) {
    List<String> words = context.arguments();
    if (words.isEmpty()) {
      context.err("chroot: missing operand\n");
      context.exit(125);
      return;
    }
    String root = context.path(words.get(0));
    if (!context.container().files().directory(root)) {
      context.err(
          "chroot: can't change root directory to '"
              + words.get(0)
              + "': No such file or directory\n");
      context.exit(125);
      return;
    }
    List<String> argv = words.size() == 1 ? List.of("sh", "-i") : words.subList(1, words.size());
    Program program = context.run().programs().find(argv.get(0));
    if (program == null) {
      context.err("chroot: can't execute '" + argv.get(0) + "': No such file or directory\n");
      context.exit(127);
      return;
    }
    program.run(
        context.replacement(
            argv, new ProgramContext.Heritage(context.env(), context.streams(), "/", root)));
  }

  private static ProgramContext.Heritage heritage(ProgramContext context) {
    return new ProgramContext.Heritage(
        context.env(), context.streams(), context.directory(), context.root());
  }

  private static void timeout(ProgramContext context) {
    ProgramOptions options = ProgramOptions.leading(context, "s:k:t:");
    if (options == null) {
      return;
    }
    List<String> operands = new ArrayList<>(options.operands());
    String limit =
        options.has("t") ? options.value("t", "") : operands.isEmpty() ? "" : operands.remove(0);
    Signal signal = Signal.of(options.value("s", "TERM"));
    long nanos = BasicPrograms.durationNanos(limit);
    Program program = operands.isEmpty() ? null : context.run().programs().find(operands.get(0));
    if (nanos < 0 || signal == null || program == null) {
      String wrong =
          nanos < 0
              ? "invalid number '" + limit + "'"
              : "can't execute '" + String.join("", operands) + "': No such file or directory";
      context.err("timeout: " + wrong + "\n");
      context.exit(nanos < 0 || signal == null ? 1 : 127);
      return;
    }
    ProgramContext child = context.child(operands, heritage(context), context::exit);
    context.after(
        nanos,
        () -> {
          child.signal(signal);
          context.exit(signal == Signal.KILL ? 137 : 143);
        });
    program.run(child);
  }

  /** Runs a program with the words that it reads as arguments. */
  private static void xargs(ProgramContext context) {
    ProgramOptions options = ProgramOptions.leading(context, "n:I:r0tL:P:");
    if (options == null) {
      return;
    }
    List<String> base = new ArrayList<>(options.operands());
    if (base.isEmpty()) {
      base.add("echo");
    }
    StringBuilder text = new StringBuilder();
    context
        .in()
        .chunks(
            context,
            chunk -> text.append(text.length() < FileTree.FILE_MAX ? chunk : ""),
            () -> {
              List<List<String>> commands = new ArrayList<>();
              if (options.has("I")) {
                for (String line : Lines.of(text.toString())) {
                  List<String> argv = new ArrayList<>();
                  base.forEach(word -> argv.add(word.replace(options.value("I", "{}"), line)));
                  commands.add(argv);
                }
              } else {
                String separator = options.has("0") ? "\0" : "\\s+";
                List<String> words =
                    new ArrayList<>(List.of(text.toString().trim().split(separator)));
                words.removeIf(String::isEmpty);
                int size = Math.max(1, options.number("n", Math.max(1, words.size())));
                for (int i = 0; i < words.size(); i += size) {
                  List<String> argv = new ArrayList<>(base);
                  argv.addAll(words.subList(i, Math.min(i + size, words.size())));
                  commands.add(argv);
                }
                if (words.isEmpty() && !options.has("r")) {
                  commands.add(base);
                }
              }
              runAll(context, commands, 0, 0);
            });
  }

  private static void runAll(
      ProgramContext context, List<List<String>> commands, int next, int status) {
    if (next == commands.size()) {
      context.exit(status);
      return;
    }
    List<String> argv = commands.get(next);
    Program program = context.run().programs().find(argv.get(0));
    if (program == null || context.run().full()) {
      context.err("xargs: " + argv.get(0) + ": No such file or directory\n");
      context.exit(127);
      return;
    }
    ProgramContext.Heritage given = heritage(context);
    program.run(
        context.child(
            argv,
            given,
            code -> {
              // A turn of its own, so that many commands need no deep stack.
              int worst = code == 0 ? status : 123;
              context.after(0, () -> runAll(context, commands, next + 1, worst));
            }));
  }

  // Encodings

  private static void base64(ProgramContext context) {
    ProgramOptions options = ProgramOptions.of(context, "dw:i", "decode:d", "wrap=:w");
    if (options == null) {
      return;
    }
    FileInput.whole(
        context,
        options.operands(),
        text -> {
          if (options.has("d")) {
            decode(context, text.replaceAll("\\s", ""));
            return;
          }
          String encoded = Base64.getEncoder().encodeToString(ByteText.bytes(text));
          int width = options.number("w", 76);
          StringBuilder lines = new StringBuilder();
          for (int i = 0; i < encoded.length() && width > 0; i += width) {
            lines.append(encoded, i, Math.min(encoded.length(), i + width)).append('\n');
          }
          context.out(width > 0 ? lines.toString() : encoded);
        });
  }

  private static void decode(ProgramContext context, String text) {
    try {
      context.out(ByteText.text(Base64.getDecoder().decode(text)));
    } catch (IllegalArgumentException e) {
      context.err("base64: truncated base64 input\n");
      context.exit(1);
    }
  }

  private static void digest(ProgramContext context, Supplier<HashFunction> function) {
    List<String> files = context.arguments().isEmpty() ? List.of("-") : context.arguments();
    digest(context, function.get(), files, 0, 0);
  }

  private static void digest(
      ProgramContext context, HashFunction function, List<String> files, int file, int code) {
    if (file == files.size()) {
      context.exit(code);
      return;
    }
    StringBuilder text = new StringBuilder();
    FileInput.chunks(
        context,
        List.of(files.get(file)),
        text::append,
        there -> {
          if (there) {
            String hash = function.hashBytes(ByteText.bytes(text.toString())).toString();
            context.out(hash + "  " + files.get(file) + "\n");
          }
          digest(context, function, files, file + 1, there ? code : 1);
        });
  }
}
