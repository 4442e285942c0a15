package dev.wavetank.core.kubectl.describe;

import com.google.common.base.Ascii;
import dev.wavetank.core.api.GoQuote;
import dev.wavetank.core.api.GoText;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Quantity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Describes the containers of a pod or a pod template.
 *
 * <p>Follows describeContainers of staging/src/k8s.io/kubectl/pkg/describe/describe.go (v1.36).
 */
final class ContainerDescriber {

  private final Sheet sheet;
  private final String space;
  private final ContainerEnvironment environment;

  /**
   * A describer.
   *
   * @param space before titles, in a template
   * @param pod whose fields variables take; null in a template
   */
  ContainerDescriber(Sheet sheet, String space, @Nullable KubeObject pod) {
    this.sheet = sheet;
    this.space = space;
    this.environment = new ContainerEnvironment(sheet, pod);
  }

  void describe(String title, KubeList containers, KubeList statuses) {
    sheet.line(0, space + title + ":" + (containers.isEmpty() ? " <none>" : ""));
    for (KubeMap container : containers.maps()) {
      KubeMap status = statuses.find("name", container.string("name", ""));
      basics(container, status);
      words("Command", container.listOrEmpty("command"));
      words("Args", container.listOrEmpty("args"));
      if (status != null) {
        state("State", status.mapOrEmpty("state"));
        if (status.mapOrEmpty("lastState").has("terminated")) {
          state("Last State", status.mapOrEmpty("lastState"));
        }
        sheet.field(2, "Ready", status.bool("ready", false) ? "True" : "False");
        sheet.field(2, "Restart Count", status.number("restartCount", 0));
      }
      requirements(sheet, 2, container.mapOrEmpty("resources"));
      probe("Liveness", container.map("livenessProbe"));
      probe("Readiness", container.map("readinessProbe"));
      probe("Startup", container.map("startupProbe"));
      environment.describe(container);
      mounts(container);
    }
  }

  private void basics(KubeMap container, @Nullable KubeMap status) {
    sheet.line(1, (space.isEmpty() ? "" : " ") + container.string("name", "") + ":");
    if (status != null) {
      sheet.field(2, "Container ID", status.string("containerID", ""));
    }
    sheet.field(2, "Image", container.string("image", ""));
    if (status != null) {
      sheet.field(2, "Image ID", status.string("imageID", ""));
    }
    KubeList ports = container.listOrEmpty("ports");
    String many = ports.size() > 1 ? "s" : "";
    sheet.field(2, "Port" + many, Sheet.orNone(ports(ports, "containerPort")));
    sheet.field(2, "Host Port" + many, Sheet.orNone(ports(ports, "hostPort")));
    KubeMap seccomp = container.mapOrEmpty("securityContext").map("seccompProfile");
    if (seccomp != null) {
      sheet.field(2, "SeccompProfile", seccomp.string("type", ""));
      if ("Localhost".equals(seccomp.get("type"))) {
        sheet.field(3, "LocalhostProfile", seccomp.string("localhostProfile", ""));
      }
    }
  }

  private static String ports(KubeList ports, String field) {
    List<String> texts = new ArrayList<>();
    for (KubeMap port : ports.maps()) {
      String name = port.string("name", "");
      texts.add(
          port.number(field, 0)
              + "/"
              + port.string("protocol", "")
              + (name.isEmpty() ? "" : " (" + name + ")"));
    }
    return String.join(", ", texts);
  }

  private void words(String title, KubeList words) {
    if (words.isEmpty()) {
      return;
    }
    sheet.line(2, title + ":");
    for (Object word : words) {
      for (String line : word.toString().split("\n", -1)) {
        sheet.line(3, line);
      }
    }
  }

  private void state(String title, KubeMap state) {
    KubeMap running = state.map("running");
    KubeMap waiting = state.map("waiting");
    KubeMap terminated = state.map("terminated");
    if (running != null) {
      sheet.field(2, title, "Running");
      sheet.field(3, "Started", Sheet.time(running.get("startedAt")));
    } else if (terminated != null && waiting == null) {
      sheet.field(2, title, "Terminated");
      ifSet("Reason", terminated);
      ifSet("Message", terminated);
      sheet.field(3, "Exit Code", terminated.number("exitCode", 0));
      if (terminated.number("signal", 0) > 0) {
        sheet.field(3, "Signal", terminated.number("signal", 0));
      }
      sheet.field(3, "Started", Sheet.time(terminated.get("startedAt")));
      sheet.field(3, "Finished", Sheet.time(terminated.get("finishedAt")));
    } else {
      sheet.field(2, title, "Waiting");
      if (waiting != null) {
        ifSet("Reason", waiting);
      }
    }
  }

