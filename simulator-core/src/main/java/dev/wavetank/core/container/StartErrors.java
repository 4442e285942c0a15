package dev.wavetank.core.container;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The runtime's words for what it cannot start. */
final class StartErrors {

  private static final String START_ERROR =
      "failed to create containerd task: failed to create shim task: OCI runtime create failed: "
          + "runc create failed: unable to start container process: error during container init: ";
  private static final String EXEC_ERROR =
      "OCI runtime exec failed: exec failed: unable to start container process: ";

  private StartErrors() {}

  /** Why the runtime cannot start the container's command; null when it can. */
  static @Nullable String of(Container container) {
    Images images = container.sandbox().runtime().registry();
    List<String> argv = images.argv(container.spec());
    if (!argv.isEmpty() && ArgumentSpace.exceeded(argv, ProgramRun.environment(container))) {
      return START_ERROR + tooLong(argv.get(0));
    }
    if (argv.isEmpty() || !images.toolbox(container.spec().string("image", ""))) {
      return null;
    }
    boolean found = images.programs().find(argv.get(0)) != null;
    return found ? null : START_ERROR + missing(argv.get(0));
  }

  /** A command inside whose program is not in the image. */
  static String execMissing(String program) {
    return EXEC_ERROR + missing(program);
  }

  /** A command inside whose arguments are too long for the kernel. */
  static String execTooLong(String program) {
    return EXEC_ERROR + tooLong(program);
  }

  private static String tooLong(String program) {
    String path = program.startsWith("/") ? program : "/bin/" + program;
    return "exec " + path + ": argument list too long: unknown";
  }

  private static String missing(String program) {
    return "exec: \""
        + program
        + "\": "
        + (program.startsWith("/")
            ? "stat " + program + ": no such file or directory"
            : "executable file not found in $PATH")
        + ": unknown";
  }
}
