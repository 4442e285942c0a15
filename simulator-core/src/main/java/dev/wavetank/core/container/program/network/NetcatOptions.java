package dev.wavetank.core.container.program.network;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;

/**
 * The command line of {@code nc}, as BusyBox and OpenBSD have it.
 *
 * @param places the words that are no options: host and port, or only a port to listen on
 * @param timeoutNanos of {@code -w}; -1 for none
 * @param port of {@code -p}; 0 for none
 * @param command what {@code -e} runs; empty for nothing
 * @param error what is wrong with it; empty for nothing
 */
record NetcatOptions(
    ImmutableList<String> places,
    boolean listens,
    boolean again,
    boolean datagrams,
    boolean scans,
    boolean verbose,
    boolean deaf,
    long timeoutNanos,
    int port,
    ImmutableList<String> command,
    String error) {

  private static final String KNOWN = "lkuzvndN46wpqies";
  private static final String WITH_VALUE = "wpqis";

  static NetcatOptions of(List<String> words) {
    StringBuilder letters = new StringBuilder();
    List<String> places = new ArrayList<>();
    ImmutableList<String> command = ImmutableList.of();
    String error = "";
    long timeout = -1;
    int port = 0;
    for (int i = 0; i < words.size() && error.isEmpty(); i++) {
      String word = words.get(i);
      if (!word.startsWith("-") || word.length() == 1) {
        places.add(word);
        continue;
      }
      for (int at = 1; at < word.length() && error.isEmpty(); at++) {
        char letter = word.charAt(at);
        letters.append(letter);
        if (KNOWN.indexOf(letter) < 0) {
          error = "invalid option -- '" + letter + "'";
        } else if (letter == 'e') {
          command = ImmutableList.copyOf(words.subList(i + 1, words.size()));
          i = words.size();
          break;
        } else if (WITH_VALUE.indexOf(letter) >= 0) {
          boolean attached = at + 1 < word.length();
          String value = attached ? word.substring(at + 1) : "";
          if (!attached && i + 1 < words.size()) {
            value = words.get(++i);
          }
          timeout = letter == 'w' ? NetworkPrograms.nanos(value) : timeout;
          port = letter == 'p' ? port(value) : port;
          boolean number = value.matches("\\d{1,9}(\\.\\d+)?") || letter == 's';
          error = number && port >= 0 ? "" : "invalid number '" + value + "'";
          break;
        }
      }
    }
    return new NetcatOptions(
        ImmutableList.copyOf(places),
        has(letters, 'l'),
        has(letters, 'k'),
        has(letters, 'u'),
        has(letters, 'z'),
        has(letters, 'v'),
        has(letters, 'd'),
        timeout,
        port,
        command,
        error);
  }

  private static boolean has(StringBuilder letters, char letter) {
    return letters.indexOf(String.valueOf(letter)) >= 0;
  }

  private static int port(String text) {
    int port = text.matches("\\d{1,5}") ? Integer.parseInt(text) : -1;
    return port <= 65_535 ? port : -1;
  }

  /** The port to listen on: that of {@code -p}, or the last word; -1 for none. */
  int listeningPort() {
    return port > 0 ? port : places.isEmpty() ? -1 : port(places.get(places.size() - 1));
  }

  /** Whether there are a host and its port. */
  boolean namesServer() {
    return places.size() == 2 && port(places.get(1)) > 0;
  }
}
