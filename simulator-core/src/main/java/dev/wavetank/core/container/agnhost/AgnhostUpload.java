package dev.wavetank.core.container.agnhost;

import dev.wavetank.core.api.GoText;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.container.ContainerFiles;
import dev.wavetank.core.container.ProgramContext;
import dev.wavetank.core.container.http.HttpRequest;
import dev.wavetank.core.container.http.HttpResponse;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A file that a form brings to {@code agnhost netexec}: it is kept below {@code /uploads}. */
final class AgnhostUpload {

  private static final Pattern BOUNDARY =
      Pattern.compile("multipart/form-data;.*boundary=\"?([^\";]{1,70})\"?.*");
  private static final Pattern FILE =
      Pattern.compile("(?i)content-disposition:\\s*form-data;.*\\bname=\"?file\"?.*filename=.*");

  private AgnhostUpload() {}

  static HttpResponse answer(ProgramContext context, HttpRequest request) {
    String content = file(request);
    if (content == null) {
      return answer(200, "error", "Unable to upload file.");
    }
    ContainerFiles files = context.container().files();
    long number =
        context.container().simulation().choices().stream("agnhost/upload")
            .between(100_000_000L, 4_294_967_295L);
    String path = "/uploads/upload" + number;
    String refused = files.write(path, content);
    if (!refused.isEmpty()) {
      GoServer.log(context, "Unable to open file for write: open " + path + ": " + refused);
      return answer(200, "error", "Unable to open file for write");
    }
    files.setMode(path, 0700);
    GoServer.log(context, "Wrote upload to " + path);
    return answer(201, "output", path);
  }

  private static HttpResponse answer(int status, String key, String value) {
    return GoServer.answer(status, GoText.json(KubeMap.of(key, value)));
  }

  /** The content of the part that is the file; null for none. */
  private static @Nullable String file(HttpRequest request) {
    Matcher type = BOUNDARY.matcher(request.header("Content-Type"));
    if (!type.matches()) {
      return null;
    }
    for (String part : request.body().split(Pattern.quote("--" + type.group(1)), -1)) {
      int head = part.indexOf("\r\n\r\n");
      if (head >= 0 && part.endsWith("\r\n")) {
        for (String line : part.substring(0, head).split("\r\n")) {
          if (FILE.matcher(line).matches()) {
            return part.substring(head + 4, Math.max(head + 4, part.length() - 2));
          }
        }
      }
    }
    return null;
  }
}
