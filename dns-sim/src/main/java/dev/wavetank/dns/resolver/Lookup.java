package dev.wavetank.dns.resolver;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.network.Protocol;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Message;

/**
 * One program's conversation with name servers, without the network in between.
 *
 * <p>Its owner calls {@link #ask()}, sends what it says, spends the virtual time, calls exactly one
 * of {@link #answered}, {@link #timedOut} and {@link #refused}, and begins again until {@link
 * #ask()} is null.
 */
public interface Lookup {
  /**
   * What to send now.
   *
   * @param server an address
   * @param questions sent at the same time, one packet each
   * @param timeoutNanos after which it is too late for an answer to any of them
   */
  record Ask(
      String server,
      int port,
      Protocol transport,
      ImmutableList<Message> questions,
      long timeoutNanos) {}

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

  /** Some question of the last ask got no answer in time. */
  void timedOut();

  /** The server's host said that nobody listens there. */
  void refused();
}
