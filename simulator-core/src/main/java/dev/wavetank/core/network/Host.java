package dev.wavetank.core.network;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A node as the network sees it. */
final class Host {

  final String name;
  final Attachment attachment;

  /** Who answers at addresses that the node has beside its own. */
  final Map<IpAddress, Attachment> own = new LinkedHashMap<>(0);

  @Nullable DataPath dataPath;
  boolean up = true;

  Host(String name, IpAddress address, Listeners listeners, int lastPort) {
    this.name = name;
    this.attachment = new Attachment(address, this, listeners, lastPort);
  }

  /** Gives the node an address of the other family. */
  void secondary(IpAddress address, Listeners listeners, int lastPort) {
    attachment.other = new Attachment(address, this, listeners, lastPort);
  }

  /**
   * Gives the node one more address.
   *
   * @param listeners null to take the address away
   */
  void own(IpAddress address, @Nullable Listeners listeners) {
    if (listeners == null) {
      own.remove(address);
    } else {
      own.put(address, new Attachment(address, this, listeners, Attachment.NO_PORT));
    }
  }
}
