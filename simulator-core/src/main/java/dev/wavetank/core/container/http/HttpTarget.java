package dev.wavetank.core.container.http;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a URL that are needed to ask for it.
 *
 * @param scheme {@code http} or {@code https}
 * @param place host and port as written, which is the {@code Host} header
 * @param path with the query, starting with {@code /}
 */
public record HttpTarget(String scheme, String place, String host, int port, String path) {

  private static final Pattern PLACE = Pattern.compile("(\\[[^\\]]*\\]|[^:]*)(?::(\\d{1,5}))?");

  /** The parts of a URL, whose scheme may be missing; null for one that cannot be asked for. */
  public static @Nullable HttpTarget of(String url) {
    int colon = url.indexOf("://");
    String scheme = colon < 0 ? "http" : url.substring(0, colon);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      return null;
    }
    String rest = colon < 0 ? url : url.substring(colon + 3);
    int end = rest.length();
    for (int i = rest.length() - 1; i >= 0; i--) {
      if ("/?#".indexOf(rest.charAt(i)) >= 0) {
        end = i;
      }
    }
    String path = rest.substring(end);
    int fragment = path.indexOf('#');
    path = fragment < 0 ? path : path.substring(0, fragment);
    Matcher place = PLACE.matcher(rest.substring(0, end));
    if (!place.matches() || place.group(1).isEmpty()) {
      return null;
    }
    int port =
        place.group(2) != null
            ? Integer.parseInt(place.group(2))
            : scheme.equals("https") ? 443 : 80;
    String host = place.group(1);
    String address = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    return port > 65535
        ? null
        : new HttpTarget(
            scheme,
            rest.substring(0, end),
            address,
            port,
            path.startsWith("/") ? path : "/" + path);
  }

  /** Where a {@code Location} header leads from here; null when it cannot be asked for. */
  public @Nullable HttpTarget follow(String location) {
    if (location.indexOf("://") >= 0) {
      return of(location);
    }
    int slash = path.lastIndexOf('/');
    String next = location.startsWith("/") ? location : path.substring(0, slash + 1) + location;
    return new HttpTarget(scheme, place, host, port, next);
  }
}
