package dev.wavetank.core.kubectl;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.kubectl.errors.CommandException;
import dev.wavetank.core.kubectl.flags.FlagSet;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One word of kubectl: its names, its flags, and what it does. */
abstract class Command {

  private final String name;
  private final String summary;
  private final ImmutableList<String> aliases;
  private final FlagSet flags = new FlagSet();
  private final List<String> requiredFlags = new ArrayList<>();
  private ImmutableList<Command> subcommands = ImmutableList.of();

  /**
   * A command.
   *
   * @param summary what it does, in one line
   */
  Command(String name, String summary, String... aliases) {
    this.name = name;
    this.summary = summary;
    this.aliases = ImmutableList.copyOf(aliases);
  }

  final String name() {
    return name;
  }

  final String summary() {
    return summary;
  }

  final boolean named(String word) {
    return name.equals(word) || aliases.contains(word);
  }

  /** The command's own flags; a constructor adds to them. */
  final FlagSet flags() {
    return flags;
  }

  /** A flag without which the command does not run. */
  final void require(String flag) {
    requiredFlags.add(flag);
  }

  final void checkRequired(Invocation call) {
    List<String> missing = new ArrayList<>();
    for (String flag : requiredFlags) {
      if (!call.flags().changed(flag)) {
        missing.add(flag);
      }
    }
    if (!missing.isEmpty()) {
      throw CommandException.of(
          "required flag(s) \"" + String.join("\", \"", missing) + "\" not set");
    }
  }

  /** Makes this command the first word of others; for constructors. */
  final void subcommands(Command... commands) {
    subcommands = ImmutableList.copyOf(commands);
  }

  /** The commands that this one is the first word of. */
  final ImmutableList<Command> subcommands() {
    return subcommands;
  }

  /** The command of the next word, when this one is only the first of two; null for none. */
  final @Nullable Command subcommand(String word) {
    for (Command command : subcommands) {
      if (command.named(word)) {
        return command;
      }
    }
    return null;
  }

  /**
   * Does it.
   *
   * @throws CommandException when it fails
   * @throws dev.wavetank.core.api.ApiException when the API server refuses
   */
  abstract void run(Invocation call);
}
