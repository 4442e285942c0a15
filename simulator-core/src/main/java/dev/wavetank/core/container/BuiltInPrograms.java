package dev.wavetank.core.container;

import java.util.List;

/** The programs that come with the simulator, as containers with a shell have them. */
final class BuiltInPrograms {

  private BuiltInPrograms() {}

  /** A new table of them. */
  static Programs table() {
    Programs programs = new Programs();
    BasicPrograms.addTo(programs);
    FilePrograms.addTo(programs);
    TextPrograms.addTo(programs);
    SystemPrograms.addTo(programs);
    TestProgram.addTo(programs);
    NetworkPrograms.addTo(programs);
    LookupPrograms.addTo(programs);
    TerminalPrograms.addTo(programs);
    ProcessPrograms.addTo(programs);
    programs.add("expr", Expr::run);
    programs.add("dd", Dd::run);
    programs.add("tar", Tar::run);
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
