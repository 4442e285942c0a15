package dev.wavetank.verification;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A program run in a new JVM of the same Java installation and class path, unlike this one in
 * everything that must not matter: locale, time zone, directory, environment, garbage collector and
 * the hash codes that objects get from their identity.
 */
final class FreshJvm {
  private static final long WAIT_SECONDS_MAX = 300;

  private static final List<String> UNLIKE_THIS_ONE =
      List.of(
          "-Duser.language=ar",
          "-Duser.country=EG",
          "-Duser.timezone=Pacific/Kiritimati",
          "-XX:+UseParallelGC",
          "-XX:+UnlockExperimentalVMOptions",
          "-XX:hashCode=0",
          "-Xshare:auto");

  /**
   * How the program ended.
   *
   * @param exitCode of the process
   * @param stdout read as UTF-8
   * @param stderr read as UTF-8
   */
  record Ended(int exitCode, String stdout, String stderr) {}

  private FreshJvm() {}

  /**
   * Runs {@code main} and gives what it printed.
   *
   * @throws AssertionError when it ends with another exit code than 0; the message has its stderr
   */
  static String run(Class<?> mainClass, String... args) {
    Ended ended = end(mainClass, args);
    if (ended.exitCode() != 0) {
      throw new AssertionError(
          mainClass.getName() + " ended with " + ended.exitCode() + ":\n" + ended.stderr());
    }
    return ended.stdout();
  }

  /** Runs {@code main} to its end, whatever that is. */
  static Ended end(Class<?> mainClass, String... args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(UNLIKE_THIS_ONE);
    command.add("-cp");
    // Surefire's own class path is one jar that names the others.
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(mainClass.getName());
    command.addAll(List.of(args));
    try {
      Path directory = Files.createTempDirectory("fresh-jvm");
      Path stdout = directory.resolve("stdout");
      Path stderr = directory.resolve("stderr");
      try {
        return end(command, directory, stdout, stderr);
      } finally {
        Files.deleteIfExists(stdout);
        Files.deleteIfExists(stderr);
        Files.deleteIfExists(directory);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Ended end(List<String> command, Path directory, Path stdout, Path stderr)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectOutput(stdout.toFile())
            .redirectError(stderr.toFile());
    builder.environment().clear();
    Process process = builder.start();
    try {
      if (!process.waitFor(WAIT_SECONDS_MAX, TimeUnit.SECONDS)) {
        throw new AssertionError(
            "no end after " + WAIT_SECONDS_MAX + " seconds: " + String.join(" ", command));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting", e);
    } finally {
      process.destroyForcibly();
    }
    return new Ended(
        process.exitValue(),
        Files.readString(stdout, StandardCharsets.UTF_8),
        Files.readString(stderr, StandardCharsets.UTF_8));
  }
}
