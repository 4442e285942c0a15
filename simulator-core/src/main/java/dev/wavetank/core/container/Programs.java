package dev.wavetank.core.container;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The programs that containers with a shell have, by name. */
public final class Programs {

  private final Map<String, Program> programs = new LinkedHashMap<>();

  /** The programs that come with the simulator. */
  public Programs() {
    BasicPrograms.addTo(this);
    FilePrograms.addTo(this);
    NetworkPrograms.addTo(this);
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
    for (String directory : List.of("/bin/", "/usr/bin/", "/usr/local/bin/", "/sbin/", "/")) {
      if (name.startsWith(directory)) {
        name = name.substring(directory.length());
        break;
      }
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
      if (find(name) == null && !Shell.isBuiltIn(name)) {
        return false;
      }
    }
    return true;
  }
}
