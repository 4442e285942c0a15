package dev.wavetank.core.api;

import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ScannerException;

/**
 * What is wrong with a text that is no YAML, in the words and with the line that kubectl prints.
 *
 * <p>Follows go.yaml.in/yaml/v2 scannerc.go, parserc.go and decode.go, whose line is one too small
 * for what the parser finds and right for what the scanner finds.
 */
final class YamlProblems {

  private static final String[][] WORDS = {
    {"mapping values are not allowed here", "mapping values are not allowed in this context"},
    {"mapping keys are not allowed here", "mapping keys are not allowed in this context"},
    {
      "sequence entries are not allowed here",
      "block sequence entries are not allowed in this context"
    },
    {"that cannot start any token", "found character that cannot start any token"},
    {"after \\t(TAB)", "found character that cannot start any token"},
    {"could not find expected ':'", "could not find expected ':'"},
    {"found unexpected end of stream", "found unexpected end of stream"},
    {"found unexpected document separator", "found unexpected document indicator"},
    {"found unknown escape character", "found unknown escape character"},
    {"expected escape sequence of", "did not find expected hexdecimal number"},
    {"expected alphabetic or numeric", "did not find expected alphabetic or numeric character"},
    {"unexpected character found", "did not find expected alphabetic or numeric character"},
    {"expected a comment or a line break", "did not find expected comment or line break"},
    {"expected chomping or indentation", "did not find expected comment or line break"},
    {"expected indentation indicator", "found an indentation indicator equal to 0"},
    {"expected ',' or ']'", "did not find expected ',' or ']'"},
    {"expected ',' or '}'", "did not find expected ',' or '}'"},
    {"expected '<document start>'", "did not find expected <document start>"},
    {"expected the node content", "did not find expected node content"},
    {"found undefined tag handle", "found undefined tag handle"},
    {"expected URI", "did not find expected tag URI"},
    {"duplicate YAML directive", "found duplicate %YAML directive"},
  };

  private YamlProblems() {}

  static ManifestException of(String file, int linesBefore, MarkedYamlEngineException e) {
    @Nullable Mark mark = e.getProblemMark().orElse(null);
    @Nullable Mark context = e.getContextMark().orElse(null);
    @Nullable Mark shown = mark == null ? context : mark;
    Place place =
        shown == null
            ? new Place(file, linesBefore + 1, 1)
            : new Place(file, linesBefore + shown.getLine() + 1, shown.getColumn() + 1);
    String message = translate(String.valueOf(e.getProblem()), String.valueOf(e.getContext()));
    int line = 0;
    if (mark != null && mark.getLine() != 0) {
      line = e instanceof ScannerException ? mark.getLine() + 1 : mark.getLine();
    } else if (context != null) {
      line = context.getLine();
    }
    return of(place, message, (line == 0 ? "" : "line " + line + ": ") + message);
  }

  static ManifestException of(Place place, String message, String kubectl) {
    return new ManifestException(
        YamlReader.only(place, message),
        "error parsing " + place.file() + ": error converting YAML to JSON: yaml: " + kubectl);
  }

  private static String translate(String problem, String context) {
    if (problem.contains("expected <block end>")) {
      return context.contains("mapping")
          ? "did not find expected key"
          : "did not find expected '-' indicator";
    }
    for (String[] words : WORDS) {
      if (problem.contains(words[0])) {
        return words[1];
      }
    }
    return problem.isEmpty() ? context : problem;
  }
}
