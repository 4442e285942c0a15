package dev.wavetank.scheduler;

import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Manifests;
import dev.wavetank.scheduler.framework.NodeInfo;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.framework.SchedulingSpec;

/** Objects of the API, and what the scheduler makes of them, from YAML. */
public final class Objects {

  private static final SchedulingSpec.Templates TEMPLATES = new SchedulingSpec.Templates();

  private Objects() {}

  public static KubeObject of(String yaml) {
    return Manifests.parse("test.yaml", yaml).get(0).object();
  }

  /** A pod of namespace {@code default} with uid {@code uid-<name>}. */
  public static KubeObject pod(String name, String spec) {
    return of(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s, namespace: default, uid: uid-%s}
        spec: %s
        """
            .formatted(name, name, spec));
  }

  public static PodInfo info(KubeObject pod) {
    return PodInfo.of(pod, TEMPLATES);
  }

  /** A pod without containers but with that spec. */
  public static PodInfo podInfo(String spec) {
    return info(pod("web", spec));
  }

  public static NodeInfo node(String yaml) {
    return NodeInfo.of(of(yaml));
  }

  /** A node of that size with a label {@code kubernetes.io/hostname}. */
  public static NodeInfo node(String name, String cpu, String memory) {
    return node(TestCluster.nodeManifest(name, cpu, memory, ""));
  }
}
