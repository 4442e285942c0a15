package dev.wavetank.core.apiserver.admission;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What the levels of the pod security standards forbid, in the form of the newest version.
 *
 * <p>Follows staging/src/k8s.io/pod-security-admission/policy (v1.36).
 */
final class PodSecurityChecks {

  /**
   * Something that a level forbids.
   *
   * @param reason in few words
   * @param detail which part of the pod it is
   */
  record Violation(String reason, String detail) {

    @Override
    public String toString() {
      return reason + " (" + detail + ")";
    }
  }

  private static final ImmutableSet<String> CAPABILITIES =
      ImmutableSet.of(
          "AUDIT_WRITE",
          "CHOWN",
          "DAC_OVERRIDE",
          "FOWNER",
          "FSETID",
          "KILL",
          "MKNOD",
          "NET_BIND_SERVICE",
          "SETFCAP",
          "SETGID",
          "SETPCAP",
          "SETUID",
          "SYS_CHROOT");

  private static final ImmutableSet<String> SYSCTLS =
      ImmutableSet.of(
          "kernel.shm_rmid_forced",
          "net.ipv4.ip_local_port_range",
          "net.ipv4.tcp_syncookies",
          "net.ipv4.ping_group_range",
          "net.ipv4.ip_unprivileged_port_start",
          "net.ipv4.ip_local_reserved_ports",
          "net.ipv4.tcp_keepalive_time",
          "net.ipv4.tcp_fin_timeout",
          "net.ipv4.tcp_keepalive_intvl",
          "net.ipv4.tcp_keepalive_probes",
          "net.ipv4.tcp_rmem",
          "net.ipv4.tcp_wmem");

  private static final ImmutableSet<String> VOLUMES =
      ImmutableSet.of(
          "configMap",
          "csi",
          "downwardAPI",
          "emptyDir",
          "ephemeral",
          "image",
          "persistentVolumeClaim",
          "projected",
          "secret");

  private static final ImmutableSet<String> SELINUX_TYPES =
      ImmutableSet.of(
          "", "container_t", "container_init_t", "container_kvm_t", "container_engine_t");

  private static final ImmutableSet<String> PROFILES =
      ImmutableSet.of("RuntimeDefault", "Localhost");

  private static final String SECURITY = "securityContext";

  private final KubeMap spec;
  private final KubeMap security;
  private final List<KubeMap> containers = new ArrayList<>();
  private final List<Violation> found = new ArrayList<>();
  private final boolean windows;
  private final boolean ownUsers;

  private PodSecurityChecks(KubeMap spec) {
    this.spec = spec;
    this.security = spec.mapOrEmpty(SECURITY);
    for (String list : ImmutableList.of("initContainers", "containers", "ephemeralContainers")) {
      spec.listOrEmpty(list).maps().forEach(containers::add);
    }
    this.windows = "windows".equals(spec.at("os", "name"));
    this.ownUsers = Boolean.FALSE.equals(spec.get("hostUsers"));
  }

  /** What a level forbids of a pod, or of the template of one; nothing for {@code privileged}. */
  static List<Violation> violations(String level, KubeObject pod) {
    PodSecurityChecks checks = new PodSecurityChecks(pod.spec());
    boolean restricted = level.equals("restricted");
    if (restricted || level.equals("baseline")) {
      checks.baseline(restricted);
    }
    if (restricted) {
      checks.restricted();
    }
    return checks.found;
  }

  private void baseline(boolean restricted) {
    appArmor();
    if (!restricted) {
      capabilities();
    }
    hostNamespaces();
    if (!restricted) {
      hostPaths();
    }
    hostPorts();
    hostProbes();
    Names privileged = names(c -> Boolean.TRUE.equals(security(c).get("privileged")));
    add(privileged, "privileged", " must not set securityContext.privileged=true");
    if (!restricted) {
      procMount();
    }
    seLinux();
    if (!restricted) {
      seccomp(false);
    }
    sysctls();
    hostProcess();
  }

