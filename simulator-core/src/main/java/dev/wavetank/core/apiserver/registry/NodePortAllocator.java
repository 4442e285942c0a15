package dev.wavetank.core.apiserver.registry;

import dev.wavetank.core.sim.ChoiceStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The node ports 30000 to 32767. Ports that nobody asked for come from 30086 up while there are
 * some.
 *
 * <p>Follows pkg/registry/core/service/portallocator/allocator.go and operation.go (v1.36).
 */
public final class NodePortAllocator {

  private static final int FIRST = 30000;
  private static final int LAST = 32767;
  private static final int SIZE = LAST - FIRST + 1;
  private static final int OFFSET = Math.min(Math.max(16, SIZE / 32), 128);
  private static final int DRY_RUN_GUESS = 32768;
  private static final String ALLOCATED = "provided port is already allocated";

  private final Band band;

  public NodePortAllocator(ChoiceStream starts) {
    this.band = new Band(SIZE, OFFSET, starts);
  }

  /** How many ports are free. */
  public int free() {
    return band.free();
  }

  /** What one write of a Service takes; all of it is given back when one part is refused. */
  Operation start(String owner, boolean dryRun) {
    return new Operation(owner, dryRun);
  }

  void release(long port, String owner) {
    if (port >= FIRST && port <= LAST) {
      band.release((int) port - FIRST, owner);
    }
  }

  /** What one write of a Service takes. */
  final class Operation {

    private final String owner;
    private final boolean dryRun;
    private final List<Long> allocated = new ArrayList<>(2);

    private Operation(String owner, boolean dryRun) {
      this.owner = owner;
      this.dryRun = dryRun;
    }

    /** Takes that port; why not, in upstream's words, or null. */
    @Nullable String allocate(long port) {
      boolean inside = port >= FIRST && port <= LAST;
      if (dryRun) {
        if (allocated.contains(port) || (inside && band.isTaken((int) port - FIRST))) {
          return ALLOCATED;
        }
      } else if (!inside) {
        return "provided port is not in the valid range. The range of valid ports is 30000-32767";
      } else if (!band.take((int) port - FIRST, owner)) {
        return ALLOCATED;
      }
      allocated.add(port);
      return null;
    }

    /** Takes a free port; -1 when there is none. A dry run guesses. */
    long allocateNext() {
      long port;
      if (dryRun) {
        port = DRY_RUN_GUESS;
        for (int i = 0; i < allocated.size(); i++) {
          port = i == 0 ? allocated.get(0) : Math.max(port, allocated.get(i));
        }
        port++;
      } else {
        int number = band.takeNext(owner);
        if (number < 0) {
          return -1;
        }
        port = (long) FIRST + number;
      }
      allocated.add(port);
      return port;
    }

    /** Gives back everything that this operation took. */
    void revert() {
      for (long port : allocated) {
        if (!dryRun) {
          release(port, owner);
        }
      }
      allocated.clear();
    }
  }
}
