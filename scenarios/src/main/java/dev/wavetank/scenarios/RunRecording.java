package dev.wavetank.scenarios;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ScenarioException;
import dev.wavetank.core.sim.ChoiceLog;
import dev.wavetank.core.sim.Choices;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A run with everything that it depended on: the scenario and its files, and every choice. It can
 * be played again without them, and compared byte for byte.
 */
public final class RunRecording {

  private static final String FORMAT = "wavetank-run/1";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String file;
  private final String text;
  private final Map<String, byte[]> files;
  private final long seed;
  private final long untilNanos;
  private final ChoiceLog choices;
  private final ImmutableList<String> lines;
  private final String traceHash;

  private RunRecording(
      String file,
      String text,
      Map<String, byte[]> files,
      long seed,
      long untilNanos,
      ChoiceLog choices,
      ImmutableList<String> lines,
      String traceHash) {
    this.file = file;
    this.text = text;
    this.files = files;
    this.seed = seed;
    this.untilNanos = untilNanos;
    this.choices = choices;
    this.lines = lines;
    this.traceHash = traceHash;
  }

  /**
   * A run and its recording.
   *
   * @param result how it ended
   */
  public record Recorded(RunResult result, RunRecording recording) {}

  /**
   * Runs a scenario and records the run.
   *
   * @param text of the scenario's file
   */
  public static Recorded record(Scenario scenario, String text, long seed, long untilNanos) {
    ChoiceLog log = new ChoiceLog();
    List<String> lines = new ArrayList<>();
    RunResult result =
        ScenarioRun.run(
            scenario,
            seed,
            Choices.recording(ScenarioRun.choices(scenario, seed), log),
            untilNanos,
            lines::add);
    return new Recorded(
        result,
        new RunRecording(
            scenario.file(),
            text,
            scenario.files().all(),
            seed,
            untilNanos,
            log,
            ImmutableList.copyOf(lines),
            result.traceHash()));
  }

  /** What the run told, line by line. */
  public ImmutableList<String> lines() {
    return lines;
  }

  public String file() {
    return file;
  }

  public String traceHash() {
    return traceHash;
  }

  /**
   * How a replay compares with the recording.
   *
   * @param same whether it told the same, to the last byte, and has the same trace
   * @param difference the first difference, for people; empty when there is none
   */
  public record Replayed(RunResult result, boolean same, String difference) {}

  /** Plays the run again, with its own choices. */
  public Replayed replay() {
    Scenario scenario =
        Scenario.read(
            file,
            text,
            path -> {
              byte[] content = files.get(path);
              if (content == null) {
                throw new IOException("not in the recording");
              }
              return content;
            });
    List<String> told = new ArrayList<>();
    RunResult result =
        ScenarioRun.run(scenario, seed, Choices.recorded(choices), untilNanos, told::add);
    for (int i = 0; i < Math.max(told.size(), lines.size()); i++) {
      String was = i < lines.size() ? lines.get(i) : "(nothing)";
      String is = i < told.size() ? told.get(i) : "(nothing)";
      if (!was.equals(is)) {
        return new Replayed(
            result, false, "line " + (i + 1) + " was \"" + was + "\" and is \"" + is + "\"");
      }
    }
    if (!result.traceHash().equals(traceHash)) {
      return new Replayed(
          result, false, "trace hash was " + traceHash + " and is " + result.traceHash());
    }
    return new Replayed(result, true, "");
  }

  /** The recording as JSON. */
  public String toJson() {
    ObjectNode root = JSON.createObjectNode();
    root.put("format", FORMAT).put("file", file).put("seed", seed).put("untilNanos", untilNanos);
    root.put("traceHash", traceHash).put("text", text);
    ObjectNode contents = root.putObject("files");
    files.forEach((path, bytes) -> contents.put(path, Base64.getEncoder().encodeToString(bytes)));
    ArrayNode told = root.putArray("lines");
    lines.forEach(told::add);
    ObjectNode streams = root.putObject("choices");
    choices.forEach(
        (name, answers) -> {
          ArrayNode list = streams.putArray(name);
          for (long answer : answers) {
            list.add(answer);
          }
        });
    try {
      return JSON.writeValueAsString(root) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Reads a recording.
   *
   * @param file as errors name it
   * @throws ScenarioException when it is none
   */
  public static RunRecording read(String file, byte[] bytes) {
    JsonNode root;
    try {
      root = JSON.readTree(bytes);
    } catch (IOException e) {
      throw new ScenarioException(file, 1, 1, "expected a recording, and it is no JSON");
    }
    if (root == null || !root.path("format").asText().equals(FORMAT)) {
      throw new ScenarioException(
          file, 1, 1, "expected a recording of the format \"" + FORMAT + "\"");
    }
    Map<String, byte[]> files = new LinkedHashMap<>();
    ChoiceLog choices = new ChoiceLog();
    ImmutableList.Builder<String> lines = ImmutableList.builder();
    try {
      root.path("files")
          .properties()
          .forEach(
              entry ->
                  files.put(entry.getKey(), Base64.getDecoder().decode(entry.getValue().asText())));
    } catch (IllegalArgumentException e) {
      throw new ScenarioException(file, 1, 1, "a file in the recording is damaged");
    }
    root.path("choices")
        .properties()
        .forEach(
            stream ->
                stream.getValue().forEach(answer -> choices.add(stream.getKey(), answer.asLong())));
    root.path("lines").forEach(line -> lines.add(line.asText()));
    return new RunRecording(
        root.path("file").asText(),
        root.path("text").asText(),
        files,
        root.path("seed").asLong(),
        root.path("untilNanos").asLong(),
        choices,
        lines.build(),
        root.path("traceHash").asText());
  }
}
