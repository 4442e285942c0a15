package dev.wavetank.core.kubectl;

import dev.wavetank.core.api.GoQuote;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.Formats;
import dev.wavetank.core.kubectl.errors.CommandException;
import dev.wavetank.core.kubectl.flags.Flags;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The pod that {@code kubectl run} makes of its flags.
 *
 * <p>Follows BasicPod of staging/src/k8s.io/kubectl/pkg/generate/versioned/run.go (v1.36).
 */
final class RunPod {

  private RunPod() {}

  /**
   * The pod.
   *
   * @param args what follows the name: arguments of the image's command, or a command
   */
  static KubeObject of(String name, List<String> args, Flags flags) {
    boolean stdin = flags.bool("stdin");
    KubeMap.Builder container =
        KubeMap.builder().put("name", name).put("image", flags.string("image"));
    container.put(
        flags.bool("command") ? "command" : "args", args.isEmpty() ? null : KubeList.copyOf(args));
    container
        .put("env", environment(flags.strings("env")))
        .put("imagePullPolicy", orNull(flags.string("image-pull-policy")))
        .put("ports", ports(flags.string("port")))
        .put("resources", KubeMap.EMPTY)
        .put("securityContext", flags.bool("privileged") ? KubeMap.of("privileged", true) : null)
        .put("stdin", stdin ? true : null)
        .put("stdinOnce", (stdin && !flags.bool("leave-stdin-open")) ? true : null)
        .put("tty", flags.bool("tty") ? true : null);
    String restart = flags.string("restart");
    KubeMap spec =
        KubeMap.of(
            "containers",
            KubeList.of(container.build()),
            "dnsPolicy",
            "ClusterFirst",
            "restartPolicy",
            restart.isEmpty() ? "Always" : restart);
    return KubeObject.of(ResourceType.PODS, metadata(name, flags))
        .withSpec(spec)
        .withStatus(KubeMap.EMPTY);
  }

  private static KubeMap metadata(String name, Flags flags) {
    String labels = flags.string("labels");
    Pairs annotations = Pairs.parse(flags.strings("annotations"), "annotations", false);
    return KubeMap.of("name", name)
        .with("labels", labels.isEmpty() ? KubeMap.of("run", name) : Pairs.labels(labels))
        .with(
            "annotations", annotations.set().isEmpty() ? null : KubeMap.copyOf(annotations.set()));
  }

  private static @Nullable KubeList environment(List<String> variables) {
    List<KubeMap> environment = new ArrayList<>();
    for (String variable : variables) {
      int equals = variable.indexOf('=');
      if (equals <= 0 || !Formats.environmentVariable(variable.substring(0, equals)).isEmpty()) {
        throw CommandException.of("invalid env: " + variable);
      }
      String value = variable.substring(equals + 1);
      environment.add(
          KubeMap.of("name", variable.substring(0, equals))
              .with("value", value.isEmpty() ? null : value));
    }
    return environment.isEmpty() ? null : KubeList.copyOf(environment);
  }

  private static @Nullable KubeList ports(String port) {
    if (port.isEmpty()) {
      return null;
    }
    if (!port.matches("[+-]?[0-9]{1,9}")) {
      throw CommandException.of(
          "strconv.Atoi: parsing " + GoQuote.quote(port) + ": invalid syntax");
    }
    return KubeList.of(KubeMap.of("containerPort", Long.valueOf(port)));
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
