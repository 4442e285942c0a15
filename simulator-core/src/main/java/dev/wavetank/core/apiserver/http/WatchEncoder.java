package dev.wavetank.core.apiserver.http;

import dev.wavetank.core.api.JsonParts;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes whole objects as watch events. The newest one is kept, for many watches want it, and the
 * last one of each object, for the next has most of it in common; of the latter those that were
 * written longest ago are forgotten above {@link #KEPT_BYTES_MAX}.
 */
final class WatchEncoder {

  /** Bound on what is kept of objects. */
  static final int KEPT_BYTES_MAX = 8 << 20;

  private static final byte[] END = {'}', '\n'};

  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final Map<ObjectKey, JsonParts> kept = new LinkedHashMap<>(16, 0.75f, true);
  private int keptBytes;
  private String lastEvent = "";
  private @Nullable KubeObject lastObject;
  private @Nullable ResourceType lastType;
  private byte[] last = new byte[0];

  /** The event as a line of JSON, which must not be changed. */
  byte[] whole(String event, ResourceType type, KubeObject object) {
    if (object != lastObject || type != lastType || !event.equals(lastEvent)) {
      last = write(event, type, object);
      lastObject = object;
      lastType = type;
      lastEvent = event;
    }
    return last;
  }

  private byte[] write(String event, ResourceType type, KubeObject object) {
    ObjectKey key = ObjectKey.of(type, object.namespace(), object.name());
    JsonParts before = kept.getOrDefault(key, JsonParts.NONE);
    line.reset();
    line.writeBytes(("{\"type\":\"" + event + "\",\"object\":").getBytes(StandardCharsets.UTF_8));
    JsonParts after = ObjectResponses.write(type, object, line, before);
    line.writeBytes(END);
    byte[] text = line.toByteArray();
    if (event.equals("DELETED") || after == JsonParts.NONE) {
      kept.remove(key);
      keptBytes -= before.bytes();
    } else {
      after.in(text);
      kept.put(key, after);
      keptBytes += after.bytes() - before.bytes();
      forgetEldest();
    }
    return text;
  }

  /** How many bytes are kept of objects. */
  int keptBytes() {
    return keptBytes;
  }

  private void forgetEldest() {
    Iterator<JsonParts> eldest = kept.values().iterator();
    while (keptBytes > KEPT_BYTES_MAX) {
      keptBytes -= eldest.next().bytes();
      eldest.remove();
    }
  }
}
