package dev.wavetank.core.kubectl;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.GoQuote;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.kubectl.errors.CommandException;
import java.util.ArrayList;
import java.util.List;

/**
 * Which container of a pod a command means.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/cmd/util/podcmd/podcmd.go (v1.36).
 */
final class PodContainers {

  private static final String DEFAULT = "kubectl.kubernetes.io/default-container";
  private static final ImmutableList<String> LISTS =
      ImmutableList.of("containers", "initContainers", "ephemeralContainers");

  private PodContainers() {}

  static boolean has(KubeObject pod, String name) {
    for (String list : LISTS) {
      if (pod.spec().listOrEmpty(list).find("name", name) != null) {
        return true;
      }
    }
    return false;
  }

  /** The names of a list of containers. */
  static List<String> names(KubeObject pod, String list) {
    List<String> names = new ArrayList<>();
    for (KubeMap container : pod.spec().listOrEmpty(list).maps()) {
      names.add(container.string("name", ""));
    }
    return names;
  }

  private static String all(KubeObject pod) {
    List<String> all = names(pod, "containers");
    names(pod, "ephemeralContainers").forEach(name -> all.add(name + " (ephem)"));
    names(pod, "initContainers").forEach(name -> all.add(name + " (init)"));
    return String.join(", ", all);
  }

  /**
   * The container of that name.
   *
   * @throws CommandException when the pod has none
   */
  static String named(KubeObject pod, String name) {
    if (!has(pod, name)) {
      throw CommandException.of(
          "container " + name + " is not valid for pod " + pod.name() + " out of: " + all(pod));
    }
    return name;
  }

  /** The container that the pod's annotation names; empty without one. */
  static String annotated(KubeObject pod) {
    return pod.annotations().string(DEFAULT, "");
  }

  /**
   * The container that a command takes when it is told none: the annotated one, else the first.
   *
   * @throws CommandException when the pod has not the one that its annotation names
   */
  static String byDefault(Invocation call, KubeObject pod, boolean quiet) {
    String annotated = annotated(pod);
    return annotated.isEmpty() ? first(call, pod, quiet) : named(pod, annotated);
  }

  /** The pod's first container; that it was taken is told when there are others. */
  static String first(Invocation call, KubeObject pod, boolean quiet) {
    String first = names(pod, "containers").get(0);
    if (!quiet && !all(pod).equals(first)) {
      call.printError(
          "Defaulted container " + GoQuote.quote(first) + " out of: " + all(pod) + "\n");
    }
    return first;
  }
}
