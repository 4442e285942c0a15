package dev.wavetank.core.container.program.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.container.ProgramOutput;
import dev.wavetank.core.container.TestContainer;
import dev.wavetank.core.container.shell.RealShell;
import dev.wavetank.core.container.stream.ProcessClient;
import dev.wavetank.core.container.stream.ProcessStreams;
import dev.wavetank.core.container.stream.ProgramInput;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that change text: as those of the machine where it has them, else as BusyBox. */
class TextProgramsTest {

  private static final String FILES =
      """
      printf 'one two\\nthree\\n\\nFour  four\\nthree\\n10 x\\n9 y\\n' > f
      printf 'a:1:x\\nb:22:y\\nc:3:z\\n' > p
      """;

  private static ProgramOutput simulated(String script) {
    return new TestContainer().sh("mkdir /w; cd /w\n" + FILES + script);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "head -n 2 f",
        "head -1 f",
        "head -c 5 f",
        "head -n 1 f p",
        "tail -n 2 f",
        "tail -3 f",
        "tail -n +5 f",
        "tail -c 4 f",
        "sort f",
        "sort -r f",
        "sort -n f",
        "sort -u f",
        "sort -t: -k2 p",
        "sort -t: -k2n p",
        "sort -t : -k 2 -n -r p",
        "sort -k2 f",
        "uniq f",
        "sort f | uniq -c",
        "sort f | uniq -d",
        "sort f | uniq -u",
        "cut -d: -f2 p",
        "cut -d: -f1,3 p",
        "cut -d : -f 2- p",
        "cut -c1-3 f",
        "cut -c 2 f",
        "cut -d' ' -f1 f",
        "cut -s -d: -f1 f",
        "tr a-z A-Z < f",
        "tr -d '\\n' < f",
        "tr -s ' ' < f",
        "tr ' ' '\\n' < f",
        "tr -cd '[:digit:]' < f",
        "tr '[:upper:]' '[:lower:]' < f",
        "tr -d ab:1 < p",
        "tac f",
        "grep three f",
        "grep -c three f",
        "grep -n o f",
        "grep -i FOUR f",
        "grep -v e f",
        "grep -o '[a-z]*e' f",
        "grep -E '^(one|Four)' f",
        "grep '^$' f | wc -l",
        "grep -q nope f; echo $?",
        "grep x f p",
        "grep -h x f p",
        "grep -l 1 f p",
        "grep -w on f; echo $?",
        "grep -A1 one f",
        "grep -B1 10 f",
        "grep -F . f; echo $?",
        "grep 'o\\{1,2\\}n' f",
        "grep -e one -e 10 f",
        "grep -m1 three f",
        "grep '[[:digit:]] [xy]' f",
        "grep -x three f",
        "cat f | grep -v '^three' | wc -l",
        "sed s/o/0/ f",
        "sed s/o/0/g f",
        "sed 's/\\(.*\\) \\(.*\\)/\\2 \\1/' f",
        "sed -E 's/([0-9]+) (.)/\\2=\\1/' f",
        "sed -n 2p f",
        "sed -n '2,4p' f",
        "sed -n '/three/,/Four/p' f",
        "sed '/three/d' f",
        "sed '/^$/d;s/t/T/' f",
        "sed 2d f",
        "sed '$d' f",
        "sed -n '$=' f",
        "sed 3q f",
        "sed 's#a:#/etc/#' p",
        "sed 's/[:]/&&/2' p",
        "sed -e s/a/A/ -e s/b/B/ p",
        "sed '2!s/^/> /' p",
        "sed '/b/a after' p",
        "sed '/b/i before' p",
        "sed '/b/c instead' p",
        "sed y/abc/xyz/ p",
        "sed -i s/a/Q/ p; cat p",
        "sed 's/x*$/!/' p",
        "printf 'no end' | sed s/end/line/",
        "nl f",
        "printf 'b\\na\\n' | tee g | sort; cat g",
        "echo hello | base64",
        "echo aGVsbG8K | base64 -d",
        "printf hello | md5sum",
        "printf hello | sha256sum",
        "sha1sum f",
        "seq 3",
        "seq 5 -2 1",
        "basename /a/b.txt .txt; basename /a/b/; dirname /a/b; dirname a; dirname /a",
        "echo a b c | xargs -n1 echo -",
        "printf '1\\n2\\n' | xargs -I{} echo [{}]",
        "seq 5 | xargs",
        "find . -name 'f'",
        "mkdir -p d/e; touch d/e/x; find d | sort",
        "mkdir d; touch d/b d/a; ls d; ls -a d; ls -d d; ls f",
        "touch a b; ls | tail -2",
        "cp f g; cmp=$(cat g); [ \"$cmp\" = \"$(cat f)\" ] && echo same",
        "mkdir d; mv f d; ls d; cat f 2>/dev/null; echo $?",
        "mkdir -p a/b; cp f a/b; cp -r a c; ls c/b",
        "rm f; ls; rm -f nope; echo $?; mkdir d; rm d 2>/dev/null; echo $?; rm -r d; ls",
        "mkdir d; rmdir d; echo $?; mkdir d; touch d/x; rmdir d 2>/dev/null; echo $?",
        "touch x; chmod 640 x; stat -c '%a %A' x; chmod u+x,g-r x; stat -c %a x",
        "cut -d: -f9 p",
        "head -n 0 f; echo end",
        "yes | head -n 3",
        "yes no | head -2 | sort -u"
      })
  void doAsTheProgramsOfTheMachine(String script) throws Exception {
    RealShell.require();
    assertThat(simulated(script)).isEqualTo(RealShell.sh(FILES + script));
  }

  @Test
  void aLineThatAProgramWaitsForMayBeLongerThanAPipe() {
    TestContainer own = new TestContainer();
    ProgramInput in = ProgramInput.pipe();
    StringBuilder out = new StringBuilder();
    ProcessClient client =
        new ProcessClient() {
          @Override
          public void out(String text) {
            out.append(text);
          }

          @Override
          public void err(String text) {}
        };
    own.container.exec(
        List.of("wc", "-c"), new ProcessStreams(in, client, null), ended -> out.append("ended"));
    for (int i = 0; i < 40; i++) {
      assertThat(in.write("x".repeat(50_000))).isTrue();
    }
    in.close();
    assertThat(out.toString().trim()).startsWith("2000000").endsWith("ended");
  }

  @Test
  void wcPadsWhenItHasMoreThanOneCount() {
    assertThat(simulated("wc -l f p; wc < p").stdout())
        .isEqualTo("7 f\n3 p\n10 total\n        3         3        19\n");
  }

  @Test
  void missingFilesAreToldAndTheOthersRead() {
    assertThat(simulated("cat nope p | head -1"))
        .isEqualTo(
            new ProgramOutput(0, "a:1:x\n", "cat: can't open 'nope': No such file or directory\n"));
    assertThat(simulated("grep x nope").exitCode()).isEqualTo(2);
  }

  @Test
  void unknownOptionsAreRefused() {
    assertThat(simulated("sort -Z f"))
        .isEqualTo(new ProgramOutput(1, "", "sort: unrecognized option: Z\n"));
  }

  @Test
  void badExpressionsAreToldAndNeverHang() {
    assertThat(simulated("grep '[' f").exitCode()).isEqualTo(2);
    assertThat(simulated("sed 's/a' f").stderr()).isEqualTo("sed: unmatched '/'\n");
    String many = "a".repeat(60);
    assertThat(simulated("echo " + many + "b | grep -E '^(a+)+$'").exitCode()).isEqualTo(1);
  }

  @Test
  void tailFollowsAFile() {
    TestContainer pod = TestContainer.ofScript("echo a > /f; tail -f /f").later(1.5);
    pod.sh("echo b >> /f");
    assertThat(pod.later(2).container.log()).containsExactly("a", "b");
  }

  @Test
  void endlessOutputIsCutOff() {
    TestContainer pod = TestContainer.ofScript("yes | cat").later(5);
    assertThat(pod.container.running()).isTrue();
    assertThat(pod.container.log()).hasSizeLessThanOrEqualTo(1000).contains("y");
  }
}
