package dev.wavetank.core.kubectl;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.apiserver.endpoints.FieldValidation;
import dev.wavetank.core.apiserver.endpoints.WriteOptions;
import dev.wavetank.core.kubectl.errors.CommandException;
import dev.wavetank.core.kubectl.errors.ErrorText;
import dev.wavetank.core.kubectl.flags.Flags;
import dev.wavetank.core.kubectl.resource.ResourceInfo;
import dev.wavetank.core.kubectl.resource.ResourceResult;

/**
 * {@code kubectl replace}: gives objects the content of files; with {@code --force} it deletes them
 * and creates them anew.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/cmd/replace/replace.go (v1.36).
 */
final class ReplaceCommand extends Command {

  private static final long DELETION_NANOS_MAX = 300_000_000_000L;

  ReplaceCommand() {
    super("replace", "Replace a resource by file name or stdin");
    FileFlags.addTo(flags());
    PrintFlags.addTo(flags());
    DryRun.addFlag(flags());
    ValidateFlag.addTo(flags());
    Recorder.addFlag(flags());
    flags()
        .string("kustomize", "k", "", "Directory of a kustomization; refused")
        .string("raw", "", "", "A path of the API to send the file to; refused")
        .string("subresource", "", "", "Refused")
        .bool("save-config", "", false, "Keep the configuration in an annotation, as apply does")
        .bool("force", "", false, "Delete the objects and create them anew")
        .optional("cascade", "background", "background", "background, orphan or foreground")
        .integer("grace-period", -1, "Seconds given to end; only with --force")
        .duration("timeout", "0s", "How long --force waits for the deletion")
        .bool("wait", "", false, "Has no effect")
        .string("field-manager", "", "kubectl-replace", "Has no effect");
  }

  @Override
  void run(Invocation call) {
    Flags flags = call.flags();
    FieldValidation validation = ValidateFlag.of(call);
    DryRun dryRun = DryRun.of(call);
    PrintFlags.Teller teller = PrintFlags.teller(call, dryRun);
    for (String absent : new String[] {"kustomize", "raw", "subresource"}) {
      if (flags.changed(absent)) {
        throw CommandException.of("--" + absent + " is absent from this simulation");
      }
    }
    if (flags.strings("filename").isEmpty()) {
      throw CommandException.of("must specify one of -f and -k");
    }
    boolean force = flags.bool("force");
    if (flags.number("grace-period") >= 0 && !force) {
      throw CommandException.of("--grace-period must have --force specified");
    }
    if (flags.nanos("timeout") != 0 && !force) {
      throw CommandException.of("--timeout must have --force specified");
    }
    if (force && dryRun != DryRun.NONE) {
      throw CommandException.of("--dry-run can not be used when --force is set");
    }
    WriteOptions options = new WriteOptions(dryRun == DryRun.SERVER, validation);
    if (force) {
      delete(call);
      int[] count = {0};
      files(call, validation)
          .visit(
              info -> {
                KubeObject sent = prepared(call, info);
                teller.tell(call.handlers().create(info.type(), sent, options), "replaced");
                count[0]++;
              });
      if (count[0] == 0) {
        throw CommandException.of("no objects passed to replace");
      }
      return;
    }
    files(call, validation)
        .visit(info -> teller.tell(replaced(call, info, dryRun, options), "replaced"));
  }

  private static ResourceResult files(Invocation call, FieldValidation validation) {
    return call.builder()
        .validate(validation == FieldValidation.STRICT)
        .continueOnError()
        .files(
            call.namespaceGiven(), call.flags().strings("filename"), call.flags().bool("recursive"))
        .build();
  }

  private static KubeObject prepared(Invocation call, ResourceInfo info) {
    return Recorder.record(call, CreateCommand.withConfiguration(call, info.required()));
  }

  private static KubeObject replaced(
      Invocation call, ResourceInfo info, DryRun dryRun, WriteOptions options) {
    KubeObject sent = prepared(call, info);
    if (dryRun == DryRun.CLIENT) {
      return sent;
    }
    try {
      KubeObject current = call.server().find(info.key());
      KubeObject versioned =
          current != null && sent.resourceVersion().isEmpty()
              ? sent.with(current.resourceVersion(), "metadata", "resourceVersion")
              : sent;
      return call.handlers().update(info.type(), versioned, options);
    } catch (ApiException e) {
      throw (ApiException) ErrorText.withSource("replacing", info.source(), e);
    }
  }

  /** Deletes the objects of the files, and waits until they are gone. */
  private static void delete(Invocation call) {
    Flags flags = call.flags();
    long grace = flags.number("grace-period");
    DeleteOptions options =
        DeleteOptions.grace(grace == 0 ? 1 : Math.max(grace, -1))
            .withPropagation(DeleteCommand.propagation(flags));
    long timeout = flags.nanos("timeout");
    Waiting waiting = new Waiting(call, timeout == 0 ? DELETION_NANOS_MAX : timeout);
    files(call, FieldValidation.IGNORE)
        .visit(
            info -> {
              ObjectKey key = info.key();
              try {
                String uid = call.handlers().delete(key, options, false).uid();
                call.println(
                    DeleteCommand.deletion(info.type(), info.namespace(), info.name(), "deleted"));
                if (!waiting.untilGone(key, uid)) {
                  throw CommandException.of(Waiting.TIMED_OUT);
                }
              } catch (ApiException e) {
                if (!e.notFound()) {
                  throw e;
                }
              }
            });
  }
}
