package dev.wavetank.core.kubectl;

import dev.wavetank.core.api.GoQuote;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.kubectl.errors.CommandException;
import dev.wavetank.core.kubectl.resource.ResourceInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * {@code kubectl set image}.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/cmd/set/set_image.go (v1.36).
 */
final class SetImageCommand extends Command {

  SetImageCommand() {
    super("image", "Update the image of a pod template");
    SetFlags.addTo(flags());
    Recorder.addFlag(flags());
  }

  @Override
  void run(Invocation call) {
    DryRun dryRun = DryRun.of(call);
    PodSpecs specs = new PodSpecs(call, dryRun);
    Pairs.Arguments arguments = Pairs.divide(call.args(), "image");
    Map<String, String> images = Pairs.parse(arguments.pairs(), "image", false).set();
    List<ResourceInfo> infos = SetFlags.find(call, arguments.resources()).infos();
    check(call, dryRun, arguments.resources(), images);
    specs.change(
        infos,
        "failed to patch image update to pod template: ",
        "image updated",
        (info, podSpec) -> withImages(specs, podSpec, images),
        object -> Recorder.record(call, object));
    specs.throwErrors();
  }

  private static void check(
      Invocation call, DryRun dryRun, List<String> resources, Map<String, String> images) {
    List<CommandException> errors = new ArrayList<>();
    if (call.flags().bool("all") && !call.flags().string("selector").isEmpty()) {
      errors.add(CommandException.of("cannot set --all and --selector at the same time"));
    }
    if (resources.isEmpty() && call.flags().strings("filename").isEmpty()) {
      errors.add(
          CommandException.of(
              "one or more resources must be specified as <resource> <name> or"
                  + " <resource>/<name>"));
    }
    if (images.isEmpty()) {
      errors.add(CommandException.of("at least one image update is required"));
    } else if (images.size() > 1 && images.containsKey("*")) {
      errors.add(
          CommandException.of(
              "all containers are already specified by *, but saw more than one"
                  + " container_name=container_image pairs"));
    }
    CommandException.throwAll(errors);
    SetFlags.local(call, dryRun);
  }

  private static KubeMap withImages(PodSpecs specs, KubeMap podSpec, Map<String, String> images) {
    KubeMap changed = podSpec;
    for (Map.Entry<String, String> image : images.entrySet()) {
      String name = image.getKey();
      if (PodSpecs.count(changed, name) == 0) {
        specs.fail("error: unable to find container named " + GoQuote.quote(name));
      }
      changed =
          PodSpecs.eachContainer(
              changed,
              name,
              container -> {
                String value = image.getValue();
                return container.with("image", value.isEmpty() ? null : value);
              });
    }
    return changed;
  }
}
