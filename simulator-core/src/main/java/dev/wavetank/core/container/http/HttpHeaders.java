package dev.wavetank.core.container.http;

import com.google.common.base.Ascii;
import java.util.Map;

/** Headers of HTTP, whose names have no case. */
final class HttpHeaders {

  /** Colon, blank and line break of a header. */
  private static final int LINE_BYTES = 4;

  private HttpHeaders() {}

  /** What the lines of headers take. */
  static long bytes(Map<String, String> headers) {
    long bytes = 0;
    for (Map.Entry<String, String> header : headers.entrySet()) {
      bytes += header.getKey().length() + header.getValue().length() + LINE_BYTES;
    }
    return bytes;
  }

  /** The value of the first header of that name, or the empty text. */
  static String value(Map<String, String> headers, String name) {
    for (Map.Entry<String, String> header : headers.entrySet()) {
      if (Ascii.equalsIgnoreCase(header.getKey(), name)) {
        return header.getValue();
      }
    }
    return "";
  }
}
