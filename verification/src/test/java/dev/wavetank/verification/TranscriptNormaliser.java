package dev.wavetank.verification;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Takes out of what a command printed what is not alike in any two clusters. */
final class TranscriptNormaliser {

  private record Rule(Pattern pattern, String replacement, @Nullable Pattern unlessLine) {
    String apply(String line) {
      return unlessLine != null && unlessLine.matcher(line).find()
          ? line
          : pattern.matcher(line).replaceAll(replacement);
    }
  }

  private final List<Rule> rules;
  private final List<Rule> nodeRules;

  private TranscriptNormaliser(List<Rule> rules, List<Rule> nodeRules) {
    this.rules = rules;
    this.nodeRules = nodeRules;
  }

  /** The published rules of a directory of recordings. */
  static TranscriptNormaliser read(Path recordings) {
    Path file = recordings.resolve("kubectl/normalise.json");
    try {
      JsonNode json = GoldenLedger.JSON.readTree(file.toFile());
      return new TranscriptNormaliser(
          rules(json.get("rules")), rules(json.get("extraRulesFor_normalised+node")));
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    }
  }

  private static List<Rule> rules(JsonNode json) {
    List<Rule> rules = new ArrayList<>();
    for (JsonNode rule : json) {
      JsonNode unless = rule.get("unlessLine");
      rules.add(
          new Rule(
              Pattern.compile(rule.get("regex").asText()),
              rule.get("replace").asText(),
              unless == null ? null : Pattern.compile(unless.asText())));
    }
    return rules;
  }

  /** A stream as it is compared; for every class but the first two also blind for nodes. */
  String normalised(String text, KubectlTranscript.Match match) {
    List<String> lines = new ArrayList<>();
    for (String line : text.split("\n", -1)) {
      String normal = line;
      for (Rule rule : rules) {
        normal = rule.apply(normal);
      }
      if (match.compareTo(KubectlTranscript.Match.NODE) >= 0) {
        for (Rule rule : nodeRules) {
          normal = rule.apply(normal);
        }
      }
      lines.add(normal);
    }
    if (match == KubectlTranscript.Match.SORTED) {
      Collections.sort(lines);
    }
    return String.join("\n", lines);
  }
}
