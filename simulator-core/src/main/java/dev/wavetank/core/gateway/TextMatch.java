package dev.wavetank.core.gateway;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the value of a header or a query parameter has to be.
 *
 * <p>Follows apis/v1/httproute_types.go of gateway-api, {@code HTTPHeaderMatch} and {@code
 * HTTPQueryParamMatch}: of several with one name the first holds.
 *
 * @param regex for all of the value; null when it is compared letter by letter
 */
record TextMatch(String name, String value, @Nullable Pattern regex) {

  /** The headers of a match; their names in lower case. */
  static ImmutableList<TextMatch> headers(KubeList matches) {
    return all(matches, true);
  }

  static ImmutableList<TextMatch> parameters(KubeList matches) {
    return all(matches, false);
  }

  private static ImmutableList<TextMatch> all(KubeList matches, boolean lowerCase) {
    Map<String, TextMatch> byName = new LinkedHashMap<>();
    for (KubeMap match : matches.maps()) {
      String said = match.string("name", "");
      String name = lowerCase ? Ascii.toLowerCase(said) : said;
      byName.putIfAbsent(name, of(name, match));
    }
    return ImmutableList.copyOf(byName.values());
  }

  private static TextMatch of(String name, KubeMap match) {
    String value = match.string("value", "");
    boolean isRegex = match.string("type", "Exact").equals("RegularExpression");
    return new TextMatch(name, value, isRegex ? compiled(value) : null);
  }

  /** A pattern that is none is compared with as it is, so that it matches next to nothing. */
  private static @Nullable Pattern compiled(String regex) {
    try {
      return Pattern.compile(regex);
    } catch (PatternSyntaxException e) {
      return null;
    }
  }

  /**
   * Whether the values of a request are as wanted.
   *
   * @param values by name
   */
  boolean matches(Map<String, String> values) {
    String found = values.get(name);
    if (found == null) {
      return false;
    }
    return regex == null ? found.equals(value) : regex.matches(found);
  }
}
