package dev.wavetank.core.container.program.system;

import dev.wavetank.core.container.ProgramContext;
import dev.wavetank.core.container.program.ProgramOptions;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The program {@code date}: the time of the simulation, in UTC. */
final class DateProgram {

  private static final String USUAL = "%a %b %e %H:%M:%S UTC %Y";

  private DateProgram() {}

  static void run(ProgramContext context) {
    ProgramOptions options = ProgramOptions.of(context, "uRI", "utc:u");
    if (options == null) {
      return;
    }
    String format = options.has("R") ? "%a, %d %b %Y %T +0000" : options.has("I") ? "%F" : USUAL;
    for (String operand : options.operands()) {
      if (!operand.startsWith("+")) {
        context.err("date: invalid date '" + operand + "'\n");
        context.exit(1);
        return;
      }
      format = operand.substring(1);
    }
    context.out(text(format, context.container().simulation().instant().atZone(ZoneOffset.UTC)));
    context.out("\n");
    context.exit(0);
  }

  private static String text(String format, ZonedDateTime now) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < format.length(); i++) {
      char c = format.charAt(i);
      if (c != '%' || i + 1 == format.length()) {
        text.append(c);
        continue;
      }
      char letter = format.charAt(++i);
      String inner =
          switch (letter) {
            case 'F' -> "%Y-%m-%d";
            case 'T', 'X' -> "%H:%M:%S";
            case 'R' -> "%H:%M";
            case 'D', 'x' -> "%m/%d/%y";
            case 'c' -> "%a %b %e %H:%M:%S %Y";
            case 'r' -> "%I:%M:%S %p";
            default -> "";
          };
      text.append(inner.isEmpty() ? part(letter, now) : text(inner, now));
    }
    return text.toString();
  }

  private static String part(char letter, ZonedDateTime now) {
    String pattern =
        switch (letter) {
          case 'Y' -> "uuuu";
          case 'y' -> "uu";
          case 'm' -> "MM";
          case 'd' -> "dd";
          case 'e' -> "ppd";
          case 'H' -> "HH";
          case 'I' -> "hh";
          case 'M' -> "mm";
          case 'S' -> "ss";
          case 'N' -> "nnnnnnnnn";
          case 'a' -> "EEE";
          case 'A' -> "EEEE";
          case 'b', 'h' -> "MMM";
          case 'B' -> "MMMM";
          case 'p' -> "a";
          case 'j' -> "DDD";
          default -> "";
        };
    return switch (letter) {
      case 's' -> Long.toString(now.toEpochSecond());
      case 'Z' -> "UTC";
      case 'z' -> "+0000";
      case 'u' -> Integer.toString(now.getDayOfWeek().getValue());
      case 'n' -> "\n";
      case 't' -> "\t";
      case '%' -> "%";
      case 'N' -> String.format(Locale.ROOT, "%09d", now.getNano());
      default ->
          pattern.isEmpty()
              ? "%" + letter
              : now.format(DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH));
    };
  }
}
