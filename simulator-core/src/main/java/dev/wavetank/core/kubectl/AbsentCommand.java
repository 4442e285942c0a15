package dev.wavetank.core.kubectl;

import dev.wavetank.core.kubectl.errors.CommandException;

/** A command that kubectl has and this simulation has not: it says so, whatever its arguments. */
final class AbsentCommand extends Command {

  AbsentCommand(String name) {
    super(name, "Absent from this simulation");
  }

  @Override
  void run(Invocation call) {
    throw CommandException.of(call.path() + " is absent from this simulation");
  }
}
