package dev.wavetank.core.apiserver.registry;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.Formats;
import dev.wavetank.core.apiserver.SpecStrategy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Ingresses.
 *
 * <p>Follows pkg/registry/networking/ingress/strategy.go and
 * pkg/apis/networking/validation/validation.go (v1.36).
 */
final class IngressStrategy extends SpecStrategy {

  private static final String CLASS = "kubernetes.io/ingress.class";
  private static final ImmutableList<String> PATH_TYPES =
      ImmutableList.of("Exact", "ImplementationSpecific", "Prefix");
  private static final ImmutableList<String> PATH_PARTS =
      ImmutableList.of("//", "/./", "/../", "%2f", "%2F");
  private static final ImmutableList<String> PATH_ENDS = ImmutableList.of("/..", "/.");

  IngressStrategy() {
    super(KubeMap.of("loadBalancer", KubeMap.EMPTY));
  }

  @Override
  public void validateCreate(KubeObject object, FieldErrors errors) {
    spec(object.spec(), null, errors);
    String annotation = object.annotations().string(CLASS);
    String name = object.spec().string("ingressClassName");
    if (annotation != null && name != null && !annotation.equals(name)) {
      errors.invalid(
          "annotations." + CLASS,
          annotation,
          "must match `ingressClassName` when both are specified");
    }
  }

  @Override
  public void validateUpdate(KubeObject next, KubeObject old, FieldErrors errors) {
    spec(next.spec(), old.spec(), errors);
  }

  /** Names of secrets and rules of stars that were wrong before are tolerated. */
  private static void spec(KubeMap spec, @Nullable KubeMap old, FieldErrors errors) {
    KubeList rules = spec.listOrEmpty("rules");
    if (rules.isEmpty() && !spec.has("defaultBackend")) {
      errors.invalid(
          "spec", spec.list("rules"), "either `defaultBackend` or `rules` must be specified");
    }
    KubeMap backend = spec.map("defaultBackend");
    if (backend != null) {
      backend(backend, "spec.defaultBackend", errors);
    }
    boolean wrongStars = old != null && hasWrongStars(old);
    for (int i = 0; i < rules.size(); i++) {
      String path = "spec.rules[" + i + "]";
      String host = rules.map(i).string("host", "");
      host(host, path + ".host", errors);
      if (!wrongStars || !host.contains("*")) {
        paths(rules.map(i), path, errors);
      }
    }
    tls(spec.listOrEmpty("tls"), old != null && hasWrongSecrets(old), errors);
    if (spec.get("ingressClassName") instanceof String name) {
      Checks.dnsSubdomain(name, "spec.ingressClassName", errors);
    }
  }

