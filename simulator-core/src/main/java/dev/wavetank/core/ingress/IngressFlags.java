package dev.wavetank.core.ingress;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import org.jspecify.annotations.Nullable;

/**
 * The flags of ingress-nginx that change which Ingresses it serves and what it says of itself.
 *
 * @param ingressClass value of the old annotation that means this controller
 * @param controllerClass {@code spec.controller} of its IngressClasses
 * @param withoutClass whether it serves Ingresses that name no class
 * @param namespace that it watches; empty for all
 * @param publishService whose addresses it publishes, {@code NAMESPACE/NAME}; empty for none
 * @param publishAddress that it publishes instead; empty for none
 * @param defaultBackend {@code NAMESPACE/NAME} of the Service that answers what no rule takes
 */
record IngressFlags(
    String ingressClass,
    String controllerClass,
    boolean withoutClass,
    String namespace,
    String publishService,
    String publishAddress,
    String defaultBackend) {

  static IngressFlags of(KubeList arguments) {
    return new IngressFlags(
        value(arguments, "ingress-class", "nginx"),
        value(arguments, "controller-class", "k8s.io/ingress-nginx"),
        value(arguments, "watch-ingress-without-class", "false").equals("true"),
        value(arguments, "watch-namespace", ""),
        value(arguments, "publish-service", ""),
        value(arguments, "publish-status-address", ""),
        value(arguments, "default-backend-service", ""));
  }

  private static String value(KubeList arguments, String name, String usual) {
    for (Object argument : arguments) {
      String text = argument.toString().replaceFirst("^--?", "");
      if (text.equals(name)) {
        return "true";
      }
      if (text.startsWith(name + "=")) {
        return text.substring(name.length() + 1);
      }
    }
    return usual;
  }

  /** The Service that {@code NAMESPACE/NAME} names; null for anything else. */
  static @Nullable ObjectKey service(String namespaceAndName) {
    int slash = namespaceAndName.indexOf('/');
    return slash <= 0
        ? null
        : ObjectKey.of(
            ResourceType.SERVICES,
            namespaceAndName.substring(0, slash),
            namespaceAndName.substring(slash + 1));
  }
}
