package dev.wavetank.dns.resolver;

import com.google.common.collect.ImmutableList;
import dev.wavetank.dns.plugin.DnsNames;
import org.xbill.DNS.Name;

/**
 * The names that a resolver tries for the name that it was given.
 *
 * <p>Follows resolv/res_query.c (glibc 2.36), whose order dig shares.
 */
public final class SearchList {
  private SearchList() {}

  /**
   * Absolute names in the order in which they are tried; names that cannot be are left out.
   *
   * @param name as typed; a final dot means that it is complete
   */
  public static ImmutableList<Name> names(String name, ResolvConf conf) {
    ImmutableList.Builder<Name> names = ImmutableList.builder();
    Name asIs = DnsNames.absolute(name);
    if (asIs == null) {
      return ImmutableList.of();
    }
    if (name.endsWith(".")) {
      return ImmutableList.of(asIs);
    }
    boolean first = dots(name) >= conf.ndots();
    boolean tried = first;
    if (first) {
      names.add(asIs);
    }
    for (String domain : conf.searches()) {
      boolean root = domain.equals(".") || domain.isEmpty();
      tried |= root;
      Name below = DnsNames.absolute(root ? name : name + "." + domain);
      if (below != null) {
        names.add(below);
      }
    }
    if (!tried) {
      names.add(asIs);
    }
    return names.build();
  }

  private static int dots(String name) {
    int dots = 0;
    for (int i = 0; i < name.length(); i++) {
      dots += name.charAt(i) == '.' ? 1 : 0;
    }
    return dots;
  }
}
