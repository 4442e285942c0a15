package dev.wavetank.core.network;

import org.jspecify.annotations.Nullable;

/** A node as the network sees it. */
final class Host {

  final String name;
  final Attachment attachment;
  @Nullable DataPath dataPath;
  boolean up = true;

  Host(String name, IpAddress address, Listeners listeners, int lastPort) {
    this.name = name;
    this.attachment = new Attachment(address, this, listeners, lastPort);
  }
}
