package dev.wavetank.core.apiserver.endpoints;

import dev.wavetank.core.api.KubeMap;

/**
 * Which version of Kubernetes this is, as servers and clients tell it. What tells one build from
 * another is left as a build from an archive leaves it.
 *
 * <p>Follows staging/src/k8s.io/apimachinery/pkg/version/types.go (v1.36).
 */
public final class VersionInfo {

  public static final String GIT_VERSION = "v1.36.2";

  private VersionInfo() {}

  /** What a client says of itself. */
  public static KubeMap ofClient() {
    return build(KubeMap.builder().put("major", "1").put("minor", "36"));
  }

  /** What {@code /version} answers. */
  public static KubeMap ofServer() {
    return build(
        KubeMap.builder()
            .put("major", "1")
            .put("minor", "36")
            .put("emulationMajor", "1")
            .put("emulationMinor", "36")
            .put("minCompatibilityMajor", "1")
            .put("minCompatibilityMinor", "35"));
  }

  private static KubeMap build(KubeMap.Builder version) {
    return version
        .put("gitVersion", GIT_VERSION)
        .put("gitCommit", "$Format:%H$")
        .put("gitTreeState", "")
        .put("buildDate", "1970-01-01T00:00:00Z")
        .put("goVersion", "go1.26.4")
        .put("compiler", "gc")
        .put("platform", "linux/amd64")
        .build();
  }
}
