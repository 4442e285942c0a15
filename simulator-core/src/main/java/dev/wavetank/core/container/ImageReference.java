package dev.wavetank.core.container;

import java.util.regex.Pattern;

/**
 * An image's name as users write it, taken apart: {@code nginx} is {@code
 * docker.io/library/nginx:latest}.
 *
 * @param repository with its registry, such as {@code docker.io/library/nginx}
 * @param tag empty when there is a digest only
 * @param digest such as {@code sha256:…}; mostly empty
 */
public record ImageReference(String repository, String tag, String digest) {

  private static final Pattern VALID =
      Pattern.compile(
          "(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?(?::[0-9]+)?/)?"
              + "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*"
              + "(?:/[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*)*"
              + "(?::[\\w][\\w.-]{0,127})?"
              + "(?:@[A-Za-z][A-Za-z0-9]*:[0-9a-fA-F]{32,})?");

  /** Whether the text is an image name at all. */
  public static boolean valid(String image) {
    return VALID.matcher(image).matches();
  }

  public static ImageReference of(String image) {
    String rest = image;
    String digest = "";
    int at = rest.indexOf('@');
    if (at >= 0) {
      digest = rest.substring(at + 1);
      rest = rest.substring(0, at);
    }
    String tag = "";
    int colon = rest.lastIndexOf(':');
    if (colon > rest.lastIndexOf('/')) {
      tag = rest.substring(colon + 1);
      rest = rest.substring(0, colon);
    }
    if (tag.isEmpty() && digest.isEmpty()) {
      tag = "latest";
    }
    int slash = rest.indexOf('/');
    String first = slash < 0 ? "" : rest.substring(0, slash);
    if (slash < 0) {
      rest = "docker.io/library/" + rest;
    } else if (first.indexOf('.') < 0 && first.indexOf(':') < 0 && !first.equals("localhost")) {
      rest = "docker.io/" + rest;
    }
    return new ImageReference(rest, tag, digest);
  }

  /** The whole name, as the runtime reports it. */
  public String canonical() {
    return repository + (tag.isEmpty() ? "" : ":" + tag) + (digest.isEmpty() ? "" : "@" + digest);
  }

  /** The last part of the repository's path, such as {@code nginx}. */
  public String shortName() {
    return repository.substring(repository.lastIndexOf('/') + 1);
  }
}
