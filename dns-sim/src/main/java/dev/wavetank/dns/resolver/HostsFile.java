package dev.wavetank.dns.resolver;

import com.google.common.base.Ascii;
import com.google.common.base.CharMatcher;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import dev.wavetank.dns.plugin.DnsNames;
import java.net.InetAddress;
import java.util.List;

/** The file {@code /etc/hosts} as a resolver reads it: before it asks any server. */
public final class HostsFile {
  public static final HostsFile EMPTY = new HostsFile(ImmutableList.of());

  private static final Splitter FIELDS = Splitter.on(CharMatcher.anyOf(" \t\r")).omitEmptyStrings();

  private record Line(InetAddress address, ImmutableList<String> names) {}

  private final ImmutableList<Line> lines;

  private HostsFile(ImmutableList<Line> lines) {
    this.lines = lines;
  }

  /** Reads the file; lines without an address are skipped, as every resolver does. */
  public static HostsFile parse(String text) {
    ImmutableList.Builder<Line> lines = ImmutableList.builder();
    for (String line : Splitter.on('\n').split(text)) {
      int comment = line.indexOf('#');
      List<String> fields = FIELDS.splitToList(comment < 0 ? line : line.substring(0, comment));
      InetAddress address = fields.isEmpty() ? null : DnsNames.address(fields.get(0));
      if (address != null) {
        ImmutableList.Builder<String> names = ImmutableList.builder();
        for (String name : fields.subList(1, fields.size())) {
          names.add(Ascii.toLowerCase(name));
        }
        lines.add(new Line(address, names.build()));
      }
    }
    return new HostsFile(lines.build());
  }

  /** The addresses of a name, in the order of the file. */
  public ImmutableList<InetAddress> addresses(String name) {
    String wanted =
        Ascii.toLowerCase(name.endsWith(".") ? name.substring(0, name.length() - 1) : name);
    ImmutableList.Builder<InetAddress> found = ImmutableList.builder();
    for (Line line : lines) {
      if (line.names().contains(wanted)) {
        found.add(line.address());
      }
    }
    return found.build();
  }
}
