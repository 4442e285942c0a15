package dev.wavetank.core.kubectl;

/**
 * {@code kubectl cordon} and {@code kubectl uncordon}.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/cmd/drain/drain.go (v1.36).
 */
final class CordonCommand extends Command {

  private final boolean unschedulable;

  private CordonCommand(String name, String summary, boolean unschedulable) {
    super(name, summary);
    this.unschedulable = unschedulable;
    NodeSelection.addFlags(flags());
  }

  static Command cordon() {
    return new CordonCommand("cordon", "Mark node as unschedulable", true);
  }

  static Command uncordon() {
    return new CordonCommand("uncordon", "Mark node as schedulable", false);
  }

  @Override
  void run(Invocation call) {
    DryRun dryRun = DryRun.of(call);
    NodeSelection.mark(call, NodeSelection.find(call, name() + " NODE"), unschedulable, dryRun);
  }
}
