package dev.wavetank.scenarios.expect;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An Event that exists.
 *
 * @param reason empty for any
 * @param type {@code Normal} or {@code Warning}; empty for any
 * @param message a part of it; empty for any
 * @param about null for any object; a name that ends in {@code *} stands for all that begin so
 */
record EventSeen(String reason, String type, String message, @Nullable ObjectReference about)
    implements Expectation {

  static final ImmutableList<String> KEYS = ImmutableList.of("reason", "type", "message", "about");

  @Override
  public String words() {
    List<String> words = new ArrayList<>();
    for (String word : List.of(type, reason, message)) {
      if (!word.isEmpty()) {
        words.add(word);
      }
    }
    return "event \"" + String.join(" ", words) + "\"" + (about == null ? "" : " about " + about);
  }

  @Override
  public @Nullable String unmet(ExpectationContext context) {
    for (KubeObject event : context.cluster().api().list(ResourceType.EVENTS)) {
      KubeMap root = event.root();
      if ((reason.isEmpty() || reason.equals(root.get("reason")))
          && (type.isEmpty() || type.equals(root.get("type")))
          && root.string("message", "").contains(message)
          && isAbout(root.mapOrEmpty("involvedObject"), context.namespace())) {
        return null;
      }
    }
    return "no " + words();
  }

  private boolean isAbout(KubeMap involved, String defaultNamespace) {
    ObjectReference object = about;
    if (object == null) {
      return true;
    }
    ObjectKey key = object.key(defaultNamespace);
    String name = involved.string("name", "");
    boolean named =
        key.name().endsWith("*")
            ? name.startsWith(key.name().substring(0, key.name().length() - 1))
            : name.equals(key.name());
    return named
        && object.type().kind().equals(involved.get("kind"))
        && key.namespace().equals(involved.string("namespace", ""));
  }
}
