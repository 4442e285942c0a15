package dev.wavetank.core.kubectl;

import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.kubectl.errors.CommandException;
import dev.wavetank.core.kubectl.flags.Flags;
import dev.wavetank.core.kubectl.resource.ResourceBuilder;
import dev.wavetank.core.kubectl.resource.ResourceInfo;
import java.util.List;

/**
 * {@code kubectl exec}: runs a command in a container.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/cmd/exec/exec.go (v1.36).
 */
final class ExecCommand extends Command {

  private static final byte[] NO_INPUT = new byte[0];

  ExecCommand() {
    super("exec", "Execute a command in a container");
    FileFlags.addTo(flags());
    PodFinder.addTimeoutFlag(flags(), "1m0s");
    flags()
        .string("container", "c", "", "The container; else the first")
        .bool("stdin", "i", false, "Pass standard input to the container")
        .bool("tty", "t", false, "Standard input is a terminal")
        .bool("quiet", "q", false, "Only the output of the command");
  }

  @Override
  void run(Invocation call) {
    Flags flags = call.flags();
    List<String> args = call.args();
    int dash = flags.argsBeforeDash();
    if (dash < 0 && (args.size() > 1 || (!args.isEmpty() && flags.changed("filename")))) {
      throw call.usage(
          "exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead");
    }
    String resource = args.isEmpty() || dash == 0 ? "" : args.get(0);
    List<String> command = dash < 0 ? List.of() : args.subList(dash, args.size());
    if (resource.isEmpty() && flags.strings("filename").isEmpty()) {
      throw CommandException.of("pod, type/name or --filename must be specified");
    }
    if (command.isEmpty()) {
      throw CommandException.of("you must specify at least one command for the container");
    }
    KubeObject pod = pod(call, resource);
    String phase = pod.status().string("phase", "");
    if (phase.equals("Succeeded") || phase.equals("Failed")) {
      throw CommandException.of(
          "cannot exec into a container in a completed pod; current phase is " + phase);
    }
    String named = flags.string("container");
    String container =
        named.isEmpty()
            ? PodContainers.byDefault(call, pod, flags.bool("quiet"))
            : PodContainers.named(pod, named);
    boolean stdin = flags.bool("stdin");
    Output output =
        call.session()
            .streams()
            .exec(
                pod,
                container,
                command,
                stdin ? call.stdin() : NO_INPUT,
                stdin && flags.bool("tty"));
    call.print(output.stdout());
    call.printError(output.stderr());
    if (output.exitCode() != 0) {
      throw CommandException.exit(
          "command terminated with exit code " + output.exitCode(), output.exitCode());
    }
  }

  private static KubeObject pod(Invocation call, String resource) {
    ResourceBuilder builder =
        call.builder()
            .files(
                call.namespaceGiven(),
                call.flags().strings("filename"),
                call.flags().bool("recursive"));
    if (!resource.isEmpty()) {
      builder.names("pods", List.of(resource));
    }
    List<ResourceInfo> infos = builder.build().infos();
    if (infos.size() != 1) {
      throw CommandException.of("cannot exec into multiple objects at a time");
    }
    return PodFinder.pods(call, infos.get(0), PodOrder.BY_ACTIVITY, "attach to").get(0);
  }
}
