package dev.wavetank.core.kubectl;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.kubectl.errors.CommandException;
import dev.wavetank.core.kubectl.errors.ErrorText;
import dev.wavetank.core.kubectl.flags.Flags;
import dev.wavetank.core.kubectl.resource.ResourceInfo;
import dev.wavetank.core.kubectl.resource.ResourceResult;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code kubectl delete}: deletes objects and waits until they are gone.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/cmd/delete/delete.go (v1.36).
 */
final class DeleteCommand extends Command {

  private static final String IMMEDIATE =
      "Immediate deletion does not wait for confirmation that the running resource has been"
          + " terminated. The resource may continue to run on the cluster indefinitely.";
  private static final String CLUSTER_SCOPED =
      "deleting cluster-scoped resources, not scoped to the provided namespace";

  /** An object that is being deleted. */
  private record Deleted(ResourceInfo info, String uid) {}

  DeleteCommand() {
    super(
        "delete",
        "Delete resources by file names, stdin, resources and names, or by resources and label"
            + " selector");
    FileFlags.addTo(flags());
    DryRun.addFlag(flags());
    flags()
        .string("selector", "l", "", "Selector by labels")
        .string("field-selector", "", "", "Selector by fields")
        .bool("all", "", false, "Every object of the types")
        .bool("all-namespaces", "A", false, "The objects of all namespaces")
        .bool("force", "", false, "Without grace, at once")
        .optional("cascade", "background", "background", "background, orphan or foreground")
        .bool("now", "", false, "The same as --grace-period=1")
        .integer("grace-period", -1, "Seconds given to end; negative for the object's own")
        .duration("timeout", "0s", "How long to wait; zero for as long as it takes")
        .bool("ignore-not-found", "", false, "What does not exist is no error")
        .bool("wait", "", true, "Wait until the objects are gone")
        .bool("interactive", "i", false, "Ask before; what is not confirmed is kept")
        .string("output", "o", "", "Only name");
  }

  @Override
  void run(Invocation call) {
    Flags flags = call.flags();
    DryRun dryRun = DryRun.of(call);
    DeleteOptions options = options(flags);
    String output = flags.string("output");
    if (!output.isEmpty() && !output.equals("name")) {
      throw CommandException.of(
          "unexpected -o output mode: " + output + ". We only support '-o name'");
    }
    boolean all = flags.bool("all");
    for (String selector : ImmutableList.of("selector", "field-selector")) {
      if (all && !flags.string(selector).isEmpty()) {
        throw CommandException.of("cannot set --all and --" + selector + " at the same time");
      }
    }
    if (flags.bool("interactive")) {
      throw CommandException.of("--interactive is absent from this simulation");
    }
    ResourceResult result = find(call);
    if (options.graceSeconds() == 0 && flags.bool("force")) {
      call.warn(IMMEDIATE);
    }
    List<Deleted> deleted = delete(call, result, options, dryRun);
    if (flags.bool("wait") && dryRun == DryRun.NONE) {
      await(call, deleted);
    }
  }

  private static DeleteOptions options(Flags flags) {
    long grace = flags.number("grace-period");
    boolean force = flags.bool("force");
    if (flags.bool("now")) {
      if (grace != -1) {
        throw CommandException.of("--now and --grace-period cannot be specified together");
      }
      grace = 1;
    }
    if (grace == 0 && !force) {
      grace = 1;
    }
    if (force && grace < 0) {
      grace = 0;
    }
    if (force && grace > 0) {
      throw CommandException.of(
          "--force and --grace-period greater than 0 cannot be specified together");
    }
    return DeleteOptions.grace(Math.max(grace, -1)).withPropagation(propagation(flags));
  }

  static DeleteOptions.Propagation propagation(Flags flags) {
    String cascade = flags.string("cascade");
    return switch (cascade) {
      case "background", "true" -> DeleteOptions.Propagation.BACKGROUND;
      case "orphan", "false" -> DeleteOptions.Propagation.ORPHAN;
      case "foreground" -> DeleteOptions.Propagation.FOREGROUND;
      default ->
          throw CommandException.of(
              "invalid cascade value ("
                  + cascade
                  + "). Must be \"background\", \"foreground\", or \"orphan\"");
    };
  }

  private static ResourceResult find(Invocation call) {
    Flags flags = call.flags();
    return call.builder()
        .continueOnError()
        .allNamespaces(flags.bool("all-namespaces"))
        .files(call.namespaceGiven(), flags.strings("filename"), flags.bool("recursive"))
        .labels(flags.string("selector"))
        .fields(flags.string("field-selector"))
        .all(flags.bool("all"))
        .args(false, call.args())
        .requireObject(false)
        .build();
  }

  private static List<Deleted> delete(
      Invocation call, ResourceResult result, DeleteOptions options, DryRun dryRun) {
    List<Deleted> deleted = new ArrayList<>();
    List<RuntimeException> errors = new ArrayList<>();
    int[] found = {0};
    result.visit(
        info -> {
          found[0]++;
          if (call.namespaceGiven() && !info.type().namespaced()) {
            call.warn(CLUSTER_SCOPED);
          }
          if (dryRun == DryRun.CLIENT) {
            tell(call, info, options, dryRun);
            return;
          }
          try {
            KubeObject object =
                call.handlers().delete(info.key(), options, dryRun == DryRun.SERVER);
            deleted.add(new Deleted(info, object.uid()));
          } catch (ApiException e) {
            throw (ApiException) ErrorText.withSource("deleting", info.source(), e);
          }
          tell(call, info, options, dryRun);
        },
        errors);
    if (ignoresNotFound(call.flags())) {
      errors.removeIf(error -> error instanceof ApiException refusal && refusal.notFound());
    }
    CommandException.throwAll(errors);
    if (found[0] == 0) {
      call.println("No resources found");
    }
    return deleted;
  }

  /** Selectors ignore what is gone meanwhile, unless the user says otherwise. */
  private static boolean ignoresNotFound(Flags flags) {
    boolean selects =
        flags.bool("all")
            || !flags.string("selector").isEmpty()
            || !flags.string("field-selector").isEmpty();
    return flags.bool("ignore-not-found") || (selects && !flags.changed("ignore-not-found"));
  }

  private static void tell(
      Invocation call, ResourceInfo info, DeleteOptions options, DryRun dryRun) {
    if (call.flags().string("output").equals("name")) {
      call.println(info.kubectlName());
      return;
    }
    String operation = options.graceSeconds() == 0 ? "force deleted" : "deleted";
    call.println(deletion(info.type(), info.namespace(), info.name(), operation) + dryRun.suffix());
  }

  /** {@code pod "web" deleted from default namespace}: how a deletion is told. */
  static String deletion(ResourceType type, String namespace, String name, String operation) {
    String where = type.namespaced() ? " from " + namespace + " namespace" : "";
    return type.kubectlName() + " \"" + name + "\" " + operation + where;
  }

  private static void await(Invocation call, List<Deleted> deleted) {
    long timeout = call.flags().nanos("timeout");
    Waiting waiting = new Waiting(call, timeout == 0 ? Invocation.WEEK_NANOS : timeout);
    for (Deleted object : deleted) {
      if (!waiting.untilGone(object.info.key(), object.uid)) {
        throw Waiting.timedOut(object.info.key());
      }
    }
  }
}
