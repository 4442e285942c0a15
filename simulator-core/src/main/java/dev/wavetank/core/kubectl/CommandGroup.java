package dev.wavetank.core.kubectl;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.kubectl.errors.CommandException;

/** A word that needs another one after it, such as {@code rollout}. */
class CommandGroup extends Command {

  CommandGroup(String name, String summary, Command... subcommands) {
    this(name, summary, ImmutableList.of(), subcommands);
  }

  CommandGroup(String name, String summary, ImmutableList<String> aliases, Command... subcommands) {
    super(name, summary, aliases.toArray(new String[0]));
    subcommands(subcommands);
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
