package dev.wavetank.core.container.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.container.ProgramOutput;
import dev.wavetank.core.container.TestContainer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Shells in time: pipes, jobs, signals. */
class ShellProcessesTest {

  private static TestContainer running(String script) {
    return TestContainer.ofScript(script);
  }

  @Test
  void commandsTakeTheirTime() {
    TestContainer pod = new TestContainer();
    pod.sh("sleep 1.5; sleep 1 && sleep 0.5s");
    assertThat(pod.seconds()).isEqualTo(3);
  }

  @Test
  void containerEndsWithItsScript() {
    TestContainer pod = running("echo hello; sleep 2; exit 3").later(1);
    assertThat(pod.container.running()).isTrue();
    assertThat(pod.container.log()).containsExactly("hello");
    pod.later(1);
    assertThat(pod.container.exitCode()).isEqualTo(3);
    assertThat(pod.container.reason()).isEqualTo("Error");
  }

  @Test
  void bothStreamsAreTheLog() {
    assertThat(running("echo out; nope; echo end").later(1).container.log())
        .containsExactly("out", "sh: nope: not found", "end");
  }

  @Test
  void loopsLetTimeGoOn() {
    TestContainer pod = running("while true; do echo tick; sleep 10; done").later(35);
    assertThat(pod.container.log()).containsExactly("tick", "tick", "tick", "tick");
    assertThat(running("while :; do :; done").later(1).container.running()).isTrue();
  }

  @Test
  void partsOfAPipelineRunAtTheSameTime() {
    TestContainer pod = new TestContainer();
    pod.sh("sleep 3 | sleep 2 | sleep 1");
    assertThat(pod.seconds()).isEqualTo(3);
  }

  @Test
  void whatIsPipedArrivesAtOnce() {
    TestContainer pod =
        running("while true; do echo a; sleep 5; done | while read x; do echo got $x; done")
            .later(12);
    assertThat(pod.container.log()).containsExactly("got a", "got a", "got a");
  }

  @Test
  void writerOfABrokenPipeEnds() {
    TestContainer pod = new TestContainer();
    ProgramOutput output = pod.sh("while true; do echo y; done | head -n 3; echo end");
    assertThat(output).isEqualTo(new ProgramOutput(0, "y\ny\ny\nend\n", ""));
    assertThat(pod.sh("set -o pipefail; while true; do echo y; done | head -n 1").exitCode())
        .isEqualTo(141);
  }

  @Test
  void jobsRunInTheBackground() {
    TestContainer pod = new TestContainer();
    ProgramOutput output = pod.sh("sleep 5 & sleep 3 & echo started; wait; echo done");
    assertThat(output.stdout()).isEqualTo("started\ndone\n");
    assertThat(pod.seconds()).isEqualTo(5);
  }

  @Test
  void waitGivesTheStatusOfAJob() {
    TestContainer pod = new TestContainer();
    assertThat(pod.sh("(sleep 2; exit 7) & wait $!; echo $?").stdout()).isEqualTo("7\n");
    assertThat(pod.sh("true & wait $!; echo $?; wait 4711; echo $?").stdout())
        .isEqualTo("0\n127\n");
  }

  @Test
  void killEndsAJob() {
    TestContainer pod = new TestContainer();
    assertThat(pod.sh("sleep 100 & kill $!; wait $!; echo $?").stdout()).isEqualTo("143\n");
    assertThat(pod.sh("sleep 100 & kill -9 $!; wait $!; echo $?").stdout()).isEqualTo("137\n");
    assertThat(pod.sh("sleep 100 & kill -0 $!; echo $?").stdout()).isEqualTo("0\n");
    assertThat(pod.sh("kill 4711").stderr())
        .isEqualTo("kill: can't kill pid 4711: No such process\n");
  }

  @Test
  void anExecEndsWithItsShellWhateverRunsOn() {
    TestContainer pod = new TestContainer();
    assertThat(pod.sh("(sleep 5; echo late > /f) & echo now").stdout()).isEqualTo("now\n");
    assertThat(pod.seconds()).isZero();
    assertThat(pod.later(6).container.file("/f")).isEqualTo("late\n");
  }

  @Test
  void processOneWithoutTrapDoesNotHearSigterm() {
    TestContainer pod = running("sleep 1000; echo no");
    pod.container.stop(30 * TestContainer.SECOND);
    assertThat(pod.later(29.9).container.running()).isTrue();
    pod.later(0.1);
    assertThat(pod.container.exitCode()).isEqualTo(137);
    assertThat(pod.container.log()).isEmpty();
  }

  @Test
  void trapRunsWhenTheForegroundCommandIsDone() {
    TestContainer pod = running("trap 'echo bye; exit 0' TERM; while true; do sleep 10; done");
    pod.later(2).container.stop(30 * TestContainer.SECOND);
    assertThat(pod.later(7.9).container.running()).isTrue();
    assertThat(pod.later(0.1).container.running()).isFalse();
    assertThat(pod.container.exitCode()).isZero();
    assertThat(pod.container.log()).containsExactly("bye");
  }

  @Test
  void trapInterruptsWait() {
    TestContainer pod =
        running("trap 'echo bye; kill $!; exit 5' TERM INT; sleep 1000 & wait; echo no").later(2);
    pod.container.stop(30 * TestContainer.SECOND);
    assertThat(pod.container.exitCode()).isEqualTo(5);
    assertThat(pod.container.log()).containsExactly("bye");
  }

  @Test
  void scriptGoesOnAfterATrapThatDoesNotExit() {
    TestContainer pod = running("trap 'echo $?' TERM; sleep 5 & wait; echo after $?").later(1);
    pod.container.stop(30 * TestContainer.SECOND);
    assertThat(pod.container.log()).containsExactly("143", "after 143");
  }

