package dev.wavetank.core.apiserver.admission;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.ValidatingAdmission;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Holds pods to the pod security standards that the labels of their namespace name. Every version
 * of the standards is taken for the newest.
 *
 * <p>Follows staging/src/k8s.io/pod-security-admission/admission/admission.go (v1.36).
 */
public final class PodSecurity implements ValidatingAdmission {

  private static final String PREFIX = "pod-security.kubernetes.io/";
  private static final ImmutableList<String> LEVELS =
      ImmutableList.of("privileged", "baseline", "restricted");
  private static final ImmutableList<String> MODES = ImmutableList.of("enforce", "audit", "warn");

  /** Most pods of a namespace that are looked at when its level changes. */
  private static final int PODS_MAX = 3000;

  /** Where the pods are that workloads make, by the type of the workload. */
  private static final ImmutableMap<String, ImmutableList<String>> TEMPLATES =
      ImmutableMap.<String, ImmutableList<String>>builder()
          .put("replicationcontrollers", ImmutableList.of("spec", "template"))
          .put("replicasets.apps", ImmutableList.of("spec", "template"))
          .put("deployments.apps", ImmutableList.of("spec", "template"))
          .put("statefulsets.apps", ImmutableList.of("spec", "template"))
          .put("daemonsets.apps", ImmutableList.of("spec", "template"))
          .put("jobs.batch", ImmutableList.of("spec", "template"))
          .put("cronjobs.batch", ImmutableList.of("spec", "jobTemplate", "spec", "template"))
          .buildOrThrow();

  private final ApiServer server;

  /** The step of a server, in which it finds namespaces. */
  public PodSecurity(ApiServer server) {
    this.server = server;
  }

  @Override
  public void validate(
      ResourceType type, KubeObject object, @Nullable KubeObject before, boolean dryRun) {
    if (type.equals(ResourceType.NAMESPACES)) {
      namespace(object, before);
      return;
    }
    boolean pod = type.equals(ResourceType.PODS);
    ImmutableList<String> template = pod ? null : TEMPLATES.get(type.groupResource());
    if (!pod && template == null) {
      return;
    }
    KubeObject namespace =
        server.find(ObjectKey.of(ResourceType.NAMESPACES, "", object.namespace()));
    if (namespace == null || !isLabelled(namespace)) {
      return;
    }
    if (pod) {
      pod(object, before, namespace);
    } else if (template != null
        && object.at(template.toArray(String[]::new)) instanceof KubeMap made) {
      warn(namespace, KubeObject.of(made));
    }
  }

  private static boolean isLabelled(KubeObject namespace) {
    for (String mode : MODES) {
      if (namespace.labels().has(PREFIX + mode)) {
        return true;
      }
    }
    return false;
  }

  private void pod(KubeObject pod, @Nullable KubeObject before, KubeObject namespace) {
    if (before != null && before.spec().equals(pod.spec())) {
      return;
    }
    String policy = policy(namespace, "enforce");
    List<PodSecurityChecks.Violation> violations =
        PodSecurityChecks.violations(level(namespace, "enforce"), pod);
    if (!violations.isEmpty()) {
      throw new ApiException(
          Status.forbidden(
              ResourceType.PODS,
              pod.name(),
              "violates PodSecurity \"" + policy + "\": " + shown(violations)));
    }
    warn(namespace, pod);
  }

  private void warn(KubeObject namespace, KubeObject pod) {
    List<PodSecurityChecks.Violation> violations =
        PodSecurityChecks.violations(level(namespace, "warn"), pod);
    if (!violations.isEmpty()) {
      server
          .request()
          .warn(
              "would violate PodSecurity \""
                  + policy(namespace, "warn")
                  + "\": "
                  + shown(violations));
    }
  }

  private static String shown(List<PodSecurityChecks.Violation> violations) {
    List<String> parts = new ArrayList<>();
    violations.forEach(violation -> parts.add(violation.toString()));
    return String.join(", ", parts);
  }

  /** The level of a mode; who is warned is so by what is enforced, unless it says otherwise. */
  private static String level(KubeObject namespace, String mode) {
    String written = namespace.labels().string(PREFIX + mode, "");
    if (!written.isEmpty()) {
      return written;
    }
    return mode.equals("warn") ? level(namespace, "enforce") : "privileged";
  }

  private static String policy(KubeObject namespace, String mode) {
    boolean own = namespace.labels().has(PREFIX + mode);
    String by = own || !mode.equals("warn") ? mode : "enforce";
    String version = namespace.labels().string(PREFIX + by + "-version", "latest");
    return level(namespace, mode) + ":" + version;
  }

  private void namespace(KubeObject namespace, @Nullable KubeObject before) {
    FieldErrors errors = new FieldErrors();
    for (String mode : MODES) {
      String written = namespace.labels().string(PREFIX + mode);
      boolean changed =
          before == null || !String.valueOf(before.labels().get(PREFIX + mode)).equals(written);
      if (written != null && changed && !LEVELS.contains(written)) {
        errors.invalid(
            "metadata.labels[" + PREFIX + mode + "]",
            written,
            "must be one of privileged, baseline, restricted");
      }
    }
    if (!errors.isEmpty()) {
      throw new ApiException(errors.status(ResourceType.NAMESPACES, namespace.name()));
    }
    String level = level(namespace, "enforce");
    if (before != null && LEVELS.indexOf(level) > LEVELS.indexOf(level(before, "enforce"))) {
      warnOfPods(namespace, level);
    }
  }

  /** Tells which pods that are there already would be refused now, once for each way. */
  private void warnOfPods(KubeObject namespace, String level) {
    Map<String, List<String>> pods = new LinkedHashMap<>();
    List<KubeObject> all = server.list(ResourceType.PODS, namespace.name(), labels -> true);
    for (KubeObject pod : all.subList(0, Math.min(all.size(), PODS_MAX))) {
      List<String> reasons = new ArrayList<>();
      PodSecurityChecks.violations(level, pod)
          .forEach(violation -> reasons.add(violation.reason()));
      if (!reasons.isEmpty()) {
        String joined = String.join(", ", reasons);
        pods.computeIfAbsent(joined, any -> new ArrayList<>()).add(pod.name());
      }
    }
    if (pods.isEmpty()) {
      return;
    }
    server
        .request()
        .warn(
            "existing pods in namespace \""
                + namespace.name()
                + "\" violate the new PodSecurity enforce level \""
                + policy(namespace, "enforce")
                + "\"");
    pods.forEach(
        (reasons, names) -> {
          int others = names.size() - 1;
          String more =
              others == 0
                  ? ""
                  : others == 1 ? " (and 1 other pod)" : " (and " + others + " other pods)";
          server.request().warn(names.get(0) + more + ": " + reasons);
        });
  }
}
