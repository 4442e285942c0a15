package dev.wavetank.core.container;

import dev.wavetank.core.container.filesystem.FilePaths;
import dev.wavetank.core.container.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/** Answers of a web server that are files of its container. */
public final class StaticFiles {

  private StaticFiles() {}

  /** The file at a path, that of the directory's {@code index.html} included; null for none. */
  public static @Nullable HttpResponse answer(Container container, String root, String path) {
    String place = FilePaths.resolve(root, "." + path);
    if (!place.equals(root) && !place.startsWith(root + "/")) {
      return null;
    }
    String file = path.endsWith("/") ? FilePaths.resolve(place, "index.html") : place;
    String content = container.file(file);
    return content == null ? null : HttpResponse.of(200, contentType(file), content);
  }

  private static String contentType(String file) {
    String known = typeOf(file);
    return known == null ? "application/octet-stream" : known;
  }

  /** The media type that the end of a name stands for; null for none that is known. */
  public static @Nullable String typeOf(String file) {
    return switch (file.substring(file.lastIndexOf('.') + 1)) {
      case "html", "htm" -> "text/html";
      case "css" -> "text/css";
      case "js" -> "application/javascript";
      case "json" -> "application/json";
      case "txt" -> "text/plain";
      case "xml" -> "text/xml";
      default -> null;
    };
  }
}