  @Test
  void ignoredSignalIsIgnoredInSubshellsToo() {
    TestContainer pod = new TestContainer();
    assertThat(pod.sh("trap '' TERM; (sleep 1; echo in) & kill $!; wait $!; echo $?").stdout())
        .isEqualTo("in\n0\n");
    assertThat(pod.sh("trap 'echo no' TERM; sleep 9 & kill $!; wait $!; echo $?").stdout())
        .isEqualTo("143\n");
  }

  @Test
  void trapOfTheEnd() {
    TestContainer pod = new TestContainer();
    assertThat(pod.sh("trap 'echo end $?' EXIT; exit 4"))
        .isEqualTo(new ProgramOutput(4, "end 4\n", ""));
    assertThat(pod.sh("trap 'echo end; exit 9' EXIT; false").exitCode()).isEqualTo(9);
    assertThat(pod.sh("trap 'echo end' EXIT; trap - EXIT").stdout()).isEmpty();
    assertThat(pod.sh("trap 'echo end' 0; (echo sub)").stdout()).isEqualTo("sub\nend\n");
    assertThat(pod.sh("set -e; trap 'echo end' EXIT; false; echo no").stdout()).isEqualTo("end\n");
  }

  @Test
  void trapsAreListed() {
    assertThat(new TestContainer().sh("trap 'echo hi' INT; trap '' HUP; trap").stdout())
        .isEqualTo("trap -- '' HUP\ntrap -- 'echo hi' INT\n");
    assertThat(new TestContainer().sh("trap x NOPE").stderr())
        .isEqualTo("sh: trap: NOPE: invalid signal specification\n");
  }

  @Test
  void killOfProcessOneFromInside() {
    TestContainer pod = running("trap 'exit 6' TERM; sleep 1000 & wait");
    pod.sh("kill -9 1");
    assertThat(pod.container.running()).isTrue();
    pod.container.exec(List.of("kill", "1"), output -> {});
    assertThat(pod.container.exitCode()).isEqualTo(6);

    TestContainer server = new TestContainer(TestContainer.spec("nginx"));
    server.container.exec(List.of("sh", "-c", "kill 1; sleep 9"), output -> {});
    server.later(1);
    assertThat(server.container.exitCode()).isZero();
    assertThat(server.container.exited()).isTrue();
  }

  @Test
  void execedProgramHearsWhatTheShellHears() {
    TestContainer pod = running("trap 'exit 6' TERM; exec sleep 1000");
    pod.container.stop(5 * TestContainer.SECOND);
    assertThat(pod.later(4.9).container.running()).isTrue();
    assertThat(pod.later(0.1).container.exitCode()).isEqualTo(137);
    TestContainer job = new TestContainer();
    assertThat(job.sh("(exec sleep 1000) & kill $!; wait $!; echo $?").stdout()).isEqualTo("143\n");
  }

  @Test
  void deathOfTheContainerEndsItsCommands() {
    TestContainer pod = new TestContainer();
    ProgramOutput[] ended = new ProgramOutput[1];
    pod.container.exec(
        List.of("sh", "-c", "echo a; sleep 100; echo b > /f"), end -> ended[0] = end);
    pod.later(1).container.kill();
    assertThat(ended[0]).isEqualTo(new ProgramOutput(137, "a\n", ""));
    pod.later(200);
    assertThat(pod.simulation.pending()).isZero();
  }

  @Test
  void shellWithOpenInputWaitsForIt() {
    KubeMap busybox = KubeMap.of("name", "app", "image", "busybox");
    TestContainer closed = new TestContainer(busybox);
    assertThat(closed.container.exitCode()).isZero();
    assertThat(closed.container.exited()).isTrue();
    TestContainer open = new TestContainer(busybox.with("stdin", true));
    assertThat(open.later(100).container.running()).isTrue();
  }

  @Test
  void tooManyProcessesAreRefused() {
    TestContainer pod = running("while true; do sleep 100000 & done").later(1.1);
    assertThat(pod.container.log()).contains("sh: can't fork: Resource temporarily unavailable");
  }

  @Test
  void bigFilesAreRefused() {
    TestContainer pod =
        running("echo a > /f; while true; do cat /f /f > /g; cat /g >> /f; done").later(1);
    assertThat(pod.container.log()).contains("sh: write error: No space left on device");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "f=x; while true; do f=$f$f; done",
        "set -- x; while true; do set -- \"$@\" \"$@\"; done",
        "set -- x; while true; do set -- $@ $@; done",
        "i=0; v=$(seq 1 50000); while true; do i=$((i + 1)); eval \"v$i=\\$v\"; done"
      })
  void aShellThatWantsEverMoreMemoryEnds(String script) {
    ProgramOutput output = new TestContainer().sh(script);
    assertThat(output.exitCode()).isEqualTo(2);
    assertThat(output.stderr()).isEqualTo("sh: out of memory\n");
  }

  @Test
  void aSubstitutionThatPrintsForEverEnds() {
    ProgramOutput output = new TestContainer().sh("x=$(yes); echo ${#x}");
    assertThat(Integer.parseInt(output.stdout().strip())).isBetween(1_000_000, 4 << 20);
  }

  @Test
  void aForkBombMeetsABound() {
    ProgramOutput output = new TestContainer().sh("b() { b | b & }; b");
    assertThat(output.stdout()).isEmpty();
    assertThat(output.stderr()).contains("sh: can't fork: Resource temporarily unavailable\n");
  }
}
