package dev.wavetank.core.container.filesystem;

/** Whom a file belongs to, by the numbers of a user and a group. */
public record FileOwner(long user, long group) {

  /** The owner of what nobody has given to anybody else. */
  public static final FileOwner ROOT = new FileOwner(0, 0);

  /** A number as programs show it where it has a name. */
  public static String named(long number) {
    return number == 0 ? "root" : Long.toString(number);
  }
}
