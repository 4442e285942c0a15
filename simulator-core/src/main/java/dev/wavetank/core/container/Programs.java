package dev.wavetank.core.container;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The programs that containers with a shell have, by name. */
public final class Programs {

  /** Where programs are found by their names. */
  static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private final Map<String, Program> programs = new LinkedHashMap<>();

  /** The programs that come with the simulator. */
  public Programs() {
    BasicPrograms.addTo(this);
    FilePrograms.addTo(this);
    TextPrograms.addTo(this);
    SystemPrograms.addTo(this);
    TestProgram.addTo(this);
    NetworkPrograms.addTo(this);
    LookupPrograms.addTo(this);
    TerminalPrograms.addTo(this);
    ProcessPrograms.addTo(this);
    add("expr", Expr::run);
    add("dd", Dd::run);
    add("tar", Tar::run);
    add("awk", Awk::run);
    add("agnhost", Agnhost::run);
    add("agnhost-2", Agnhost::run);
    add("sh", Shell::run);
    add("bash", Shell::run);
    add("ash", Shell::run);
  }

  /** Adds a program, or replaces the one of that name. */
  public void add(String name, Program program) {
    programs.put(name, program);
  }

  /** The program of that name or path, or null. */
  public @Nullable Program find(String nameOrPath) {
    String name = nameOrPath;
    int slash = name.lastIndexOf('/');
    if (slash >= 0) {
      String directory = slash == 0 ? "/" : name.substring(0, slash);
      if (slash > 0 && !List.of(PATH.split(":")).contains(directory)) {
        return null;
      }
      name = name.substring(slash + 1);
    }
    return programs.get(name);
  }

  /** Whether a command line runs nothing but known programs, a shell's script included. */
  boolean knowsAll(List<String> argv) {
    Program program = find(argv.get(0));
    if (program == null) {
      return false;
    }
    int script = argv.indexOf("-c") + 1;
    boolean shell = program == find("sh") || program == find("bash") || program == find("ash");
    if (!shell || script == 0 || script >= argv.size()) {
      return true;
    }
    for (String name : ShellParser.commandNames(argv.get(script))) {
      if (find(name) == null && !ShellBuiltIns.isBuiltIn(name)) {
        return false;
      }
    }
    return true;
  }
}
