package dev.wavetank.proxy.ipvs;

import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The virtual servers of one node, in one family; immutable. */
public final class VirtualServers {

  private final ImmutableMap<VirtualServer.Key, VirtualServer> byKey;

  private VirtualServers(ImmutableMap<VirtualServer.Key, VirtualServer> byKey) {
    this.byKey = byKey;
  }

  /** These servers; of two with one address, protocol and port the last counts. */
  public static VirtualServers of(List<VirtualServer> servers) {
    ImmutableMap.Builder<VirtualServer.Key, VirtualServer> byKey = ImmutableMap.builder();
    servers.forEach(server -> byKey.put(server.key(), server));
    return new VirtualServers(byKey.buildKeepingLast());
  }

  /** The servers by key, in the order in which they were made. */
  public ImmutableMap<VirtualServer.Key, VirtualServer> byKey() {
    return byKey;
  }

  @Nullable VirtualServer get(VirtualServer.Key key) {
    return byKey.get(key);
  }

  /** The commands that {@code ipvsadm -Sn} prints. */
  public String save() {
    StringBuilder out = new StringBuilder();
    byKey.forEach(
        (key, server) -> {
          out.append("-A ").append(key.option());
          out.append(" -s ").append(server.scheduler().schedulerName());
          if (server.persistentSeconds() > 0) {
            out.append(" -p ").append(server.persistentSeconds());
          }
          out.append('\n');
          for (RealServer real : server.realServers()) {
            out.append("-a ").append(key.option()).append(" -r ").append(real);
            out.append(" -m -w ").append(real.weight()).append('\n');
          }
        });
    return out.toString();
  }

  /**
   * The table that {@code ipvsadm -Ln} prints.
   *
   * @param state counts the connections; null where nobody does
   */
  public String list(@Nullable IpvsState state) {
    StringBuilder out = new StringBuilder();
    out.append("IP Virtual Server version 1.2.1 (size=4096)\n");
    out.append("Prot LocalAddress:Port Scheduler Flags\n");
    out.append("  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n");
    for (Map.Entry<VirtualServer.Key, VirtualServer> entry : byKey.entrySet()) {
      VirtualServer server = entry.getValue();
      out.append(entry.getKey().listed()).append(' ');
      out.append(server.scheduler().schedulerName());
      if (server.persistentSeconds() > 0) {
        out.append(" persistent ").append(server.persistentSeconds());
      }
      out.append('\n');
      for (RealServer real : server.realServers()) {
        long connections = state == null ? 0 : state.connections(entry.getKey(), real);
        out.append(
            String.format(
                Locale.ROOT,
                "  -> %-28s %-7s %-6d %-10d %-10d\n",
                real,
                "Masq",
                real.weight(),
                connections,
                0));
      }
    }
    return out.toString();
  }

  @Override
  public String toString() {
    return save();
  }
}
