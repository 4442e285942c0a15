package dev.wavetank.core.container.http;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.container.text.ByteText;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds HTTP/1.x requests in bytes that come in pieces. */
public final class HttpRequestReader {

  /** Most bytes of a request line and its headers. */
  static final int HEAD_MAX = 64 << 10;

  /** Most bytes of a body. */
  public static final int BODY_MAX = 3 << 20;

  /** Bytes that are no request. */
  public static final class MalformedRequest extends Exception {
    private static final long serialVersionUID = 1L;
    private final int status;

    MalformedRequest(int status) {
      this.status = status;
    }

    /** What such a request is answered with. */
    public int status() {
      return status;
    }
  }

  /**
   * A request.
   *
   * @param keepAlive whether more may follow
   */
  public record Message(HttpRequest request, boolean keepAlive) {}

  private record Head(
      String method, String target, boolean old, Map<String, String> headers, int bodyAt) {

    String header(String name) {
      return HttpHeaders.value(headers, name);
    }

    boolean keepAlive() {
      String connection = Ascii.toLowerCase(header("Connection"));
      return old ? connection.contains("keep-alive") : !connection.contains("close");
    }
  }

  private byte[] bytes = new byte[0];
  private boolean continueWanted;
  private boolean continued;

  /** Whether more is kept than one request may have. */
  public boolean full() {
    return bytes.length > HEAD_MAX + 2 * BODY_MAX;
  }

  /** Takes bytes that have come, cut anywhere. */
  public void add(byte[] piece) {
    int before = bytes.length;
    bytes = Arrays.copyOf(bytes, before + piece.length);
    System.arraycopy(piece, 0, bytes, before, piece.length);
  }

  /** Whether the client waits to be told that it may send its body; once. */
  public boolean takeContinue() {
    boolean wanted = continueWanted && !continued;
    continued |= wanted;
    return wanted;
  }

  /**
   * The next request; null when it is not complete yet.
   *
   * @throws MalformedRequest when there will be none
   */
  public @Nullable Message next() throws MalformedRequest {
    int start = 0;
    while (start < bytes.length && (bytes[start] == '\r' || bytes[start] == '\n')) {
      start++;
    }
    int end = headEnd(start);
    if (end < 0) {
      if (bytes.length - start > HEAD_MAX) {
        throw new MalformedRequest(431);
      }
      checkBeginning(start);
      return null;
    }
    Head head = head(new String(bytes, start, end - start, StandardCharsets.ISO_8859_1), end);
    continueWanted = Ascii.equalsIgnoreCase(head.header("Expect"), "100-continue");
    Body body =
        Ascii.toLowerCase(head.header("Transfer-Encoding")).contains("chunked")
            ? chunked(head.bodyAt())
            : counted(head);
    if (body == null) {
      return null;
    }
    bytes = Arrays.copyOfRange(bytes, body.next, bytes.length);
    continueWanted = false;
    continued = false;
    Map<String, String> headers = new LinkedHashMap<>(head.headers());
    headers.keySet().removeIf(name -> Ascii.equalsIgnoreCase(name, "Host"));
    HttpRequest request =
        new HttpRequest(
            head.method(),
            head.header("Host"),
            head.target(),
            ImmutableMap.copyOf(headers),
            ByteText.text(body.content));
    return new Message(request, head.keepAlive());
  }

  /** What does not begin with a method's letters is no request, however long one waits. */
  private void checkBeginning(int start) throws MalformedRequest {
    for (int i = start; i < bytes.length && bytes[i] != ' '; i++) {
      if (bytes[i] < 'A' || bytes[i] > 'Z' || i - start > 20) {
        throw new MalformedRequest(400);
      }
    }
  }

  private int headEnd(int start) {
    for (int i = start; i + 1 < bytes.length; i++) {
      if (bytes[i] == '\n' && bytes[i + 1] == '\n') {
        return i + 2;
      }
      if (bytes[i] == '\n'
          && i + 2 < bytes.length
          && bytes[i + 1] == '\r'
          && bytes[i + 2] == '\n') {
        return i + 3;
      }
    }
    return -1;
  }

  private static Head head(String text, int bodyAt) throws MalformedRequest {
    String[] lines = text.split("\r?\n", -1);
    String[] words = lines[0].split(" ", -1);
    if (words.length != 3 || words[0].isEmpty() || !words[2].matches("HTTP/1\\.[01]")) {
      throw new MalformedRequest(400);
    }
    String target = words[1];
    if (target.startsWith("http://")) {
      int slash = target.indexOf('/', "http://".length());
      target = slash < 0 ? "/" : target.substring(slash);
    }
    if (!target.startsWith("/") && !target.equals("*")) {
      throw new MalformedRequest(400);
    }
    Map<String, String> headers = new LinkedHashMap<>();
    for (int i = 1; i < lines.length && !lines[i].isEmpty(); i++) {
      int colon = lines[i].indexOf(':');
      if (colon < 1) {
        throw new MalformedRequest(400);
      }
      String value = lines[i].substring(colon + 1).trim();
      headers.merge(lines[i].substring(0, colon), value, (a, b) -> a + ", " + b);
    }
    return new Head(words[0], target, words[2].equals("HTTP/1.0"), headers, bodyAt);
  }

  /** A body, and where the bytes behind it begin. */
  private static final class Body {
    private final byte[] content;
    private final int next;

    Body(byte[] content, int next) {
      this.content = content;
      this.next = next;
    }
  }

  private @Nullable Body counted(Head head) throws MalformedRequest {
    String length = head.header("Content-Length");
    int count = length.isEmpty() ? 0 : number(length, 10);
    int end = head.bodyAt() + count;
    return end > bytes.length ? null : new Body(Arrays.copyOfRange(bytes, head.bodyAt(), end), end);
  }

  private @Nullable Body chunked(int from) throws MalformedRequest {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    int at = from;
    while (true) {
      int end = lineEnd(at);
      if (end < 0) {
        return null;
      }
      String size = new String(bytes, at, end - at, StandardCharsets.ISO_8859_1).trim();
      int count = number(size.split(";", 2)[0].trim(), 16);
      at = end + 1;
      if (count == 0) {
        int blank = lineEnd(at);
        while (blank >= 0 && blank - at > 1) {
          at = blank + 1;
          blank = lineEnd(at);
        }
        return blank < 0 ? null : new Body(content.toByteArray(), blank + 1);
      }
      if (content.size() + count > BODY_MAX) {
        throw new MalformedRequest(413);
      }
      if (at + count > bytes.length) {
        return null;
      }
      content.write(bytes, at, count);
      end = lineEnd(at + count);
      if (end < 0) {
        return null;
      }
      at = end + 1;
    }
  }

  private int lineEnd(int from) {
    for (int i = from; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  private static int number(String digits, int radix) throws MalformedRequest {
    try {
      int value = Integer.parseInt(digits, radix);
      if (value < 0 || digits.startsWith("+")) {
        throw new MalformedRequest(400);
      }
      if (value > BODY_MAX) {
        throw new MalformedRequest(413);
      }
      return value;
    } catch (NumberFormatException e) {
      throw new MalformedRequest(400);
    }
  }
}
