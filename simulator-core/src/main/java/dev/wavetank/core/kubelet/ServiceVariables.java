package dev.wavetank.core.kubelet;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Environment variables that tell a container where Services are, as they stand when it is created:
 * those of its own namespace, and the Service {@code kubernetes} always.
 *
 * <p>Follows pkg/kubelet/envvars/envvars.go and getServiceEnvVarMap of pkg/kubelet/kubelet_pods.go
 * (v1.36).
 */
final class ServiceVariables {

  private static final int NAMESPACES_MAX = 4096;

  private final ApiServer server;
  private final Map<String, KubeMap> known = new LinkedHashMap<>();

  ServiceVariables(ApiServer server) {
    this.server = server;
    server.listen(
        commit -> {
          if (commit.key().type().equals(ResourceType.SERVICES)) {
            known.clear();
          }
        });
  }

  /**
   * The variables of a pod in a namespace; the same tree while no Service changes.
   *
   * @param links whether the Services of the namespace are among them
   */
  KubeMap of(String namespace, boolean links) {
    String key = links ? namespace : "";
    KubeMap variables = known.get(key);
    if (variables == null) {
      if (known.size() >= NAMESPACES_MAX) {
        known.clear();
      }
      variables = make(key);
      known.put(key, variables);
    }
    return variables;
  }

  private KubeMap make(String namespace) {
    KubeMap.Builder variables = KubeMap.builder();
    for (KubeObject service : server.list(ResourceType.SERVICES)) {
      String ip = service.spec().string("clusterIP", "");
      boolean master = service.namespace().equals("default") && service.name().equals("kubernetes");
      if (!ip.isEmpty()
          && !ip.equals("None")
          && (master || service.namespace().equals(namespace))) {
        add(variables, service.name(), ip, service.spec().listOrEmpty("ports"));
      }
    }
    return variables.build();
  }

  private static void add(KubeMap.Builder variables, String service, String ip, KubeList ports) {
    String name = variableName(service);
    variables.put(name + "_SERVICE_HOST", ip);
    variables.put(name + "_SERVICE_PORT", number(ports.map(0)));
    for (KubeMap port : ports.maps()) {
      if (port.has("name")) {
        variables.put(
            name + "_SERVICE_PORT_" + variableName(port.string("name", "")), number(port));
      }
    }
    for (int i = 0; i < ports.size(); i++) {
      KubeMap port = ports.map(i);
      String protocol = port.string("protocol", "TCP").toLowerCase(Locale.ROOT);
      String host = ip.indexOf(':') < 0 ? ip : "[" + ip + "]";
      String url = protocol + "://" + host + ":" + number(port);
      if (i == 0) {
        variables.put(name + "_PORT", url);
      }
      String prefix = name + "_PORT_" + number(port) + "_" + protocol.toUpperCase(Locale.ROOT);
      variables.put(prefix, url);
      variables.put(prefix + "_PROTO", protocol);
      variables.put(prefix + "_PORT", number(port));
      variables.put(prefix + "_ADDR", ip);
    }
  }

  private static String number(KubeMap port) {
    return Long.toString(port.number("port", 0));
  }

  private static String variableName(String name) {
    return name.replace('-', '_').toUpperCase(Locale.ROOT);
  }
}
