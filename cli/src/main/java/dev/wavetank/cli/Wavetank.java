package dev.wavetank.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command {@code wavetank}. Its verbs are its subcommands; alone it prints its usage. */
@Command(
    name = "wavetank",
    description = "A deterministic Kubernetes cluster simulator.",
    mixinStandardHelpOptions = true,
    versionProvider = Wavetank.Version.class,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      " 0:all well",
      " 1:error",
      " 2:usage",
      " 3:invalid scenario or manifest",
      "99:an expectation or invariant failed",
      "130:interrupted"
    },
    subcommands = {
      DemoCommand.class,
      RunCommand.class,
      ServeCommand.class,
      ReplayCommand.class,
      ClockCommand.class,
      WhyCommand.class,
      PathCommand.class,
      DigCommand.class,
      IptablesSaveCommand.class,
      EventsCommand.class,
      BenchCommand.class,
      WhatIfCommand.class
    })
public final class Wavetank implements Runnable {
  @Spec private CommandSpec spec;

  /** Runs the command line and ends the process with its exit code. */
  public static void main(String[] args) {
    PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    int code = commandLine(out, err).execute(args);
    out.flush();
    System.exit(code);
  }

  /** The parser, with everything it prints going to the given writers. */
  static CommandLine commandLine(PrintWriter out, PrintWriter err) {
    return new CommandLine(new Wavetank())
        .setOut(out)
        .setErr(err)
        .setExecutionExceptionHandler(new Failures())
        .setCaseInsensitiveEnumValuesAllowed(true);
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** The version that the build wrote into the manifest of the jar. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Wavetank.class.getPackage().getImplementationVersion();
      return new String[] {"wavetank " + (version == null ? "(not packaged)" : version)};
    }
  }
}
