package dev.wavetank.dns.plugin;

import dev.wavetank.core.sim.SimulationBug;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/** Records as values. */
public final class DnsRecords {
  /** Type and class stand between the name and the time to live. */
  private static final int TYPE_AND_CLASS_BYTES = 4;

  private DnsRecords() {}

  /** The record with another time to live. */
  public static Record withTtl(Record record, long ttlSeconds) {
    if (record instanceof ARecord a) {
      return new ARecord(a.getName(), a.getDClass(), ttlSeconds, a.getAddress());
    }
    if (record instanceof AAAARecord aaaa) {
      return new AAAARecord(aaaa.getName(), aaaa.getDClass(), ttlSeconds, aaaa.getAddress());
    }
    byte[] wire = record.toWire(Section.ANSWER);
    ByteBuffer.wrap(wire)
        .putInt(record.getName().length() + TYPE_AND_CLASS_BYTES, (int) ttlSeconds);
    try {
      return Record.fromWire(wire, Section.ANSWER);
    } catch (IOException e) {
      throw new SimulationBug("a record does not read what it wrote: " + record);
    }
  }
}
