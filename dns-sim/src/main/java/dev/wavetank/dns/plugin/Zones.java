package dev.wavetank.dns.plugin;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;

/**
 * A list of zones; the longest one that a name lies in counts.
 *
 * <p>Follows plugin/normalize.go (CoreDNS v1.14).
 */
public record Zones(ImmutableList<Name> names) {
  /** No zone: matches no name. */
  public static final Zones NONE = new Zones(ImmutableList.of());

  /** The root zone: matches every name. */
  public static final Zones ROOT = new Zones(ImmutableList.of(Name.root));

  /** The longest zone that this name lies in, or null. */
  public @Nullable Name matching(Name name) {
    Name best = null;
    for (Name zone : names) {
      if (name.subdomain(zone) && (best == null || zone.labels() > best.labels())) {
        best = zone;
      }
    }
    return best;
  }

  /** Whether this name lies in one of the zones. */
  public boolean contain(Name name) {
    return matching(name) != null;
  }
}
