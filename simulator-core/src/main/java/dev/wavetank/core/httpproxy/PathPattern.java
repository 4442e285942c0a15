package dev.wavetank.core.httpproxy;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * The path of a rule.
 *
 * <p>Follows staging/src/k8s.io/api/networking/v1/types.go, {@code PathType} (v1.36), and
 * docs/user-guide/ingress-path-matching.md of ingress-nginx for regular expressions.
 */
public final class PathPattern {

  /** How a path is compared. */
  public enum Kind {
    /** Letter by letter. */
    EXACT,
    /** Element by element. */
    PREFIX,
    /** Letter by letter at its beginning, as nginx does for what Kubernetes leaves open. */
    BEGINNING,
    /** As a regular expression from the beginning on, whatever the case of letters. */
    REGEX,
    /** As a regular expression that describes all of it. */
    WHOLE_REGEX
  }

  private final Kind kind;
  private final String text;
  private final @Nullable Pattern regex;

  private PathPattern(Kind kind, String text, @Nullable Pattern regex) {
    this.kind = kind;
    this.text = text;
    this.regex = regex;
  }

  public static PathPattern exact(String path) {
    return new PathPattern(Kind.EXACT, path, null);
  }

  /** A trailing slash has no meaning. */
  public static PathPattern prefix(String path) {
    boolean slash = path.length() > 1 && path.endsWith("/");
    return new PathPattern(Kind.PREFIX, slash ? path.substring(0, path.length() - 1) : path, null);
  }

  public static PathPattern beginning(String path) {
    return new PathPattern(Kind.BEGINNING, path, null);
  }

  /** A regular expression; one that is none matches nothing. */
  public static PathPattern regex(String path) {
    return new PathPattern(Kind.REGEX, path, compiled(path, Pattern.CASE_INSENSITIVE));
  }

  /** A regular expression for all of the path; one that is none matches nothing. */
  public static PathPattern wholeRegex(String path) {
    return new PathPattern(Kind.WHOLE_REGEX, path, compiled(path, 0));
  }

  private static @Nullable Pattern compiled(String regex, int flags) {
    try {
      return Pattern.compile(regex, flags);
    } catch (PatternSyntaxException e) {
      return null;
    }
  }

  public Kind kind() {
    return kind;
  }

  public String text() {
    return text;
  }

  public boolean matches(String path) {
    return switch (kind) {
      case EXACT -> path.equals(text);
      case PREFIX -> isPrefix(path);
      case BEGINNING -> path.startsWith(text);
      case REGEX -> regex != null && regex.matcher(path).lookingAt();
      case WHOLE_REGEX -> regex != null && regex.matches(path);
    };
  }

  private boolean isPrefix(String path) {
    return text.equals("/")
        || (path.startsWith(text)
            && (path.length() == text.length() || path.charAt(text.length()) == '/'));
  }

  /** The path with what matched written anew; {@code $1} and so on name the pattern's groups. */
  public String rewritten(String path, String target) {
    Pattern compiled = regex;
    if (compiled == null) {
      return target;
    }
    Matcher matcher = compiled.matcher(path);
    if (!matcher.lookingAt()) {
      return path;
    }
    StringBuilder made = new StringBuilder();
    for (int i = 0; i < target.length(); i++) {
      char c = target.charAt(i);
      boolean group = c == '$' && i + 1 < target.length() && isDigit(target.charAt(i + 1));
      if (group) {
        int number = target.charAt(++i) - '0';
        String found = number <= matcher.groupCount() ? matcher.group(number) : null;
        made.append(found == null ? "" : found);
      } else {
        made.append(c);
      }
    }
    return made.toString();
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
