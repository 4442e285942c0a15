package dev.wavetank.core.apiserver;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import java.util.List;
import java.util.Locale;

/**
 * The forms that names, labels, keys and ports of the API must have. A check returns what is wrong
 * with a value, in upstream's words; an empty list is a good value.
 *
 * <p>Follows staging/src/k8s.io/apimachinery/pkg/util/validation/validation.go and
 * pkg/api/validate/content/kube.go (v1.36).
 */
public final class Formats {

  private static final String LABEL_FORM = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
  private static final String SUBDOMAIN_FORM = LABEL_FORM + "(\\." + LABEL_FORM + ")*";
  private static final String UNDERSCORE_LABEL_FORM = "_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?";
  private static final String LABEL_TEXT =
      "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and"
          + " must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc',"
          + " regex used for validation is '"
          + LABEL_FORM
          + "')";
  private static final String SUBDOMAIN_TEXT =
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or"
          + " '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex"
          + " used for validation is '"
          + SUBDOMAIN_FORM
          + "')";
  private static final String UNDERSCORE_SUBDOMAIN_TEXT =
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-'"
          + " or '.', and must start and end with an alphanumeric character (e.g. 'example.com',"
          + " regex used for validation is '"
          + UNDERSCORE_LABEL_FORM
          + "(\\."
          + UNDERSCORE_LABEL_FORM
          + ")*')";
  private static final String KEY_FORM = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
  private static final String KEY_TEXT =
      "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an"
          + " alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for"
          + " validation is '"
          + KEY_FORM
          + "')";
  private static final String LABEL_VALUE_TEXT =
      "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or"
          + " '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or"
          + " 'my_value',  or '12345', regex used for validation is '("
          + KEY_FORM
          + ")?')";
  private static final String CONFIG_KEY_TEXT =
      "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g."
          + " 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is"
          + " '[-._a-zA-Z0-9]+')";
  private static final String ENV_TEXT =
      "a valid environment variable name must consist only of printable ASCII characters other"
          + " than '='";
  private static final String PERCENT_TEXT =
      "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or"
          + " '93%', regex used for validation is '[0-9]+%')";
  private static final String HEADER_TEXT =
      "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name',"
          + " regex used for validation is '[-A-Za-z0-9]+')";

  private static final String WILDCARD_TEXT =
      "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which"
          + " must consist of lower case alphanumeric characters, '-' or '.' and end with an"
          + " alphanumeric character (e.g. '*.example.com', regex used for validation is"
          + " '\\*\\."
          + SUBDOMAIN_FORM
          + "')";

  private static final int LABEL_LENGTH_MAX = 63;
  private static final int SUBDOMAIN_LENGTH_MAX = 253;
  private static final int PORT_NAME_LENGTH_MAX = 15;

  private Formats() {}

  /** A DNS-1123 label, such as a namespace's name. */
  public static List<String> dnsLabel(String value) {
    if (isDnsLabel(value, 0, value.length()) && value.length() <= LABEL_LENGTH_MAX) {
      return ImmutableList.of();
    }
    ImmutableList.Builder<String> wrong = ImmutableList.builder();
    if (value.length() > LABEL_LENGTH_MAX) {
      wrong.add(lengthMax(LABEL_LENGTH_MAX));
    }
    if (!isDnsLabel(value, 0, value.length())) {
      wrong.add(isDnsSubdomain(value, false) ? "must not contain dots" : LABEL_TEXT);
    }
    return wrong.build();
  }

  private static final String OLD_LABEL_TEXT =
      "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an"
          + " alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or"
          + " 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

  /** What is wrong with a label of RFC 1035, which begins with a letter. */
  public static List<String> dns1035Label(String value) {
    ImmutableList.Builder<String> errors = ImmutableList.builder();
    boolean letter = !value.isEmpty() && value.charAt(0) >= 'a' && value.charAt(0) <= 'z';
    if (value.length() > LABEL_LENGTH_MAX) {
      errors.add(lengthMax(LABEL_LENGTH_MAX));
    }
    if (!letter || !isDnsLabel(value, 0, value.length())) {
      errors.add(OLD_LABEL_TEXT);
    }
    return errors.build();
  }

  /** A DNS-1123 subdomain: the form of most names. */
  public static List<String> dnsSubdomain(String value) {
    return subdomain(value, false);
  }

  /** A DNS-1123 subdomain whose labels may have underscores, as search paths may. */
  public static List<String> dnsSubdomainWithUnderscore(String value) {
    return subdomain(value, true);
  }

  private static List<String> subdomain(String value, boolean underscore) {
    boolean form = isDnsSubdomain(value, underscore);
    if (form && value.length() <= SUBDOMAIN_LENGTH_MAX) {
      return ImmutableList.of();
    }
    ImmutableList.Builder<String> wrong = ImmutableList.builder();
    if (value.length() > SUBDOMAIN_LENGTH_MAX) {
      wrong.add(lengthMax(SUBDOMAIN_LENGTH_MAX));
    }
    if (!form) {
      wrong.add(underscore ? UNDERSCORE_SUBDOMAIN_TEXT : SUBDOMAIN_TEXT);
    }
    return wrong.build();
  }

