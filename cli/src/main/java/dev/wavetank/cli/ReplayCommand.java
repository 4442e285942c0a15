package dev.wavetank.cli;

import dev.wavetank.scenarios.RunRecording;
import dev.wavetank.server.SessionReplay;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code wavetank replay}: plays a recorded run again and checks that it is the same. */
@Command(
    name = "replay",
    description =
        "Plays a run again that `run --report` or `serve --record` recorded, and checks that it is"
            + " the same, byte for byte.",
    mixinStandardHelpOptions = true)
final class ReplayCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "FILE",
      description = "A recording: a file DIR/NAME-seed-N.run, or the file of serve --record.")
  private String file = "";

  @Override
  public Integer call() throws IOException {
    byte[] bytes = Files.readAllBytes(Path.of(file));
    return SessionReplay.recognizes(bytes) ? session(bytes) : run(bytes);
  }

  private int session(byte[] bytes) {
    SessionReplay.Result result = SessionReplay.read(file, bytes).replay();
    if (result.same()) {
      String requests = result.requests() + " requests; trace " + result.traceHash();
      spec.commandLine().getOut().println("the same, to the last answer of " + requests);
      return ExitCode.OK;
    }
    spec.commandLine().getErr().println("wavetank: not the same: " + result.difference());
    return ExitCode.ERROR;
  }

  private int run(byte[] bytes) {
    RunRecording recording = RunRecording.read(file, bytes);
    RunRecording.Replayed replayed = recording.replay();
    PrintWriter out = spec.commandLine().getOut();
    recording.lines().forEach(out::println);
    out.println();
    if (replayed.same()) {
      out.println(
          "the same, to the last of "
              + recording.lines().size()
              + " lines; trace "
              + recording.traceHash());
      return ExitCode.OK;
    }
    out.flush();
    spec.commandLine().getErr().println("wavetank: not the same: " + replayed.difference());
    return ExitCode.ERROR;
  }
}
