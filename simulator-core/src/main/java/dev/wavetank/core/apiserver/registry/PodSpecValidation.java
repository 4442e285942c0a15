package dev.wavetank.core.apiserver.registry;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.Formats;
import dev.wavetank.core.apiserver.Memo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Checks a pod's spec, in a pod and in a template. What was found sound once is not looked at
 * again.
 *
 * <p>Follows pkg/apis/core/validation/validation.go (v1.36).
 */
final class PodSpecValidation {

  private static final ImmutableList<String> RESTART_POLICIES =
      ImmutableList.of("Always", "OnFailure", "Never");
  private static final ImmutableList<String> DNS_POLICIES =
      ImmutableList.of("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None");
  private static final ImmutableList<String> PREEMPTION_POLICIES =
      ImmutableList.of("PreemptLowerPriority", "Never");
  private static final int NAMESERVERS_MAX = 3;
  private static final int SEARCHES_MAX = 32;
  private static final int SEARCH_LENGTH_MAX = 2048;
  private static final int HOSTNAME_LENGTH_MAX = 64;

  private final Memo<Boolean> soundInPods = new Memo<>(spec -> sound(spec, true));
  private final Memo<Boolean> soundInTemplates = new Memo<>(spec -> sound(spec, false));

  /** The spec of a pod. */
  void pod(KubeMap spec, FieldErrors errors) {
    if (!soundInPods.of(spec)) {
      validate(spec, true, "spec", errors);
    }
  }

  /** The spec in a template. */
  void template(KubeMap spec, String path, FieldErrors errors) {
    if (!soundInTemplates.of(spec)) {
      validate(spec, false, path, errors);
    }
  }

  private static boolean sound(KubeMap spec, boolean pod) {
    FieldErrors errors = new FieldErrors();
    validate(spec, pod, "spec", errors);
    return errors.isEmpty();
  }

  private static void validate(KubeMap spec, boolean pod, String path, FieldErrors errors) {
    if (!spec.has("terminationGracePeriodSeconds")) {
      errors.required(path + ".terminationGracePeriodSeconds", "");
    }
    Map<String, KubeMap> volumes =
        VolumeValidation.validate(spec.listOrEmpty("volumes"), path + ".volumes", errors);
    resourceClaims(spec.listOrEmpty("resourceClaims"), path + ".resourceClaims", errors);
    ContainerValidation containers = new ContainerValidation(spec, volumes, errors);
    containers.containers(path + ".containers");
    containers.initContainers(path + ".initContainers");
    hostNetwork(spec, pod, path + ".containers", errors);
    errors.oneOf(spec, "restartPolicy", RESTART_POLICIES, path);
    errors.oneOf(spec, "dnsPolicy", DNS_POLICIES, path);
    Formats.labels(spec.mapOrEmpty("nodeSelector"), path + ".nodeSelector", errors);
    KubeMap security = spec.map("securityContext");
    if (security != null) {
      SecurityContextValidation.pod(security, spec, path + ".securityContext", errors);
    }
    SchedulingValidation scheduling = new SchedulingValidation(errors);
    scheduling.affinity(spec.map("affinity"), path + ".affinity");
    dnsConfig(spec, path + ".dnsConfig", errors);
    readinessGates(spec.listOrEmpty("readinessGates"), path + ".readinessGates", errors);
    scheduling.gates(spec.listOrEmpty("schedulingGates"), path + ".schedulingGates");
    scheduling.topologySpread(
        spec.listOrEmpty("topologySpreadConstraints"), path + ".topologySpreadConstraints");
    hostnameOverride(spec, path + ".hostnameOverride", errors);
    names(spec, path, errors);
    scheduling.tolerations(spec.listOrEmpty("tolerations"), path + ".tolerations");
    rest(spec, path, errors);
    if (pod) {
      imagesWithoutBlanks(spec, "containers", path, errors);
      imagesWithoutBlanks(spec, "initContainers", path, errors);
    }
  }

  private static void names(KubeMap spec, String path, FieldErrors errors) {
    Checks.dnsSubdomainIfSet(spec, "serviceAccountName", path, errors);
    Checks.dnsSubdomainIfSet(spec, "nodeName", path, errors);
    if (spec.get("activeDeadlineSeconds") instanceof Long seconds
        && (seconds < 1 || seconds > Integer.MAX_VALUE)) {
      errors.invalid(path + ".activeDeadlineSeconds", seconds, Formats.range(1, Integer.MAX_VALUE));
    }
    Checks.dnsLabelIfSet(spec, "hostname", path, errors);
    Checks.dnsLabelIfSet(spec, "subdomain", path, errors);
  }

  private static void rest(KubeMap spec, String path, FieldErrors errors) {
    KubeList aliases = spec.listOrEmpty("hostAliases");
    for (int i = 0; i < aliases.size(); i++) {
      String at = path + ".hostAliases[" + i + "]";
      IpValidation.address(aliases.map(i).string("ip", ""), at + ".ip", errors);
      KubeList hostnames = aliases.map(i).listOrEmpty("hostnames");
      for (int j = 0; j < hostnames.size(); j++) {
        Checks.dnsSubdomain(hostnames.get(j).toString(), at + ".hostnames[" + j + "]", errors);
      }
    }
    Checks.dnsSubdomainIfSet(spec, "priorityClassName", path, errors);
    if (spec.get("runtimeClassName") instanceof String name) {
      Checks.dnsSubdomain(name, path + ".runtimeClassName", errors);
    }
    if (spec.has("preemptionPolicy")) {
      errors.oneOf(spec, "preemptionPolicy", PREEMPTION_POLICIES, path);
    }
    KubeMap os = spec.map("os");
    if (os != null) {
      errors.oneOf(os, "name", ImmutableList.of("linux", "windows"), path + ".os");
    }
  }

