package dev.wavetank.core.container.conversation;

import dev.wavetank.core.container.text.ByteText;

/**
 * What a MySQL server shows to a client that does not speak its protocol: the packet with which it
 * greets, then that the client's packets make no sense.
 */
public final class MysqlConversation implements Conversation {

  private static final String VERSION = "8.0.36";

  /** Connection number, random bytes, capabilities and plugin; the random bytes are fixed. */
  private static final byte[] GREETING = {
    0x08,
    0,
    0,
    0,
    'w',
    'a',
    'v',
    'e',
    't',
    'a',
    'n',
    'k',
    0,
    (byte) 0xFF,
    (byte) 0xFF,
    (byte) 0xFF,
    0x02,
    0,
    (byte) 0xFF,
    (byte) 0xDF,
    21,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    'S',
    'i',
    'm',
    'u',
    'l',
    'a',
    't',
    'e',
    'd',
    'S',
    'a',
    'l',
    0
  };

  private static final String PLUGIN = "caching_sha2_password\0";
  private static final String ERROR = "#08S01Got packets out of order";

  @Override
  public String greeting() {
    return packet(0, "\n" + VERSION + "\0" + ByteText.text(GREETING) + PLUGIN);
  }

  @Override
  public Reply receive(String piece) {
    byte[] code = {(byte) 0xFF, (byte) 0x84, 0x04};
    return new Reply(packet(1, ByteText.text(code) + ERROR), true);
  }

  private static String packet(int number, String content) {
    byte[] head = {(byte) ByteText.bytes(content).length, 0, 0, (byte) number};
    return ByteText.text(head) + content;
  }
}
