package dev.wavetank.dns.plugin;

import com.google.common.collect.ImmutableList;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;

/**
 * The answer of a chain, before a server makes a message of it.
 *
 * @param rcode a code of {@code org.xbill.DNS.Rcode}
 * @param written true for a message that a plugin made (a cache may keep it), false for a bare code
 *     that the server turns into an empty message
 */
public record Reply(
    int rcode,
    boolean written,
    boolean authoritative,
    boolean recursionAvailable,
    boolean authenticData,
    boolean truncated,
    ImmutableList<Record> answer,
    ImmutableList<Record> authority,
    ImmutableList<Record> additional) {

  /** Nobody could answer. */
  public static final Reply SERVER_FAILURE = failure(Rcode.SERVFAIL);

  /** The server does not answer such questions. */
  public static final Reply REFUSED = failure(Rcode.REFUSED);

  /** A bare code, without a message. */
  public static Reply failure(int rcode) {
    return new Reply(
        rcode,
        false,
        false,
        false,
        false,
        false,
        ImmutableList.of(),
        ImmutableList.of(),
        ImmutableList.of());
  }

  /** An authoritative message with code NOERROR. */
  public static Reply success(ImmutableList<Record> answer, ImmutableList<Record> additional) {
    return authoritative(Rcode.NOERROR, answer, ImmutableList.of(), additional);
  }

  /** An authoritative message. */
  public static Reply authoritative(
      int rcode,
      ImmutableList<Record> answer,
      ImmutableList<Record> authority,
      ImmutableList<Record> additional) {
    return new Reply(rcode, true, true, false, false, false, answer, authority, additional);
  }

  /** The same message with other sections. */
  public Reply withSections(
      ImmutableList<Record> newAnswer,
      ImmutableList<Record> newAuthority,
      ImmutableList<Record> newAdditional) {
    return new Reply(
        rcode,
        written,
        authoritative,
        recursionAvailable,
        authenticData,
        truncated,
        newAnswer,
        newAuthority,
        newAdditional);
  }

  /** The same message with these header bits. */
  public Reply withBits(boolean aa, boolean ra, boolean ad, boolean tc) {
    return new Reply(rcode, written, aa, ra, ad, tc, answer, authority, additional);
  }
}
