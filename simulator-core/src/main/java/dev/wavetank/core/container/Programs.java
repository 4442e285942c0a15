package dev.wavetank.core.container;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A table of the programs that containers with a shell have, by name. */
public final class Programs {

  /** Where programs are found by their names. */
  static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private final Map<String, Program> programs = new LinkedHashMap<>();

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
}