  /** A generateName may end in a dash, which stands for what follows. */
  public static String maskTrailingDash(String prefix) {
    return prefix.length() > 1 && prefix.endsWith("-")
        ? prefix.substring(0, prefix.length() - 2) + "a"
        : prefix;
  }

  /** The key of a label: an optional DNS prefix and a name. */
  public static List<String> qualifiedName(String value) {
    int slash = value.indexOf('/');
    if (slash < 0 && isKey(value) && value.length() <= LABEL_LENGTH_MAX) {
      return ImmutableList.of();
    }
    ImmutableList.Builder<String> wrong = ImmutableList.builder();
    String name = value;
    if (slash >= 0) {
      if (value.indexOf('/', slash + 1) >= 0) {
        return ImmutableList.of(
            "a valid label key "
                + KEY_TEXT
                + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')");
      }
      name = value.substring(slash + 1);
      if (slash == 0) {
        wrong.add("prefix part must be non-empty");
      } else {
        for (String text : dnsSubdomain(value.substring(0, slash))) {
          wrong.add("prefix part " + text);
        }
      }
    }
    if (name.isEmpty()) {
      wrong.add("name part must be non-empty");
    } else if (name.length() > LABEL_LENGTH_MAX) {
      wrong.add("name part must be no more than " + LABEL_LENGTH_MAX + " bytes");
    }
    if (!isKey(name)) {
      wrong.add("name part " + KEY_TEXT);
    }
    return wrong.build();
  }

  public static List<String> labelValue(String value) {
    boolean form = value.isEmpty() || isKey(value);
    if (form && value.length() <= LABEL_LENGTH_MAX) {
      return ImmutableList.of();
    }
    ImmutableList.Builder<String> wrong = ImmutableList.builder();
    if (value.length() > LABEL_LENGTH_MAX) {
      wrong.add("must be no more than " + LABEL_LENGTH_MAX + " bytes");
    }
    if (!form) {
      wrong.add(LABEL_VALUE_TEXT);
    }
    return wrong.build();
  }

  /** Labels: their keys and values, all reported at the field of the whole map. */
  public static void labels(KubeMap labels, String field, FieldErrors errors) {
    for (int i = 0; i < labels.size(); i++) {
      String key = labels.keyAt(i);
      errors.invalid(field, key, qualifiedName(key));
      if (labels.valueAt(i) instanceof String value) {
        errors.invalid(field, value, labelValue(value));
      }
    }
  }

  /** Annotations: their keys, whose case does not matter, and their size of 256 kB at most. */
  public static void annotations(KubeMap annotations, String field, FieldErrors errors) {
    long bytes = 0;
    for (int i = 0; i < annotations.size(); i++) {
      String key = annotations.keyAt(i);
      errors.invalid(field, key, qualifiedName(key.toLowerCase(Locale.ROOT)));
      bytes += key.length();
      bytes += annotations.valueAt(i) instanceof String value ? value.length() : 0;
    }
    if (bytes > ANNOTATIONS_BYTES_MAX) {
      errors.tooLong(field, ANNOTATIONS_BYTES_MAX);
    }
  }

  private static final int ANNOTATIONS_BYTES_MAX = 256 * 1024;

  /** The key of a ConfigMap or Secret. */
  public static List<String> configMapKey(String value) {
    ImmutableList.Builder<String> wrong = ImmutableList.builder();
    if (value.length() > SUBDOMAIN_LENGTH_MAX) {
      wrong.add(lengthMax(SUBDOMAIN_LENGTH_MAX));
    }
    boolean form = !value.isEmpty();
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      form &= alphanumeric(c) || c == '-' || c == '_' || c == '.';
    }
    if (!form) {
      wrong.add(CONFIG_KEY_TEXT);
    }
    if (value.equals(".")) {
      wrong.add("must not be '.'");
    } else if (value.equals("..")) {
      wrong.add("must not be '..'");
    } else if (value.startsWith("..")) {
      wrong.add("must not start with '..'");
    }
    return wrong.build();
  }

