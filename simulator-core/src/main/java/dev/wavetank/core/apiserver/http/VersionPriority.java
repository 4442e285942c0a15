package dev.wavetank.core.apiserver.http;

import com.google.common.primitives.Ints;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The order of a group's versions: {@code v2}, {@code v1}, {@code v1beta2}, {@code v1beta1}, {@code
 * v1alpha1}, and behind them, by name, those that are no such versions.
 *
 * <p>Follows staging/src/k8s.io/apimachinery/pkg/version/helpers.go (v1.36).
 */
final class VersionPriority {

  static final Comparator<String> NEWEST_FIRST = VersionPriority::compare;

  private static final Pattern FORM =
      Pattern.compile("v([1-9][0-9]*)(?:(alpha|beta)([1-9][0-9]*))?");

  private VersionPriority() {}

  private static int compare(String left, String right) {
    Matcher a = FORM.matcher(left);
    Matcher b = FORM.matcher(right);
    boolean knownA = a.matches();
    boolean knownB = b.matches();
    if (!knownA || !knownB) {
      return knownA == knownB ? left.compareTo(right) : knownA ? -1 : 1;
    }
    int byStability = Integer.compare(stability(b.group(2)), stability(a.group(2)));
    if (byStability != 0) {
      return byStability;
    }
    int byMajor = Integer.compare(number(b.group(1)), number(a.group(1)));
    return byMajor != 0 ? byMajor : Integer.compare(number(b.group(3)), number(a.group(3)));
  }

  private static int stability(@Nullable String word) {
    return word == null ? 2 : word.equals("beta") ? 1 : 0;
  }

  private static int number(@Nullable String digits) {
    Integer value = digits == null ? null : Ints.tryParse(digits);
    return value == null ? 0 : value;
  }
}
