package dev.wavetank.scenarios.fault;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.sim.ChoiceStream;
import dev.wavetank.dns.AnswerFault;
import dev.wavetank.scenarios.cluster.Cluster;
import java.util.Optional;
import org.xbill.DNS.Name;

/**
 * The name servers fail some pods, or lie to them: DNSChaos.
 *
 * @param random answers are made-up addresses; otherwise the server fails
 * @param patterns of names, with {@code ?} for a character and {@code *} at the end; none means all
 * @param forNanos how long; 0 for the rest of the run
 */
record DnsFault(
    String name,
    String namespace,
    boolean random,
    ChaosSelector selector,
    ImmutableList<String> patterns,
    long forNanos)
    implements Fault {

  @Override
  public String words() {
    return name + ": name servers " + (random ? "make up addresses" : "fail");
  }

  @Override
  public Optional<String> inject(Cluster cluster, String defaultNamespace) {
    String where = namespace.isEmpty() ? defaultNamespace : namespace;
    AddressSet clients = NetworkSide.addressesOf(selector.in(cluster, where));
    ChoiceStream choices = random ? cluster.simulation().choices().stream("fault/dns") : null;
    AnswerFault fault = new AnswerFault(clients::contains, this::concerns, choices);
    cluster.simulation().act("fault/dns", words(), () -> cluster.dns().add(fault));
    if (forNanos > 0) {
      cluster
          .simulation()
          .after(forNanos, "fault/dns-over", words(), () -> cluster.dns().remove(fault));
    }
    return Optional.empty();
  }

  private boolean concerns(Name asked) {
    String text = asked.toString(/* omitFinalDot= */ true);
    return patterns.isEmpty() || patterns.stream().anyMatch(pattern -> matches(pattern, text));
  }

  static boolean matches(String pattern, String text) {
    boolean open = pattern.endsWith("*");
    int length = open ? pattern.length() - 1 : pattern.length();
    if (open ? text.length() < length : text.length() != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      char wanted = pattern.charAt(i);
      if (wanted != '?' && Character.toLowerCase(wanted) != Character.toLowerCase(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }
}
