package dev.wavetank.dns.resolver;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.network.Protocol;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Message;

/**
 * One program's conversation with name servers, without the network in between.
 *
 * <p>Its owner calls {@link #ask()}, sends what it says, spends the virtual time, calls exactly one
 * of {@link #answered}, {@link #timedOut(ImmutableList)} and {@link #refused}, and begins again
 * until {@link #ask()} is null.
 */
public interface Lookup {
  /** How the questions of one ask follow each other, as options of the resolver file say. */
  enum Pace {
    /** All in the same moment. */
    TOGETHER,
    /** Each when the one before it is answered: {@code single-request}. */
    SINGLE,
    /** The same, each from a socket of its own: {@code single-request-reopen}. */
    REOPENED
  }

  /**
   * What to send now.
   *
   * @param server an address
   * @param questions one packet each
   * @param timeoutNanos after which it is too late for an answer to any of them
   */
  record Ask(
      String server,
      int port,
      Protocol transport,
      ImmutableList<Message> questions,
      Pace pace,
      long timeoutNanos) {

    /** Questions that are sent together. */
    Ask(
        String server,
        int port,
        Protocol transport,
        ImmutableList<Message> questions,
        long timeoutNanos) {
      this(server, port, transport, questions, Pace.TOGETHER, timeoutNanos);
    }
  }

  /**
   * An answer.
   *
   * @param sizeBytes on the wire
   * @param tookNanos from question to answer
   */
  record Answer(Message message, int sizeBytes, long tookNanos) {}

  /** What to send now; null when it is over. */
  @Nullable Ask ask();

  /** Answers to all questions of the last ask, in their order. */
  void answered(ImmutableList<Answer> answers);

  /**
   * Some question of the last ask got no answer in time.
   *
   * @param answers those to other questions of it
   */
  default void timedOut(ImmutableList<Answer> answers) {
    timedOut();
  }

  /** The same, for a program to which other answers make no difference. */
  void timedOut();

  /** The server's host said that nobody listens there. */
  void refused();
}
