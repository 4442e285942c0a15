package dev.wavetank.core.api;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a label's key and value, and the names of the DNS kind, may look like; with upstream's words
 * for what is wrong. An empty list says that nothing is.
 *
 * <p>Follows staging/src/k8s.io/apimachinery/pkg/api/validate/content/kube.go and dns.go (v1.36).
 */
public final class LabelSyntax {

  private static final int PART_MAX = 63;
  private static final int SUBDOMAIN_MAX = 253;

  private static final String KEY_PATTERN = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
  private static final String KEY_WRONG =
      "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an"
          + " alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for"
          + " validation is '"
          + KEY_PATTERN
          + "')";
  private static final String VALUE_WRONG =
      "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or"
          + " '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or"
          + " 'my_value',  or '12345', regex used for validation is '("
          + KEY_PATTERN
          + ")?')";
  private static final String LABEL_PATTERN = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
  private static final String LABEL_WRONG =
      "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and"
          + " must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc',"
          + " regex used for validation is '"
          + LABEL_PATTERN
          + "')";
  private static final String SUBDOMAIN_WRONG =
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or"
          + " '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex"
          + " used for validation is '"
          + LABEL_PATTERN
          + "(\\."
          + LABEL_PATTERN
          + ")*')";

  private LabelSyntax() {}

  /** What is wrong with a label's key: a name with an optional prefix that is a DNS subdomain. */
  public static List<String> keyErrors(String key) {
    int slash = key.indexOf('/');
    if (slash < 0 && key.length() <= PART_MAX && isName(key)) {
      return List.of();
    }
    List<String> errors = new ArrayList<>();
    String name = key;
    if (slash >= 0) {
      name = key.substring(slash + 1);
      if (name.indexOf('/') >= 0) {
        return List.of(
            "a valid label key "
                + KEY_WRONG
                + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')");
      }
      String prefix = key.substring(0, slash);
      if (prefix.isEmpty()) {
        errors.add("prefix part must be non-empty");
      } else {
        subdomainErrors(prefix).forEach(error -> errors.add("prefix part " + error));
      }
    }
    if (name.isEmpty()) {
      errors.add("name part must be non-empty");
    } else if (bytes(name) > PART_MAX) {
      errors.add("name part " + tooLong(PART_MAX));
    }
    if (!isName(name)) {
      errors.add("name part " + KEY_WRONG);
    }
    return errors;
  }

  /** What is wrong with a label's value. */
  public static List<String> valueErrors(String value) {
    if (value.isEmpty() || (value.length() <= PART_MAX && isName(value))) {
      return List.of();
    }
    List<String> errors = new ArrayList<>();
    if (bytes(value) > PART_MAX) {
      errors.add(tooLong(PART_MAX));
    }
    if (!isName(value)) {
      errors.add(VALUE_WRONG);
    }
    return errors;
  }

  /** What is wrong with a lowercase RFC 1123 label, such as a Service's port name. */
  public static List<String> dnsLabelErrors(String label) {
    List<String> errors = new ArrayList<>();
    if (bytes(label) > PART_MAX) {
      errors.add(tooLong(PART_MAX));
    }
    if (!isDnsLabel(label, 0, label.length())) {
      errors.add(isSubdomain(label) ? "must not contain dots" : LABEL_WRONG);
    }
    return errors;
  }

  /** What is wrong with a lowercase RFC 1123 subdomain, the form of most names. */
  public static List<String> subdomainErrors(String name) {
    List<String> errors = new ArrayList<>();
    if (bytes(name) > SUBDOMAIN_MAX) {
      errors.add(tooLong(SUBDOMAIN_MAX));
    }
    if (!isSubdomain(name)) {
      errors.add(SUBDOMAIN_WRONG);
    }
    return errors;
  }

  private static boolean isSubdomain(String name) {
    int start = 0;
    for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', start)) {
      if (!isDnsLabel(name, start, dot)) {
        return false;
      }
      start = dot + 1;
    }
    return isDnsLabel(name, start, name.length());
  }

  private static boolean isDnsLabel(String text, int from, int to) {
    if (from >= to || text.charAt(from) == '-' || text.charAt(to - 1) == '-') {
      return false;
    }
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (c != '-' && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9')) {
        return false;
      }
    }
    return true;
  }

  private static boolean isName(String text) {
    int end = text.length() - 1;
    if (end < 0 || !alphanumeric(text.charAt(0)) || !alphanumeric(text.charAt(end))) {
      return false;
    }
    for (int i = 1; i < end; i++) {
      char c = text.charAt(i);
      if (!alphanumeric(c) && c != '-' && c != '_' && c != '.') {
        return false;
      }
    }
    return true;
  }

  private static boolean alphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  private static int bytes(String text) {
    return text.length() <= PART_MAX / 3
        ? text.length()
        : text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static String tooLong(int max) {
    return "must be no more than " + max + " bytes";
  }
}
