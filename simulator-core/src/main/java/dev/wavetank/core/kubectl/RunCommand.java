package dev.wavetank.core.kubectl;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.wavetank.core.api.GoQuote;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.patch.LastApplied;
import dev.wavetank.core.kubectl.errors.CommandException;
import dev.wavetank.core.kubectl.flags.Flags;
import java.util.List;

/**
 * {@code kubectl run}: makes a pod of one container, and attaches to it if asked.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/cmd/run/run.go (v1.36).
 */
final class RunCommand extends Command {

  private static final ImmutableSet<String> RESTART_POLICIES =
      ImmutableSet.of("", "Always", "OnFailure", "Never");
  private static final ImmutableSet<String> PULL_POLICIES =
      ImmutableSet.of("", "Always", "IfNotPresent", "Never");

  RunCommand() {
    super("run", "Run a particular image on the cluster");
    PrintFlags.addTo(flags());
    DryRun.addFlag(flags());
    Recorder.addFlag(flags());
    Overrides.addFlags(flags());
    PodFinder.addTimeoutFlag(flags(), "1m0s");
    flags()
        .stringArray("annotations", "", "Annotations of the pod, as KEY=VALUE")
        .string("image", "", "", "The container's image")
        .string("image-pull-policy", "", "", "Always, IfNotPresent or Never")
        .bool("rm", "", false, "Delete the pod when it has ended; only when attached")
        .stringArray("env", "", "Environment variables, as NAME=VALUE")
        .string("port", "", "", "The port that the container exposes")
        .string("labels", "l", "", "The pod's labels; else run=NAME")
        .bool("stdin", "i", false, "Keep standard input open; attaches")
        .bool("tty", "t", false, "Give the container a terminal")
        .bool("attach", "", false, "Attach to the container as soon as it runs")
        .bool("leave-stdin-open", "", false, "Standard input stays open after the first attach")
        .string("restart", "", "Always", "Always, OnFailure or Never")
        .bool("command", "", false, "The arguments are the command and not its arguments")
        .bool("expose", "", false, "Make a Service for the pod; needs --port")
        .bool("quiet", "q", false, "Only the output of the container")
        .bool("privileged", "", false, "Run privileged")
        .string("detach-keys", "", "ctrl-p,ctrl-q", "Has no effect")
        .bool("save-config", "", false, "Keep the configuration in an annotation, as apply does")
        .bool("force", "", false, "Has no effect")
        .optional("cascade", "background", "background", "Has no effect")
        .integer("grace-period", -1, "Has no effect")
        .duration("timeout", "0s", "Has no effect")
        .bool("wait", "", false, "Has no effect")
        .string("field-manager", "", "kubectl-run", "Has no effect");
    require("image");
  }

  @Override
  void run(Invocation call) {
    Flags flags = call.flags();
    DryRun dryRun = DryRun.of(call);
    PrintFlags.Teller teller = PrintFlags.teller(call, dryRun);
    boolean attached = flags.changed("attach") ? flags.bool("attach") : flags.bool("stdin");
    check(call, attached, dryRun);
    String name = call.args().get(0);
    KubeObject made =
        Overrides.apply(
            call,
            ResourceType.PODS,
            RunPod.of(name, call.args().subList(1, call.args().size()), flags));
    KubeObject pod = create(call, ResourceType.PODS, made, dryRun);
    KubeObject service = null;
    if (flags.bool("expose")) {
      service = create(call, ResourceType.SERVICES, service(name, flags), dryRun);
      teller.tell(service, "created");
      if (flags.string("output").equals("yaml")) {
        call.println("---");
      }
    }
    if (!attached) {
      teller.tell(pod, "created");
      return;
    }
    AttachedRun run = new AttachedRun(call, pod);
    if (!flags.bool("rm")) {
      run.attach();
      return;
    }
    try {
      run.attach();
    } finally {
      run.remove(ResourceType.PODS, pod);
      if (service != null) {
        run.remove(ResourceType.SERVICES, service);
      }
    }
  }

  private static void check(Invocation call, boolean attached, DryRun dryRun) {
    Flags flags = call.flags();
    if (call.args().isEmpty() || flags.argsBeforeDash() == 0) {
      throw call.usage("NAME is required for run");
    }
    PodFinder.timeoutNanos(call);
    String image = flags.string("image");
    if (image.isEmpty()) {
      throw CommandException.of("--image is required");
    }
    if (!ImageReference.valid(image)) {
      throw CommandException.of(
          "Invalid image name " + GoQuote.quote(image) + ": invalid reference format");
    }
    if (flags.bool("tty") && !flags.bool("stdin")) {
      throw call.usage("-i/--stdin is required for containers with -t/--tty=true");
    }
    if (flags.bool("expose") && flags.string("port").isEmpty()) {
      throw call.usage("--port must be set when exposing a service");
    }
    if (!RESTART_POLICIES.contains(flags.string("restart"))) {
      throw call.usage("invalid restart policy: " + flags.string("restart"));
    }
    if (!attached && flags.bool("rm")) {
      throw call.usage("--rm should only be used for attached containers");
    }
    if (attached && dryRun != DryRun.NONE) {
      throw call.usage(
          "--dry-run=[server|client] can't be used with attached containers options (--attach,"
              + " --stdin, or --tty)");
    }
    if (!PULL_POLICIES.contains(flags.string("image-pull-policy"))) {
      throw call.usage("invalid image pull policy: " + flags.string("image-pull-policy"));
    }
  }

  private static KubeObject service(String name, Flags flags) {
    String labels = flags.string("labels");
    KubeMap given = labels.isEmpty() ? KubeMap.EMPTY : Pairs.labels(labels);
    return new ServiceSpec(given.isEmpty() ? KubeMap.of("run", name) : given)
        .ports(List.of(flags.string("port")), "", ImmutableMap.of(), "")
        .named(name, given);
  }

  private static KubeObject create(
      Invocation call, ResourceType type, KubeObject object, DryRun dryRun) {
    KubeObject recorded = Recorder.record(call, object);
    if (dryRun == DryRun.CLIENT) {
      return call.namespaceGiven()
          ? recorded.with(call.namespace(), "metadata", "namespace")
          : recorded;
    }
    KubeObject kept = call.flags().bool("save-config") ? LastApplied.on(recorded) : recorded;
    String namespace = kept.namespace();
    return call.handlers()
        .create(
            type,
            namespace.isEmpty() ? kept.with(call.namespace(), "metadata", "namespace") : kept,
            Invocation.plainWrite(dryRun));
  }
}
