package dev.wavetank.core.ingress;

import dev.wavetank.core.api.KubeMap;

/** Annotations of ingress-nginx. */
final class IngressAnnotations {

  private static final String PREFIX = "nginx.ingress.kubernetes.io/";

  private IngressAnnotations() {}

  static String text(KubeMap annotations, String name) {
    return annotations.string(PREFIX + name, "");
  }

  /** What it says; the usual value when it says nothing that is true or false. */
  static boolean flag(KubeMap annotations, String name, boolean usual) {
    String said = text(annotations, name);
    return said.equals("true") || (usual && !said.equals("false"));
  }

  /** What it says; the usual value when it says no whole number from zero on. */
  static long number(KubeMap annotations, String name, long usual) {
    String said = text(annotations, name);
    return said.matches("\\d{1,9}") ? Long.parseLong(said) : usual;
  }
}
