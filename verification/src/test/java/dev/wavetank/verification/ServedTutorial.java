package dev.wavetank.verification;

import dev.wavetank.core.kubectl.Output;
import dev.wavetank.core.kubectl.flags.Words;
import dev.wavetank.server.ClusterServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A served cluster and the real kubectl, for somebody who follows a tutorial. */
final class ServedTutorial implements AutoCloseable {

  private static final long SECOND = 1_000_000_000L;

  /** An event as {@code kubectl describe} lists it. */
  private static final Pattern EVENT =
      Pattern.compile(
          "\\s+(Normal|Warning)\\s+(\\S+)\\s+\\S+(?: \\((x\\d+) over \\S+\\))?\\s+(\\S+)\\s+(.*)");

  private final ClusterServer server;
  private final RealKubectl kubectl;

  private ServedTutorial(ClusterServer server, RealKubectl kubectl) {
    this.server = server;
    this.kubectl = kubectl;
  }

  /** Starts it; the test is skipped where there is no real kubectl. */
  static ServedTutorial start(Path directory) throws IOException {
    Path program = RealClients.kubectl(RealClients.RECORDED_MINOR);
    ClusterServer server = ClusterServer.start(ClusterServer.options());
    Path home = Files.createDirectories(directory.resolve("home"));
    ServedTutorial tutorial =
        new ServedTutorial(server, new RealKubectl(program, server.url(), directory, home));
    tutorial.pass(30);
    return tutorial;
  }

  String url() {
    return server.url();
  }

  /** Runs a command of kubectl, which is its first word. */
  Output run(String commandLine, String stdin) {
    return kubectl.run(Words.split(commandLine), stdin.getBytes(StandardCharsets.UTF_8));
  }

  /** What a command prints, to both streams. */
  String said(String commandLine) {
    Output output = run(commandLine, "");
    return output.stdout() + output.stderr();
  }

  /** Starts a command of kubectl that goes on until it is closed. */
  RealKubectl.Running start(String commandLine) {
    return kubectl.start(Words.split(commandLine));
  }

  /** What a command in a pod prints; a script of the shell. */
  String inPod(String pod, String script) {
    List<String> words = new ArrayList<>(List.of("kubectl", "exec", pod, "--", "sh", "-c"));
    words.add(script);
    Output output = kubectl.run(words, new byte[0]);
    return output.stdout() + output.stderr();
  }

  void pass(long seconds) {
    kubectl.pass(seconds * SECOND, 0);
  }

  /** Lets time pass until nothing changes for a second. */
  void settle() {
    kubectl.pass(0, SECOND);
  }

  /**
   * The events of a pod from oldest to newest, each as its type, reason, component and message, and
   * how often it was when it was more than once. Ages are left out, for they depend on the clock of
   * the machine.
   */
  List<String> events(String pod) {
    List<String> events = new ArrayList<>();
    for (String line : said("kubectl describe pod " + pod).split("\n")) {
      Matcher event = EVENT.matcher(line);
      if (event.matches()) {
        String count = event.group(3) == null ? "" : event.group(3) + " ";
        events.add(
            event.group(1)
                + " "
                + event.group(2)
                + " "
                + count
                + event.group(4)
                + ": "
                + event.group(5));
      }
    }
    return events;
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
