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

  /** The answers of {@code source}, each of them also written to a log. */
  static Choices recording(Choices source, ChoiceLog log) {
    return new RecordingChoices(source, log);
  }

  /**
   * The answers of a log.
   *
   * @throws SimulationBug from a draw that the log does not hold: the run left its record
   */
  static Choices recorded(ChoiceLog log) {
    return new RecordedChoices(log);
  }

  /**
   * The answers of {@code source} but for one: what if this one choice had been different?
   *
   * @param index which draw of the stream, counted from 0
   * @param answer the answer in its place, as {@link ChoiceStream} gives it
   */
  static Choices overridden(Choices source, String stream, long index, long answer) {
    return new OverriddenChoices(source, stream, index, answer);
  }
}
