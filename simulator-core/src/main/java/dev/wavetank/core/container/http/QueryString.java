package dev.wavetank.core.container.http;

import com.google.common.base.Ascii;
import dev.wavetank.core.container.text.ByteText;
import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.Map;

/** The parameters of a request by their names; the first of equal names counts. */
public final class QueryString {

  private final Map<String, String> values = new LinkedHashMap<>();

  private QueryString() {}

  /** Those of the query of a path. */
  public static QueryString of(String path) {
    QueryString query = new QueryString();
    int start = path.indexOf('?');
    if (start >= 0) {
      query.read(path.substring(start + 1));
    }
    return query;
  }

  /** Those of a form that was posted, and behind them those of the query. */
  public static QueryString form(HttpRequest request) {
    QueryString form = new QueryString();
    String type = Ascii.toLowerCase(request.header("Content-Type"));
    if (type.startsWith("application/x-www-form-urlencoded")) {
      form.read(request.body());
    }
    of(request.path()).values.forEach(form.values::putIfAbsent);
    return form;
  }

  private void read(String text) {
    for (String part : text.split("&")) {
      int equals = part.indexOf('=');
      String name = decoded(equals < 0 ? part : part.substring(0, equals));
      if (!part.isEmpty()) {
        values.putIfAbsent(name, equals < 0 ? "" : decoded(part.substring(equals + 1)));
      }
    }
  }

  /** The value of a parameter; empty when it is not there. */
  public String value(String name) {
    return values.getOrDefault(name, "");
  }

  /** A text with its escapes undone; those that are none stay. */
  private static String decoded(String text) {
    if (text.indexOf('%') < 0 && text.indexOf('+') < 0) {
      return text;
    }
    byte[] bytes = ByteText.bytes(text);
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      boolean escape = bytes[i] == '%' && i + 2 < bytes.length;
      int high = escape ? Character.digit(bytes[i + 1], 16) : -1;
      int low = escape ? Character.digit(bytes[i + 2], 16) : -1;
      if (high >= 0 && low >= 0) {
        out.write(high << 4 | low);
        i += 2;
      } else {
        out.write(bytes[i] == '+' ? ' ' : bytes[i]);
      }
    }
    return ByteText.text(out.toByteArray());
  }
}
