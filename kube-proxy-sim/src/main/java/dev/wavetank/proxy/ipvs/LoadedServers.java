package dev.wavetank.proxy.ipvs;

import dev.wavetank.proxy.netfilter.Hook;
import dev.wavetank.proxy.netfilter.HookRules;
import dev.wavetank.proxy.netfilter.PacketBuffer;
import dev.wavetank.proxy.netfilter.RuleHit;
import dev.wavetank.proxy.netfilter.WalkResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Virtual servers in one node's kernel, beside the rules that its packets meet. */
public final class LoadedServers implements HookRules {

  private final HookRules rules;
  private final VirtualServers servers;
  private final IpvsState state;
  private long nowNanos;
  private @Nullable List<RuleHit> trail;

  public LoadedServers(HookRules rules, VirtualServers servers, IpvsState state) {
    this.rules = rules;
    this.servers = servers;
    this.state = state;
  }

  @Override
  public void begin(long newNowNanos, @Nullable List<RuleHit> newTrail) {
    nowNanos = newNowNanos;
    trail = newTrail;
    rules.begin(newNowNanos, newTrail);
  }

  @Override
  public WalkResult.Verdict ask(Hook hook, Stage stage, PacketBuffer packet) {
    return rules.ask(hook, stage, packet);
  }

  @Override
  public WalkResult.Verdict serve(Hook hook, PacketBuffer packet) {
    VirtualServer server =
        servers.get(
            new VirtualServer.Key(
                packet.protocol(), packet.destination(), packet.destinationPort()));
    if (server == null) {
      return WalkResult.Verdict.ACCEPTED;
    }
    RealServer chosen = state.choose(server, packet, nowNanos);
    List<RuleHit> wanted = trail;
    if (wanted != null) {
      String service = server.key().option() + " -s " + server.scheduler().schedulerName();
      wanted.add(
          new RuleHit(
              hook,
              Stage.TRANSLATION,
              "ipvs",
              server.key().toString(),
              chosen == null ? "-A " + service : "-a " + server.key().option() + " -r " + chosen,
              chosen == null
                  ? "is refused with port-unreachable: no real server"
                  : server.scheduler().schedulerName()
                      + " chooses: destination becomes "
                      + chosen));
    }
    if (chosen == null) {
      return WalkResult.Verdict.REJECTED;
    }
    packet.translate(chosen.address(), chosen.port());
    return WalkResult.Verdict.ACCEPTED;
  }
}
