package dev.wavetank.cli;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.ManifestException;
import dev.wavetank.core.api.ScenarioException;
import dev.wavetank.core.kubectl.errors.ErrorText;
import dev.wavetank.core.sim.SimulationBug;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** Turns what a command throws into words on stderr and an exit code. */
final class Failures implements CommandLine.IExecutionExceptionHandler {

  @Override
  public int handleExecutionException(
      Exception failure, CommandLine commandLine, CommandLine.ParseResult parsed) throws Exception {
    commandLine.getOut().flush();
    if (failure instanceof ScenarioException || failure instanceof ManifestException) {
      say(commandLine, failure.getMessage());
      return ExitCode.INVALID_FILE;
    }
    if (failure instanceof NoSuchFileException missing) {
      say(commandLine, missing.getFile() + ": no such file");
      return ExitCode.ERROR;
    }
    if (failure instanceof ApiException refusal) {
      commandLine.getErr().print(ErrorText.of(refusal));
      commandLine.getErr().flush();
      return ExitCode.ERROR;
    }
    if (failure instanceof IOException) {
      say(commandLine, failure.getMessage());
      return ExitCode.ERROR;
    }
    if (failure instanceof SimulationBug) {
      say(commandLine, "a bug of the simulator: " + failure.getMessage());
      failure.printStackTrace(commandLine.getErr());
      return ExitCode.ERROR;
    }
    throw failure;
  }

  private static void say(CommandLine commandLine, @Nullable String message) {
    commandLine.getErr().println("wavetank: " + message);
  }
}
