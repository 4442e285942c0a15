package dev.wavetank.core.sim;

/**
 * The only source of nondeterminism: every latency, random pick, tie and same-time order asks it,
 * by name.
 *
 * <p>Each name is a stream of its own, independent of the others, so that one more question in one
 * component does not shift the answers that another gets. A component takes its {@link
 * ChoiceStream} once, when it is built, and draws from it.
 */
public interface Choices {

  /**
   * The stream of that name; always the same one for the same name.
   *
   * @param name stable and readable, such as {@code scheduler/tie} or {@code kubelet/node-1/pull}
   */
  ChoiceStream stream(String name);

  /** One draw from {@code stream(what)}: an index in {@code [0, options)}. */
  default int choose(String what, int options) {
    return stream(what).choose(options);
  }

  /** One draw from {@code stream(what)}: a number in {@code [min, max]}, both included. */
  default long between(String what, long min, long max) {
    return stream(what).between(min, max);
  }

  /** Always the first option and the smallest number: calm runs, for teaching. */
  static Choices first() {
    return name -> FirstChoices.STREAM;
  }

  /** Pseudo-random and repeatable: the same seed gives the same answers for ever. */
  static Choices seeded(long seed) {
    return new SeededChoices(seed);
  }
}
