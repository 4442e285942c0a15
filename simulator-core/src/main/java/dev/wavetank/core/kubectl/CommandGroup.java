package dev.wavetank.core.kubectl;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.kubectl.errors.CommandException;
import org.jspecify.annotations.Nullable;

/** A word that needs another one after it, such as {@code rollout}. */
class CommandGroup extends Command {

  private final ImmutableList<Command> subcommands;

  CommandGroup(String name, String summary, Command... subcommands) {
    this(name, summary, ImmutableList.of(), subcommands);
  }

  CommandGroup(String name, String summary, ImmutableList<String> aliases, Command... subcommands) {
    super(name, summary, aliases.toArray(new String[0]));
    this.subcommands = ImmutableList.copyOf(subcommands);
  }

  @Override
  final @Nullable Command subcommand(String word) {
    for (Command command : subcommands) {
      if (command.named(word)) {
        return command;
      }
    }
    return null;
  }

  @Override
  final ImmutableList<Command> subcommands() {
    return subcommands;
  }

  @Override
  void run(Invocation call) {
    requireNoArguments(call);
    call.print(Help.of(this, call.path()));
    throw CommandException.silent(1);
  }

  /** Words that are left are no command of the group. */
  static void requireNoArguments(Invocation call) {
    if (!call.args().isEmpty()) {
      throw call.usage("unknown command \"" + String.join(" ", call.args()) + "\"");
    }
  }
}
