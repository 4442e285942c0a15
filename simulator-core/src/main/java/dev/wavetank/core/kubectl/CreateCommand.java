package dev.wavetank.core.kubectl;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.endpoints.FieldValidation;
import dev.wavetank.core.apiserver.endpoints.WriteOptions;
import dev.wavetank.core.apiserver.patch.LastApplied;
import dev.wavetank.core.kubectl.errors.CommandException;
import dev.wavetank.core.kubectl.errors.ErrorText;
import dev.wavetank.core.kubectl.flags.Flags;
import dev.wavetank.core.kubectl.resource.ResourceInfo;

/**
 * {@code kubectl create}: creates the objects of files; its subcommands make objects of flags.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/cmd/create/create.go (v1.36).
 */
final class CreateCommand extends Command {

  CreateCommand() {
    super("create", "Create a resource from a file or from stdin");
    subcommands(
        new CreateNamespaceCommand(),
        new AbsentCommand("quota"),
        new CommandGroup(
            "secret",
            "Create a secret using a specified subcommand",
            new CreateSecretDockerRegistryCommand(),
            new CreateSecretTlsCommand(),
            new CreateSecretGenericCommand()),
        new CreateConfigMapCommand(),
        new CreateServiceAccountCommand(),
        new CommandGroup(
            "service",
            "Create a service using a specified subcommand",
            ImmutableList.of("svc"),
            CreateServiceCommand.clusterIp(),
            CreateServiceCommand.nodePort(),
            CreateServiceCommand.loadBalancer(),
            CreateServiceCommand.externalName()),
        new CreateDeploymentCommand(),
        new AbsentCommand("clusterrole"),
        new AbsentCommand("clusterrolebinding"),
        new AbsentCommand("role"),
        new AbsentCommand("rolebinding"),
        new AbsentCommand("poddisruptionbudget"),
        new AbsentCommand("priorityclass"),
        new AbsentCommand("job"),
        new AbsentCommand("cronjob"),
        new AbsentCommand("ingress"),
        new AbsentCommand("token"));
    FileFlags.addTo(flags());
    PrintFlags.addTo(flags());
    DryRun.addFlag(flags());
    ValidateFlag.addTo(flags());
    Recorder.addFlag(flags());
    flags()
        .string("selector", "l", "", "Selector by labels")
        .string("kustomize", "k", "", "Directory of a kustomization; refused")
        .bool("edit", "", false, "Edit before creating; refused")
        .string("raw", "", "", "A path of the API to send the file to; refused")
        .bool("save-config", "", false, "Keep the configuration in an annotation, as apply does")
        .string("field-manager", "", "kubectl-create", "Has no effect");
  }

  @Override
  void run(Invocation call) {
    call.requireNoArguments();
    Flags flags = call.flags();
    for (String absent : ImmutableList.of("kustomize", "edit", "raw")) {
      if (flags.changed(absent)) {
        throw CommandException.of("--" + absent + " is absent from this simulation");
      }
    }
    DryRun dryRun = DryRun.of(call);
    FieldValidation validation = ValidateFlag.of(call);
    PrintFlags.Teller teller = PrintFlags.teller(call, dryRun);
    if (flags.strings("filename").isEmpty()) {
      throw CommandException.of("must specify one of -f and -k");
    }
    int[] created = {0};
    call.builder()
        .validate(validation == FieldValidation.STRICT)
        .continueOnError()
        .files(call.namespaceGiven(), flags.strings("filename"), flags.bool("recursive"))
        .labels(flags.string("selector"))
        .build()
        .visit(
            info -> {
              teller.tell(create(call, info, dryRun, validation), "created");
              created[0]++;
            });
    if (created[0] == 0) {
      throw CommandException.of("no objects passed to create");
    }
  }

  private static KubeObject create(
      Invocation call, ResourceInfo info, DryRun dryRun, FieldValidation validation) {
    KubeObject sent = Recorder.record(call, withConfiguration(call, info.required()));
    if (dryRun == DryRun.CLIENT) {
      return sent;
    }
    try {
      return call.handlers()
          .create(info.type(), sent, new WriteOptions(dryRun == DryRun.SERVER, validation));
    } catch (ApiException e) {
      throw (ApiException) ErrorText.withSource("creating", info.source(), e);
    }
  }

  /** The object with the annotation of {@code apply}, if {@code --save-config} asks for it. */
  static KubeObject withConfiguration(Invocation call, KubeObject object) {
    return call.flags().bool("save-config") ? LastApplied.on(object) : object;
  }
}
