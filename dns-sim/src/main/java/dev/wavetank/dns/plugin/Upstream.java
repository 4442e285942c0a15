package dev.wavetank.dns.plugin;

import org.jspecify.annotations.Nullable;

/** The name servers outside of the cluster, as a DNS server of the cluster reaches them. */
public interface Upstream {
  /** What became of a question. */
  enum Fate {
    ANSWERED,
    REFUSED,
    SILENT
  }

  /**
   * What came back.
   *
   * @param reply null unless answered
   * @param latencyNanos until the answer or the refusal arrived; 0 for silence
   */
  record Outcome(Fate fate, @Nullable Reply reply, long latencyNanos) {
    public static Outcome answered(Reply reply, long latencyNanos) {
      return new Outcome(Fate.ANSWERED, reply, latencyNanos);
    }

    public static Outcome refused(long latencyNanos) {
      return new Outcome(Fate.REFUSED, null, latencyNanos);
    }

    public static Outcome silent() {
      return new Outcome(Fate.SILENT, null, 0);
    }
  }

  /**
   * Asks one server.
   *
   * @param server an address, with a port if it is not 53
   */
  Outcome ask(String server, Query query);
}
