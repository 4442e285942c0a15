package dev.wavetank.core.kubectl;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.kubectl.errors.CommandException;
import dev.wavetank.core.kubectl.flags.Flags;
import dev.wavetank.core.sim.ChoiceStream;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code kubectl create deployment}.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/cmd/create/create_deployment.go (v1.36).
 */
final class CreateDeploymentCommand extends CreateSubcommand {

  private static final String SUFFIX_ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
  private static final int SUFFIX_LENGTH = 5;

  CreateDeploymentCommand() {
    super(
        ResourceType.DEPLOYMENTS,
        "failed to create deployment:",
        "deployment",
        "Create a deployment with the specified name",
        "deploy");
    flags()
        .strings("image", "", "Images to run; each makes a container")
        .integer("port", -1, "The port that the first container exposes")
        .integer("replicas", "r", 1, "Number of pods");
    require("image");
  }

  @Override
  KubeObject object(Invocation call, String name) {
    Flags flags = call.flags();
    List<String> images = flags.strings("image");
    List<String> command = call.args().subList(1, call.args().size());
    if (images.size() > 1 && !command.isEmpty()) {
      throw CommandException.of("cannot specify multiple --image options and command");
    }
    List<KubeMap> containers = new ArrayList<>();
    for (String image : images) {
      KubeMap.Builder container =
          KubeMap.builder().put("name", containerName(call, image)).put("image", image);
      if (!command.isEmpty()) {
        container.put("command", KubeList.copyOf(command));
      }
      if (containers.isEmpty() && flags.number("port") >= 0) {
        container.put("ports", KubeList.of(KubeMap.of("containerPort", flags.number("port"))));
      }
      containers.add(container.put("resources", KubeMap.EMPTY).build());
    }
    KubeMap labels = KubeMap.of("app", name);
    KubeMap template =
        KubeMap.of(
            "metadata",
            KubeMap.of("labels", labels),
            "spec",
            KubeMap.of("containers", KubeList.copyOf(containers)));
    return KubeObject.of(ResourceType.DEPLOYMENTS, KubeMap.of("name", name, "labels", labels))
        .withSpec(
            KubeMap.of(
                "replicas",
                flags.number("replicas"),
                "selector",
                KubeMap.of("matchLabels", labels),
                "template",
                template,
                "strategy",
                KubeMap.EMPTY))
        .withStatus(KubeMap.EMPTY);
  }

  /** The image's last part; where that is no DNS label it is mended and made unique. */
  private static String containerName(Invocation call, String image) {
    String name = image.substring(image.lastIndexOf('/') + 1).split(":", 2)[0].split("@", 2)[0];
    if (!name.contains("_") && !name.contains(".")) {
      return name;
    }
    StringBuilder unique = new StringBuilder(name.replace('_', '-').replace('.', '-')).append('-');
    ChoiceStream suffixes = call.server().simulation().choices().stream("kubectl/containerName");
    for (int i = 0; i < SUFFIX_LENGTH; i++) {
      unique.append(SUFFIX_ALPHABET.charAt(suffixes.choose(SUFFIX_ALPHABET.length())));
    }
    return unique.toString();
  }
}
