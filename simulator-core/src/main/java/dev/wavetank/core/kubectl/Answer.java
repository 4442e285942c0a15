package dev.wavetank.core.kubectl;

/**
 * What a command says.
 *
 * @param text standard output, or without {@code error: } what goes to standard error when it
 *     failed
 * @param done whether there is nothing more to wait for
 * @param failed whether kubectl ends with code 1
 */
public record Answer(String text, boolean done, boolean failed) {

  static Answer waiting(String text) {
    return new Answer(text, false, false);
  }

  static Answer done(String text) {
    return new Answer(text, true, false);
  }

  static Answer failed(String text) {
    return new Answer(text, true, true);
  }
}