  private void ifSet(String name, KubeMap state) {
    String value = state.string(Ascii.toLowerCase(name), "");
    if (!value.isEmpty()) {
      sheet.field(3, name, value);
    }
  }

  /** The resources of a whole pod, if it has any. */
  static void resources(Sheet sheet, int level, @Nullable KubeMap resources) {
    if (resources != null) {
      sheet.line(level, "Resources:");
      requirements(sheet, level + 1, resources);
    }
  }

  private static void requirements(Sheet sheet, int level, KubeMap resources) {
    amounts(sheet, level, "Limits", resources.mapOrEmpty("limits"));
    amounts(sheet, level, "Requests", resources.mapOrEmpty("requests"));
  }

  private static void amounts(Sheet sheet, int level, String title, KubeMap amounts) {
    if (amounts.isEmpty()) {
      return;
    }
    sheet.line(level, title + ":");
    for (String name : Sheet.sortedKeys(amounts)) {
      sheet.field(level + 1, name, Quantity.of(amounts.get(name)).toString());
    }
  }

  private void probe(String title, @Nullable KubeMap probe) {
    if (probe != null) {
      sheet.field(2, title, probe(probe));
    }
  }

  private static String probe(KubeMap probe) {
    String attributes =
        "delay="
            + probe.number("initialDelaySeconds", 0)
            + "s timeout="
            + probe.number("timeoutSeconds", 0)
            + "s period="
            + probe.number("periodSeconds", 0)
            + "s #success="
            + probe.number("successThreshold", 0)
            + " #failure="
            + probe.number("failureThreshold", 0);
    KubeMap exec = probe.map("exec");
    KubeMap http = probe.map("httpGet");
    KubeMap tcp = probe.map("tcpSocket");
    KubeMap grpc = probe.map("grpc");
    if (exec != null) {
      return "exec " + GoText.of(exec.listOrEmpty("command")) + " " + attributes;
    }
    if (http != null) {
      return "http-get "
          + Ascii.toLowerCase(http.string("scheme", ""))
          + "://"
          + http.string("host", "")
          + ":"
          + http.get("port")
          + http.string("path", "")
          + " "
          + attributes;
    }
    if (tcp != null) {
      return "tcp-socket " + tcp.string("host", "") + ":" + tcp.get("port") + " " + attributes;
    }
    return grpc == null
        ? "unknown " + attributes
        : "grpc <pod>:" + grpc.get("port") + " " + grpc.string("service", "") + " " + attributes;
  }

  private void mounts(KubeMap container) {
    List<KubeMap> mounts = sorted(container.listOrEmpty("volumeMounts"), "mountPath");
    sheet.line(2, "Mounts:" + (mounts.isEmpty() ? "\t<none>" : ""));
    for (KubeMap mount : mounts) {
      String path = mount.string("subPath", "");
      sheet.line(
          3,
          mount.string("mountPath", "")
              + " from "
              + mount.string("name", "")
              + " ("
              + (mount.bool("readOnly", false) ? "ro" : "rw")
              + (path.isEmpty() ? "" : ",path=" + GoQuote.quote(path))
              + ")");
    }
    List<KubeMap> devices = sorted(container.listOrEmpty("volumeDevices"), "devicePath");
    if (!devices.isEmpty()) {
      sheet.line(2, "Devices:" + (mounts.isEmpty() ? "\t<none>" : ""));
      for (KubeMap device : devices) {
        sheet.line(3, device.string("devicePath", "") + " from " + device.string("name", ""));
      }
    }
  }

  private static List<KubeMap> sorted(KubeList list, String key) {
    List<KubeMap> sorted = new ArrayList<>();
    list.maps().forEach(sorted::add);
    sorted.sort(Comparator.comparing(element -> element.string(key, "")));
    return sorted;
  }
}
