package dev.wavetank.core.record;

import dev.wavetank.core.sim.ChoiceStream;
import dev.wavetank.core.sim.Simulation;
import java.util.UUID;

/**
 * Names of events: the name of the object and the time in hexadecimal nanoseconds since 1970. One
 * source never uses one instant twice.
 *
 * <p>Follows staging/src/k8s.io/client-go/tools/record/util/util.go (v1.36).
 */
final class EventNames {

  private static final int NAME_MAX = 253;
  private static final long SECOND = 1_000_000_000L;

  private final Simulation simulation;
  private long lastNanos = Long.MIN_VALUE;

  EventNames(Simulation simulation) {
    this.simulation = simulation;
  }

  /** A name that this source has not used. */
  String next(String object) {
    lastNanos =
        Math.max(lastNanos + 1, simulation.start().getEpochSecond() * SECOND + simulation.now());
    String name = object + "." + Long.toHexString(lastNanos);
    return isDnsSubdomain(name) ? name : uuid();
  }

  private String uuid() {
    ChoiceStream bits = simulation.choices().stream("events/uuid");
    long high = bits.between(0, Long.MAX_VALUE);
    long low = bits.between(0, Long.MAX_VALUE) ^ lastNanos;
    return new UUID((high & ~0xF000L) | 0x4000L, (low >>> 2) | Long.MIN_VALUE).toString();
  }

  private static boolean isDnsSubdomain(String name) {
    if (name.length() > NAME_MAX) {
      return false;
    }
    char before = '.';
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean letterOrDigit = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
      boolean inside = c == '-' && before != '.';
      boolean separates = c == '.' && before != '.' && before != '-';
      if (!letterOrDigit && !inside && !separates) {
        return false;
      }
      before = c;
    }
    return true;
  }
}
