package dev.wavetank.core.container.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.container.ProgramOutput;
import dev.wavetank.core.container.TestContainer;
import java.util.List;
import org.junit.jupiter.api.Test;

class TerminalTest {

  private final TestContainer pod = new TestContainer();
  private final StringBuilder screen = new StringBuilder();
  private final ProgramOutput[] ended = new ProgramOutput[1];
  private final ProgramInput input = ProgramInput.pipe();
  private final Terminal terminal = new Terminal(input, screen::append);

  private Terminal start(String... command) {
    ProcessClient client =
        new ProcessClient() {
          @Override
          public void out(String text) {
            screen.append(text);
          }

          @Override
          public void err(String text) {
            throw new AssertionError("a terminal has one screen");
          }
        };
    pod.container.exec(
        List.of(command), new ProcessStreams(input, client, terminal), output -> ended[0] = output);
    return terminal;
  }

  @Test
  void linesAreHandedOverWhenTheyAreComplete() {
    start("cat").type("ab");
    assertThat(screen.toString()).isEqualTo("ab");
    terminal.type("c\r");
    assertThat(screen.toString()).isEqualTo("abc\r\nabc\r\n");
    terminal.type("\004");
    assertThat(ended[0].exitCode()).isZero();
  }

  @Test
  void whatIsTypedCanBeTakenBack() {
    start("cat").type("abx\177c\025d\r");
    assertThat(screen.toString()).endsWith("d\r\nd\r\n").doesNotContain("abc\r\n");
  }

  @Test
  void anInterruptEndsTheProgramAndNotTheShell() {
    start("sh").type("sleep 100; echo on\r\003echo $?\r");
    assertThat(screen.toString()).contains("^C").contains("130\r\n").doesNotContain("\r\non\r\n");
    terminal.type("exit\r");
    assertThat(ended[0]).isNotNull();
  }

  @Test
  void aCommandMayHaveSeveralLines() {
    start("sh").type("for i in 1 2; do\recho n$i\rdone\rif\r");
    assertThat(screen.toString()).contains("> done\r\nn1\r\nn2\r\n/ # if\r\n> ");
    terminal.type("\003");
    assertThat(screen.toString()).endsWith("^C\r\n/ # ");
  }

  @Test
  void whatIsNoScriptIsSaidAndTheShellGoesOn() {
    start("sh").type("done\recho still\r");
    assertThat(screen.toString()).contains("syntax error").contains("\r\nstill\r\n");
  }

  @Test
  void programsKnowWhetherTheyHaveOne() {
    terminal.resize(24, 80);
    start("sh", "-c", "stty size; tty; tty < /dev/null");
    assertThat(screen.toString()).isEqualTo("24 80\r\n/dev/pts/0\r\nnot a tty\r\n");
    assertThat(pod.sh("stty size").stderr())
        .isEqualTo("stty: standard input: Inappropriate ioctl for device\n");
  }

  @Test
  void linesThatAreACommandsInputAreReadToTheirEnd() {
    start("sh").type("cat <<X\rone\rX\recho two\r");
    assertThat(screen.toString()).contains("> X\r\none\r\n/ # echo two\r\ntwo\r\n");
  }
}
