package dev.wavetank.core.kubectl;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.endpoints.FieldValidation;
import dev.wavetank.core.apiserver.endpoints.WriteOptions;
import dev.wavetank.core.kubectl.errors.CommandException;
import dev.wavetank.core.kubectl.errors.ErrorText;

/**
 * A command that makes one object of its flags and creates it.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/cmd/create (v1.36).
 */
abstract class CreateSubcommand extends Command {

  private final ResourceType type;
  private final String failure;

  /**
   * A command for objects of a type.
   *
   * @param failure what stands before a refusal; empty where that is told as the server tells it
   */
  CreateSubcommand(
      ResourceType type, String failure, String name, String summary, String... aliases) {
    super(name, summary, aliases);
    this.type = type;
    this.failure = failure;
    PrintFlags.addTo(flags());
    DryRun.addFlag(flags());
    ValidateFlag.addTo(flags());
    flags()
        .bool("save-config", "", false, "Keep the configuration in an annotation, as apply does")
        .string("field-manager", "", "kubectl-create", "Has no effect");
  }

  /**
   * The object, without a namespace.
   *
   * @throws CommandException when the flags do not make one
   */
  abstract KubeObject object(Invocation call, String name);

  @Override
  final void run(Invocation call) {
    String name = name(call);
    DryRun dryRun = DryRun.of(call);
    PrintFlags.Teller teller = PrintFlags.teller(call, dryRun);
    FieldValidation validation = ValidateFlag.of(call);
    KubeObject object = object(call, name);
    if (type.namespaced() && call.namespaceGiven()) {
      object = object.with(call.namespace(), "metadata", "namespace");
    }
    object = CreateCommand.withConfiguration(call, object);
    if (dryRun != DryRun.CLIENT) {
      object = create(call, object, new WriteOptions(dryRun == DryRun.SERVER, validation));
    }
    teller.tell(object, "created");
  }

  private KubeObject create(Invocation call, KubeObject object, WriteOptions options) {
    KubeObject sent =
        type.namespaced() ? object.with(call.namespace(), "metadata", "namespace") : object;
    try {
      return call.handlers().create(type, sent, options);
    } catch (ApiException e) {
      throw failure.isEmpty() ? e : CommandException.of(failure + " " + ErrorText.bare(e));
    }
  }

  /** The one argument before {@code --}. */
  private static String name(Invocation call) {
    int before = call.flags().argsBeforeDash();
    int count = before < 0 ? call.args().size() : before;
    if (count != 1) {
      throw call.usage("exactly one NAME is required, got " + count);
    }
    return call.args().get(0);
  }
}
