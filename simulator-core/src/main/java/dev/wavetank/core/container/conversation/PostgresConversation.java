package dev.wavetank.core.container.conversation;

import dev.wavetank.core.container.text.ByteText;

/**
 * What a PostgreSQL server shows to a client that does not speak its protocol: it says nothing
 * first, declines encryption, and leaves whoever begins in another way.
 */
public final class PostgresConversation implements Conversation {

  private static final String ENCRYPTION =
      ByteText.text(new byte[] {0, 0, 0, 8, 0x04, (byte) 0xD2, 0x16, 0x2F});

  private String heard = "";

  @Override
  public Reply receive(String piece) {
    heard += piece;
    if (heard.equals(ENCRYPTION)) {
      heard = "";
      return new Reply("N", false);
    }
    return ENCRYPTION.startsWith(heard) ? Reply.SILENCE : Reply.END;
  }
}
