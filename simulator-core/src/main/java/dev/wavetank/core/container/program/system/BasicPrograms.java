package dev.wavetank.core.container.program.system;

import dev.wavetank.core.container.PodSandbox;
import dev.wavetank.core.container.Program;
import dev.wavetank.core.container.ProgramContext;
import dev.wavetank.core.container.Programs;
import dev.wavetank.core.container.stream.Signal;
import dev.wavetank.core.container.text.Escapes;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Programs that need neither files nor the network. */
final class BasicPrograms {

  private static final long SECOND = 1_000_000_000L;

  private BasicPrograms() {}

  static void addTo(Programs programs) {
    programs.add("true", context -> context.exit(0));
    programs.add("false", context -> context.exit(1));
    programs.add("echo", BasicPrograms::echo);
    programs.add("printf", BasicPrograms::printf);
    programs.add("seq", BasicPrograms::seq);
    programs.add("env", BasicPrograms::env);
    programs.add("printenv", BasicPrograms::printenv);
    programs.add("hostname", BasicPrograms::hostname);
    programs.add("sleep", BasicPrograms::sleep);
    programs.add("date", DateProgram::run);
    programs.add("pause", BasicPrograms::pause);
    programs.add("kill", BasicPrograms::kill);
  }

  private static void echo(ProgramContext context) {
    List<String> words = context.arguments();
    boolean newline = true;
    boolean escapes = false;
    int at = 0;
    while (at < words.size() && words.get(at).matches("-[neE]+")) {
      String word = words.get(at++);
      newline &= word.indexOf('n') < 0;
      escapes = (escapes || word.indexOf('e') > 0) && word.indexOf('E') < 0;
    }
    String text = String.join(" ", words.subList(at, words.size()));
    context.out((escapes ? Escapes.of(text) : text) + (newline ? "\n" : ""));
    context.exit(0);
  }

  /** Prints a format, again and again while there are arguments for it. */
  private static void printf(ProgramContext context) {
    List<String> words = context.arguments();
    if (words.isEmpty()) {
      context.err("printf: usage: printf FORMAT [ARG]...\n");
      context.exit(1);
      return;
    }
    StringBuilder text = new StringBuilder();
    int next = 1;
    do {
      next = format(Escapes.of(words.get(0)), words, next, text);
    } while (next > 0 && next < words.size());
    context.out(text.toString());
    context.exit(0);
  }

  /** Prints the format once; the next argument that is not used, or 0 when it uses none. */
  private static int format(String format, List<String> words, int first, StringBuilder text) {
    int next = first;
    int at = 0;
    while (at < format.length()) {
      char c = format.charAt(at);
      int end = at + 1;
      while (c == '%' && end < format.length() && "-0123456789.".indexOf(format.charAt(end)) >= 0) {
        end++;
      }
      if (c != '%' || end >= format.length()) {
        text.append(c);
        at++;
        continue;
      }
      char kind = format.charAt(end);
      if (kind == '%') {
        text.append('%');
      } else {
        String word = next < words.size() ? words.get(next) : "";
        next++;
        text.append(
            switch (kind) {
              case 'd', 'i', 'u' -> padded(format.substring(at, end) + "d", number(word));
              case 'f', 'e', 'g', 'F', 'E', 'G' ->
                  padded(format.substring(at, end) + (kind == 'F' ? 'f' : kind), decimal(word));
              case 'x' -> padded(format.substring(at, end) + "x", number(word));
              case 'b' -> Escapes.of(word);
              default -> padded(format.substring(at, end) + "s", word);
            });
      }
      at = end + 1;
    }
    return next == first ? 0 : next;
  }

  private static String padded(String format, Object value) {
    try {
      return String.format(java.util.Locale.ROOT, format, value);
    } catch (IllegalArgumentException e) {
      return value.toString();
    }
  }