  private static boolean hasWrongStars(KubeMap spec) {
    for (KubeMap rule : spec.listOrEmpty("rules").maps()) {
      FieldErrors errors = new FieldErrors();
      paths(rule, "", errors);
      if (rule.string("host", "").contains("*") && !errors.isEmpty()) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasWrongSecrets(KubeMap spec) {
    for (KubeMap tls : spec.listOrEmpty("tls").maps()) {
      if (!secretName(tls).isEmpty()) {
        return true;
      }
    }
    return false;
  }

  private static List<String> secretName(KubeMap tls) {
    String name = tls.string("secretName", "");
    return name.isEmpty() ? ImmutableList.of() : Formats.dnsSubdomain(name);
  }

  private static void tls(KubeList all, boolean anySecret, FieldErrors errors) {
    for (int i = 0; i < all.size(); i++) {
      KubeMap tls = all.map(i);
      String path = "spec.tls[" + i + "]";
      KubeList hosts = tls.listOrEmpty("hosts");
      for (int j = 0; j < hosts.size(); j++) {
        String host = hosts.get(j).toString();
        errors.invalid(path + ".hosts[" + j + "]", host, hostForm(host));
      }
      if (!anySecret) {
        errors.invalid(path + ".secretName", tls.string("secretName", ""), secretName(tls));
      }
    }
  }

  private static List<String> hostForm(String host) {
    return host.contains("*") ? Formats.wildcardDnsSubdomain(host) : Formats.dnsSubdomain(host);
  }

  private static void host(String host, String path, FieldErrors errors) {
    if (host.isEmpty()) {
      return;
    }
    notAnAddress(host, path, errors);
    errors.invalid(path, host, hostForm(host));
  }

  private static void notAnAddress(String host, String path, FieldErrors errors) {
    if (IpValidation.parse(host) != null) {
      errors.invalid(path, host, "must be a DNS name, not an IP address");
    }
  }

  private static void paths(KubeMap rule, String path, FieldErrors errors) {
    KubeMap http = rule.map("http");
    if (http == null) {
      return;
    }
    KubeList paths = http.listOrEmpty("paths");
    if (paths.isEmpty()) {
      errors.required(path + ".http.paths", "");
    }
    for (int i = 0; i < paths.size(); i++) {
      path(paths.map(i), path + ".http.paths[" + i + "]", errors);
    }
  }

  private static void path(KubeMap rule, String at, FieldErrors errors) {
    String type = rule.string("pathType");
    if (type == null) {
      errors.required(at + ".pathType", "pathType must be specified");
      return;
    }
    String path = rule.string("path", "");
    boolean free = type.equals("ImplementationSpecific");
    if (!PATH_TYPES.contains(type)) {
      errors.unsupported(at + ".pathType", type, PATH_TYPES);
    } else if (!path.startsWith("/") && !(free && path.isEmpty())) {
      errors.invalid(at + ".path", path, "must be an absolute path");
    }
    if (PATH_TYPES.contains(type) && !free) {
      for (String part : PATH_PARTS) {
        if (path.contains(part)) {
          errors.invalid(at + ".path", path, "must not contain '" + part + "'");
        }
      }
      for (String end : PATH_ENDS) {
        if (path.endsWith(end)) {
          errors.invalid(at + ".path", path, "cannot end with '" + end + "'");
        }
      }
    }
    backend(rule.mapOrEmpty("backend"), at + ".backend", errors);
  }

  private static void backend(KubeMap backend, String path, FieldErrors errors) {
    KubeMap resource = backend.map("resource");
    KubeMap service = backend.map("service");
    if (resource != null && service != null) {
      errors.invalid(path, "", "cannot set both resource and service backends");
    } else if (resource != null) {
      IngressClassStrategy.reference(resource, path + ".resource", errors);
    } else if (service != null) {
      service(service, path, errors);
    } else {
      errors.invalid(path, "", "resource or service backend is required");
    }
  }

  private static void service(KubeMap service, String path, FieldErrors errors) {
    String name = service.string("name", "");
    if (name.isEmpty()) {
      errors.required(path + ".service.name", "");
    } else {
      Checks.dnsLabel(name, path + ".service.name", errors);
    }
    KubeMap port = service.mapOrEmpty("port");
    String portName = port.string("name", "");
    long number = port.number("number", 0);
    if (!portName.isEmpty() && number != 0) {
      errors.invalid(path, "", "cannot set both port name & port number");
    } else if (!portName.isEmpty()) {
      errors.invalid(path + ".service.port.name", portName, Formats.portName(portName));
    } else if (number != 0) {
      errors.invalid(path + ".service.port.number", number, Formats.portNumber(number));
    } else {
      errors.required(path, "port name or number is required");
    }
  }

  @Override
  public void validateStatusUpdate(KubeObject next, KubeObject old, FieldErrors errors) {
    KubeList ingress = next.status().mapOrEmpty("loadBalancer").listOrEmpty("ingress");
    KubeList before = old.status().mapOrEmpty("loadBalancer").listOrEmpty("ingress");
    for (int i = 0; i < ingress.size(); i++) {
      String path = "status.loadBalancer.ingress[" + i + "]";
      String ip = ingress.map(i).string("ip", "");
      if (!ip.isEmpty() && !has(before, ip)) {
        IpValidation.address(ip, path + ".ip", errors);
      }
      String host = ingress.map(i).string("hostname", "");
      if (!host.isEmpty()) {
        Checks.dnsSubdomain(host, path + ".hostname", errors);
        notAnAddress(host, path + ".hostname", errors);
      }
    }
  }

  private static boolean has(KubeList ingress, String ip) {
    for (KubeMap point : ingress.maps()) {
      if (ip.equals(point.get("ip"))) {
        return true;
      }
    }
    return false;
  }

  @Override
  public List<String> warnings(KubeObject object, boolean created) {
    return created && object.annotations().has(CLASS) && !object.spec().has("ingressClassName")
        ? ImmutableList.of(
            "annotation \""
                + CLASS
                + "\" is deprecated, please use 'spec.ingressClassName' instead")
        : ImmutableList.of();
  }
}
