package dev.wavetank.core.ingress;

import dev.wavetank.core.httpproxy.Backend;
import dev.wavetank.core.httpproxy.PathPattern;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * One path of a host and what is done with its requests.
 *
 * @param backend null when the rule names none that can be used
 * @param canary takes some of the requests; null for none
 * @param rewriteTarget the path that the backend sees; empty: the client's
 * @param order of the rule among all, oldest first
 */
record Location(
    HostPattern host,
    PathPattern path,
    @Nullable Backend backend,
    @Nullable Canary canary,
    boolean redirectsToTls,
    String rewriteTarget,
    int order) {

  /**
   * Which of several locations of a host is asked first: exact ones, then the longest; of equal
   * ones that of the older rule.
   */
  static final Comparator<Location> PRECEDENCE =
      Comparator.comparing((Location location) -> location.path.kind() != PathPattern.Kind.EXACT)
          .thenComparing(location -> -location.path.text().length())
          .thenComparing(Location::order);

  Location withCanary(Canary taken) {
    return new Location(host, path, backend, taken, redirectsToTls, rewriteTarget, order);
  }

  /** The path and query that the backend sees. */
  String pathForBackend(String asked) {
    int query = asked.indexOf('?');
    String plain = query < 0 ? asked : asked.substring(0, query);
    return rewriteTarget.isEmpty()
        ? asked
        : path.rewritten(plain, rewriteTarget) + (query < 0 ? "" : asked.substring(query));
  }
}
