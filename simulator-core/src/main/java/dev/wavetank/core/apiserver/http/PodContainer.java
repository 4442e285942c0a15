package dev.wavetank.core.apiserver.http;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Status;
import java.util.ArrayList;
import java.util.List;

/**
 * The container of a pod that a request means.
 *
 * <p>Follows validateContainer of pkg/registry/core/pod/strategy.go (v1.36).
 */
final class PodContainer {

  private PodContainer() {}

  /**
   * Its name.
   *
   * @param asked empty for the only one
   * @throws ApiException 400 when there is none of that name, or none is named among several
   */
  static String asked(KubeObject pod, String asked) {
    List<String> names = new ArrayList<>();
    for (String field : ImmutableList.of("initContainers", "containers", "ephemeralContainers")) {
      for (KubeMap container : pod.spec().listOrEmpty(field).maps()) {
        names.add(container.string("name", ""));
      }
    }
    if (!asked.isEmpty()) {
      if (!names.contains(asked)) {
        throw new ApiException(
            Status.badRequest("container " + asked + " is not valid for pod " + pod.name()));
      }
      return asked;
    }
    if (pod.spec().listOrEmpty("containers").size() == 1) {
      return pod.spec().listOrEmpty("containers").map(0).string("name", "");
    }
    throw new ApiException(
        Status.badRequest(
            "a container name must be specified for pod "
                + pod.name()
                + ", choose one of: ["
                + String.join(" ", names)
                + "]"));
  }
}
