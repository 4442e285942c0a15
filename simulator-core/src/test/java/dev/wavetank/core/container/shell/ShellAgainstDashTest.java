package dev.wavetank.core.container.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.container.ProgramOutput;
import dev.wavetank.core.container.TestContainer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * The shell against a real one: generated scripts print the same and end with the same status. It
 * is skipped, with a word about it, where the machine has no {@code dash}.
 */
class ShellAgainstDashTest {

  /** What makes fields visible. */
  private static final String PRELUDE =
      "show() { printf '%s:' $#; [ $# = 0 ] || printf '[%s]' \"$@\"; printf '\\n'; }\n";

  @Property(tries = 400)
  void scriptsDoWhatTheyDoInARealShell(@ForAll long seed) throws Exception {
    String script = new ShellScripts(seed).script();
    RealShell.require();
    ProgramOutput real = RealShell.sh(PRELUDE + script);
    ProgramOutput simulated = new TestContainer().sh("mkdir /w; cd /w\n" + PRELUDE + script);
    assertThat(simulated.stdout()).as("output of\n%s", script).isEqualTo(real.stdout());
    assertThat(simulated.exitCode()).as("status of\n%s", script).isEqualTo(real.exitCode());
    assertThat(simulated.stderr().isEmpty())
        .as("silence on standard error of\n%s\nreal: %s\nours: %s", script, real, simulated)
        .isEqualTo(real.stderr().isEmpty());
  }
}
