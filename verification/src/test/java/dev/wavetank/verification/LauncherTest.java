package dev.wavetank.verification;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code ./wavetank} in a project of one source, with a {@code mvn} and a {@code java} that only
 * say so.
 */
class LauncherTest {
  private record Ended(int exitCode, String stdout, String stderr) {}

  @TempDir Path temp;
  private Path project;
  private Path source;

  @BeforeEach
  void makeProject() throws IOException {
    project = Files.createDirectories(temp.resolve("a project"));
    source = project.resolve("cli/src/main/java/Main.java");
    Files.createDirectories(source.getParent());
    Files.writeString(source, "class Main {}");
    Files.writeString(project.resolve("pom.xml"), "<project/>");
    Files.copy(Checkout.root().resolve("wavetank"), project.resolve("wavetank"));
    executable(project.resolve("wavetank"));
    stub("mvn", "echo built >>\"$LOG\"; touch cli/target/launcher/wavetank.jar");
    stub("java", "for last; do :; done; echo \"ran in $(pwd): $last\"; exit 42");
  }

  private void stub(String name, String body) throws IOException {
    Path file = Files.createDirectories(temp.resolve("bin")).resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    executable(file);
  }

  private static void executable(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Ended launch(Path launcher, String... args) throws Exception {
    List<String> command = new ArrayList<>(List.of(launcher.toString()));
    Collections.addAll(command, args);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(temp.toFile())
            .redirectOutput(temp.resolve("out").toFile())
            .redirectError(temp.resolve("err").toFile());
    builder.environment().put("PATH", temp.resolve("bin") + ":/usr/bin:/bin");
    builder.environment().put("LOG", temp.resolve("log").toString());
    builder.environment().remove("JAVA_HOME");
    Process process = builder.start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Ended(
        process.exitValue(),
        Files.readString(temp.resolve("out"), StandardCharsets.UTF_8),
        Files.readString(temp.resolve("err"), StandardCharsets.UTF_8));
  }

  private Ended launch() throws Exception {
    return launch(project.resolve("wavetank"), "word");
  }

  private long builds() {
    Path log = temp.resolve("log");
    return Files.exists(log) ? Checkout.read(log).lines().count() : 0;
  }

  private static void touchLater(Path file) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(60)));
  }

  @Test
  void theCommandRunsWhereTheUserStandsAndItsExitCodeIsOurs() throws Exception {
    assertThat(launch())
        .isEqualTo(
            new Ended(42, "ran in " + temp.toRealPath() + ": word\n", "wavetank: building...\n"));
  }

  @Test
  void aSecondStartBuildsNothing() throws Exception {
    launch();
    assertThat(launch().stderr()).isEmpty();
    assertThat(builds()).isEqualTo(1);
  }

  @Test
  void aNewerSourceIsBuilt() throws Exception {
    launch();
    touchLater(source);
    launch();
    assertThat(builds()).isEqualTo(2);
  }

  @Test
  void aSourceThatIsGoneIsBuiltAway() throws Exception {
    launch();
    Files.delete(source);
    touchLater(source.getParent());
    launch();
    assertThat(builds()).isEqualTo(2);
  }

  @Test
  void symbolicLinksLeadToTheProject() throws Exception {
    Path inner = Files.createSymbolicLink(temp.resolve("inner"), project.resolve("wavetank"));
    Path outer = Files.createSymbolicLink(temp.resolve("outer"), inner.getFileName());
    assertThat(launch(outer, "word").exitCode()).isEqualTo(42);
    assertThat(project.resolve("cli/target/launcher/wavetank.jar")).exists();
  }

  @Test
  void aFailedBuildIsShownOnStderrAndTriedAgain() throws Exception {
    stub("mvn", "echo the compiler is cross; exit 3");
    Ended ended = launch();
    assertThat(ended.exitCode()).isEqualTo(1);
    assertThat(ended.stdout()).isEmpty();
    assertThat(ended.stderr()).contains("the compiler is cross", "wavetank: the build failed");
    stub("mvn", "echo built >>\"$LOG\"; touch cli/target/launcher/wavetank.jar");
    assertThat(launch().exitCode()).isEqualTo(42);
  }
}
