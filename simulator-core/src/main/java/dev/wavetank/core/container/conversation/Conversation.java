package dev.wavetank.core.container.conversation;

import dev.wavetank.core.container.text.ByteText;

/**
 * What a server says on one connection that carries no HTTP. Texts are bytes in the form of {@link
 * ByteText}.
 */
public interface Conversation {

  /**
   * What the server says next.
   *
   * @param text empty for nothing
   * @param ends whether it ends the connection after that
   */
  record Reply(String text, boolean ends) {
    public static final Reply SILENCE = new Reply("", false);
    public static final Reply END = new Reply("", true);
  }

  /** What the server says before the client does; empty for nothing. */
  default String greeting() {
    return "";
  }

  /** Takes what the client says, cut anywhere. */
  Reply receive(String piece);

  /** Takes that the client says no more; the connection ends after the reply. */
  default String end() {
    return "";
  }
}
