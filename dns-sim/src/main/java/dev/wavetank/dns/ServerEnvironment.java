package dev.wavetank.dns;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.sim.ChoiceStream;
import dev.wavetank.core.sim.Choices;
import dev.wavetank.dns.plugin.Query;
import dev.wavetank.dns.plugin.Reply;
import dev.wavetank.dns.plugin.Upstream;
import dev.wavetank.dns.plugin.kubernetes.DnsController;
import java.time.Instant;
import java.util.function.Function;

/**
 * What a DNS server finds around itself.
 *
 * @param server its name in choices, such as the pod's
 * @param localIps its own addresses, in their shortest text
 * @param resolvConfNameservers the servers in the {@code /etc/resolv.conf} of its node
 * @param start the instant of virtual time zero
 * @param entry asks the whole server again
 */
record ServerEnvironment(
    String server,
    Choices choices,
    DnsController controller,
    ImmutableList<String> localIps,
    ImmutableList<String> resolvConfNameservers,
    Upstream upstream,
    Instant start,
    Function<Query, Reply> entry) {

  ChoiceStream choices(String plugin) {
    return choices.stream("dns/" + server + "/" + plugin);
  }
}
