package dev.wavetank.core.kubectl;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.Conditions;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.kubectl.errors.CommandException;
import dev.wavetank.core.kubectl.errors.ErrorText;
import dev.wavetank.core.kubectl.flags.Flags;
import java.util.function.Predicate;

/**
 * {@code kubectl run -i}: waits until the pod runs, attaches to it, and takes over its exit code.
 *
 * <p>Follows handleAttachPod of staging/src/k8s.io/kubectl/pkg/cmd/run/run.go and
 * pkg/cmd/attach/attach.go (v1.36).
 */
final class AttachedRun {

  private static final String RECORDED =
      "All commands and output from this session will be recorded in container logs, including"
          + " credentials and sensitive information passed through the command prompt.\n"
          + "If you don't see a command prompt, try pressing enter.\n";
  private static final byte[] NO_INPUT = new byte[0];

  private final Invocation call;
  private final KubeObject created;

  AttachedRun(Invocation call, KubeObject created) {
    this.call = call;
    this.created = created;
  }

  /**
   * Attaches, and waits for the end where its exit code counts.
   *
   * @throws CommandException with the container's exit code when it is not 0
   */
  void attach() {
    KubeObject pod = await(found -> ended(found) || runningAndReady(found));
    String container = PodContainers.byDefault(call, pod, call.flags().bool("quiet"));
    if (ended(pod)) {
      printLog(pod, container);
    } else {
      stream(pod, container);
    }
    String restart = created.spec().string("restartPolicy", "");
    if (restart.equals("Always") || call.flags().bool("leave-stdin-open")) {
      return;
    }
    boolean never = restart.equals("Never");
    finish(await(found -> never ? ended(found) : succeeded(found)));
  }

  private static boolean succeeded(KubeObject pod) {
    return "Succeeded".equals(pod.status().get("phase"));
  }

  private static boolean ended(KubeObject pod) {
    return succeeded(pod) || "Failed".equals(pod.status().get("phase"));
  }

  private static boolean runningAndReady(KubeObject pod) {
    return "Running".equals(pod.status().get("phase")) && Conditions.isTrue(pod.status(), "Ready");
  }

  private KubeObject await(Predicate<KubeObject> condition) {
    ObjectKey key = created.key(ResourceType.PODS);
    boolean met =
        new Waiting(call, PodFinder.timeoutNanos(call))
            .until(key, object -> object == null || condition.test(object));
    KubeObject pod = call.server().find(key);
    if (pod == null) {
      throw new ApiException(Status.notFound(ResourceType.PODS, ""));
    }
    if (!met) {
      throw CommandException.of(Waiting.TIMED_OUT);
    }
    return pod;
  }

  private void stream(KubeObject pod, String container) {
    Flags flags = call.flags();
    boolean quiet = flags.bool("quiet");
    try {
      printLog(pod, container);
    } catch (ApiException e) {
      call.printError("warning: couldn't fetch pre-attach logs: " + ErrorText.bare(e) + "\n");
    }
    if (!quiet) {
      call.printError(RECORDED);
    }
    try {
      byte[] stdin = flags.bool("stdin") ? call.stdin() : NO_INPUT;
      Output output = call.session().streams().attach(pod, container, stdin, flags.bool("tty"));
      call.print(output.stdout());
      call.printError(output.stderr());
    } catch (ApiException e) {
      call.printError(
          "warning: couldn't attach to pod/"
              + pod.name()
              + ", falling back to streaming logs: "
              + ErrorText.bare(e)
              + "\n");
      printLog(pod, container);
    }
  }

  private void printLog(KubeObject pod, String container) {
    for (PodStreams.LogLine line : call.session().streams().lines(pod, container, false)) {
      call.println(line.text());
    }
  }

  private static void finish(KubeObject pod) {
    if (succeeded(pod)) {
      return;
    }
    String named = pod.namespace() + "/" + pod.name();
    KubeMap status = KubeMap.EMPTY;
    for (KubeMap first : pod.status().listOrEmpty("containerStatuses").maps()) {
      status = first;
      break;
    }
    KubeMap terminated = status.mapOrEmpty("state").mapOrEmpty("terminated");
    long code = terminated.number("exitCode", 0);
    if (code == 0) {
      throw CommandException.of("pod " + named + " failed with unknown exit code");
    }
    throw CommandException.exit(
        "pod "
            + named
            + " terminated ("
            + terminated.string("reason", "")
            + ")\n"
            + terminated.string("message", ""),
        (int) code);
  }

  /** Deletes an object that the command made, without waiting until it is gone. */
  void remove(ResourceType type, KubeObject object) {
    try {
      call.handlers().delete(object.key(type), DeleteOptions.grace(-1), false);
    } catch (ApiException e) {
      if (e.notFound()) {
        return;
      }
      throw e;
    }
    if (!call.flags().bool("quiet")) {
      call.println(DeleteCommand.deletion(type, object.namespace(), object.name(), "deleted"));
    }
  }
}
