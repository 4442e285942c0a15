package dev.wavetank.core.container;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * An image's name as users write it, taken apart: {@code nginx} is {@code
 * docker.io/library/nginx:latest}.
 *
 * <p>Follows pkg/util/parsers/parsers.go (v1.36) and the reference grammar of the distribution
 * project that it uses.
 *
 * @param repository with its registry, such as {@code docker.io/library/nginx}
 * @param tag empty when there is a digest only
 * @param digest such as {@code sha256:…}; mostly empty
 */
public record ImageReference(String repository, String tag, String digest) {

  private static final int REPOSITORY_LENGTH_MAX = 255;
  private static final String HUB = "docker.io";
  private static final String DOMAIN_LABEL = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
  private static final String COMPONENT = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
  private static final Pattern HASH = Pattern.compile("[a-f0-9]{64}");
  private static final Pattern REFERENCE =
      Pattern.compile(
          "(?:(?:"
              + DOMAIN_LABEL
              + "(?:\\."
              + DOMAIN_LABEL
              + ")*|\\[[a-fA-F0-9:]+\\])"
              + "(?::[0-9]+)?/)?"
              + COMPONENT
              + "(?:/"
              + COMPONENT
              + ")*"
              + "(?::\\w[\\w.-]{0,127})?"
              + "(?:@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?");

  /** Why a text is no image name; empty when it is one. */
  public static String parseError(String image) {
    if (HASH.matcher(image).matches()) {
      return "invalid repository name (" + image + "), cannot specify 64-byte hexadecimal strings";
    }
    String whole = normalize(image);
    String remote = whole.substring(whole.indexOf('/') + 1);
    int colon = remote.indexOf(':');
    String path = colon < 0 ? remote : remote.substring(0, colon);
    if (!path.equals(path.toLowerCase(Locale.ROOT))) {
      return "invalid reference format: repository name (" + path + ") must be lowercase";
    }
    if (!REFERENCE.matcher(whole).matches()) {
      return "invalid reference format";
    }
    return of(image).repository().length() > REPOSITORY_LENGTH_MAX
        ? "repository name must not be more than 255 characters"
        : "";
  }

  /** The name with its registry, and with {@code library/} where Docker Hub wants it. */
  private static String normalize(String image) {
    int slash = image.indexOf('/');
    String first = slash < 0 ? "" : image.substring(0, slash);
    boolean named =
        first.indexOf('.') >= 0
            || first.indexOf(':') >= 0
            || first.equals("localhost")
            || !first.equals(first.toLowerCase(Locale.ROOT));
    String domain = named ? first : HUB;
    String rest = named ? image.substring(slash + 1) : image;
    if (domain.equals("index." + HUB)) {
      domain = HUB;
    }
    if (domain.equals(HUB) && rest.indexOf('/') < 0) {
      rest = "library/" + rest;
    }
    return domain + "/" + rest;
  }

  /** Takes a name apart, which should be one by {@link #parseError}. */
  public static ImageReference of(String image) {
    String rest = normalize(image);
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
    return new ImageReference(rest, tag.isEmpty() && digest.isEmpty() ? "latest" : tag, digest);
  }

  /** The whole name, as the runtime reports it. */
  public String canonical() {
    return repository + (tag.isEmpty() ? "" : ":" + tag) + (digest.isEmpty() ? "" : "@" + digest);
  }

  /**
   * The minor version that its tag names, such as 28 for {@code busybox:1.28.4}; -1 when the tag
   * does not begin with {@code 1.}
   */
  public int minorVersion() {
    int end = 2;
    while (end < tag.length() && end < 6 && Character.isDigit(tag.charAt(end))) {
      end++;
    }
    return tag.startsWith("1.") && end > 2 ? Integer.parseInt(tag.substring(2, end)) : -1;
  }

  /** The last part of the repository's path, such as {@code nginx}. */
  public String shortName() {
    return repository.substring(repository.lastIndexOf('/') + 1);
  }
}
