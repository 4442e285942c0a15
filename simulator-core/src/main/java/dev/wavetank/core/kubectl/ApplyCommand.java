package dev.wavetank.core.kubectl;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.GoText;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.apiserver.endpoints.FieldValidation;
import dev.wavetank.core.apiserver.endpoints.WriteOptions;
import dev.wavetank.core.apiserver.patch.LastApplied;
import dev.wavetank.core.kubectl.errors.CommandException;
import dev.wavetank.core.kubectl.errors.ErrorText;
import dev.wavetank.core.kubectl.flags.Flags;
import dev.wavetank.core.kubectl.resource.ResourceInfo;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code kubectl apply}: creates objects, or brings them to a new configuration by a three-way
 * patch against the one that was applied last.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/cmd/apply/apply.go and patcher.go (v1.36). The server's
 * side of apply and pruning are absent, and refused.
 */
final class ApplyCommand extends Command {

  private static final String NEVER_APPLIED =
      "Warning: resource %s is missing the "
          + LastApplied.ANNOTATION
          + " annotation which is required by kubectl apply. kubectl apply should only be used on"
          + " resources created declaratively by either kubectl create --save-config or kubectl"
          + " apply. The missing annotation will be patched automatically.\n";

  ApplyCommand() {
    super("apply", "Apply a configuration to a resource by file name or stdin");
    subcommands(new ApplyViewLastAppliedCommand(), new ApplySetLastAppliedCommand());
    FileFlags.addTo(flags());
    PrintFlags.addTo(flags());
    DryRun.addFlag(flags());
    ValidateFlag.addTo(flags());
    Recorder.addFlag(flags());
    flags()
        .string("selector", "l", "", "Selector by labels")
        .bool("overwrite", "", true, "Has no effect")
        .bool("openapi-patch", "", true, "Has no effect")
        .string("field-manager", "", "kubectl-client-side-apply", "Has no effect")
        .bool("server-side", "", false, "Apply on the server; refused")
        .bool("force-conflicts", "", false, "Only with --server-side")
        .bool("prune", "", false, "Delete what is configured no more; refused")
        .bool("all", "", false, "Only with --prune")
        .string("kustomize", "k", "", "Directory of a kustomization; refused")
        .bool("force", "", false, "Delete and create anew what cannot be patched")
        .optional("cascade", "background", "background", "How --force deletes")
        .integer("grace-period", -1, "Grace of --force, in seconds")
        .duration("timeout", "0s", "How long --force waits for the deletion")
        .bool("wait", "", false, "Has no effect");
  }

  @Override
  void run(Invocation call) {
    call.requireNoArguments();
    checkFlags(call.flags());
    new Run(call).run();
  }

  private static void checkFlags(Flags flags) {
    if (flags.bool("force-conflicts") && !flags.bool("server-side")) {
      throw CommandException.of("--force-conflicts only works with --server-side");
    }
    for (String absent : ImmutableList.of("server-side", "prune")) {
      if (flags.bool(absent)) {
        throw CommandException.of("--" + absent + " is absent from this simulation");
      }
    }
    if (flags.changed("kustomize")) {
      throw CommandException.of("--kustomize is absent from this simulation");
    }
    if (flags.strings("filename").isEmpty()) {
      throw CommandException.of("must specify one of -f and -k");
    }
  }

  /** One run of the command. */
  private static final class Run {
    private final Invocation call;
    private final DryRun dryRun;
    private final FieldValidation validation;
    private final PrintFlags.Teller teller;
    private final boolean force;

    Run(Invocation call) {
      this.call = call;
      this.dryRun = DryRun.of(call);
      this.validation = ValidateFlag.of(call);
      this.teller = PrintFlags.teller(call, dryRun);
      this.force = call.flags().bool("force");
      if (force && dryRun == DryRun.SERVER) {
        throw CommandException.of("--dry-run=server cannot be used with --force");
      }
    }

    private WriteOptions write() {
      return new WriteOptions(dryRun == DryRun.SERVER, validation);
    }

