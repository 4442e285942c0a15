package dev.wavetank.core.apiserver.registry;

/**
 * The tag that an image reference names.
 *
 * <p>Follows pkg/util/parsers/parsers.go (v1.36).
 */
final class ImageName {

  private ImageName() {}

  /** Whether the tag is {@code latest}, also because there is neither tag nor digest. */
  static boolean latest(String image) {
    int at = image.indexOf('@');
    String name = at < 0 ? image : image.substring(0, at);
    int colon = name.lastIndexOf(':');
    boolean tagged = colon > name.lastIndexOf('/');
    String tag = tagged ? name.substring(colon + 1) : "";
    boolean wanted = tagged ? tag.equals("latest") : at < 0;
    return wanted && parses(tagged ? name.substring(0, colon) : name);
  }

  /** A reference that does not parse has no tag at all. */
  private static boolean parses(String name) {
    if (name.isEmpty()) {
      return false;
    }
    int path = name.indexOf('/') + 1;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean upper = c >= 'A' && c <= 'Z';
      if (upper && i >= path) {
        return false;
      }
      boolean allowed =
          upper
              || (c >= 'a' && c <= 'z')
              || (c >= '0' && c <= '9')
              || c == '-'
              || c == '_'
              || c == '.'
              || c == '/'
              || c == ':';
      if (!allowed) {
        return false;
      }
    }
    return true;
  }
}
