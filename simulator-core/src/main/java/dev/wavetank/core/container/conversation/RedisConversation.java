package dev.wavetank.core.container.conversation;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A client's commands to Redis, as words on a line or as arrays of RESP2, and their replies. */
public final class RedisConversation implements Conversation {

  /** Characters of a command that is not complete, and of the replies to one piece. */
  static final int WAITING_MAX = 1 << 20;

  private static final int WORDS_MAX = 10_000;

  private final RedisDatabase database;
  private String unread = "";
  private int at;

  /** A new connection to a server that has stored this. */
  public RedisConversation(RedisDatabase database) {
    this.database = database;
  }

  @Override
  public Reply receive(String piece) {
    unread = unread.substring(at) + piece;
    at = 0;
    StringBuilder replies = new StringBuilder();
    while (replies.length() <= WAITING_MAX) {
      int start = at;
      List<String> words = new ArrayList<>();
      String error = command(words);
      if (!error.isEmpty()) {
        return new Reply(replies + "-ERR Protocol error: " + error + "\r\n", true);
      }
      if (at == start) {
        return new Reply(replies.toString(), unread.length() - at > WAITING_MAX);
      }
      if (!words.isEmpty() && forgedByBrowser(words.get(0))) {
        return Reply.END;
      }
      if (!words.isEmpty()) {
        replies.append(database.run(words));
        if (words.get(0).equalsIgnoreCase("quit")) {
          return new Reply(replies.toString(), true);
        }
      }
    }
    return new Reply(replies.toString(), true);
  }

  /** A browser was made to send this: Redis leaves at once, and keeps replies back. */
  private static boolean forgedByBrowser(String word) {
    return word.equalsIgnoreCase("POST") || word.equalsIgnoreCase("Host:");
  }

  /** Reads a command as far as it is complete; an error of the protocol, mostly empty. */
  private String command(List<String> words) {
    String line = line(at);
    if (line == null) {
      return "";
    }
    if (!line.startsWith("*")) {
      at = unread.indexOf('\n', at) + 1;
      for (String word : line.trim().split("\\s+")) {
        if (!word.isEmpty()) {
          words.add(unquoted(word));
        }
      }
      return "";
    }
    if (!line.matches("\\*-?\\d{1,9}") || Integer.parseInt(line.substring(1)) > WORDS_MAX) {
      return "invalid multibulk length";
    }
    int next = unread.indexOf('\n', at) + 1;
    for (int left = Integer.parseInt(line.substring(1)); left > 0; left--) {
      String length = line(next);
      if (length == null) {
        words.clear();
        return "";
      }
      if (!length.startsWith("$")) {
        return "expected '$', got '" + (length.isEmpty() ? "" : length.charAt(0)) + "'";
      }
      if (!length.matches("\\$\\d{1,9}") || Integer.parseInt(length.substring(1)) > WAITING_MAX) {
        return "invalid bulk length";
      }
      int from = unread.indexOf('\n', next) + 1;
      int to = RedisDatabase.end(unread, from, Integer.parseInt(length.substring(1)));
      if (to < 0 || to + 2 > unread.length()) {
        words.clear();
        return "";
      }
      words.add(unread.substring(from, to));
      next = to + 2;
    }
    at = next;
    return "";
  }

  private @Nullable String line(int from) {
    int end = unread.indexOf('\n', from);
    if (end < 0) {
      return null;
    }
    boolean returns = end > from && unread.charAt(end - 1) == '\r';
    return unread.substring(from, returns ? end - 1 : end);
  }

  private static String unquoted(String word) {
    boolean quoted = word.length() > 1 && word.startsWith("\"") && word.endsWith("\"");
    return quoted ? word.substring(1, word.length() - 1) : word;
  }
}