  private void restricted() {
    if (!windows) {
      Names escalating =
          names(c -> !Boolean.FALSE.equals(security(c).get("allowPrivilegeEscalation")));
      add(
          escalating,
          "allowPrivilegeEscalation != false",
          " must set securityContext.allowPrivilegeEscalation=false");
      restrictedCapabilities();
    }
    procMount();
    volumes();
    if (!ownUsers) {
      nonRoot();
      rootUser();
    }
    if (!windows) {
      seccomp(true);
    }
  }

  private static KubeMap security(KubeMap container) {
    return container.mapOrEmpty(SECURITY);
  }

  /** Names of containers or other parts. */
  private record Names(List<String> names) {

    boolean none() {
      return names.isEmpty();
    }

    /** {@code container "c"} or {@code containers "a", "b"}. */
    String counted(String one) {
      return (names.size() == 1 ? one : one + "s") + " " + quoted();
    }

    String quoted() {
      return "\"" + String.join("\", \"", names) + "\"";
    }

    String uses() {
      return names.size() == 1 ? "uses" : "use";
    }
  }

  private Names names(Predicate<KubeMap> bad) {
    List<String> names = new ArrayList<>();
    for (KubeMap container : containers) {
      if (bad.test(container)) {
        names.add(container.string("name", ""));
      }
    }
    return new Names(names);
  }

  /** All that the containers have of something, sorted. */
  private Names gathered(Function<KubeMap, ? extends Iterable<String>> parts) {
    Set<String> all = new TreeSet<>();
    containers.forEach(container -> parts.apply(container).forEach(all::add));
    return new Names(List.copyOf(all));
  }

  private void add(Names bad, String reason, String must) {
    if (!bad.none()) {
      found.add(new Violation(reason, bad.counted("container") + must));
    }
  }

  /** Who sets something: the pod, containers, or both. */
  private static String setters(boolean pod, Names bad) {
    List<String> who = new ArrayList<>();
    if (pod) {
      who.add("pod");
    }
    if (!bad.none()) {
      who.add(bad.counted("container"));
    }
    return String.join(" and ", who);
  }

  private static @Nullable String badProfile(KubeMap holder, String field, Set<String> allowed) {
    KubeMap profile = holder.map(field);
    String type = profile == null ? null : profile.string("type", "");
    return type == null || allowed.contains(type) ? null : type;
  }

  private void appArmor() {
    String field = "appArmorProfile";
    String pod = badProfile(security, field, PROFILES);
    Names bad = names(c -> badProfile(security(c), field, PROFILES) != null);
    if (pod == null && bad.none()) {
      return;
    }
    Names values = profiles(field, pod);
    found.add(
        new Violation(
            values.names().size() == 1
                ? "forbidden AppArmor profile"
                : "forbidden AppArmor profiles",
            setters(pod != null, bad)
                + " must not set AppArmor profile type to "
                + values.quoted()));
  }

  private Names profiles(String field, @Nullable String pod) {
    Set<String> values = new TreeSet<>();
    if (pod != null) {
      values.add(pod);
    }
    for (KubeMap container : containers) {
      String type = badProfile(security(container), field, PROFILES);
      if (type != null) {
        values.add(type);
      }
    }
    return new Names(List.copyOf(values));
  }

  private static List<String> added(KubeMap container, Set<String> allowed) {
    List<String> bad = new ArrayList<>();
    for (Object capability : security(container).mapOrEmpty("capabilities").listOrEmpty("add")) {
      if (!allowed.contains(capability.toString())) {
        bad.add(capability.toString());
      }
    }
    return bad;
  }

  private void capabilities() {
    Names bad = names(c -> !added(c, CAPABILITIES).isEmpty());
    String which = gathered(c -> added(c, CAPABILITIES)).quoted();
    add(
        bad,
        "non-default capabilities",
        " must not include " + which + " in securityContext.capabilities.add");
  }

  private void restrictedCapabilities() {
    ImmutableSet<String> allowed = ImmutableSet.of("NET_BIND_SERVICE");
    Names keeping =
        names(c -> !security(c).mapOrEmpty("capabilities").listOrEmpty("drop").contains("ALL"));
    Names adding = names(c -> !added(c, allowed).isEmpty());
    List<String> details = new ArrayList<>();
    if (!keeping.none()) {
      details.add(
          keeping.counted("container") + " must set securityContext.capabilities.drop=[\"ALL\"]");
    }
    if (!adding.none()) {
      details.add(
          adding.counted("container")
              + " must not include "
              + gathered(c -> added(c, allowed)).quoted()
              + " in securityContext.capabilities.add");
    }
    if (!details.isEmpty()) {
      found.add(new Violation("unrestricted capabilities", String.join("; ", details)));
    }
  }

