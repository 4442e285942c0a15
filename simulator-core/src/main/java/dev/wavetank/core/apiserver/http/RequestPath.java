package dev.wavetank.core.apiserver.http;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/** The decoded segments of a path that can be taken in one way only. */
final class RequestPath {

  /** Most segments; no path of the API has more than a proxied one. */
  static final int SEGMENTS_MAX = 64;

  private RequestPath() {}

  /**
   * The segments; none when the path could be read in two ways: segments that are empty or {@code
   * .} or {@code ..}, slashes or NUL that are encoded, escapes that are none.
   */
  static ImmutableList<String> segments(String path) {
    if (!path.startsWith("/")) {
      return ImmutableList.of();
    }
    String bare =
        path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    String[] parts = bare.substring(1).split("/", SEGMENTS_MAX + 1);
    ImmutableList.Builder<String> segments = ImmutableList.builder();
    for (String part : parts) {
      String encoded = Ascii.toLowerCase(part);
      if (parts.length > SEGMENTS_MAX || encoded.contains("%2f") || encoded.contains("%00")) {
        return ImmutableList.of();
      }
      String segment = decoded(part);
      if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
        return ImmutableList.of();
      }
      segments.add(segment);
    }
    return segments.build();
  }

  /** The segment decoded; empty when it is badly encoded. A plus sign stands for itself. */
  private static String decoded(String part) {
    try {
      return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }
}
