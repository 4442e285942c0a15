package dev.wavetank.verification;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A recorded story: command lines one after the other, each with what it printed.
 *
 * <p>Whoever replays one runs it in a cluster of the recordings' start state, with the files of
 * {@link #files()} as its working directory.
 *
 * @param name of the story, such as {@code 04-rollouts}
 * @param files the directory that its commands read; it may be absent
 */
record KubectlTranscript(String name, Path files, List<Step> steps) {

  private static final String ENDING = ".transcript";
  private static final long SECOND = 1_000_000_000L;

  /** How far two recordings of a command agree. */
  enum Match {
    RAW,
    NORMALISED,
    NODE,
    SORTED,
    VARIES,
    ONCE
  }

  /**
   * One command.
   *
   * @param settled whether it was run when nothing changed any more
   * @param advanceNanos how long was waited before
   */
  record Step(
      boolean settled,
      long advanceNanos,
      Match match,
      String commandLine,
      String stdin,
      String stdout,
      String stderr,
      int exitCode) {}

  /** All stories of a directory of recordings, in order. */
  static List<KubectlTranscript> readAll(Path recordings) {
    List<KubectlTranscript> transcripts = new ArrayList<>();
    Path labs = recordings.resolve("kubectl/labs");
    for (Path file : Checkout.files(labs, ENDING)) {
      String name = file.getFileName().toString().replace(ENDING, "");
      Path files = labs.resolve("files").resolve(name);
      transcripts.add(new KubectlTranscript(name, files, new Reader(file).read()));
    }
    return transcripts;
  }

  private static final class Reader {
    private final Path file;
    private final List<Step> steps = new ArrayList<>();
    private boolean settled;
    private long advanceNanos;
    private Match match = Match.RAW;
    private String commandLine = "";
    private final StringBuilder stdin = new StringBuilder();
    private final StringBuilder stdout = new StringBuilder();
    private final StringBuilder stderr = new StringBuilder();
    private StringBuilder last = stdout;

    Reader(Path file) {
      this.file = file;
    }

    List<Step> read() {
      for (String line : Checkout.read(file).split("\n", -1)) {
        read(line);
      }
      return List.copyOf(steps);
    }

    private void read(String line) {
      if (line.isEmpty() || line.startsWith("#")) {
        return;
      }
      String rest = line.length() > 2 ? line.substring(2) : "";
      switch (line.charAt(0)) {
        case '@' -> attribute(rest);
        case '$' -> commandLine = rest;
        case '<' -> stdin.append(rest).append('\n');
        case '1' -> show(stdout, rest);
        case '2' -> show(stderr, rest);
        case '\\' -> last.setLength(last.length() - 1);
        case '=' -> end(Integer.parseInt(rest));
        default -> throw new IllegalArgumentException(file + ": " + line);
      }
    }

    private void attribute(String text) {
      String[] words = text.split(" ", 2);
      switch (words[0]) {
        case "settle" -> settled = true;
        case "advance" ->
            advanceNanos = (long) (Double.parseDouble(words[1].replace("s", "")) * (double) SECOND);
        case "match" -> match = match(words[1]);
        default -> throw new IllegalArgumentException(file + ": " + text);
      }
    }

    private Match match(String text) {
      return switch (text) {
        case "raw" -> Match.RAW;
        case "normalised" -> Match.NORMALISED;
        case "normalised+node" -> Match.NODE;
        case "normalised+node+sorted" -> Match.SORTED;
        case "varies" -> Match.VARIES;
        case "once" -> Match.ONCE;
        default -> throw new IllegalArgumentException(file + ": " + text);
      };
    }

    private void show(StringBuilder stream, String text) {
      last = stream.append(text).append('\n');
    }

    private void end(int exitCode) {
      steps.add(
          new Step(
              settled,
              advanceNanos,
              match,
              commandLine,
              stdin.toString(),
              stdout.toString(),
              stderr.toString(),
              exitCode));
      settled = false;
      advanceNanos = 0;
      match = Match.RAW;
      stdin.setLength(0);
      stdout.setLength(0);
      stderr.setLength(0);
    }
  }
}
