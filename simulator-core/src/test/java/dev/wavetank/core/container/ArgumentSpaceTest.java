package dev.wavetank.core.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeMap;
import org.junit.jupiter.api.Test;

/** The kernel's bounds on what is handed to a program. */
class ArgumentSpaceTest {

  private static final int LONGEST = ArgumentSpace.STRING_MAX - 1;

  @Test
  void oneArgumentHas128KiBWithItsEnd() {
    TestContainer pod = new TestContainer();
    assertThat(pod.exec("echo", "-n", "x".repeat(LONGEST)).stdout()).hasSize(LONGEST);
    ProgramOutput output = pod.exec("echo", "x".repeat(LONGEST + 1));
    assertThat(output.exitCode()).isEqualTo(ProgramOutput.NOT_STARTED);
    assertThat(output.stderr())
        .isEqualTo(
            "OCI runtime exec failed: exec failed: unable to start container process: exec"
                + " /bin/echo: argument list too long: unknown");
  }

  @Test
  void allArgumentsTogetherHaveTwoMebibytes() {
    String[] words = new String[17];
    java.util.Arrays.fill(words, "x".repeat(LONGEST));
    words[0] = "true";
    assertThat(new TestContainer().exec(words).exitCode()).isEqualTo(ProgramOutput.NOT_STARTED);
    words[1] = "";
    words[2] = "";
    assertThat(new TestContainer().exec(words).exitCode()).isZero();
  }

  @Test
  void theShellSaysSoAndGoesOn() {
    TestContainer pod = new TestContainer();
    String script = "a=0123456789abcdef; i=0; while [ $i -lt 13 ]; do a=$a$a; i=$((i+1)); done; ";
    ProgramOutput output = pod.sh(script + "cat \"$a\"; echo $?; echo ${#a}");
    assertThat(output.stdout()).isEqualTo("126\n131072\n");
    assertThat(output.stderr()).contains("cat: Argument list too long");
  }

  @Test
  void aContainerWhoseCommandIsTooLongDoesNotStart() {
    KubeMap spec = TestContainer.spec("busybox", "echo", "x".repeat(LONGEST + 1));
    TestContainer pod = new TestContainer(spec);
    assertThat(pod.container.exitCode()).isEqualTo(128);
    assertThat(pod.container.reason()).isEqualTo("StartError");
    assertThat(pod.container.terminationMessage()).endsWith("argument list too long: unknown");
  }
}
