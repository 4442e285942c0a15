package dev.wavetank.verification;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.http.ContainerLogs;
import dev.wavetank.core.container.ContainerLog;
import dev.wavetank.core.container.image.ImageRegistry;
import dev.wavetank.core.kubectl.Output;
import dev.wavetank.server.ClusterServer;
import dev.wavetank.server.ServedCluster;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real kubectl against a served cluster, with stories recorded against a real control plane.
 *
 * <p>Each story runs on a cluster of its own; see {@link TranscriptReplays}.
 */
class GoldenServeTest {

  /** How long a process of kubectl took to begin when the stories were recorded. */
  private static final long PROCESS_NANOS = 60_000_000L;

  private static final long QUIET_NANOS = 850_000_000L;

  /** As whom the recorded commands came. */
  private static final String TOKEN = "t0ken";

  private static final String ADMINISTRATOR = TOKEN + ",kubernetes-admin,u-admin,system:masters\n";

  /** A command that still runs waits for a controller that is not there. */
  private static final long COMMAND_SECONDS_MAX = 15;

  /** The hash of a pod template, which cannot be reckoned from its JSON, behind a name. */
  private static final Pattern TEMPLATE_HASH =
      Pattern.compile(
          "(?<=[a-z0-9]-|pod-template-hash[=:] ?\"?)[bcdfghjklmnpqrstvwxz2456789]{8,10}"
              + "(?![a-z0-9])");

  /** The server's port, which the recordings have behind a name. */
  private static final Pattern PORT = Pattern.compile("(?<=https://127\\.0\\.0\\.1:)\\d{5}");

  @TempDir Path directory;

  @Test
  void lab() {
    Path kubectl = RealClients.kubectl(RealClients.RECORDED_MINOR);
    TranscriptReplays.score(
        "kubectl/serve",
        new TranscriptReplays.Own(UnaryOperator.identity(), GoldenServeTest::normalised),
        story -> replay(kubectl, story));
  }

  private static String normalised(String text) {
    return PORT.matcher(TEMPLATE_HASH.matcher(text).replaceAll("<template-hash>"))
        .replaceAll("<port>");
  }

  private List<Output> replay(Path kubectl, KubectlTranscript story) {
    try (ClusterServer server =
        ClusterServer.start(
            ClusterServer.options().withTls().withUsers(ADMINISTRATOR),
            settings -> new ServedLab())) {
      Path work = directory.resolve(story.name());
      Path home = Files.createDirectories(directory.resolve(story.name() + "-home"));
      copy(story.files(), work);
      RealKubectl client =
          RealKubectl.withTlsUnverified(
              kubectl, server.url(), server.administrator(), TOKEN, work, home);
      client.endCommandsAfter(COMMAND_SECONDS_MAX);
      LabShell shell = new LabShell(client::run);
      List<Output> outputs = new ArrayList<>();
      for (Step step : story.steps()) {
        client.pass(step.advanceNanos() + PROCESS_NANOS, step.settled() ? QUIET_NANOS : 0);
        outputs.add(run(shell, step));
      }
      return outputs;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Output run(LabShell shell, Step step) {
    try {
      return shell.run(step.commandLine(), step.stdin());
    } catch (RuntimeException e) {
      return new Output("", "thrown: " + e, -1);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    if (!Files.isDirectory(from)) {
      return;
    }
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
  }

  /** The start state of the recordings, served. */
  private static final class ServedLab implements ServedCluster, ContainerLogs {
    private final LabCluster cluster = new LabCluster();
    private final ImageRegistry images = new ImageRegistry();

    @Override
    public ApiServer api() {
      return cluster.server;
    }

    @Override
    public ContainerLogs logs() {
      return this;
    }

    @Override
    public String traceHash() {
      return "";
    }

    /** What the image writes when it starts: no container runs in these stories. */
    @Override
    public ContainerLog log(KubeObject pod, String container, boolean previous) {
      KubeMap spec = pod.spec().listOrEmpty("containers").find("name", container);
      return spec == null
          ? ContainerLog.EMPTY
          : new ContainerLog(0, images.behavior(spec).log(0), false);
    }

    @Override
    public boolean open(KubeObject pod, String container) {
      return false;
    }
  }
}
