package dev.wavetank.proxy.nftables;

/**
 * {@code numgen}: a number below the modulus, for each packet anew.
 *
 * @param random whether every number is drawn; else they go round from 0, counted by the rule
 */
public record NumberGenerator(boolean random, int modulus) {

  int next(TableState state) {
    return random ? state.draw(modulus) : state.count(modulus);
  }

  @Override
  public String toString() {
    return "numgen " + (random ? "random" : "inc") + " mod " + modulus;
  }
}
