package dev.wavetank.core.kubelet;

import dev.wavetank.core.api.KubeObject;

/** Shortens pods for histories. */
final class KubeletPhases {

  private KubeletPhases() {}

  static String of(KubeObject pod) {
    return pod.status().string("phase", "");
  }
}
