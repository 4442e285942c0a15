package dev.wavetank.core.apiserver.http;

import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Writes whole objects as watch events; the newest one is kept, for many watches want it. */
final class WatchEncoder {

  private static final byte[] END = {'}', '\n'};

  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private String lastEvent = "";
  private @Nullable KubeObject lastObject;
  private @Nullable ResourceType lastType;
  private byte[] last = new byte[0];

  /** The event as a line of JSON, which must not be changed. */
  byte[] whole(String event, ResourceType type, KubeObject object) {
    if (object != lastObject || type != lastType || !event.equals(lastEvent)) {
      line.reset();
      line.writeBytes(("{\"type\":\"" + event + "\",\"object\":").getBytes(StandardCharsets.UTF_8));
      ObjectResponses.write(type, object, line);
      line.writeBytes(END);
      last = line.toByteArray();
      lastObject = object;
      lastType = type;
      lastEvent = event;
    }
    return last;
  }
}
