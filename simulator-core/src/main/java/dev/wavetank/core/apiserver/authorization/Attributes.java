package dev.wavetank.core.apiserver.authorization;

/**
 * What a request is, as far as the authorizer cares.
 *
 * @param verb such as {@code list}, or the method in lower case where no resource is asked for
 * @param namespace empty for none
 * @param name of the object; empty for none
 * @param path that is asked for, where it is no resource's; else empty
 */
public record Attributes(
    String verb,
    String group,
    String resource,
    String subresource,
    String namespace,
    String name,
    String path) {

  /** A request for a resource. */
  public static Attributes resource(
      String verb,
      String group,
      String resource,
      String subresource,
      String namespace,
      String name) {
    return new Attributes(verb, group, resource, subresource, namespace, name, "");
  }

  /** A request for something else, such as {@code /healthz}. */
  public static Attributes path(String verb, String path) {
    return new Attributes(verb, "", "", "", "", "", path);
  }

  public boolean isResource() {
    return path.isEmpty();
  }

  /** {@code pods} or {@code pods/log}. */
  public String combinedResource() {
    return subresource.isEmpty() ? resource : resource + "/" + subresource;
  }
}
