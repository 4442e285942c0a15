package dev.wavetank.core.kubectl;

import dev.wavetank.core.kubectl.flags.Flag;
import dev.wavetank.core.kubectl.printers.TabWriter;

/** The short help of a command: what it does, its subcommands and its flags. */
final class Help {

  private Help() {}

  static String of(Command command, String path) {
    TabWriter out = new TabWriter(0, 2);
    out.print(command.summary() + ".\n");
    if (!command.subcommands().isEmpty()) {
      out.print("\nAvailable Commands:\n");
      for (Command subcommand : command.subcommands()) {
        if (!(subcommand instanceof AbsentCommand)) {
          out.print("  " + subcommand.name() + "\t" + subcommand.summary() + "\n");
        }
      }
    }
    if (!command.flags().all().isEmpty()) {
      out.print("\nOptions:\n");
      for (Flag flag : command.flags().all()) {
        String shorthand = flag.shorthand().isEmpty() ? "    " : "-" + flag.shorthand() + ", ";
        out.print("  " + shorthand + "--" + flag.name() + "\t" + flag.usage() + "\n");
      }
    }
    return out.print("\nUsage:\n  " + path + " [flags] [options]\n").toString();
  }
}
