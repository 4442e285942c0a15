package dev.wavetank.core.apiserver.http;

import dev.wavetank.core.api.Json;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Writes whole objects as watch events; the newest one is kept, for many watches want it. */
final class WatchEncoder {

  private String lastEvent = "";
  private @Nullable KubeObject lastObject;
  private @Nullable ResourceType lastType;
  private byte[] last = new byte[0];

  /** The event as a line of JSON, which must not be changed. */
  byte[] whole(String event, ResourceType type, KubeObject object) {
    if (object != lastObject || type != lastType || !event.equals(lastEvent)) {
      String json = Json.write(ObjectResponses.ordered(type, object));
      String line = "{\"type\":\"" + event + "\",\"object\":" + json + "}\n";
      last = line.getBytes(StandardCharsets.UTF_8);
      lastObject = object;
      lastType = type;
      lastEvent = event;
    }
    return last;
  }
}
