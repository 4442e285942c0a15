package dev.wavetank.core.container.shell;

/** What {@code set} switches in a shell. */
final class ShellOptions {

  private boolean errexit;
  private boolean nounset;
  private boolean xtrace;
  private boolean pipefail;

  ShellOptions copy() {
    ShellOptions copy = new ShellOptions();
    copy.errexit = errexit;
    copy.nounset = nounset;
    copy.xtrace = xtrace;
    copy.pipefail = pipefail;
    return copy;
  }

  /** Whether a command that fails ends the shell. */
  boolean errexit() {
    return errexit;
  }

  /** Whether a variable that is not set is an error. */
  boolean nounset() {
    return nounset;
  }

  /** Whether commands are printed before they run. */
  boolean xtrace() {
    return xtrace;
  }

  /** Whether a pipeline fails when any part of it does. */
  boolean pipefail() {
    return pipefail;
  }

  /**
   * Takes a word such as {@code -ex} or {@code +e}; letters without a meaning here are passed over.
   *
   * @param next the word after it, which is the name of an option after {@code o}
   * @return whether the next word was taken, too
   */
  boolean take(String word, String next) {
    boolean on = word.startsWith("-");
    boolean taken = false;
    for (int i = 1; i < word.length(); i++) {
      switch (word.charAt(i)) {
        case 'e' -> errexit = on;
        case 'u' -> nounset = on;
        case 'x' -> xtrace = on;
        case 'o' -> {
          named(next, on);
          taken = true;
        }
        default -> {}
      }
    }
    return taken;
  }

  private void named(String option, boolean on) {
    switch (option) {
      case "errexit" -> errexit = on;
      case "nounset" -> nounset = on;
      case "xtrace" -> xtrace = on;
      case "pipefail" -> pipefail = on;
      default -> {}
    }
  }

  /** The letters that are on. */
  String letters() {
    return (errexit ? "e" : "") + (nounset ? "u" : "") + (xtrace ? "x" : "");
  }
}
