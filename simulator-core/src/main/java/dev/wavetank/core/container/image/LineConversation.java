package dev.wavetank.core.container.image;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.container.Container;
import dev.wavetank.core.container.conversation.Conversation;
import dev.wavetank.core.container.http.HttpRequest;

/** A server that answers each line, as an image personality says. */
final class LineConversation implements Conversation {

  /** Characters of a line that is not complete; a client that sends more is left. */
  static final int LINE_MAX = 1 << 16;

  /** Characters that it says at a time; it leaves a client that asks for more. */
  static final int REPLY_MAX = 1 << 20;

  /**
   * The answer to some lines.
   *
   * @param line exact, or with a {@code *} at its end; without regard to case
   * @param answer a template
   * @param ends whether the connection ends after it
   */
  record Line(String line, String answer, boolean ends) {
    boolean fits(String said) {
      int star = line.length() - 1;
      return line.endsWith("*")
          ? said.regionMatches(true, 0, line, 0, star)
          : said.equalsIgnoreCase(line);
    }
  }

  private final Container container;
  private final String greeting;
  private final ImmutableList<Line> lines;
  private final StringBuilder unfinished = new StringBuilder();

  LineConversation(Container container, String greeting, ImmutableList<Line> lines) {
    this.container = container;
    this.greeting = greeting;
    this.lines = lines;
  }

  @Override
  public String greeting() {
    return filled(greeting, "");
  }

  private String filled(String template, String said) {
    return AnswerTemplate.filled(template, container, HttpRequest.datagram(said, ""));
  }

  @Override
  public Reply receive(String piece) {
    unfinished.append(piece);
    StringBuilder text = new StringBuilder();
    int start = 0;
    for (int end = unfinished.indexOf("\n"); end >= 0; end = unfinished.indexOf("\n", start)) {
      boolean returns = end > start && unfinished.charAt(end - 1) == '\r';
      boolean ends = answer(unfinished.substring(start, returns ? end - 1 : end), text);
      start = end + 1;
      if (ends || text.length() > REPLY_MAX) {
        return new Reply(text.toString(), true);
      }
    }
    unfinished.delete(0, start);
    return new Reply(text.toString(), unfinished.length() > LINE_MAX);
  }

  @Override
  public String end() {
    StringBuilder text = new StringBuilder();
    if (unfinished.length() > 0) {
      answer(unfinished.toString(), text);
    }
    return text.toString();
  }

  /** Appends the answer of the first line that fits; whether the connection ends. */
  private boolean answer(String said, StringBuilder text) {
    for (Line line : lines) {
      if (line.fits(said)) {
        text.append(filled(line.answer(), said));
        return line.ends();
      }
    }
    return false;
  }
}
