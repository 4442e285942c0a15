package dev.wavetank.core.container.http;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.container.text.ByteText;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Requests and answers of HTTP/1.1 as bytes, in the form of {@link ByteText}. */
public final class HttpMessages {

  private static final String BEGINNING = "HTTP/1.";

  private HttpMessages() {}

  /** A request as its client writes it. */
  public static String request(HttpRequest request) {
    StringBuilder text = new StringBuilder();
    text.append(request.method()).append(' ').append(request.path()).append(" HTTP/1.1\r\n");
    text.append("Host: ").append(request.host()).append("\r\n");
    request
        .headers()
        .forEach((name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
    if (!request.body().isEmpty() && request.header("Content-Length").isEmpty()) {
      int length = ByteText.bytes(request.body()).length;
      text.append("Content-Length: ").append(length).append("\r\n");
    }
    return text.append("\r\n").append(request.body()).toString();
  }

  /** Whether bytes that begin so may still become an answer. */
  public static boolean mayBeAnswer(String text) {
    return text.startsWith(BEGINNING) || BEGINNING.startsWith(text);
  }

  /**
   * The answer that bytes are.
   *
   * @param method of the request: the answer to HEAD has no body
   * @param over whether no more will come
   * @return null when it is not complete, or no answer
   */
  public static @Nullable HttpResponse answer(String text, String method, boolean over) {
    int headEnd = headEnd(text);
    if (headEnd < 0 || !text.startsWith(BEGINNING)) {
      return null;
    }
    String[] lines = text.substring(0, headEnd).split("\r?\n", -1);
    String[] words = lines[0].split(" ", 3);
    if (words.length < 2 || !words[1].matches("[1-9]\\d\\d")) {
      return null;
    }
    int status = Integer.parseInt(words[1]);
    Map<String, String> headers = new LinkedHashMap<>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      if (colon > 0) {
        headers.put(lines[i].substring(0, colon), lines[i].substring(colon + 1).trim());
      }
    }
    String body = text.substring(headEnd);
    boolean bare = status == 204 || status == 304 || Ascii.equalsIgnoreCase(method, "HEAD");
    String length = HttpHeaders.value(headers, "Content-Length");
    if (bare) {
      body = "";
    } else if (length.matches("\\d{1,9}")) {
      byte[] bytes = ByteText.bytes(body);
      int wanted = Integer.parseInt(length);
      if (bytes.length < wanted && !over) {
        return null;
      }
      body = ByteText.text(java.util.Arrays.copyOf(bytes, Math.min(bytes.length, wanted)));
    } else if (!over) {
      return null;
    }
    return new HttpResponse(status, ImmutableMap.copyOf(headers), body);
  }

  /** Where the empty line ends that the headers end with; -1 while there is none. */
  private static int headEnd(String text) {
    int plain = text.indexOf("\n\n");
    int full = text.indexOf("\r\n\r\n");
    if (full >= 0 && (plain < 0 || full < plain)) {
      return full + 4;
    }
    return plain < 0 ? -1 : plain + 2;
  }
}