  /** The name of an environment variable. */
  public static List<String> environmentVariable(String value) {
    if (value.isEmpty()) {
      return ImmutableList.of("environment variable name must be non-empty");
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < ' ' || c >= 127 || c == '=') {
        return ImmutableList.of(ENV_TEXT);
      }
    }
    return ImmutableList.of();
  }

  /** The name of a port of a container. */
  public static List<String> portName(String value) {
    boolean characters = !value.isEmpty();
    boolean letter = false;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      letter |= c >= 'a' && c <= 'z';
      characters &= (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    }
    ImmutableList.Builder<String> wrong = ImmutableList.builder();
    if (value.length() > PORT_NAME_LENGTH_MAX) {
      wrong.add(lengthMax(PORT_NAME_LENGTH_MAX));
    }
    if (!characters) {
      wrong.add("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
    }
    if (!letter) {
      wrong.add("must contain at least one letter (a-z)");
    }
    if (value.contains("--")) {
      wrong.add("must not contain consecutive hyphens");
    }
    if (value.startsWith("-") || value.endsWith("-")) {
      wrong.add("must not begin or end with a hyphen");
    }
    return wrong.build();
  }

  /** A port number, 1 to 65535. */
  public static List<String> portNumber(long port) {
    return port >= 1 && port <= 65535 ? ImmutableList.of() : ImmutableList.of(range(1, 65535));
  }

  /** A user or group id, 0 to 2147483647. */
  public static List<String> userOrGroupId(long id) {
    return id >= 0 && id <= Integer.MAX_VALUE
        ? ImmutableList.of()
        : ImmutableList.of(range(0, Integer.MAX_VALUE));
  }

  /** A percentage such as {@code 25%}. */
  public static List<String> percent(String value) {
    return isPercent(value) ? ImmutableList.of() : ImmutableList.of(PERCENT_TEXT);
  }

  static boolean isPercent(String value) {
    int digits = value.length() - 1;
    if (digits < 1 || value.charAt(digits) != '%') {
      return false;
    }
    for (int i = 0; i < digits; i++) {
      if (value.charAt(i) < '0' || value.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  public static List<String> httpHeader(String value) {
    boolean form = !value.isEmpty();
    for (int i = 0; i < value.length(); i++) {
      form &= alphanumeric(value.charAt(i)) || value.charAt(i) == '-';
    }
    return form ? ImmutableList.of() : ImmutableList.of(HEADER_TEXT);
  }

  /** The text of a value outside a range. */
  public static String range(long low, long high) {
    return "must be between " + low + " and " + high + ", inclusive";
  }

  private static String lengthMax(int length) {
    return "must be no more than " + length + " characters";
  }

  /** A name that can stand in a path; an empty one is not told. */
  public static List<String> pathSegment(String value) {
    if (value.equals(".") || value.equals("..")) {
      return ImmutableList.of("may not be '" + value + "'");
    }
    ImmutableList.Builder<String> wrong = ImmutableList.builder();
    for (String illegal : ImmutableList.of("/", "%")) {
      if (value.contains(illegal)) {
        wrong.add("may not contain '" + illegal + "'");
      }
    }
    return wrong.build();
  }

  /** A subdomain whose first label is a star. */
  public static List<String> wildcardDnsSubdomain(String value) {
    ImmutableList.Builder<String> wrong = ImmutableList.builder();
    if (value.length() > SUBDOMAIN_LENGTH_MAX) {
      wrong.add(lengthMax(SUBDOMAIN_LENGTH_MAX));
    }
    if (!value.startsWith("*.") || !isDnsSubdomain(value.substring(2), false)) {
      wrong.add(WILDCARD_TEXT);
    }
    return wrong.build();
  }

  private static boolean isDnsSubdomain(String value, boolean underscore) {
    int start = 0;
    while (true) {
      int dot = value.indexOf('.', start);
      int end = dot < 0 ? value.length() : dot;
      boolean label =
          underscore ? isUnderscoreLabel(value, start, end) : isDnsLabel(value, start, end);
      if (!label) {
        return false;
      }
      if (dot < 0) {
        return true;
      }
      start = dot + 1;
    }
  }

  private static boolean isDnsLabel(String value, int start, int end) {
    if (start >= end || !lower(value.charAt(start)) || !lower(value.charAt(end - 1))) {
      return false;
    }
    for (int i = start; i < end; i++) {
      char c = value.charAt(i);
      if (!lower(c) && c != '-') {
        return false;
      }
    }
    return true;
  }

  private static boolean isUnderscoreLabel(String value, int start, int end) {
    int first = start < end && value.charAt(start) == '_' ? start + 1 : start;
    if (first >= end || !lower(value.charAt(first)) || !lower(value.charAt(end - 1))) {
      return false;
    }
    for (int i = first; i < end; i++) {
      char c = value.charAt(i);
      if (!lower(c) && c != '-' && c != '_') {
        return false;
      }
    }
    return true;
  }

  private static boolean isKey(String value) {
    if (value.isEmpty()
        || !alphanumeric(value.charAt(0))
        || !alphanumeric(value.charAt(value.length() - 1))) {
      return false;
    }
    for (int i = 1; i < value.length() - 1; i++) {
      char c = value.charAt(i);
      if (!alphanumeric(c) && c != '-' && c != '_' && c != '.') {
        return false;
      }
    }
    return true;
  }

  private static boolean lower(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  }

  private static boolean alphanumeric(char c) {
    return lower(c) || (c >= 'A' && c <= 'Z');
  }
}
