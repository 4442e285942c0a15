package dev.wavetank.core.record;

import dev.wavetank.core.sim.ChoiceStream;
import dev.wavetank.core.sim.Choices;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one source of events has said lately: it counts the same event up, combines events that
 * differ in their message only, and silences a source that says too much about one object.
 *
 * <p>An event is aggregated from the tenth message on that one object, type and reason got, no two
 * of them more than 600 s apart. A source may send 25 events of one type about one object at once
 * and one more every 300 s. Each of the three caches holds 4096 entries and forgets the least
 * recently used one.
 *
 * <p>Follows staging/src/k8s.io/client-go/tools/record/events_cache.go (v1.36).
 */
final class EventCorrelator {

  static final int CACHE_MAX = 4096;
  static final int AGGREGATE_EVENTS_MAX = 10;
  static final long AGGREGATE_INTERVAL_NANOS = 600_000_000_000L;
  static final int SPAM_BURST = 25;

  /** Upstream keeps the rate of one in 300 s as a float. */
  static final long SPAM_TOKEN_NANOS = (long) (1e9 / (double) (1f / 300f));

  /** An object and a type of events about it: what the spam filter counts by. */
  static final class About {
    final String kind;
    final String namespace;
    final String name;
    final String uid;
    final String apiVersion;
    final String type;
    private final int hash;

    About(String kind, String namespace, String name, String uid, String apiVersion, String type) {
      this.kind = kind;
      this.namespace = namespace;
      this.name = name;
      this.uid = uid;
      this.apiVersion = apiVersion;
      this.type = type;
      this.hash =
          ((uid.hashCode() * 31 + name.hashCode()) * 31 + namespace.hashCode()) * 31
              + type.hashCode();
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return this == other
          || (other instanceof About that
              && hash == that.hash
              && uid.equals(that.uid)
              && name.equals(that.name)
              && namespace.equals(that.namespace)
              && type.equals(that.type)
              && kind.equals(that.kind)
              && apiVersion.equals(that.apiVersion));
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }

  /** One event, or with no message all events of one reason. */
  static final class Key {
    final About about;
    final String reason;
    final String fieldPath;
    final @Nullable String message;
    private final int hash;

    Key(About about, String reason, String fieldPath, @Nullable String message) {
      this.about = about;
      this.reason = reason;
      this.fieldPath = fieldPath;
      this.message = message;
      this.hash =
          ((about.hash * 31 + reason.hashCode()) * 31 + fieldPath.hashCode()) * 31
              + Objects.hashCode(message);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return this == other
          || (other instanceof Key that
              && hash == that.hash
              && about.equals(that.about)
              && reason.equals(that.reason)
              && fieldPath.equals(that.fieldPath)
              && Objects.equals(message, that.message));
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }

  /** The event object that stands for an event and its repetitions. */
  static final class Observation {
    String name;
    final String firstTimestamp;
    long count = 1;

    /** Whether it stands for several messages. */
    final boolean combined;

    Observation(String name, String firstTimestamp, boolean combined) {
      this.name = name;
      this.firstTimestamp = firstTimestamp;
      this.combined = combined;
    }
  }

  /** The messages of one reason that came lately. */
  private static final class Similar {
    private String[] messages = new String[1];
    private int size;
    private long lastNanos;

    void add(String message) {
      for (int i = 0; i < size; i++) {
        if (messages[i].equals(message)) {
          return;
        }
      }
      if (size == messages.length) {
        messages = Arrays.copyOf(messages, Math.min(size * 2, AGGREGATE_EVENTS_MAX));
      }
      messages[size++] = message;
    }

    void remove(int index) {
      System.arraycopy(messages, index + 1, messages, index, size - index - 1);
      size--;
    }
  }

  /** A token bucket, kept as the time at which it would be full. */
  private static final class Budget {
    private long fullNanos = Long.MIN_VALUE / 2;

    boolean take(long nowNanos) {
      if (fullNanos - nowNanos > (SPAM_BURST - 1) * SPAM_TOKEN_NANOS) {
        return false;
      }
      fullNanos = Math.max(fullNanos, nowNanos) + SPAM_TOKEN_NANOS;
      return true;
    }
  }

  private final Choices choices;
  private final String stream;
  private final LeastRecentlyUsed<Key, Similar> aggregates = new LeastRecentlyUsed<>(CACHE_MAX);
  private final LeastRecentlyUsed<Key, Observation> observations =
      new LeastRecentlyUsed<>(CACHE_MAX);
  private final LeastRecentlyUsed<About, Budget> budgets = new LeastRecentlyUsed<>(CACHE_MAX);
  private @Nullable ChoiceStream forgotten;

  /**
   * A correlator that has heard nothing.
   *
   * @param stream name of the stream that says which of ten similar messages is forgotten
   */
  EventCorrelator(Choices choices, String stream) {
    this.choices = choices;
    this.stream = stream;
  }

  /** Under which key an event is counted: its own, or the one of all events of its reason. */
  Key aggregate(Key event, long nowNanos) {
    Key group = new Key(event.about, event.reason, "", null);
    Similar similar = aggregates.get(group);
    if (similar == null) {
      similar = new Similar();
      aggregates.put(group, similar);
    } else if (nowNanos - similar.lastNanos > AGGREGATE_INTERVAL_NANOS) {
      similar.size = 0;
    }
    String message = event.message;
    similar.add(message == null ? "" : message);
    similar.lastNanos = nowNanos;
    if (similar.size < AGGREGATE_EVENTS_MAX) {
      return event;
    }
    similar.remove(forgotten().choose(similar.size));
    return group;
  }

  private ChoiceStream forgotten() {
    ChoiceStream known = forgotten;
    if (known == null) {
      known = choices.stream(stream);
      forgotten = known;
    }
    return known;
  }

  /** What is known of a key, counted up by one; null when the key is new. */
  @Nullable Observation observeAgain(Key key) {
    Observation known = observations.get(key);
    if (known != null) {
      known.count++;
    }
    return known;
  }

  void observe(Key key, Observation observation) {
    observations.put(key, observation);
  }

  /** Whether the source has said too much about that object. */
  boolean spam(About about, long nowNanos) {
    Budget budget = budgets.get(about);
    if (budget == null) {
      budget = new Budget();
      budgets.put(about, budget);
    }
    return !budget.take(nowNanos);
  }
}
