package dev.wavetank.core.apiserver.http;

import dev.wavetank.core.api.JsonBuffer;
import dev.wavetank.core.api.JsonTexts;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.Commit;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Writes whole objects as watch events. The newest one is kept, for many watches want it, and the
 * texts of parts that states and objects share.
 */
final class WatchEncoder {

  private static final byte[] TYPE = "{\"type\":\"".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] OBJECT = "\",\"object\":".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] END = {'}', '\n'};

  private final JsonBuffer line = new JsonBuffer();
  private final JsonTexts texts = new JsonTexts();
  private String lastEvent = "";
  private @Nullable KubeObject lastObject;
  private @Nullable ResourceType lastType;
  private byte[] last = new byte[0];
  private @Nullable Commit lastRemoval;
  private @Nullable KubeObject lastRemoved;

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

  /**
   * What an event tells of an object that is gone, or no longer selected: the state before, at the
   * revision of the commit. The same tree for all who hear of the commit.
   */
  KubeObject removed(Commit commit, KubeObject before) {
    KubeObject removed = lastRemoved;
    if (removed == null || commit != lastRemoval) {
      String version = Long.toString(commit.revision());
      removed = before.withMetadata(before.metadata().with("resourceVersion", version));
      lastRemoved = removed;
      lastRemoval = commit;
    }
    return removed;
  }

  private byte[] write(String event, ResourceType type, KubeObject object) {
    line.clear();
    line.raw(TYPE);
    line.raw(event.getBytes(StandardCharsets.US_ASCII));
    line.raw(OBJECT);
    ObjectResponses.write(type, object, line, texts);
    line.raw(END);
    return line.toByteArray();
  }

  /** How many bytes the texts of parts have. */
  int keptBytes() {
    return texts.bytes();
  }
}
