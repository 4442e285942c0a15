package dev.wavetank.core.container;

/**
 * How many requests over the network a server works on at once, and how many more may wait; others
 * are turned away with status 503.
 *
 * @param workers at least 1
 * @param queue at least 0
 */
public record Capacity(int workers, int queue) {
  public static final Capacity UNLIMITED = new Capacity(Integer.MAX_VALUE, 0);
}
