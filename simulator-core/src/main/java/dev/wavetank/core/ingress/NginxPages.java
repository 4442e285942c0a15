package dev.wavetank.core.ingress;

import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.container.http.HttpResponse;
import dev.wavetank.core.container.http.HttpStatusText;

/** The answers that nginx gives by itself. */
final class NginxPages {

  private NginxPages() {}

  /** The page of a status, such as 503. */
  static HttpResponse error(int status) {
    return page(status, ImmutableMap.of("Content-Type", "text/html"));
  }

  /** A permanent redirection. */
  static HttpResponse redirect(String location) {
    return page(308, ImmutableMap.of("Content-Type", "text/html", "Location", location));
  }

  /** The answer to a request without TLS on a port for TLS. */
  static HttpResponse plainToTls() {
    String words = "The plain HTTP request was sent to HTTPS port";
    return page(
        400,
        "400 " + words,
        "\r\n<center>" + words + "</center>",
        ImmutableMap.of("Content-Type", "text/html"));
  }

  private static HttpResponse page(int status, ImmutableMap<String, String> headers) {
    return page(status, status + " " + HttpStatusText.of(status), "", headers);
  }

  private static HttpResponse page(
      int status, String title, String more, ImmutableMap<String, String> headers) {
    String words = status + " " + HttpStatusText.of(status);
    String body =
        "<html>\r\n<head><title>"
            + title
            + "</title></head>\r\n<body>\r\n<center><h1>"
            + words
            + "</h1></center>"
            + more
            + "\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n";
    return new HttpResponse(status, headers, body);
  }
}
