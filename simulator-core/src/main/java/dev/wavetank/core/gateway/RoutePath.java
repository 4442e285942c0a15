package dev.wavetank.core.gateway;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.httpproxy.PathPattern;
import org.jspecify.annotations.Nullable;

/**
 * The path that a redirection or a rewrite puts in place of the client's.
 *
 * <p>Follows apis/v1/httproute_types.go of gateway-api, {@code HTTPPathModifier}.
 *
 * @param full the whole path; null when the prefix that matched is replaced
 * @param prefix in place of the one that matched
 */
record RoutePath(@Nullable String full, String prefix) {

  /** The modifier; null when there is none. */
  static @Nullable RoutePath of(@Nullable KubeMap modifier) {
    if (modifier == null) {
      return null;
    }
    boolean full = modifier.string("type", "").equals("ReplaceFullPath");
    return new RoutePath(
        full ? modifier.string("replaceFullPath", "") : null,
        modifier.string("replacePrefixMatch", ""));
  }

  /**
   * The path with its query that takes the place of another; the query is kept.
   *
   * @param matched the path of the match; it is a prefix when a prefix is to be replaced
   */
  String apply(String asked, PathPattern matched) {
    int query = asked.indexOf('?');
    String plain = query < 0 ? asked : asked.substring(0, query);
    String changed = full == null ? replaced(plain, matched) : full;
    return (changed.isEmpty() ? "/" : changed) + (query < 0 ? "" : asked.substring(query));
  }

  private String replaced(String plain, PathPattern matched) {
    if (matched.kind() != PathPattern.Kind.PREFIX) {
      return plain;
    }
    String old = matched.text().equals("/") ? "" : matched.text();
    String rest = plain.substring(old.length());
    String start = prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
    return rest.isEmpty() ? prefix : start + rest;
  }
}
