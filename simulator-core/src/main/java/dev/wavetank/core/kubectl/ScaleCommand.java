package dev.wavetank.core.kubectl;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.patch.Patch;
import dev.wavetank.core.kubectl.errors.CommandException;
import dev.wavetank.core.kubectl.flags.Flags;
import dev.wavetank.core.kubectl.resource.ResourceInfo;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code kubectl scale}: sets the number of pods that an object wants.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/cmd/scale/scale.go and pkg/scale/scale.go (v1.36).
 */
final class ScaleCommand extends Command {

  private static final ImmutableSet<ResourceType> SCALABLE =
      ImmutableSet.of(ResourceType.DEPLOYMENTS, ResourceType.REPLICA_SETS);

  ScaleCommand() {
    super("scale", "Set a new size for a deployment or replica set");
    PrintFlags.addTo(flags());
    FileFlags.addTo(flags());
    DryRun.addFlag(flags());
    Recorder.addFlag(flags());
    flags()
        .bool("all", "", false, "Every object of the types")
        .string("resource-version", "", "", "The version that the object must have")
        .integer("current-replicas", -1, "The size that the object must have; -1 for any")
        .integer("replicas", 0, "The new size")
        .duration("timeout", "0s", "How long to wait for the size; zero for not at all")
        .string("selector", "l", "", "Selector by labels");
    require("replicas");
  }

  @Override
  void run(Invocation call) {
    Flags flags = call.flags();
    DryRun dryRun = DryRun.of(call);
    PrintFlags.Teller teller = PrintFlags.teller(call, dryRun);
    if (flags.number("replicas") < 0) {
      throw CommandException.of(
          "The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0");
    }
    if (flags.number("current-replicas") < -1) {
      throw CommandException.of("The --current-replicas must specify an integer of -1 or greater");
    }
    List<RuntimeException> errors = new ArrayList<>();
    List<ResourceInfo> infos =
        call.builder()
            .continueOnError()
            .files(call.namespaceGiven(), flags.strings("filename"), flags.bool("recursive"))
            .labels(flags.string("selector"))
            .args(flags.bool("all"), call.args())
            .build()
            .infos(errors);
    if (!flags.string("resource-version").isEmpty() && infos.size() > 1) {
      throw CommandException.of("cannot use --resource-version with multiple resources");
    }
    if (infos.isEmpty() && errors.isEmpty()) {
      throw CommandException.of("no objects passed to scale");
    }
    for (ResourceInfo info : infos) {
      teller.tell(scale(call, info, dryRun), "scaled");
    }
    CommandException.throwAll(errors);
  }

  private static KubeObject scale(Invocation call, ResourceInfo info, DryRun dryRun) {
    Long replicas = call.flags().number("replicas");
    if (dryRun != DryRun.CLIENT) {
      requireScalable(info);
      checkPreconditions(call.flags(), call.reader().get(info.key()));
      KubeMap change = KubeMap.of("spec", KubeMap.of("replicas", replicas));
      call.handlers().patch(info.key(), Patch.merge(change), Invocation.plainWrite(dryRun));
    }
    if (dryRun == DryRun.NONE) {
      Recorder.patch(call, info.key());
      await(call, info, replicas);
    }
    return info.required().with(replicas, "spec", "replicas");
  }

  private static void requireScalable(ResourceInfo info) {
    if (!SCALABLE.contains(info.type())) {
      String message =
          "the server could not find the requested resource (patch "
              + info.type().plural()
              + (info.type().group().isEmpty() ? "" : "." + info.type().group())
              + " "
              + info.name()
              + ")";
      throw new ApiException(
          new Status(404, "NotFound", message, null, info.name(), ImmutableList.of()));
    }
  }

  private static void checkPreconditions(Flags flags, KubeObject object) {
    long size = flags.number("current-replicas");
    long actual = object.spec().number("replicas", 0);
    if (size != -1 && size != actual) {
      throw CommandException.of("Expected replicas to be " + size + ", was " + actual);
    }
    String version = flags.string("resource-version");
    if (!version.isEmpty() && !version.equals(object.resourceVersion())) {
      throw CommandException.of(
          "Expected resource version to be " + version + ", was " + object.resourceVersion());
    }
  }

  private static void await(Invocation call, ResourceInfo info, long replicas) {
    long timeout = call.flags().nanos("timeout");
    if (timeout == 0) {
      return;
    }
    boolean reached =
        new Waiting(call, timeout)
            .until(
                info.key(),
                object ->
                    object == null
                        || object.spec().number("replicas", 0) != replicas
                        || object.status().number("replicas", 0) == replicas);
    if (!reached) {
      throw CommandException.of("timed out waiting for \"" + info.name() + "\" to be synced");
    }
  }
}