  private void hostNamespaces() {
    List<String> shared = new ArrayList<>();
    for (String field : ImmutableList.of("hostNetwork", "hostPID", "hostIPC")) {
      if (spec.bool(field, false)) {
        shared.add(field + "=true");
      }
    }
    if (!shared.isEmpty()) {
      found.add(new Violation("host namespaces", String.join(", ", shared)));
    }
  }

  private void hostPaths() {
    List<String> names = new ArrayList<>();
    for (KubeMap volume : spec.listOrEmpty("volumes").maps()) {
      if (volume.has("hostPath")) {
        names.add(volume.string("name", ""));
      }
    }
    if (!names.isEmpty()) {
      found.add(new Violation("hostPath volumes", new Names(names).counted("volume")));
    }
  }

  private static List<String> ports(KubeMap container) {
    List<String> ports = new ArrayList<>();
    for (KubeMap port : container.listOrEmpty("ports").maps()) {
      long number = port.number("hostPort", 0);
      if (number != 0) {
        ports.add(Long.toString(number));
      }
    }
    return ports;
  }

  private void hostPorts() {
    Names bad = names(c -> !ports(c).isEmpty());
    List<String> all = gathered(PodSecurityChecks::ports).names();
    String what = all.size() == 1 ? " hostPort " : " hostPorts ";
    add(bad, "hostPort", " " + bad.uses() + what + String.join(", ", all));
  }

  private static List<String> hosts(KubeMap container) {
    List<KubeMap> handlers = new ArrayList<>();
    for (String probe : ImmutableList.of("livenessProbe", "readinessProbe", "startupProbe")) {
      handlers.add(container.mapOrEmpty(probe));
    }
    KubeMap lifecycle = container.mapOrEmpty("lifecycle");
    handlers.add(lifecycle.mapOrEmpty("postStart"));
    handlers.add(lifecycle.mapOrEmpty("preStop"));
    List<String> hosts = new ArrayList<>();
    for (KubeMap handler : handlers) {
      for (String kind : ImmutableList.of("httpGet", "tcpSocket")) {
        String host = handler.mapOrEmpty(kind).string("host", "");
        if (!host.isEmpty()) {
          hosts.add(host);
        }
      }
    }
    return hosts;
  }

  private void hostProbes() {
    Names bad = names(c -> !hosts(c).isEmpty());
    Names all = gathered(PodSecurityChecks::hosts);
    String what =
        all.names().size() == 1 ? " probe or lifecycle host " : " probe or lifecycle hosts ";
    add(bad, "probe or lifecycle host", " " + bad.uses() + what + all.quoted());
  }

  private static List<String> mounts(KubeMap container) {
    String mount = security(container).string("procMount", "Default");
    return mount.equals("Default") ? List.of() : List.of(mount);
  }

  private void procMount() {
    if (!ownUsers) {
      Names bad = names(c -> !mounts(c).isEmpty());
      String which = gathered(PodSecurityChecks::mounts).quoted();
      add(bad, "procMount", " must not set securityContext.procMount to " + which);
    }
  }

  private static boolean isBad(KubeMap holder) {
    KubeMap options = holder.map("seLinuxOptions");
    return options != null
        && !(SELINUX_TYPES.contains(options.string("type", ""))
            && options.string("user", "").isEmpty()
            && options.string("role", "").isEmpty());
  }

