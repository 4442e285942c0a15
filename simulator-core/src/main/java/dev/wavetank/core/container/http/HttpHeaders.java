package dev.wavetank.core.container.http;

import com.google.common.base.Ascii;
import java.util.Map;

/** Headers of HTTP, whose names have no case. */
final class HttpHeaders {

  private HttpHeaders() {}

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
