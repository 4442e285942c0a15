package dev.wavetank.core.apiserver.http;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.wavetank.core.api.FieldSelector;
import dev.wavetank.core.apiserver.authorization.Attributes;

/**
 * What a request is, by its method and path alone: whether there is such a resource does not
 * matter.
 *
 * <p>Follows staging/src/k8s.io/apiserver/pkg/endpoints/request/requestinfo.go (v1.36).
 */
final class RequestAttributes {

  /** What may stand behind a namespace's name without being a resource in it. */
  private static final ImmutableSet<String> OF_NAMESPACES = ImmutableSet.of("status", "finalize");

  private RequestAttributes() {}

  static Attributes of(ApiRequest request) {
    ImmutableList<String> segments = RequestPath.segments(ProxyPath.of(request.path()).own());
    String method = request.method();
    String first = segments.isEmpty() ? "" : segments.get(0);
    int head = first.equals("api") ? 2 : 3;
    if (!(first.equals("api") || first.equals("apis")) || segments.size() <= head) {
      return Attributes.path(Ascii.toLowerCase(method), request.path());
    }
    String group = head == 2 ? "" : segments.get(1);
    ImmutableList<String> parts = segments.subList(head, segments.size());
    boolean watch = parts.get(0).equals("watch") && parts.size() > 1;
    parts = watch ? parts.subList(1, parts.size()) : parts;
    String namespace = "";
    if (parts.get(0).equals("namespaces") && parts.size() > 1) {
      namespace = parts.get(1);
      if (parts.size() > 2 && !OF_NAMESPACES.contains(parts.get(2))) {
        parts = parts.subList(2, parts.size());
      }
    }
    String name = parts.size() > 1 ? parts.get(1) : "";
    String subresource = parts.size() > 2 ? parts.get(2) : "";
    boolean watching = watch || isTrue(request.query().string("watch"));
    String verb = verb(method, name.isEmpty(), watching);
    if (name.isEmpty() && !method.equals("POST")) {
      name = selected(request.query().string("fieldSelector"));
    }
    return Attributes.resource(verb, group, parts.get(0), subresource, namespace, name);
  }

  private static boolean isTrue(String text) {
    return text.equals("true") || text.equals("1");
  }

  private static String verb(String method, boolean collection, boolean watch) {
    return switch (method) {
      case "GET", "HEAD" -> watch ? "watch" : collection ? "list" : "get";
      case "POST" -> "create";
      case "PUT" -> "update";
      case "PATCH" -> "patch";
      case "DELETE" -> collection ? "deletecollection" : "delete";
      default -> "";
    };
  }

  /** The one name that a field selector lets through; empty when it is none. */
  private static String selected(String selector) {
    try {
      String name = FieldSelector.parse(selector).requiredValue("metadata.name");
      return name == null ? "" : name;
    } catch (IllegalArgumentException e) {
      return "";
    }
  }
}
