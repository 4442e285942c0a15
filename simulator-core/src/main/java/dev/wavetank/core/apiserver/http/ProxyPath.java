package dev.wavetank.core.apiserver.http;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A path whose end is meant for a pod or a service, and is none of the API server's business.
 *
 * @param own the part up to {@code /proxy}
 * @param rest what comes behind it, still encoded; empty or with a slash at its beginning
 */
record ProxyPath(String own, String rest) {

  private static final Pattern PROXIED =
      Pattern.compile("(/api/v1/namespaces/[^/]+/(?:pods|services)/[^/]+/proxy)(/.*)?");

  /** A path taken apart; without a rest when it is no such path. */
  static ProxyPath of(String path) {
    Matcher proxied = PROXIED.matcher(path);
    if (!proxied.matches()) {
      return new ProxyPath(path, "");
    }
    String rest = proxied.group(2);
    return new ProxyPath(proxied.group(1), rest == null ? "" : rest);
  }
}
