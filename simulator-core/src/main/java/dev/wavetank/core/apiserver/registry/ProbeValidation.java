package dev.wavetank.core.apiserver.registry;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.Formats;
import org.jspecify.annotations.Nullable;

/**
 * Checks probes and lifecycle handlers.
 *
 * <p>Follows pkg/apis/core/validation/validation.go (v1.36).
 */
final class ProbeValidation {

  private static final ImmutableList<String> PROBE_HANDLERS =
      ImmutableList.of("exec", "httpGet", "tcpSocket", "grpc");
  private static final ImmutableList<String> LIFECYCLE_HANDLERS =
      ImmutableList.of("exec", "httpGet", "tcpSocket", "sleep");
  private static final ImmutableList<String> NUMBERS =
      ImmutableList.of(
          "initialDelaySeconds",
          "timeoutSeconds",
          "periodSeconds",
          "successThreshold",
          "failureThreshold");
  private static final ImmutableList<String> SCHEMES = ImmutableList.of("HTTP", "HTTPS");

  private final @Nullable Long gracePeriod;
  private final FieldErrors errors;

  ProbeValidation(@Nullable Long gracePeriod, FieldErrors errors) {
    this.gracePeriod = gracePeriod;
    this.errors = errors;
  }

  /** All three probes of a container. */
  void probes(KubeMap container, String path) {
    once(container.map("livenessProbe"), path + ".livenessProbe");
    readiness(container.map("readinessProbe"), path + ".readinessProbe");
    once(container.map("startupProbe"), path + ".startupProbe");
  }

  private void once(@Nullable KubeMap probe, String path) {
    if (probe == null) {
      return;
    }
    probe(probe, path);
    if (probe.number("successThreshold", 0) != 1) {
      errors.invalid(path + ".successThreshold", probe.number("successThreshold", 0), "must be 1");
    }
  }

  private void readiness(@Nullable KubeMap probe, String path) {
    if (probe == null) {
      return;
    }
    probe(probe, path);
    if (probe.has("terminationGracePeriodSeconds")) {
      errors.invalid(
          path + ".terminationGracePeriodSeconds",
          probe.get("terminationGracePeriodSeconds"),
          "must not be set for readinessProbes");
    }
  }

  private void probe(KubeMap probe, String path) {
    handler(probe, PROBE_HANDLERS, path);
    for (String number : NUMBERS) {
      Checks.nonNegative(probe, number, path, errors);
    }
    long grace = probe.number("terminationGracePeriodSeconds", 1);
    if (grace <= 0) {
      errors.invalid(path + ".terminationGracePeriodSeconds", grace, "must be greater than 0");
    }
  }

  /** {@code postStart} and {@code preStop}. */
  void lifecycle(KubeMap lifecycle, boolean osNamed, String path) {
    KubeMap postStart = lifecycle.map("postStart");
    if (postStart != null) {
      handler(postStart, LIFECYCLE_HANDLERS, path + ".postStart");
    }
    KubeMap preStop = lifecycle.map("preStop");
    if (preStop != null) {
      handler(preStop, LIFECYCLE_HANDLERS, path + ".preStop");
    }
    if (lifecycle.has("stopSignal") && !osNamed) {
      errors.forbidden(
          path + ".stopSignal", "may not be set for containers with empty `spec.os.name`");
    }
  }

  private void handler(KubeMap handler, ImmutableList<String> kinds, String path) {
    boolean one = false;
    for (String kind : kinds) {
      KubeMap action = handler.map(kind);
      if (action == null) {
        continue;
      }
      if (one) {
        errors.forbidden(path + "." + kind, "may not specify more than 1 handler type");
        continue;
      }
      one = true;
      action(kind, action, path + "." + kind);
    }
    if (!one) {
      errors.required(path, "must specify a handler type");
    }
  }

  private void action(String kind, KubeMap action, String path) {
    switch (kind) {
      case "exec" -> {
        if (action.listOrEmpty("command").isEmpty()) {
          errors.required(path + ".command", "");
        }
      }
      case "httpGet" -> httpGet(action, path);
      case "tcpSocket", "grpc" ->
          Checks.portNumberOrName(action.get("port"), path + ".port", errors);
      default -> sleep(action, path);
    }
  }

  private void httpGet(KubeMap get, String path) {
    if (get.string("path", "").isEmpty()) {
      errors.required(path + ".path", "");
    }
    Checks.portNumberOrName(get.get("port"), path + ".port", errors);
    String scheme = get.string("scheme", "");
    if (!SCHEMES.contains(scheme)) {
      errors.unsupported(path + ".scheme", scheme, SCHEMES);
    }
    for (KubeMap header : get.listOrEmpty("httpHeaders").maps()) {
      String name = header.string("name", "");
      errors.invalid(path + ".httpHeaders", name, Formats.httpHeader(name));
    }
  }

  private void sleep(KubeMap sleep, String path) {
    long seconds = sleep.number("seconds", 0);
    if (gracePeriod != null && (seconds < 0 || seconds > gracePeriod)) {
      errors.invalid(
          path,
          seconds,
          "must be non-negative and less than terminationGracePeriodSeconds (" + gracePeriod + ")");
    }
  }
}