  private void seLinux() {
    Names bad = names(c -> isBad(security(c)));
    boolean pod = isBad(security);
    if (!pod && bad.none()) {
      return;
    }
    List<KubeMap> holders = new ArrayList<>(List.of(security));
    containers.forEach(container -> holders.add(security(container)));
    Set<String> types = new TreeSet<>();
    boolean user = false;
    boolean role = false;
    for (KubeMap holder : holders) {
      KubeMap options = holder.mapOrEmpty("seLinuxOptions");
      String type = options.string("type", "");
      if (!SELINUX_TYPES.contains(type)) {
        types.add(type);
      }
      user |= !options.string("user", "").isEmpty();
      role |= !options.string("role", "").isEmpty();
    }
    List<String> data = new ArrayList<>();
    if (!types.isEmpty()) {
      data.add(new Names(List.copyOf(types)).counted("type"));
    }
    if (user) {
      data.add("user may not be set");
    }
    if (role) {
      data.add("role may not be set");
    }
    found.add(
        new Violation(
            "seLinuxOptions",
            setters(pod, bad)
                + " set forbidden securityContext.seLinuxOptions: "
                + String.join("; ", data)));
  }

  private void seccomp(boolean demanded) {
    String field = "seccompProfile";
    String pod = badProfile(security, field, PROFILES);
    Names bad = names(c -> badProfile(security(c), field, PROFILES) != null);
    if (pod != null || !bad.none()) {
      found.add(
          new Violation(
              field,
              setters(pod != null, bad)
                  + " must not set securityContext.seccompProfile.type to "
                  + profiles(field, pod).quoted()));
      return;
    }
    if (demanded && !security.has(field)) {
      Names without = names(c -> !security(c).has(field));
      if (!without.none()) {
        found.add(
            new Violation(
                field,
                "pod or "
                    + without.counted("container")
                    + " must set securityContext.seccompProfile.type to \"RuntimeDefault\" or"
                    + " \"Localhost\""));
      }
    }
  }

  private void sysctls() {
    List<String> bad = new ArrayList<>();
    for (KubeMap sysctl : security.listOrEmpty("sysctls").maps()) {
      if (!SYSCTLS.contains(sysctl.string("name", ""))) {
        bad.add(sysctl.string("name", ""));
      }
    }
    if (!bad.isEmpty()) {
      found.add(new Violation("forbidden sysctls", String.join(", ", bad)));
    }
  }

  private void hostProcess() {
    Names bad = names(c -> isHostProcess(security(c)));
    boolean pod = isHostProcess(security);
    if (pod || !bad.none()) {
      found.add(
          new Violation(
              "hostProcess",
              setters(pod, bad) + " must not set securityContext.windowsOptions.hostProcess=true"));
    }
  }

  private static boolean isHostProcess(KubeMap holder) {
    return holder.mapOrEmpty("windowsOptions").bool("hostProcess", false);
  }

  private void volumes() {
    List<String> names = new ArrayList<>();
    Set<String> types = new TreeSet<>();
    KubeList volumes = spec.listOrEmpty("volumes");
    for (KubeMap volume : volumes.maps()) {
      for (String type : volume.keys()) {
        if (!type.equals("name") && !VOLUMES.contains(type)) {
          names.add(volume.string("name", ""));
          types.add(type);
        }
      }
    }
    if (!names.isEmpty()) {
      Names bad = new Names(names);
      Names which = new Names(List.copyOf(types));
      found.add(
          new Violation(
              "restricted volume types",
              bad.counted("volume")
                  + " "
                  + bad.uses()
                  + " "
                  + which.counted("restricted volume type")));
    }
  }

  private void nonRoot() {
    Object pod = security.get("runAsNonRoot");
    Names explicit = names(c -> Boolean.FALSE.equals(security(c).get("runAsNonRoot")));
    boolean podBad = Boolean.FALSE.equals(pod);
    if (podBad || !explicit.none()) {
      found.add(
          new Violation(
              "runAsNonRoot != true",
              setters(podBad, explicit) + " must not set securityContext.runAsNonRoot=false"));
      return;
    }
    Names implicit = names(c -> !Boolean.TRUE.equals(pod) && !security(c).has("runAsNonRoot"));
    if (!implicit.none()) {
      found.add(
          new Violation(
              "runAsNonRoot != true",
              "pod or "
                  + implicit.counted("container")
                  + " must set securityContext.runAsNonRoot=true"));
    }
  }

  private void rootUser() {
    boolean pod = security.number("runAsUser", -1) == 0;
    Names bad = names(c -> security(c).number("runAsUser", -1) == 0);
    if (pod || !bad.none()) {
      found.add(new Violation("runAsUser=0", setters(pod, bad) + " must not set runAsUser=0"));
    }
  }
}
