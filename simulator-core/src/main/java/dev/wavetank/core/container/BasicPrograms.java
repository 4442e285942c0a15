package dev.wavetank.core.container;

import dev.wavetank.core.api.Timestamps;
import java.math.BigDecimal;
import java.util.List;

/** Programs that need neither files nor the network. */
final class BasicPrograms {

  private static final long SECOND = 1_000_000_000L;

  private BasicPrograms() {}

  static void addTo(Programs programs) {
    programs.add("true", context -> context.exit(0));
    programs.add(":", context -> context.exit(0));
    programs.add("false", context -> context.exit(1));
    programs.add("echo", BasicPrograms::echo);
    programs.add("env", BasicPrograms::env);
    programs.add("printenv", BasicPrograms::env);
    programs.add("hostname", BasicPrograms::hostname);
    programs.add("sleep", BasicPrograms::sleep);
    programs.add("date", BasicPrograms::date);
    programs.add("pause", context -> {});
    programs.add("kill", BasicPrograms::kill);
  }

  private static void echo(ProgramContext context) {
    List<String> words = context.arguments();
    boolean newline = true;
    if (!words.isEmpty() && words.get(0).equals("-n")) {
      newline = false;
      words = words.subList(1, words.size());
    } else if (!words.isEmpty() && words.get(0).equals("-e")) {
      words = words.subList(1, words.size());
    }
    context.out(String.join(" ", words) + (newline ? "\n" : ""));
    context.exit(0);
  }

  private static void env(ProgramContext context) {
    if (!context.arguments().isEmpty() && context.argv().get(0).endsWith("printenv")) {
      String value = context.env().get(context.arguments().get(0));
      if (value != null) {
        context.out(value + "\n");
      }
      context.exit(value == null ? 1 : 0);
      return;
    }
    context.env().forEach((name, value) -> context.out(name + "=" + value + "\n"));
    context.exit(0);
  }

  private static void hostname(ProgramContext context) {
    boolean address = context.arguments().contains("-i");
    context.out(
        (address
                ? context.container().sandbox().ip().toString()
                : context.container().sandbox().hostname())
            + "\n");
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

  private static @org.jspecify.annotations.Nullable BigDecimal duration(String word) {
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
    try {
      BigDecimal amount = new BigDecimal(number);
      return amount.signum() < 0 ? null : amount.multiply(BigDecimal.valueOf(unit));
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static void date(ProgramContext context) {
    context.out(Timestamps.seconds(context.container().simulation().instant()) + "\n");
    context.exit(0);
  }

  /**
   * Process 1 has no handler, so only SIGKILL from outside would end it; other pids are unknown.
   */
  private static void kill(ProgramContext context) {
    List<String> arguments = context.arguments();
    String pid = arguments.isEmpty() ? "" : arguments.get(arguments.size() - 1);
    if (pid.equals("1")) {
      context.exit(0);
      context.container().stop(ContainerBehavior.FOREVER / 4);
      return;
    }
    context.err("sh: can't kill pid " + pid + ": No such process\n");
    context.exit(1);
  }
}
