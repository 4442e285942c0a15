package dev.wavetank.core.kubectl;

import java.util.regex.Pattern;

/**
 * Whether a text names an image.
 *
 * <p>Follows github.com/distribution/reference regexp.go.
 */
final class ImageReference {

  private static final String DOMAIN_PART = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
  private static final String DOMAIN =
      "(?:" + DOMAIN_PART + "(?:\\." + DOMAIN_PART + ")*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?";
  private static final String PATH_PART = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
  private static final String PATH = PATH_PART + "(?:/" + PATH_PART + ")*";
  private static final String TAG = "[0-9A-Za-z_][0-9A-Za-z_.-]{0,127}";
  private static final String DIGEST =
      "[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}";
  private static final Pattern REFERENCE =
      Pattern.compile("(?:" + DOMAIN + "/)?" + PATH + "(?::" + TAG + ")?(?:@" + DIGEST + ")?");

  private ImageReference() {}

  static boolean valid(String text) {
    return REFERENCE.matcher(text).matches();
  }
}
