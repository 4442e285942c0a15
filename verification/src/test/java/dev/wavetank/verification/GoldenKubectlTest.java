package dev.wavetank.verification;

import dev.wavetank.core.kubectl.Kubectl;
import dev.wavetank.core.kubectl.Output;
import dev.wavetank.core.kubectl.resource.FileSource;
import dev.wavetank.verification.KubectlTranscript.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * kubectl in this JVM against stories recorded with the real kubectl and a real control plane.
 *
 * <p>Each story runs on a cluster of its own; see {@link TranscriptReplays}.
 */
class GoldenKubectlTest {

  /** kubectl 1.36 has no such line, and the recordings are of 1.35. */
  private static final Pattern OLD_LINE = Pattern.compile("(?m)^ *Kube-Proxy Version:.*\n");

  @Test
  void lab() {
    TranscriptReplays.score(
        "kubectl/labs",
        new TranscriptReplays.Own(
            text -> OLD_LINE.matcher(text).replaceAll(""), UnaryOperator.identity()),
        GoldenKubectlTest::replay);
  }

  private static List<Output> replay(KubectlTranscript story) {
    LabCluster cluster = new LabCluster();
    Kubectl kubectl =
        Kubectl.builder(cluster.server)
            .clock(cluster.simulation::runUntil)
            .files(new Directory(story.files()))
            .context("lab", "default")
            .serverAddress("https://127.0.0.1:37210")
            .build();
    LabShell shell = new LabShell(kubectl::run);
    List<Output> outputs = new ArrayList<>();
    for (Step step : story.steps()) {
      cluster.advance(step.advanceNanos());
      if (step.settled()) {
        cluster.settle();
      }
      outputs.add(run(shell, step));
    }
    return outputs;
  }

  private static Output run(LabShell shell, Step step) {
    try {
      return shell.run(step.commandLine(), step.stdin());
    } catch (RuntimeException | StackOverflowError e) {
      return new Output("", "thrown: " + e, -1);
    }
  }

  /** The files of a story, which no command changes. */
  private record Directory(Path root) implements FileSource {
    @Override
    public byte @Nullable [] read(String path) {
      Path file = root.resolve(path);
      if (!Files.isRegularFile(file)) {
        return null;
      }
      try {
        return Files.readAllBytes(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public @Nullable List<String> list(String path) {
      Path directory = root.resolve(path);
      if (!Files.isDirectory(directory)) {
        return null;
      }
      try (Stream<Path> files = Files.list(directory)) {
        return files.map(file -> file.getFileName().toString()).sorted().toList();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
