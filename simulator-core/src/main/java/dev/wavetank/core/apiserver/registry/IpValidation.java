package dev.wavetank.core.apiserver.registry;

import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.network.IpAddress;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Checks texts of addresses and networks.
 *
 * <p>Follows staging/src/k8s.io/apimachinery/pkg/util/validation/ip.go and
 * pkg/apis/core/validation/validation.go (v1.36).
 */
final class IpValidation {

  private static final Pattern LEADING_ZERO = Pattern.compile("(^|\\.)0+(?=[0-9])");

  private IpValidation() {}

  static @Nullable IpAddress parse(String text) {
    try {
      return IpAddress.parse(text);
    } catch (IllegalArgumentException none) {
      return null;
    }
  }

  /** An address that is written strictly. Returns whether it is one at all. */
  static boolean address(String text, String path, FieldErrors errors) {
    if (parse(text) != null) {
      if (text.indexOf(':') >= 0 && text.indexOf('.') >= 0 && text.contains("ffff:")) {
        errors.invalid(path, text, "must not be an IPv4-mapped IPv6 address");
        return false;
      }
      return true;
    }
    if (text.indexOf(':') < 0 && parse(withoutLeadingZeros(text)) != null) {
      errors.invalid(path, text, "must not have leading 0s");
      return false;
    }
    errors.invalid(path, text, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
    return false;
  }

  private static String withoutLeadingZeros(String text) {
    return LEADING_ZERO.matcher(text).replaceAll("$1");
  }

  /** The first address of a network, however sloppily it is written; null when it is none. */
  static @Nullable IpAddress firstAddress(String network) {
    int slash = network.indexOf('/');
    IpAddress address = slash < 0 ? null : parse(withoutLeadingZeros(network.substring(0, slash)));
    int bits = slash < 0 ? -1 : prefix(network.substring(slash + 1));
    return address == null || bits < 0 || bits > (address.isV6() ? 128 : 32)
        ? null
        : base(address, bits);
  }

  /** The prefix length of what {@link #firstAddress} takes. */
  static int prefixLength(String network) {
    return prefix(network.substring(network.indexOf('/') + 1));
  }

  /** A network such as {@code 10.9.8.0/24}. */
  static void network(String text, String path, FieldErrors errors) {
    int slash = text.indexOf('/');
    IpAddress address = slash < 0 ? null : parse(text.substring(0, slash));
    int bits = slash < 0 ? -1 : prefix(text.substring(slash + 1));
    if (address == null || bits < 0 || bits > (address.isV6() ? 128 : 32)) {
      errors.invalid(path, text, "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)");
      return;
    }
    if (!base(address, bits).equals(address)) {
      errors.invalid(path, text, "must not have bits set beyond the prefix length");
    }
  }

  private static int prefix(String text) {
    if (text.isEmpty() || text.length() > 3) {
      return -1;
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return -1;
      }
    }
    return Integer.parseInt(text);
  }

  private static IpAddress base(IpAddress address, int bits) {
    if (!address.isV6()) {
      return IpAddress.v4((int) (bits == 0 ? 0 : address.low() & (-1L << (32 - bits))));
    }
    long high = bits >= 64 ? address.high() : mask(address.high(), bits);
    long low = bits <= 64 ? 0 : mask(address.low(), bits - 64);
    return IpAddress.v6(high, low);
  }

  private static long mask(long half, int bits) {
    return bits == 0 ? 0 : bits == 64 ? half : half & (-1L << (64 - bits));
  }

  /** An address at which something in the cluster can be reached. */
  static void endpoint(String text, String path, FieldErrors errors) {
    IpAddress ip = parse(text);
    if (ip == null) {
      errors.invalid(path, text, "must be a valid IP address");
      return;
    }
    if (ip.high() == 0 && ip.low() == 0) {
      errors.invalid(path, text, "may not be unspecified (" + text + ")");
    }
    boolean loopback = ip.isV6() ? ip.high() == 0 && ip.low() == 1 : in(ip, "127.0.0.0", 8);
    if (loopback) {
      errors.invalid(path, text, "may not be in the loopback range (127.0.0.0/8, ::1/128)");
    }
    if (ip.isV6() ? in(ip, "fe80::", 10) : in(ip, "169.254.0.0", 16)) {
      errors.invalid(path, text, "may not be in the link-local range (169.254.0.0/16, fe80::/10)");
    }
    if (ip.isV6() ? in(ip, "ff02::", 16) : in(ip, "224.0.0.0", 24)) {
      errors.invalid(
          path, text, "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)");
    }
  }

  private static boolean in(IpAddress ip, String network, int bits) {
    return ip.in(IpAddress.parse(network), bits);
  }
}