  private static long number(String word) {
    try {
      return word.isEmpty() ? 0 : Long.decode(word);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private static double decimal(String word) {
    try {
      return word.isEmpty() ? 0 : Double.parseDouble(word);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private static void seq(ProgramContext context) {
    List<String> words = context.arguments();
    if (words.isEmpty()
        || words.size() > 3
        || !words.stream().allMatch(w -> w.matches("-?\\d{1,9}"))) {
      context.err("seq: invalid arguments\n");
      context.exit(1);
      return;
    }
    long first = words.size() == 1 ? 1 : Long.parseLong(words.get(0));
    long step = words.size() == 3 ? Long.parseLong(words.get(1)) : 1;
    long last = Long.parseLong(words.get(words.size() - 1));
    long numbers = step == 0 ? Long.MAX_VALUE : (last - first) / step + 1;
    if (numbers > 100_000) {
      context.err("seq: too many numbers\n");
      context.exit(1);
      return;
    }
    for (long i = first; step > 0 ? i <= last : i >= last; i += step) {
      context.out(i + "\n");
    }
    context.exit(0);
  }

  /** Prints the environment, or runs a program with some more variables in it. */
  private static void env(ProgramContext context) {
    List<String> words = context.arguments();
    if (words.isEmpty()) {
      context.env().forEach((name, value) -> context.out(name + "=" + value + "\n"));
      context.exit(0);
      return;
    }
    java.util.Map<String, String> env = new java.util.LinkedHashMap<>(context.env());
    int at = 0;
    if (words.get(0).equals("-i")) {
      env.clear();
      at++;
    }
    while (at < words.size() && words.get(at).indexOf('=') > 0) {
      int equals = words.get(at).indexOf('=');
      env.put(words.get(at).substring(0, equals), words.get(at).substring(equals + 1));
      at++;
    }
    List<String> argv = words.subList(at, words.size());
    if (argv.isEmpty()) {
      env.forEach((name, value) -> context.out(name + "=" + value + "\n"));
      context.exit(0);
      return;
    }
    Program program = context.run().programs().find(argv.get(0));
    if (program == null) {
      context.err("env: can't execute '" + argv.get(0) + "': No such file or directory\n");
      context.exit(127);
      return;
    }
    program.run(
        context.replacement(
            argv,
            new ProgramContext.Heritage(
                env, context.streams(), context.directory(), context.root())));
  }

  private static void printenv(ProgramContext context) {
    if (context.arguments().isEmpty()) {
      env(context);
      return;
    }
    boolean all = true;
    for (String name : context.arguments()) {
      String value = context.env().get(name);
      if (value != null) {
        context.out(value + "\n");
      }
      all &= value != null;
    }
    context.exit(all ? 0 : 1);
  }

  private static void hostname(ProgramContext context) {
    PodSandbox sandbox = context.container().sandbox();
    String option = context.arguments().isEmpty() ? "" : context.arguments().get(0);
    switch (option) {
      case "", "-s" -> context.out(sandbox.hostname() + "\n");
      case "-i", "-I" -> context.out(sandbox.ip() + "\n");
      default -> {
        context.err("hostname: invalid option '" + option + "'\n");
        context.exit(1);
      }
    }
    context.exit(0);
  }

  private static void sleep(ProgramContext context) {
    if (context.arguments().isEmpty()) {
      context.err("sleep: missing operand\n");
      context.exit(1);
      return;
    }
    BigDecimal nanos = BigDecimal.ZERO;
    for (String word : context.arguments()) {
      if (word.equals("infinity") || word.equals("inf")) {
        return;
      }
      BigDecimal part = duration(word);
      if (part == null) {
        context.err("sleep: invalid number '" + word + "'\n");
        context.exit(1);
        return;
      }
      nanos = nanos.add(part);
    }
    if (nanos.compareTo(BigDecimal.valueOf(Long.MAX_VALUE / 2)) > 0) {
      return;
    }
    context.after(nanos.longValue(), () -> context.exit(0));
  }

  /** Nanoseconds of a word such as {@code 1.5m}; -1 for a word that is none. */
  static long durationNanos(String word) {
    BigDecimal nanos = duration(word);
    return nanos == null ? -1 : nanos.min(BigDecimal.valueOf(Long.MAX_VALUE / 2)).longValue();
  }

  private static @Nullable BigDecimal duration(String word) {
    long unit = SECOND;
    String number = word;
    if (!word.isEmpty()) {
      int factor =
          switch (word.charAt(word.length() - 1)) {
            case 's' -> 1;
            case 'm' -> 60;
            case 'h' -> 3600;
            case 'd' -> 86400;
            default -> 0;
          };
      if (factor > 0) {
        unit = factor * SECOND;
        number = word.substring(0, word.length() - 1);
      }
    }
    return number.matches("\\d{0,12}(\\.\\d{0,12})?") && number.matches(".*\\d.*")
        ? new BigDecimal(number).multiply(BigDecimal.valueOf(unit))
        : null;
  }

  /** Does nothing until SIGTERM or SIGINT, as the image of that name. */
  static void pause(ProgramContext context) {
    context.onSignal(
        signal -> {
          boolean ends = signal == Signal.TERM || signal == Signal.INT;
          if (ends) {
            context.exit(0);
          }
          return ends;
        });
  }

  private static void kill(ProgramContext context) {
    List<String> words = context.arguments();
    Signal signal = Signal.TERM;
    int at = 0;
    if (!words.isEmpty() && words.get(0).startsWith("-")) {
      boolean named = words.get(0).equals("-s") && words.size() > 1;
      Signal found = Signal.of(named ? words.get(1) : words.get(0).substring(1));
      if (found == null) {
        context.err("kill: bad signal name '" + words.get(0).substring(1) + "'\n");
        context.exit(1);
        return;
      }
      signal = found;
      at = named ? 2 : 1;
    }
    boolean all = at < words.size();
    for (String word : words.subList(at, words.size())) {
      boolean number = word.matches("\\d{1,9}");
      if (!number) {
        context.err("kill: invalid number '" + word + "'\n");
        all = false;
      } else if (!context.container().processNamespace().signal(Integer.parseInt(word), signal)) {
        context.err("kill: can't kill pid " + word + ": No such process\n");
        all = false;
      }
    }
    context.exit(all ? 0 : 1);
  }
}
