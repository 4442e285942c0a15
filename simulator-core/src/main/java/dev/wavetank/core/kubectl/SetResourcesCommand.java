package dev.wavetank.core.kubectl;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.Quantity;
import dev.wavetank.core.kubectl.errors.CommandException;
import dev.wavetank.core.kubectl.flags.Flags;
import dev.wavetank.core.kubectl.resource.ResourceInfo;
import java.util.List;

/**
 * {@code kubectl set resources}.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/cmd/set/set_resources.go (v1.36).
 */
final class SetResourcesCommand extends Command {

  SetResourcesCommand() {
    super("resources", "Update resource requests/limits on objects with pod templates");
    SetFlags.addTo(flags());
    Recorder.addFlag(flags());
    flags()
        .string("containers", "c", "*", "Names of the containers; * for any characters")
        .string("limits", "", "", "Limits, such as cpu=100m,memory=256Mi")
        .string("requests", "", "", "Requests, such as cpu=100m,memory=256Mi");
  }

  @Override
  void run(Invocation call) {
    Flags flags = call.flags();
    DryRun dryRun = DryRun.of(call);
    PodSpecs specs = new PodSpecs(call, dryRun);
    List<ResourceInfo> infos = SetFlags.find(call, call.args()).infos();
    SetFlags.local(call, dryRun);
    SetFlags.requireOneSelection(call);
    if (flags.string("limits").isEmpty() && flags.string("requests").isEmpty()) {
      throw CommandException.of(
          "you must specify an update to requests or limits (in the form of"
              + " --requests/--limits)");
    }
    KubeMap limits = amounts(flags.string("limits"));
    KubeMap requests = amounts(flags.string("requests"));
    String names = flags.string("containers");
    specs.change(
        infos,
        "failed to patch resources update to pod template ",
        "resource requirements updated",
        (info, podSpec) -> {
          if (PodSpecs.count(podSpec, names) == 0) {
            specs.fail("error: unable to find container named " + names);
          }
          return PodSpecs.eachContainer(
              podSpec, names, container -> withAmounts(container, limits, requests));
        },
        object -> Recorder.record(call, object));
    specs.throwErrors();
  }

  private static KubeMap amounts(String text) {
    KubeMap.Builder amounts = KubeMap.builder();
    if (text.isEmpty()) {
      return KubeMap.EMPTY;
    }
    for (String amount : text.split(",", -1)) {
      String[] parts = amount.split("=", -1);
      if (parts.length != 2) {
        throw CommandException.of(
            "Invalid argument syntax " + amount + ", expected <resource>=<value>");
      }
      try {
        amounts.put(parts[0], Quantity.parse(parts[1]).toString());
      } catch (IllegalArgumentException e) {
        throw CommandException.of(String.valueOf(e.getMessage()));
      }
    }
    return amounts.build();
  }

  private static KubeMap withAmounts(KubeMap container, KubeMap limits, KubeMap requests) {
    KubeMap resources = merged(container.mapOrEmpty("resources"), "limits", limits);
    return container.with("resources", merged(resources, "requests", requests));
  }

  private static KubeMap merged(KubeMap resources, String field, KubeMap amounts) {
    if (amounts.isEmpty()) {
      return resources;
    }
    KubeMap.Builder merged = KubeMap.builder();
    resources.mapOrEmpty(field).forEach(merged::put);
    amounts.forEach(merged::put);
    return resources.with(field, merged.build());
  }
}
