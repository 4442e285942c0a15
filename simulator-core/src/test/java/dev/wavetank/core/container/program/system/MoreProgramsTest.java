package dev.wavetank.core.container.program.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.container.ProgramOutput;
import dev.wavetank.core.container.TestContainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Programs that calculate, copy blocks, page, find processes and look hosts up. */
class MoreProgramsTest {

  private final TestContainer pod = new TestContainer();

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "1 + 2;3",
        "2 + 3 '*' 4;14",
        "'(' 2 + 3 ')' '*' 4;20",
        "7 / 2;3",
        "7 % 4;3",
        "1 - 5;-4",
        "3 '<' 10;1",
        "b '>' a;1",
        "'' '|' x;x",
        "0 '&' 5;0",
        "length hello;5",
        "substr hello 2 3;ell",
        "index hello l;3",
        "abc123 : '[a-z]*';3",
        "abc123 : '[a-z]*\\([0-9]*\\)';123"
      })
  void exprCalculates(String expression, String value) {
    assertThat(pod.sh("expr " + expression).stdout()).isEqualTo(value + "\n");
  }

  @Test
  void printfWritesDecimals() {
    TestContainer own = new TestContainer();
    assertThat(own.sh("printf '%05.1f|%.2f|%8.3f|%f\\n' 3.14159 2 1.5 x").stdout())
        .isEqualTo("003.1|2.00|   1.500|0.000000\n");
  }

  @Test
  void exprTellsByItsCode() {
    assertThat(pod.sh("expr 1 - 1").exitCode()).isEqualTo(1);
    assertThat(pod.sh("expr 1 / 0"))
        .isEqualTo(new ProgramOutput(2, "", "expr: division by zero\n"));
    assertThat(pod.sh("expr a + 1").stderr()).isEqualTo("expr: non-integer argument\n");
    assertThat(pod.sh("expr").exitCode()).isEqualTo(2);
    assertThat(pod.sh("expr 1 2").stderr()).isEqualTo("expr: syntax error\n");
    assertThat(pod.sh("expr $(yes '(' | head -n 5000)").stderr())
        .isEqualTo("expr: too many parentheses\n");
  }

  @Test
  void ddCopiesBlocks() {
    assertThat(pod.sh("dd if=/dev/zero of=/f bs=1k count=4; wc -c < /f"))
        .isEqualTo(new ProgramOutput(0, "4096\n", "4+0 records in\n4+0 records out\n"));
    assertThat(pod.sh("echo hello | dd bs=2 count=2 status=none").stdout()).isEqualTo("hell");
    assertThat(pod.sh("echo hello > /g; dd if=/g bs=1 skip=1 count=3 2>&1 | head -n 1").stdout())
        .startsWith("ell3+0 records in");
    assertThat(pod.sh("dd if=/nope").exitCode()).isEqualTo(1);
    assertThat(pod.sh("dd bs=0").stderr()).isEqualTo("dd: invalid number '0'\n");
  }

  @Test
  void aDiskIsFullForDd() {
    ProgramOutput full =
        new ProgramOutput(1, "", "dd: error writing '/f': No space left on device\n");
    assertThat(pod.sh("dd if=/dev/zero of=/f bs=1M count=100")).isEqualTo(full);
    assertThat(pod.sh("dd if=/dev/zero of=/f")).isEqualTo(full);
    assertThat(pod.sh("yes | dd of=/f").exitCode()).isEqualTo(1);
    assertThat(pod.sh("echo alive").stdout()).isEqualTo("alive\n");
  }

  @Test
  void pagersShowEverything() {
    assertThat(pod.sh("echo a > /f; less /f; cat /f | more").stdout()).isEqualTo("a\na\n");
  }

  @Test
  void processesAreFoundByName() {
    ProgramOutput found = pod.sh("sleep 100 & pgrep -x -f 'sleep 100'; pidof sleep");
    String[] lines = found.stdout().split("\n");
    assertThat(lines[0]).matches("\\d");
    assertThat(lines[1]).isEqualTo(lines[0] + " 1");
    assertThat(pod.sh("pgrep nope; echo $?; pidof nope").stdout()).isEqualTo("1\n");
  }

  @Test
  void processesAreKilledByName() {
    assertThat(pod.sh("sleep 50 & pkill -x -f 'sleep 50'; wait $!; echo $?").stdout())
        .isEqualTo("143\n");
    assertThat(pod.sh("yes > /dev/null & killall -9 yes; wait $!; echo $?").stdout())
        .isEqualTo("137\n");
    assertThat(pod.sh("killall nope"))
        .isEqualTo(new ProgramOutput(1, "", "killall: nope: no process killed\n"));
    assertThat(pod.container.running()).isTrue();
  }

  @Test
  void getentLooksHostsUp() {
    assertThat(pod.sh("getent hosts localhost").stdout()).isEqualTo("127.0.0.1       localhost\n");
    pod.network.prints(
        "dig +search +noall +answer web",
        ProgramOutput.ok("web.default.svc.cluster.local. 30 IN A 10.96.0.7\n"));
    assertThat(pod.sh("getent hosts web").stdout())
        .isEqualTo("10.96.0.7       web.default.svc.cluster.local\n");
    assertThat(pod.sh("getent hosts nope").exitCode()).isEqualTo(2);
    assertThat(pod.sh("getent nope x").stderr()).isEqualTo("Unknown database: nope\n");
  }
}
