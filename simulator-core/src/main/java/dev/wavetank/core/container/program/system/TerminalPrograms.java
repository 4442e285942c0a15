package dev.wavetank.core.container.program.system;

import dev.wavetank.core.container.ProgramContext;
import dev.wavetank.core.container.Programs;
import dev.wavetank.core.container.stream.Terminal;
import java.util.List;

/** Programs that ask what terminal they have. */
final class TerminalPrograms {

  private TerminalPrograms() {}

  static void addTo(Programs programs) {
    programs.add("tty", TerminalPrograms::tty);
    programs.add("stty", TerminalPrograms::stty);
  }

  private static void tty(ProgramContext context) {
    boolean terminal = context.readsTerminal();
    if (!context.arguments().contains("-s")) {
      context.out(terminal ? "/dev/pts/0\n" : "not a tty\n");
    }
    context.exit(terminal ? 0 : 1);
  }

  private static void stty(ProgramContext context) {
    Terminal terminal = context.terminal();
    if (terminal == null || !context.readsTerminal()) {
      context.err("stty: standard input: Inappropriate ioctl for device\n");
      context.exit(1);
    } else if (context.arguments().equals(List.of("size"))) {
      context.out(terminal.rows() + " " + terminal.columns() + "\n");
      context.exit(0);
    } else if (context.arguments().isEmpty()) {
      context.out("speed 38400 baud; line = 0;\n");
      context.exit(0);
    } else {
      // Its other settings change what people see at a real terminal, and nothing here.
      context.exit(0);
    }
  }
}
