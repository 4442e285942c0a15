package dev.wavetank.core.apiserver.apiextensions.schema;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.io.BaseEncoding;
import com.google.common.net.InetAddresses;
import com.google.common.primitives.Ints;
import com.google.re2j.Pattern;
import dev.wavetank.core.api.GoDurations;
import dev.wavetank.core.api.Timestamps;
import dev.wavetank.core.apiserver.Formats;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.LocalDate;

/**
 * The formats that a schema may demand of a string. One that is not known demands nothing; numbers
 * of books are not checked.
 *
 * <p>Follows staging/src/k8s.io/apiextensions-apiserver/pkg/apiserver/validation/formats.go and the
 * vendored k8s.io/kube-openapi/pkg/validation/strfmt (v1.36).
 */
public final class StringFormats {

  private static final String HEX = "[0-9a-fA-F]";

  private static final ImmutableSet<String> UNCHECKED =
      ImmutableSet.of("password", "isbn", "isbn10", "isbn13", "creditcard");

  private static final ImmutableMap<String, Pattern> PATTERNS =
      ImmutableMap.<String, Pattern>builder()
          .put("bsonobjectid", whole(HEX + "{24}"))
          .put("email", whole("[^@\\s]+@[^@\\s]+"))
          .put("mac", whole(HEX + "{2}([:-]" + HEX + "{2}){5,7}"))
          .put(
              "uuid",
              whole(HEX + "{8}-?" + HEX + "{4}-?" + HEX + "{4}-?" + HEX + "{4}-?" + HEX + "{12}"))
          .put("uuid3", uuid("3", HEX))
          .put("uuid4", uuid("4", "[89abAB]"))
          .put("uuid5", uuid("5", "[89abAB]"))
          .put("ssn", whole("\\d{3}[- ]?\\d{2}[- ]?\\d{4}"))
          .put("hexcolor", whole("#?(" + HEX + "{3}|" + HEX + "{6})"))
          .put("rgbcolor", whole("rgb\\(\\s*\\d{1,3}\\s*,\\s*\\d{1,3}\\s*,\\s*\\d{1,3}\\s*\\)"))
          .buildOrThrow();

  private static final ImmutableSet<String> COMPUTED =
      ImmutableSet.of(
          "uri",
          "hostname",
          "ipv4",
          "ipv6",
          "cidr",
          "byte",
          "date",
          "duration",
          "datetime",
          "k8sshortname",
          "k8slongname");

  private StringFormats() {}

  private static Pattern whole(String pattern) {
    return Pattern.compile("^" + pattern + "$");
  }

  private static Pattern uuid(String version, String variant) {
    return whole(
        HEX + "{8}-?" + HEX + "{4}-?" + version + HEX + "{3}-?" + variant + HEX + "{3}-?" + HEX
            + "{12}");
  }

  private static String normalized(String format) {
    return format.replace("-", "");
  }

  /** Whether a format means something for values of that type. */
  public static boolean isKnown(String type, String format) {
    String name = normalized(format);
    return switch (type) {
      case "", "string" ->
          UNCHECKED.contains(name) || PATTERNS.containsKey(name) || COMPUTED.contains(name);
      case "integer" -> format.equals("int32") || format.equals("int64");
      case "number" -> format.equals("float") || format.equals("double");
      default -> false;
    };
  }

  static boolean applies(String type, String format) {
    return !format.isEmpty() && (type.isEmpty() || type.equals("string")) && isKnown(type, format);
  }

  /** Whether a text has a format. */
  static boolean fits(String format, String text) {
    String name = normalized(format);
    Pattern pattern = PATTERNS.get(name);
    if (pattern != null) {
      return pattern.matches(text);
    }
    return switch (name) {
      case "uri" -> isUri(text);
      case "hostname" ->
          text.length() <= 255 && Formats.dnsSubdomain(Ascii.toLowerCase(text)).isEmpty();
      case "ipv4" -> InetAddresses.isInetAddress(text) && text.indexOf(':') < 0;
      case "ipv6" -> InetAddresses.isInetAddress(text) && text.indexOf(':') >= 0;
      case "cidr" -> isCidr(text);
      case "byte" -> text.length() % 4 == 0 && BaseEncoding.base64().canDecode(text);
      case "date" -> isDate(text);
      case "duration" -> isDuration(text);
      case "datetime" -> Timestamps.parse(text) != null;
      case "k8sshortname" -> Formats.dnsLabel(text).isEmpty();
      case "k8slongname" -> Formats.dnsSubdomain(text).isEmpty();
      default -> true;
    };
  }

  private static boolean isUri(String text) {
    try {
      URI uri = new URI(text);
      return uri.isAbsolute() || text.startsWith("/");
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static boolean isCidr(String text) {
    int slash = text.indexOf('/');
    if (slash < 0 || !InetAddresses.isInetAddress(text.substring(0, slash))) {
      return false;
    }
    Integer bits = Ints.tryParse(text.substring(slash + 1));
    return bits != null && bits >= 0 && bits <= (text.indexOf(':') < 0 ? 32 : 128);
  }

  private static boolean isDuration(String text) {
    try {
      GoDurations.parseNanos(text);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean isDate(String text) {
    try {
      return text.length() == 10 && LocalDate.parse(text).getYear() >= 0;
    } catch (DateTimeException e) {
      return false;
    }
  }
}