  private static void resourceClaims(KubeList claims, String path, FieldErrors errors) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < claims.size(); i++) {
      KubeMap claim = claims.map(i);
      String at = path + "[" + i + "]";
      String name = claim.string("name", "");
      if (name.isEmpty()) {
        errors.required(at + ".name", "");
      } else if (names.contains(name)) {
        errors.duplicate(at + ".name", name);
      } else {
        Checks.dnsLabel(name, at + ".name", errors);
        names.add(name);
      }
      boolean direct = claim.has("resourceClaimName");
      boolean template = claim.has("resourceClaimTemplateName");
      if (direct && template) {
        errors.invalid(
            at,
            claim,
            "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified");
      } else if (!direct && !template) {
        errors.invalid(
            at, claim, "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`");
      }
    }
  }

  private static void hostNetwork(KubeMap spec, boolean pod, String path, FieldErrors errors) {
    if (!spec.bool("hostNetwork", false)) {
      return;
    }
    KubeList containers = spec.listOrEmpty("containers");
    for (int i = 0; i < containers.size(); i++) {
      KubeList ports = containers.map(i).listOrEmpty("ports");
      for (int j = 0; j < ports.size(); j++) {
        long hostPort = ports.map(j).number("hostPort", 0);
        if ((pod || hostPort != 0) && hostPort != ports.map(j).number("containerPort", 0)) {
          errors.invalid(
              path + "[" + i + "].ports[" + j + "].hostPort",
              hostPort,
              "must match `containerPort` when `hostNetwork` is true");
        }
      }
    }
  }

  private static void dnsConfig(KubeMap spec, String path, FieldErrors errors) {
    @Nullable KubeMap config = spec.map("dnsConfig");
    KubeList nameservers = config == null ? KubeList.EMPTY : config.listOrEmpty("nameservers");
    if (spec.string("dnsPolicy", "").equals("None")) {
      if (config == null) {
        errors.required(path, "must provide `dnsConfig` when `dnsPolicy` is None");
        return;
      }
      if (nameservers.isEmpty()) {
        errors.required(
            path + ".nameservers",
            "must provide at least one DNS nameserver when `dnsPolicy` is None");
        return;
      }
    }
    if (config == null) {
      return;
    }
    if (nameservers.size() > NAMESERVERS_MAX) {
      errors.invalid(path + ".nameservers", nameservers, "must not have more than 3 nameservers");
    }
    for (int i = 0; i < nameservers.size(); i++) {
      IpValidation.address(nameservers.get(i).toString(), path + ".nameservers[" + i + "]", errors);
    }
    searches(config.listOrEmpty("searches"), path + ".searches", errors);
    KubeList options = config.listOrEmpty("options");
    for (int i = 0; i < options.size(); i++) {
      if (options.map(i).string("name", "").isEmpty()) {
        errors.required(path + ".options[" + i + "]", "must not be empty");
      }
    }
  }

  private static void searches(KubeList searches, String path, FieldErrors errors) {
    if (searches.size() > SEARCHES_MAX) {
      errors.invalid(path, searches, "must not have more than 32 search paths");
    }
    int length = Math.max(searches.size() - 1, 0);
    for (Object search : searches) {
      length += search.toString().length();
    }
    if (length > SEARCH_LENGTH_MAX) {
      errors.invalid(
          path,
          searches,
          "must not have more than 2048 characters (including spaces) in the search list");
    }
    for (int i = 0; i < searches.size(); i++) {
      String search = searches.get(i).toString();
      if (!search.equals(".")) {
        String name = search.endsWith(".") ? search.substring(0, search.length() - 1) : search;
        errors.invalid(path + "[" + i + "]", name, Formats.dnsSubdomainWithUnderscore(name));
      }
    }
  }

  private static void readinessGates(KubeList gates, String path, FieldErrors errors) {
    for (int i = 0; i < gates.size(); i++) {
      Checks.qualifiedName(
          gates.map(i).string("conditionType", ""), path + "[" + i + "].conditionType", errors);
    }
  }

  private static void hostnameOverride(KubeMap spec, String path, FieldErrors errors) {
    String hostname = spec.string("hostnameOverride");
    if (hostname == null) {
      return;
    }
    if (spec.bool("setHostnameAsFQDN", false)) {
      errors.forbidden(path, "may not be specified when setHostnameAsFQDN is true");
    }
    if (spec.bool("hostNetwork", false)) {
      errors.forbidden(path, "may not be specified when hostNetwork is true");
    }
    if (hostname.length() > HOSTNAME_LENGTH_MAX) {
      errors.tooLong(path, HOSTNAME_LENGTH_MAX);
    }
    Checks.dnsSubdomain(hostname, path, errors);
  }

  private static void imagesWithoutBlanks(
      KubeMap spec, String list, String path, FieldErrors errors) {
    KubeList containers = spec.listOrEmpty(list);
    for (int i = 0; i < containers.size(); i++) {
      String image = containers.map(i).string("image", "");
      if (!image.equals(image.strip())) {
        errors.invalid(
            path + "." + list + "[" + i + "].image",
            image,
            "must not have leading or trailing whitespace");
      }
    }
  }
}
