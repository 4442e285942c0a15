package dev.wavetank.core.kubectl;

import dev.wavetank.core.kubectl.errors.CommandException;
import dev.wavetank.core.kubectl.flags.FlagSet;

/**
 * Whether a command only shows what it would do.
 *
 * <p>Follows GetDryRunStrategy of staging/src/k8s.io/kubectl/pkg/cmd/util/helpers.go (v1.36).
 */
enum DryRun {
  NONE(""),
  /** Nothing is sent. */
  CLIENT(" (dry run)"),
  /** The server does everything but keep the result. */
  SERVER(" (server dry run)");

  private static final String DEPRECATED = " is deprecated and can be replaced with --dry-run=";

  private final String suffix;

  DryRun(String suffix) {
    this.suffix = suffix;
  }

  /** What follows in the line that tells what was done. */
  String suffix() {
    return suffix;
  }

  static void addFlag(FlagSet flags) {
    flags.optional("dry-run", "none", "unchanged", "Must be \"none\", \"server\", or \"client\"");
  }

  static DryRun of(Invocation call) {
    String value = call.flags().string("dry-run");
    switch (value) {
      case "none":
        return NONE;
      case "client":
        return CLIENT;
      case "server":
        return SERVER;
      case "unchanged":
        call.printError("--dry-run" + DEPRECATED + "client.\n");
        return CLIENT;
      case "true":
        call.printError("--dry-run=true" + DEPRECATED + "client.\n");
        return CLIENT;
      case "false":
        call.printError("--dry-run=false" + DEPRECATED + "none.\n");
        return NONE;
      default:
        throw CommandException.of(
            "Invalid dry-run value (" + value + "). Must be \"none\", \"server\", or \"client\".");
    }
  }
}
