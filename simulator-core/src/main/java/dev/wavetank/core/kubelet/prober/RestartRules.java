package dev.wavetank.core.kubelet.prober;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;

/**
 * Whether a container that exited is started again.
 *
 * <p>Follows pkg/api/v1/pod/util.go (v1.36).
 */
public final class RestartRules {

  private RestartRules() {}

  /**
   * Whether a container with that exit code is to be restarted under its own and the pod's rules.
   */
  public static boolean shouldRestart(KubeMap container, KubeMap podSpec, long exitCode) {
    String own = container.string("restartPolicy", "");
    if (!own.isEmpty()) {
      KubeList rules = container.listOrEmpty("restartPolicyRules");
      for (KubeMap rule : rules.maps()) {
        if (matches(rule.mapOrEmpty("exitCodes"), exitCode)) {
          String action = rule.string("action", "");
          if (action.equals("Restart") || action.equals("RestartAllContainers")) {
            return true;
          }
          break;
        }
      }
      return byPolicy(own, exitCode);
    }
    return byPolicy(podSpec.string("restartPolicy", "Always"), exitCode);
  }

  private static boolean byPolicy(String policy, long exitCode) {
    return switch (policy) {
      case "Never" -> false;
      case "OnFailure" -> exitCode != 0;
      default -> true;
    };
  }

  private static boolean matches(KubeMap exitCodes, long exitCode) {
    boolean listed = exitCodes.listOrEmpty("values").contains(exitCode);
    return switch (exitCodes.string("operator", "")) {
      case "In" -> listed;
      case "NotIn" -> !listed;
      default -> false;
    };
  }

  /** Whether a container that is killed for its probes runs again. */
  public static boolean restartsAfterKill(KubeMap container, KubeMap podSpec) {
    String own = container.string("restartPolicy", "");
    return !(own.isEmpty() ? podSpec.string("restartPolicy", "Always") : own).equals("Never");
  }
}
