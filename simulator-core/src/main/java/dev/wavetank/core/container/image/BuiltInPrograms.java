package dev.wavetank.core.container.image;

import dev.wavetank.core.container.Program;
import dev.wavetank.core.container.Programs;
import dev.wavetank.core.container.agnhost.Agnhost;
import dev.wavetank.core.container.awk.Awk;
import dev.wavetank.core.container.program.file.FilePrograms;
import dev.wavetank.core.container.program.network.NetworkPrograms;
import dev.wavetank.core.container.program.system.SystemPrograms;
import dev.wavetank.core.container.program.text.TextPrograms;
import dev.wavetank.core.container.shell.Shell;
import dev.wavetank.core.container.shell.ShellBuiltIns;
import dev.wavetank.core.container.shell.ShellParser;
import java.util.List;

/** The programs that come with the simulator, as containers with a shell have them. */
final class BuiltInPrograms {

  private BuiltInPrograms() {}

  /** A new table of them. */
  static Programs table() {
    Programs programs = new Programs();
    FilePrograms.addTo(programs);
    TextPrograms.addTo(programs);
    SystemPrograms.addTo(programs);
    NetworkPrograms.addTo(programs);
    programs.add("awk", Awk::run);
    programs.add("agnhost", Agnhost::run);
    programs.add("agnhost-2", Agnhost::run);
    programs.add("sh", Shell::run);
    programs.add("bash", Shell::run);
    programs.add("ash", Shell::run);
    return programs;
  }

  /** Whether a command line runs nothing but programs of a table, a shell's script included. */
  static boolean areAll(Programs programs, List<String> argv) {
    Program program = programs.find(argv.get(0));
    if (program == null) {
      return false;
    }
    int script = argv.indexOf("-c") + 1;
    boolean shell =
        program == programs.find("sh")
            || program == programs.find("bash")
            || program == programs.find("ash");
    if (!shell || script == 0 || script >= argv.size()) {
      return true;
    }
    for (String name : ShellParser.commandNames(argv.get(script))) {
      if (programs.find(name) == null && !ShellBuiltIns.isBuiltIn(name)) {
        return false;
      }
    }
    return true;
  }
}
