package dev.wavetank.core.kubectl.flags;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.sim.SimulationBug;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The flags and arguments of one command line, read. */
public final class Flags {

  /** One flag as it was given. */
  public record Given(Flag flag, String value) {}

  private final FlagSet set;
  private final List<Given> given = new ArrayList<>();
  private final Map<String, List<String>> values = new LinkedHashMap<>();
  private ImmutableList<String> args = ImmutableList.of();
  private int dash = -1;

  Flags(FlagSet set) {
    this.set = set;
  }

  void set(Flag flag, String value) {
    given.add(new Given(flag, value));
    List<String> all = values.computeIfAbsent(flag.name(), name -> new ArrayList<>());
    switch (flag.kind()) {
      case STRINGS -> all.addAll(Flag.parts(value));
      case STRING_ARRAY -> all.add(value);
      default -> {
        all.clear();
        all.add(value);
      }
    }
  }

  void args(List<String> rest) {
    args = ImmutableList.copyOf(rest);
  }

  void dashAt(int position) {
    dash = position;
  }

  /** The arguments that are no flags, those after {@code --} included. */
  public ImmutableList<String> args() {
    return args;
  }

  /** How many arguments stand before {@code --}; -1 when there is none. */
  public int argsBeforeDash() {
    return dash;
  }

  /** The flags in the order in which they were given. */
  public List<Given> given() {
    return given;
  }

  /** Whether the flag was given. */
  public boolean changed(String name) {
    return values.containsKey(name);
  }

  private String last(String name) {
    Flag flag = set.find(name);
    SimulationBug.check(flag != null, "the command has no flag --" + name);
    List<String> all = values.get(name);
    return all != null && !all.isEmpty() ? all.get(0) : flag == null ? "" : flag.initial();
  }

  /** The value of a flag with a text. */
  public String string(String name) {
    return last(name);
  }

  public boolean bool(String name) {
    return Flag.parseBool(last(name));
  }

  /** The value of a flag with a whole number. */
  public long number(String name) {
    return Long.parseLong(last(name));
  }

  /** The value of a flag with a duration, in nanoseconds. */
  public long nanos(String name) {
    return DurationText.parse(last(name));
  }

  /** All values of a flag that may come often. */
  public List<String> strings(String name) {
    SimulationBug.check(set.find(name) != null, "the command has no flag --" + name);
    return ImmutableList.copyOf(values.getOrDefault(name, ImmutableList.of()));
  }
}
