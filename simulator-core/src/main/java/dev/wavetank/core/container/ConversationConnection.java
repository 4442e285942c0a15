package dev.wavetank.core.container;

import dev.wavetank.core.container.conversation.Conversation;
import dev.wavetank.core.container.text.ByteText;
import org.jspecify.annotations.Nullable;

/** A connection on which a server speaks by its {@link Conversation}. */
public final class ConversationConnection implements ServerConnection {

  private final Conversation conversation;
  private final int port;
  private @Nullable Client client;

  private ConversationConnection(Conversation conversation, int port, Client client) {
    this.conversation = conversation;
    this.port = port;
    this.client = client;
  }

  /** A new connection to that port, whose client hears the greeting before this returns. */
  public static ServerConnection begin(Conversation conversation, int port, Client client) {
    ConversationConnection made = new ConversationConnection(conversation, port, client);
    made.say(conversation.greeting());
    return made;
  }

  private void say(String text) {
    Client hears = client;
    if (hears != null && !text.isEmpty()) {
      hears.write(ByteText.bytes(text));
    }
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public boolean working() {
    return false;
  }

  @Override
  public void receive(byte[] piece) {
    if (client == null) {
      return;
    }
    Conversation.Reply reply = conversation.receive(ByteText.text(piece));
    say(reply.text());
    if (reply.ends()) {
      reset();
    }
  }

  @Override
  public void receiveEnd() {
    if (client != null) {
      say(conversation.end());
      reset();
    }
  }

  @Override
  public void reset() {
    Client hears = client;
    stop();
    if (hears != null) {
      hears.end();
    }
  }

  @Override
  public void stop() {
    client = null;
  }
}
