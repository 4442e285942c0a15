package dev.wavetank.core.container.program.system;

import dev.wavetank.core.container.ProcessNamespace;
import dev.wavetank.core.container.ProgramContext;
import dev.wavetank.core.container.Programs;
import dev.wavetank.core.container.stream.Signal;
import dev.wavetank.core.container.text.PosixPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** Programs that find processes of the container by their names. */
final class ProcessPrograms {

  private ProcessPrograms() {}

  static void addTo(Programs programs) {
    programs.add("pgrep", context -> grep(context, false));
    programs.add("pkill", context -> grep(context, true));
    programs.add("killall", ProcessPrograms::killAll);
    programs.add("pidof", ProcessPrograms::pidOf);
  }

  private static boolean isSelf(ProgramContext context, ProcessNamespace.Listed process) {
    return process.pid() == context.pid();
  }

  /** A process's name: the last part of its command's first word. */
  private static String name(ProcessNamespace.Listed process) {
    String first = process.command().split(" ", 2)[0];
    return first.substring(first.lastIndexOf('/') + 1);
  }

  /** The signal that the first argument names, as in {@code -9}; null for none. */
  private static @Nullable Signal signal(List<String> words) {
    boolean names = !words.isEmpty() && words.get(0).matches("-(\\d+|(SIG)?[A-Z][A-Z0-9]+)");
    return names ? Signal.of(words.get(0).substring(1)) : null;
  }

  private static void grep(ProgramContext context, boolean kills) {
    List<String> words = new ArrayList<>(context.arguments());
    Signal given = kills ? signal(words) : null;
    if (given != null) {
      words.remove(0);
    }
    String letters = "";
    while (!words.isEmpty() && words.get(0).matches("-[fxlanov]+")) {
      letters += words.remove(0).substring(1);
    }
    String program = context.argv().get(0);
    if (words.size() != 1) {
      context.err(program + ": usage: " + program + " [-flx] PATTERN\n");
      context.exit(2);
      return;
    }
    PosixPattern pattern;
    try {
      pattern = PosixPattern.of(words.get(0), true, false);
    } catch (PatternSyntaxException e) {
      context.err(program + ": bad regex '" + words.get(0) + "'\n");
      context.exit(2);
      return;
    }
    boolean found = false;
    for (ProcessNamespace.Listed process : context.container().processNamespace().processes()) {
      String said = letters.contains("f") ? process.command() : name(process);
      boolean fits = letters.contains("x") ? pattern.matches(said) : pattern.find(said);
      if (!fits || isSelf(context, process)) {
        continue;
      }
      found = true;
      if (kills) {
        context
            .container()
            .processNamespace()
            .signal(process.pid(), given == null ? Signal.TERM : given);
      } else {
        boolean shows = letters.contains("l") || letters.contains("a");
        String shown = letters.contains("a") ? process.command() : name(process);
        context.out(process.pid() + (shows ? " " + shown : "") + "\n");
      }
    }
    context.exit(found ? 0 : 1);
  }

  private static void killAll(ProgramContext context) {
    List<String> words = new ArrayList<>(context.arguments());
    Signal given = signal(words);
    if (given != null) {
      words.remove(0);
    }
    boolean quiet = words.remove("-q");
    boolean all = !words.isEmpty();
    for (String word : words) {
      boolean found = false;
      for (ProcessNamespace.Listed process : context.container().processNamespace().processes()) {
        if (name(process).equals(word) && !isSelf(context, process)) {
          found = true;
          context
              .container()
              .processNamespace()
              .signal(process.pid(), given == null ? Signal.TERM : given);
        }
      }
      if (!found && !quiet) {
        context.err("killall: " + word + ": no process killed\n");
      }
      all &= found;
    }
    context.exit(all ? 0 : 1);
  }

  private static void pidOf(ProgramContext context) {
    List<String> words = new ArrayList<>(context.arguments());
    boolean single = words.remove("-s");
    List<String> pids = new ArrayList<>();
    for (ProcessNamespace.Listed process : context.container().processNamespace().processes()) {
      if (words.contains(name(process)) && !isSelf(context, process)) {
        pids.add(0, String.valueOf(process.pid()));
      }
    }
    if (!pids.isEmpty()) {
      context.out(String.join(" ", single ? pids.subList(0, 1) : pids) + "\n");
    }
    context.exit(pids.isEmpty() ? 1 : 0);
  }
}
