package dev.wavetank.verification;

import dev.wavetank.core.kubectl.Output;
import dev.wavetank.core.kubectl.flags.Words;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * As much of a shell as the recorded stories need: pipelines, one command in place of its output,
 * and the few ways in which they cut text.
 */
final class LabShell {

  private static final Pattern SUBSTITUTION = Pattern.compile("\\$\\(([^()]*)\\)");
  private static final Pattern LINES = Pattern.compile("(\\d+),(\\d+)p");

  /** Runs kubectl. */
  @FunctionalInterface
  interface Kubectl {
    Output run(List<String> words, byte[] stdin);
  }

  private final Kubectl kubectl;

  LabShell(Kubectl kubectl) {
    this.kubectl = kubectl;
  }

  /**
   * Runs a command line.
   *
   * @throws UnsupportedOperationException when it needs more than this
   */
  Output run(String commandLine, String stdin) {
    Matcher inner = SUBSTITUTION.matcher(commandLine);
    if (inner.find()) {
      String words = run(inner.group(1), "").stdout().strip().replaceAll("\\s+", " ");
      return run(inner.replaceFirst(Matcher.quoteReplacement(words)), stdin);
    }
    String input = stdin;
    StringBuilder stderr = new StringBuilder();
    int exitCode = 0;
    for (String part : pipeline(commandLine)) {
      List<String> words = Words.split(part);
      Output output =
          words.get(0).equals("kubectl")
              ? kubectl.run(words, input.getBytes(StandardCharsets.UTF_8))
              : new Output(filtered(words, input), "", 0);
      input = output.stdout();
      stderr.append(output.stderr());
      exitCode = output.exitCode();
    }
    return new Output(input, stderr.toString(), exitCode);
  }

  private static List<String> pipeline(String commandLine) {
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    char quote = 0;
    for (int i = 0; i < commandLine.length(); i++) {
      char c = commandLine.charAt(i);
      if (quote == 0 && c == '|') {
        parts.add(part.toString());
        part.setLength(0);
        continue;
      }
      if (quote == 0 ? c == '\'' || c == '"' : c == quote) {
        quote = quote == 0 ? c : 0;
      }
      part.append(c);
    }
    parts.add(part.toString());
    return parts;
  }

  private static String filtered(List<String> words, String input) {
    List<String> lines = input.isEmpty() ? List.of() : List.of(input.split("\n"));
    int size = lines.size();
    return switch (words.get(0)) {
      case "head" -> text(lines.subList(0, Math.min(count(words.get(1)), size)));
      case "tail" -> text(lines.subList(Math.max(size - count(words.get(1)), 0), size));
      case "wc" -> size + "\n";
      case "sed" -> {
        Matcher range = LINES.matcher(words.get(2));
        if (!range.matches()) {
          throw new UnsupportedOperationException(String.join(" ", words));
        }
        int from = Integer.parseInt(range.group(1)) - 1;
        yield text(lines.subList(from, Math.min(Integer.parseInt(range.group(2)), size)));
      }
      case "grep" -> text(found(lines, count(words.get(1).replace("A", "")), words.get(2)));
      case "cut" -> text(lines.stream().map(line -> cut(line, words)).toList());
      case "base64" -> decoded(input.strip());
      default -> throw new UnsupportedOperationException(String.join(" ", words));
    };
  }

  /** Characters of a line, or one of its fields. */
  private static String cut(String line, List<String> words) {
    String option = words.get(1);
    if (option.startsWith("-c1-")) {
      return line.substring(0, Math.min(Integer.parseInt(option.substring(4)), line.length()));
    }
    String[] fields = line.split(Pattern.quote(option.substring(2)), -1);
    return fields[count(words.get(2).substring(1)) - 1];
  }

  /** What can be decoded, as base64 does: a part that is cut off is left out. */
  private static String decoded(String text) {
    String whole = text.substring(0, text.length() - text.length() % 4);
    return new String(Base64.getDecoder().decode(whole), StandardCharsets.UTF_8);
  }

  private static int count(String option) {
    return Integer.parseInt(option.substring(1));
  }

  private static List<String> found(List<String> lines, int after, String wanted) {
    List<String> found = new ArrayList<>();
    int left = 0;
    for (String line : lines) {
      left = line.contains(wanted) ? after + 1 : left;
      if (left > 0) {
        found.add(line);
        left--;
      }
    }
    return found;
  }

  private static String text(List<String> lines) {
    return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
  }
}
