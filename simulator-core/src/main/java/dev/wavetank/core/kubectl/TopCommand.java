package dev.wavetank.core.kubectl;

import dev.wavetank.core.kubectl.errors.CommandException;

/**
 * {@code kubectl top node} and {@code kubectl top pod}, in a cluster without metrics.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/cmd/top (v1.36).
 */
final class TopCommand extends Command {

  private TopCommand(String name, String summary, String... aliases) {
    super(name, summary, aliases);
    flags()
        .string("selector", "l", "", "Selector by labels")
        .string("sort-by", "", "", "cpu or memory")
        .bool("no-headers", "", false, "No line with the names of the columns")
        .bool("use-protocol-buffers", "", true, "Has no effect")
        .bool("show-swap", "", false, "Also swap memory");
  }

  static Command node() {
    Command command =
        new TopCommand("node", "Display resource (CPU/memory) usage of nodes", "nodes", "no");
    command.flags().bool("show-capacity", "", false, "Of the capacity, not what is allocatable");
    return command;
  }

  static Command pod() {
    Command command =
        new TopCommand("pod", "Display resource (CPU/memory) usage of pods", "pods", "po");
    command
        .flags()
        .string("field-selector", "", "", "Selector by fields")
        .bool("containers", "", false, "A line for each container")
        .bool("all-namespaces", "A", false, "The pods of all namespaces")
        .bool("sum", "", false, "Also the sum");
    return command;
  }

  @Override
  void run(Invocation call) {
    throw CommandException.of("Metrics API not available");
  }
}
