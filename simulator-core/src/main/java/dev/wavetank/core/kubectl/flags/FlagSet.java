package dev.wavetank.core.kubectl.flags;

import dev.wavetank.core.api.GoQuote;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The flags that a command knows, and how its arguments are read by them.
 *
 * <p>Follows github.com/spf13/pflag flag.go.
 */
public final class FlagSet {

  private final Map<String, Flag> byName = new LinkedHashMap<>();
  private final Map<String, Flag> byShorthand = new LinkedHashMap<>();

  /** Adds a flag with a text. */
  public FlagSet string(String name, String shorthand, String initial, String usage) {
    return add(new Flag(name, shorthand, Flag.Kind.STRING, initial, "", "", usage));
  }

  /** Adds a flag with a text that may also stand without one. */
  public FlagSet optional(String name, String initial, String alone, String usage) {
    return add(new Flag(name, "", Flag.Kind.STRING, initial, alone, "", usage));
  }

  /** Adds a switch. */
  public FlagSet bool(String name, String shorthand, boolean initial, String usage) {
    return add(
        new Flag(name, shorthand, Flag.Kind.BOOL, Boolean.toString(initial), "true", "", usage));
  }

  /** Adds a flag with a whole number. */
  public FlagSet integer(String name, long initial, String usage) {
    return integer(name, "", initial, usage);
  }

  /** Adds a flag with a whole number and a letter. */
  public FlagSet integer(String name, String shorthand, long initial, String usage) {
    return add(new Flag(name, shorthand, Flag.Kind.INT, Long.toString(initial), "", "", usage));
  }

  /**
   * Adds a flag with a duration.
   *
   * @param initial as Go reads it
   */
  public FlagSet duration(String name, String initial, String usage) {
    return add(new Flag(name, "", Flag.Kind.DURATION, initial, "", "", usage));
  }

  /** Adds a flag that may come often, each with values between commas. */
  public FlagSet strings(String name, String shorthand, String usage) {
    return add(new Flag(name, shorthand, Flag.Kind.STRINGS, "", "", "", usage));
  }

  /** Adds a flag that may come often, each with one value. */
  public FlagSet stringArray(String name, String shorthand, String usage) {
    return add(new Flag(name, shorthand, Flag.Kind.STRING_ARRAY, "", "", "", usage));
  }

  /** Adds a switch that is out of use; giving it prints what to use instead. */
  public FlagSet deprecatedBool(String name, String instead, String usage) {
    return add(new Flag(name, "", Flag.Kind.BOOL, "false", "true", instead, usage));
  }

  /** Adds every flag of another set that this one lacks. */
  public FlagSet addAll(FlagSet others) {
    for (Flag flag : others.all()) {
      if (!byName.containsKey(flag.name())) {
        add(flag);
      }
    }
    return this;
  }

  private FlagSet add(Flag flag) {
    byName.put(flag.name(), flag);
    if (!flag.shorthand().isEmpty()) {
      byShorthand.put(flag.shorthand(), flag);
    }
    return this;
  }

  /** All flags, in the order in which they were added. */
  public Collection<Flag> all() {
    return byName.values();
  }

  public @Nullable Flag find(String name) {
    return byName.get(name);
  }

  /**
   * Whether an argument is a flag whose value is the next argument. A flag that is not known counts
   * as one with a value when it is long, and as one without when it is a letter.
   */
  public boolean takesNext(String argument) {
    if (argument.contains("=") || !argument.startsWith("-")) {
      return false;
    }
    if (argument.startsWith("--")) {
      Flag flag = byName.get(argument.substring(2));
      return flag == null || flag.alone().isEmpty();
    }
    Flag flag = argument.length() == 2 ? byShorthand.get(argument.substring(1)) : null;
    return argument.length() == 2 && (flag == null || flag.alone().isEmpty());
  }

  /**
   * Reads arguments.
   *
   * @throws FlagException when a flag is not known or its value is wrong
   */
  public Flags parse(List<String> arguments) {
    Parser parser = new Parser(arguments);
    parser.parse();
    return parser.parsed;
  }

  private final class Parser {
    private final List<String> arguments;
    private final Flags parsed = new Flags(FlagSet.this);
    private final List<String> rest = new ArrayList<>();
    private int next;

    Parser(List<String> arguments) {
      this.arguments = arguments;
    }

    void parse() {
      while (next < arguments.size()) {
        String argument = arguments.get(next++);
        if (argument.equals("--")) {
          parsed.dashAt(rest.size());
          rest.addAll(arguments.subList(next, arguments.size()));
          break;
        }
        if (argument.startsWith("--")) {
          longFlag(argument);
        } else if (argument.startsWith("-") && argument.length() > 1) {
          shorthands(argument.substring(1));
        } else {
          rest.add(argument);
        }
      }
      parsed.args(rest);
    }

    private void longFlag(String argument) {
      int equals = argument.indexOf('=');
      String name = equals < 0 ? argument.substring(2) : argument.substring(2, equals);
      if (name.isEmpty() || name.startsWith("-")) {
        throw new FlagException("bad flag syntax: " + argument);
      }
      Flag flag = byName.get(name);
      if (flag == null) {
        throw new FlagException("unknown flag: --" + name);
      }
      if (equals >= 0) {
        set(flag, argument.substring(equals + 1));
      } else if (!flag.alone().isEmpty()) {
        set(flag, flag.alone());
      } else if (next < arguments.size()) {
        set(flag, arguments.get(next++));
      } else {
        throw new FlagException("flag needs an argument: --" + name);
      }
    }

    private void shorthands(String letters) {
      for (int i = 0; i < letters.length(); i++) {
        String letter = letters.substring(i, i + 1);
        String after = letters.substring(i + 1);
        Flag flag = byShorthand.get(letter);
        if (flag == null) {
          throw new FlagException(
              "unknown shorthand flag: '" + letter + "' in -" + letters.substring(i));
        }
        if (after.startsWith("=") && !after.equals("=")) {
          set(flag, after.substring(1));
          return;
        }
        if (!flag.alone().isEmpty()) {
          set(flag, flag.alone());
          continue;
        }
        if (!after.isEmpty()) {
          set(flag, after);
        } else if (next < arguments.size()) {
          set(flag, arguments.get(next++));
        } else {
          throw new FlagException(
              "flag needs an argument: '" + letter + "' in -" + letters.substring(i));
        }
        return;
      }
    }

    private void set(Flag flag, String value) {
      try {
        flag.kind().check(value);
      } catch (IllegalArgumentException e) {
        throw new FlagException(
            "invalid argument "
                + GoQuote.quote(value)
                + " for \""
                + flag.named()
                + "\" flag: "
                + e.getMessage());
      }
      parsed.set(flag, value);
    }
  }
}
