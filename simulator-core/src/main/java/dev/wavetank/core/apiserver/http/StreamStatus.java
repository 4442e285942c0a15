package dev.wavetank.core.apiserver.http;

import dev.wavetank.core.api.Json;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import java.nio.charset.StandardCharsets;

/**
 * How a process ended, as the error stream of a connection tells it.
 *
 * <p>Follows staging/src/k8s.io/apiserver/pkg/util/proxy/streamtranslator.go (v1.36).
 */
public final class StreamStatus {

  private StreamStatus() {}

  /** It ended by itself. */
  public static byte[] exited(int code) {
    if (code == 0) {
      return bytes(KubeMap.of("metadata", KubeMap.EMPTY, "status", "Success"));
    }
    KubeMap cause = KubeMap.of("reason", "ExitCode", "message", Integer.toString(code));
    return bytes(
        failure(
                "command terminated with non-zero exit code: command terminated with exit code "
                    + code,
                "NonZeroExitCode")
            .put("details", KubeMap.of("causes", KubeList.of(cause)))
            .build());
  }

  /** It could not be started, or its connection broke. */
  public static byte[] internalError(String message) {
    KubeMap cause = KubeMap.of("message", message);
    return bytes(
        failure("Internal error occurred: " + message, "InternalError")
            .put("details", KubeMap.of("causes", KubeList.of(cause)))
            .put("code", 500L)
            .build());
  }

  private static KubeMap.Builder failure(String message, String reason) {
    return KubeMap.builder()
        .put("metadata", KubeMap.EMPTY)
        .put("status", "Failure")
        .put("message", message)
        .put("reason", reason);
  }

  private static byte[] bytes(KubeMap status) {
    return Json.write(status).getBytes(StandardCharsets.UTF_8);
  }
}