    void run() {
      List<RuntimeException> errors = new ArrayList<>();
      List<ResourceInfo> infos =
          call.builder()
              .validate(validation == FieldValidation.STRICT)
              .continueOnError()
              .files(
                  call.namespaceGiven(),
                  call.flags().strings("filename"),
                  call.flags().bool("recursive"))
              .labels(call.flags().string("selector"))
              .build()
              .infos(errors);
      if (infos.isEmpty() && errors.isEmpty()) {
        throw CommandException.of("no objects passed to apply");
      }
      for (ResourceInfo info : infos) {
        try {
          apply(info);
        } catch (ApiException | CommandException e) {
          errors.add(e);
        }
      }
      CommandException.throwAll(errors);
    }

    private void apply(ResourceInfo info) {
      KubeObject wanted = Recorder.record(call, info.required());
      String generateName = wanted.metadata().string("generateName", "");
      if (info.name().isEmpty() && !generateName.isEmpty()) {
        throw CommandException.of("from " + generateName + ": cannot use generate name with apply");
      }
      KubeObject modified = LastApplied.on(wanted);
      KubeObject current = find(info);
      if (current == null) {
        create(info, modified);
      } else {
        patch(info, modified, current);
      }
    }

    private @Nullable KubeObject find(ResourceInfo info) {
      try {
        return call.reader().get(info.key());
      } catch (ApiException e) {
        if (e.notFound()) {
          return null;
        }
        throw (ApiException)
            ErrorText.withSource(
                "retrieving current configuration of:\n" + described(info) + "\nfrom server for:",
                info.source(),
                e);
      }
    }

    private void create(ResourceInfo info, KubeObject modified) {
      KubeObject sent = KubeObject.of(ApplyPatch.withoutNulls(modified.root()));
      KubeObject created = sent;
      if (dryRun != DryRun.CLIENT) {
        try {
          created = call.handlers().create(info.type(), sent, write());
        } catch (ApiException e) {
          throw (ApiException) ErrorText.withSource("creating", info.source(), e);
        }
      }
      teller.tell(created, "created");
    }

    private void patch(ResourceInfo info, KubeObject modified, KubeObject current) {
      if (!LastApplied.isOn(current)) {
        call.printError(NEVER_APPLIED.replace("%s", info.objectName()));
      }
      KubeMap patch = KubeMap.EMPTY;
      KubeObject patched = current;
      try {
        ApplyPatch made = ApplyPatch.between(info.type(), modified, current);
        patch = made.changes();
        if (!patch.isEmpty()) {
          patched =
              dryRun == DryRun.CLIENT
                  ? made.applyLocally(current)
                  : call.handlers().patch(info.key(), made.patch(), write());
        }
      } catch (ApiException e) {
        if (!force || !(e.conflict() || e.reason().equals("Invalid"))) {
          throw failed(info, patch, ErrorText.withSource("patching", info.source(), e));
        }
        patched = replace(info, modified, current);
      } catch (CommandException e) {
        throw failed(info, patch, e);
      }
      if (patched.terminating()) {
        call.printError(
            "Warning: Detected changes to resource "
                + patched.name()
                + " which is currently being deleted.\n");
      }
      teller.tell(patched, patch.isEmpty() ? "unchanged" : "configured");
    }

    private RuntimeException failed(ResourceInfo info, KubeMap patch, RuntimeException error) {
      String text = GoText.json(patch);
      return ErrorText.withSource(
          "applying patch:\n" + text + "\nto:\n" + described(info) + "\nfor:",
          info.source(),
          error);
    }

    private static String described(ResourceInfo info) {
      return "Resource: \""
          + resource(info)
          + ", Resource="
          + info.type().plural()
          + "\", GroupVersionKind: \""
          + resource(info)
          + ", Kind="
          + info.type().kind()
          + "\"\nName: \""
          + info.name()
          + "\", Namespace: \""
          + info.namespace()
          + "\"";
    }

    private static String resource(ResourceInfo info) {
      return info.type().group() + "/" + info.type().version();
    }

    /** Deletes the object, waits until it is gone and creates it as it is wanted. */
    private KubeObject replace(ResourceInfo info, KubeObject modified, KubeObject current) {
      long timeout = call.flags().nanos("timeout");
      call.handlers()
          .delete(
              info.key(),
              DeleteOptions.grace(Math.max(call.flags().number("grace-period"), -1)),
              false);
      Waiting waiting = new Waiting(call, timeout == 0 ? Invocation.WEEK_NANOS : timeout);
      if (!waiting.untilGone(info.key(), current.uid())) {
        throw CommandException.of(Waiting.TIMED_OUT);
      }
      return call.handlers().create(info.type(), modified, write());
    }
  }
}
