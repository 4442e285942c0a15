package dev.wavetank.core.container.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.container.ProgramOutput;
import dev.wavetank.core.container.TestContainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The language of the shell. */
class ShellTest {

  private final TestContainer pod = new TestContainer();

  private String printed(String script) {
    ProgramOutput output = pod.sh(script);
    assertThat(output.stderr()).as("standard error of %s", script).isEmpty();
    return output.stdout();
  }

  private String error(String script) {
    return pod.sh(script).stderr();
  }

  private int status(String script) {
    return pod.sh(script).exitCode();
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      ignoreLeadingAndTrailingWhitespace = true,
      value = {
        "echo a  b            => a b",
        "echo 'a  b'          => a  b",
        "echo \"a  b\"        => a  b",
        "echo a\\ \\ b        => a  b",
        "echo a'b'\"c\"d      => abcd",
        "echo '$HOME'         => $HOME",
        "echo \"$HOME\"       => /root",
        "echo \"\\$HOME\"     => $HOME",
        "echo \"a\\b\"        => a\\b",
        "echo \"it's\"        => it's",
        "HOME=/h; echo ~ ~/x '~' a~ => /h /h/x ~ a~",
        "echo $ $% a$         => $ $% a$",
        "x=1; echo ${x}2 $x$x => 12 11",
        "x=\"a  b\"; echo $x  => a b",
        "x=\"a  b\"; echo \"$x\" => a  b",
        "x='*'; echo \"$x\"   => *",
        "echo $((1+2*3)) $(( (1+2) * 3 )) => 7 9",
        "echo $(echo a; echo b) => a b",
        "echo \"$(echo a; echo b)\" | wc -l => 2",
        "echo `echo a` \"`echo b`\" => a b",
        "echo $(echo $(echo deep)) => deep",
        "echo \"$(echo \"in  side\")\" => in  side",
        "echo $(case a in a) echo yes;; esac) => yes"
      })
  void wordsAreExpanded(String script, String expected) {
    assertThat(printed(script)).isEqualTo(expected + "\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      ignoreLeadingAndTrailingWhitespace = true,
      value = {
        "echo ${no-a} ${no:-b} [${no+c}] [${no:+d}]   => a b [] []",
        "x=1; echo ${x-a} ${x:-b} ${x+c} ${x:+d}      => 1 1 c d",
        "x=; echo [${x-a}] ${x:-b} ${x+c} [${x:+d}]   => [] b c []",
        "echo ${x:=new} $x                            => new new",
        "echo ${x:-$(echo a  b)}                      => a b",
        "echo \"${x:-a  b}\"                          => a  b",
        "echo ${x:-\"a  b\"}                          => a  b",
        "echo \"${x:-\"a  b\"}\"                      => a  b",
        "echo ${x:-${y:-z}}                           => z",
        "f=/a/b.tar.gz; echo ${f%.*} ${f%%.*} ${f##*/} ${f#*/}  => /a/b.tar /a/b b.tar.gz a/b.tar.gz",
        "f='a*b'; echo ${f%'*b'}                      => a",
      })
  void parametersHaveDefaultsAndCuts(String script, String expected) {
    assertThat(printed(script)).isEqualTo(expected + "\n");
  }

  @Test
  void lengthOfAParameter() {
    assertThat(printed("x=hello; echo ${#x} $#")).isEqualTo("5 0\n");
  }

  @Test
  void missingParameterCanBeAnError() {
    ProgramOutput output = pod.sh("echo ${x:?is needed}; echo on");
    assertThat(output).isEqualTo(new ProgramOutput(2, "", "sh: x: is needed\n"));
    assertThat(error("set -u; echo $y")).isEqualTo("sh: y: parameter not set\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      ignoreLeadingAndTrailingWhitespace = true,
      value = {
        "7/2 => 3",
        "-7/2 => -3",
        "7%3 => 1",
        "2+3*4-1 => 13",
        "1<2 => 1",
        "2<=1 => 0",
        "1<<4 | 1 => 17",
        "6 & 3 ^ 1 => 3",
        "!0 + !5 => 1",
        "~0 => -1",
        "3 == 3 && 4 != 5 => 1",
        "0 || 0 => 0",
        "1 ? 2 : 3 => 2",
        "0 ? 2 : 0 ? 3 : 4 => 4",
        "0x10 + 010 => 24",
        "n + $n => 6",
        "n += 4 => 7",
        "n = m = 2 => 2",
        "unknown => 0"
      })
  void arithmetic(String expression, String expected) {
    assertThat(printed("n=3; echo $((" + expression + "))")).isEqualTo(expected + "\n");
  }

  @Test
  void arithmeticKeepsWhatItAssigns() {
    assertThat(printed("i=1; j=$((i += 2)); echo $i $j $((1 || (i = 9))) $i"))
        .isEqualTo("3 3 1 3\n");
  }

  @Test
  void arithmeticErrorsEndTheShell() {
    assertThat(pod.sh("echo $((1/0)); echo on"))
        .isEqualTo(new ProgramOutput(2, "", "sh: divide by zero\n"));
    assertThat(error("echo $((1 +))")).isEqualTo("sh: arithmetic syntax error\n");
    assertThat(error("a=b; b=a; echo $((a))"))
        .isEqualTo("sh: expression recursion loop detected\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      ignoreLeadingAndTrailingWhitespace = true,
      value = {
        "true && echo yes      => yes",
        "false || echo no      => no",
        "false && echo x || echo y => y",
        "true || echo x && echo y => y",
        "! false && echo yes   => yes",
        "if true; then echo a; else echo b; fi => a",
        "if false; then echo a; elif true; then echo b; else echo c; fi => b",
        "if false; then echo a; fi; echo $? => 0",
        "for i in a b c; do printf $i; done; echo => abc",
        "for i in $(seq 3); do printf $i; done; echo => 123",
        "for i in; do echo $i; done; echo $? => 0",
        "i=0; while [ $i -lt 3 ]; do i=$((i+1)); done; echo $i => 3",
        "i=0; until [ $i = 3 ]; do i=$((i+1)); done; echo $i => 3",
        "for i in 1 2 3 4; do [ $i = 3 ] && break; printf $i; done; echo => 12",
        "for i in 1 2 3; do [ $i = 2 ] && continue; printf $i; done; echo => 13",
        "for i in 1 2; do for j in a b; do break 2; done; printf x; done; echo end => end",
        "for i in 1 2; do for j in a b; do continue 2; done; printf x; done; echo end => end",
        "case abc in x) echo 1;; a*) echo 2;; *) echo 3;; esac => 2",
        "case b in a|b) echo ab;; esac => ab",
        "case '*' in '*') echo star;; esac => star",
        "case x in '*') echo star;; esac; echo $? => 0",
        "case 7 in (0|[1-9]) echo digit; esac => digit",
        "{ echo a; echo b; } | wc -l => 2",
        "f() { echo $1 $#; }; f x y => x 2",
        "f() { return 3; echo no; }; f; echo $? => 3",
        "f() { local v=in; echo $v; }; v=out; f; echo $v | cat => in",
        "set -- a 'b c'; echo $# $2; shift; echo $1 => 2 b c"
      })
  void commandsAreCombined(String script, String firstLine) {
    assertThat(printed(script)).startsWith(firstLine + "\n");
  }

  @Test
  void statusIsThatOfTheLastCommand() {
    assertThat(status("true; false")).isEqualTo(1);
    assertThat(status("false; true")).isZero();
    assertThat(status("exit 7; echo no")).isEqualTo(7);
    assertThat(status("false; exit")).isEqualTo(1);
    assertThat(status("exit 256")).isZero();
    assertThat(status("nothing-of-that-name")).isEqualTo(127);
    assertThat(status("true | false")).isEqualTo(1);
    assertThat(status("false | true")).isZero();
    assertThat(status("set -o pipefail; false | true")).isEqualTo(1);
    assertThat(status("x=$(exit 4)")).isEqualTo(4);
    assertThat(status("(exit 5)")).isEqualTo(5);
    assertThat(status("")).isZero();
  }

  @Test
  void unknownProgramIsToldOnStandardError() {
    assertThat(error("frobnicate --now")).isEqualTo("sh: frobnicate: not found\n");
  }

  @Test
  void failureEndsTheShellWhereSetESaysSo() {
    assertThat(pod.sh("set -e; echo a; false; echo b")).isEqualTo(new ProgramOutput(1, "a\n", ""));
    assertThat(printed("set -e; false || true; ! true; if false; then :; fi; echo on"))
        .isEqualTo("on\n");
    assertThat(printed("set -e; while false; do :; done; false && true; echo on"))
        .isEqualTo("on\n");
    assertThat(status("set -e; (false); echo on")).isEqualTo(1);
    assertThat(status("set -e; x=$(false); echo on")).isEqualTo(1);
    assertThat(pod.exec("sh", "-ec", "false; echo on").stdout()).isEmpty();
    assertThat(printed("set -e; set +e; false; echo on")).isEqualTo("on\n");
  }

  @Test
  void setXPrintsCommands() {
    assertThat(pod.sh("set -x; a=1; echo $a b"))
        .isEqualTo(new ProgramOutput(0, "1 b\n", "+ a=1\n+ echo 1 b\n"));
  }

  @Test
  void variablesReachProgramsOnlyWhenExported() {
    assertThat(printed("A=1; export B=2; C=3 env | grep '^[ABC]='")).isEqualTo("B=2\nC=3\n");
    assertThat(printed("C=3 true; echo [$C]")).isEqualTo("[]\n");
    assertThat(printed("A='x  y'; export D=$A; printenv D")).isEqualTo("x  y\n");
    assertThat(printed("export E; E=later; printenv E")).isEqualTo("later\n");
    assertThat(printed("export F=1; unset F; echo [$F]")).isEqualTo("[]\n");
    assertThat(error("readonly R=1; R=2; echo on")).isEqualTo("sh: R: is read only\n");
  }

  @Test
  void shellsOfTheirOwnChangeNothingOutside() {
    assertThat(printed("x=1; (x=2; cd /tmp; exit 3); echo $? $x $(pwd)")).isEqualTo("3 1 /\n");
    assertThat(printed("x=1; echo a | { read x; echo in $x; }; echo out $x"))
        .isEqualTo("in a\nout 1\n");
    assertThat(printed("x=1; y=$(x=2; echo $x); echo $x $y")).isEqualTo("1 2\n");
    assertThat(printed("echo $$; (echo $$)").lines().distinct()).hasSize(1);
  }

  @Test
  void positionalParameters() {
    assertThat(pod.exec("sh", "-c", "echo $0 $1 $# \"$@\"", "me", "a", "b  c").stdout())
        .isEqualTo("me a 2 a b  c\n");
    assertThat(printed("set -- 'a b' c; for i in \"$@\"; do echo $i; done")).isEqualTo("a b\nc\n");
    assertThat(printed("set -- 'a b' c; for i in $@; do echo $i; done")).isEqualTo("a\nb\nc\n");
    assertThat(printed("set -- a b; for i; do printf $i; done; IFS=-; echo \"$*\""))
        .isEqualTo("aba-b\n");
    assertThat(printed("set --; set -- x \"$@\" y; echo $#")).isEqualTo("2\n");
    assertThat(printed("set -- 1 2 3 4 5 6 7 8 9 ten; echo ${10} $10")).isEqualTo("ten 10\n");
  }

  @Test
  void fieldsAreSplitAtSeparators() {
    assertThat(printed("IFS=:; x=a::b:; set -- $x; echo $#")).isEqualTo("3\n");
    assertThat(printed("IFS=' :'; x='a : b'; set -- $x; echo $#")).isEqualTo("2\n");
    assertThat(printed("x=' a  b '; set -- p$x''q; echo $# $1 $3")).isEqualTo("4 p b\n");
    assertThat(printed("set -- $none \"$none\" ''; echo $#")).isEqualTo("2\n");
  }

  @Test
  void namesOfFilesAreFound() {
    pod.sh("touch /tmp/a.txt /tmp/b.txt /tmp/.hidden; mkdir /tmp/d; touch /tmp/d/c.txt");
    assertThat(printed("echo /tmp/*.txt")).isEqualTo("/tmp/a.txt /tmp/b.txt\n");
    assertThat(printed("cd /tmp; echo *")).isEqualTo("a.txt b.txt d\n");
    assertThat(printed("echo /tmp/*/c*")).isEqualTo("/tmp/d/c.txt\n");
    assertThat(printed("echo /tmp/*.none '/tmp/*'")).isEqualTo("/tmp/*.none /tmp/*\n");
    assertThat(printed("cd /tmp; x='?.txt'; echo $x \"$x\"")).isEqualTo("a.txt b.txt ?.txt\n");
  }

  @Test
  void redirections() {
    assertThat(printed("echo a > /f; echo b >> /f; cat /f; cat < /f")).isEqualTo("a\nb\na\nb\n");
    assertThat(printed("echo a > /f; echo b > /f; cat /f")).isEqualTo("b\n");
    assertThat(printed("echo gone > /dev/null; nope 2> /dev/null; echo $?")).isEqualTo("127\n");
    assertThat(printed("nope > /log 2>&1; cat /log")).isEqualTo("sh: nope: not found\n");
    assertThat(printed("nope 2>&1 > /log | cat")).isEqualTo("sh: nope: not found\n");
    assertThat(error("echo err >&2")).isEqualTo("err\n");
    assertThat(printed("nope &> /log; cat /log")).isEqualTo("sh: nope: not found\n");
    assertThat(printed("for i in 1 2; do echo $i; done > /f; cat /f")).isEqualTo("1\n2\n");
    assertThat(printed("{ echo a; echo b >&2; } 2> /e > /f; cat /e /f")).isEqualTo("b\na\n");
    assertThat(printed("exec > /f; echo in; exec > /dev/stdout; cat /f 1>&1; true")).isEmpty();
    assertThat(pod.exec("cat", "/f").stdout()).startsWith("in\n");
    assertThat(error("echo x 3> /f; echo y >&3")).isEqualTo("sh: 3: bad file descriptor\n");
    assertThat(printed("exec 3> /g; echo y >&3; exec 3>&-; cat /g")).isEqualTo("y\n");
  }

  @Test
  void redirectionsThatFailSkipTheCommand() {
    assertThat(pod.sh("cat < /missing; echo $?"))
        .isEqualTo(new ProgramOutput(0, "1\n", "sh: can't open /missing: no such file\n"));
    assertThat(error("echo a > /tmp")).isEqualTo("sh: can't create /tmp: Is a directory\n");
  }

  @Test
  void hereDocuments() {
    assertThat(printed("x=1\ncat <<EOF\na $x $((1+1))\n  \"b\"\nEOF\necho end"))
        .isEqualTo("a 1 2\n  \"b\"\nend\n");
    assertThat(printed("cat <<'EOF'\n$x `no`\nEOF")).isEqualTo("$x `no`\n");
    assertThat(printed("cat <<-EOF\n\t\ta\n\tEOF")).isEqualTo("a\n");
    assertThat(printed("cat <<A; cat <<B\n1\nA\n2\nB")).isEqualTo("1\n2\n");
    assertThat(printed("while read l; do echo [$l]; done <<E\na\nb\nE")).isEqualTo("[a]\n[b]\n");
  }

  @Test
  void readUsesItsInputUp() {
    assertThat(printed("printf 'a b c\\nd\\n' | { read x y; read z; echo $x,$y,$z; }"))
        .isEqualTo("a,b c,d\n");
    assertThat(printed("printf 'a:b\\n' | { IFS=: read x y; echo $x $y; }")).isEqualTo("a b\n");
    assertThat(status("read x < /dev/null")).isEqualTo(1);
    assertThat(printed("printf 'one\\ntwo' > /f; while read l; do echo $l; done < /f"))
        .isEqualTo("one\n");
    assertThat(printed("printf 'a\\\\tb\\n' > /f; read -r x < /f; echo \"$x\""))
        .isEqualTo("a\\tb\n");
  }

  @Test
  void evalAndSource() {
    assertThat(printed("x='echo a; y=2'; eval $x; echo $y")).isEqualTo("a\n2\n");
    assertThat(printed("echo 'v=7; return; v=8' > /lib; . /lib; echo $v")).isEqualTo("7\n");
    assertThat(error(". /missing; echo on")).isEqualTo("sh: can't open /missing: no such file\n");
  }

  @Test
  void execTakesTheShellsPlace() {
    assertThat(printed("exec echo a; echo b")).isEqualTo("a\n");
    assertThat(status("exec nope")).isEqualTo(127);
  }

  @Test
  void commandAndType() {
    assertThat(printed("command -v cat; command -v echo; command -v nope; echo $?"))
        .isEqualTo("/bin/cat\necho\n127\n");
    assertThat(printed("echo() { printf no; }; command echo yes")).isEqualTo("yes\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      ignoreLeadingAndTrailingWhitespace = true,
      value = {
        "if true; then echo a => unexpected end of file (expecting \"fi\")",
        "while true; echo a; done => unexpected \"done\" (expecting \"do\")",
        "fi => unexpected \"fi\"",
        "echo a | => unexpected end of file",
        "echo a && => unexpected end of file",
        "echo 'a => unterminated quoted string",
        "echo \"a => unterminated quoted string",
        "echo $(echo a => unexpected end of file (expecting \")\")",
        "(echo a => unexpected end of file (expecting \")\")",
        "; echo a => unexpected \";\"",
        "echo a;; => unexpected \";;\"",
        "case a in a) echo b => unexpected end of file (expecting \";;\")",
        "for 1 in a; do :; done => bad for loop variable",
        "a=(1 2) => unexpected \"(\"",
        "echo ${x => unterminated ${",
        "echo ${x!} => bad substitution",
        "echo > => unexpected end of file"
      })
  void syntaxErrors(String script, String message) {
    assertThat(pod.sh(script))
        .isEqualTo(new ProgramOutput(2, "", "sh: syntax error: " + message + "\n"));
  }

  @Test
  void whatStandsBeforeASyntaxErrorIsDone() {
    assertThat(pod.sh("echo a\nfi\necho b"))
        .isEqualTo(new ProgramOutput(2, "a\n", "sh: syntax error: unexpected \"fi\"\n"));
  }

  @Test
  void linesGoOnAfterABackslashAndEndAtComments() {
    assertThat(printed("echo a \\\n  b # c\n# d\necho e#f")).isEqualTo("a b\ne#f\n");
    assertThat(printed("echo a &&\n echo b |\n cat")).isEqualTo("a\nb\n");
  }

  @Test
  void scriptsInFilesAndOnStandardInput() {
    assertThat(printed("echo 'echo $0 $1' > /s.sh; sh /s.sh x; echo 'echo in' | sh"))
        .isEqualTo("/s.sh x\nin\n");
    assertThat(pod.exec("sh", "/missing.sh"))
        .isEqualTo(
            new ProgramOutput(2, "", "sh: can't open '/missing.sh': No such file or directory\n"));
    assertThat(pod.exec("sh", "-c").exitCode()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "f() { f; }; f",
        "echo 'sh /loop.sh' > /loop.sh; sh /loop.sh",
        "f() { (f); }; f",
        "f() { $(f); }; f",
        "x='eval \"$x\"'; eval \"$x\""
      })
  void endlessDescentMeetsABound(String script) {
    assertThat(pod.sh(script).exitCode()).isNotZero();
  }

  @Test
  void longScriptsNeedNoDeepStack() {
    StringBuilder script = new StringBuilder("i=0\n");
    for (int i = 0; i < 11_000; i++) {
      script.append("i=$((i+1))\n");
    }
    assertThat(printed(script + "echo $i")).isEqualTo("11000\n");
    assertThat(printed("for i in $(seq 20000); do x=$i; done; echo $x")).isEqualTo("20000\n");
  }

  @Test
  void aShellReadsItsScriptCommandByCommand() {
    assertThat(pod.sh("printf 'read x\\nvalue\\necho got $x\\nexit 3\\necho no\\n' | sh").stdout())
        .isEqualTo("got value\n");
    assertThat(pod.sh("printf 'cat <<E\\none\\nE\\nif true\\nthen echo two\\nfi' | sh").stdout())
        .isEqualTo("one\ntwo\n");
    assertThat(pod.sh("printf 'echo a\\nif\\n' | sh; echo $?").stdout()).isEqualTo("a\n2\n");
    pod.sh(
        "printf 'cat > /dev/null <<E\\n' > /s; seq 1 30000 >> /s; printf 'E\\necho end\\n' >> /s");
    assertThat(pod.sh("cat /s | sh").stdout()).isEqualTo("end\n");
  }
}
