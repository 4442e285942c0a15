package dev.wavetank.core.container.awk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wavetank.core.container.ProgramOutput;
import dev.wavetank.core.container.TestContainer;
import dev.wavetank.core.container.shell.RealShell;
import java.nio.file.Files;
import java.nio.file.Path;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The program awk: as that of the machine where it has one, and within its bounds. */
class AwkTest {

  private static final String FILES =
      """
      printf 'one two\\nthree\\n\\nFour  four\\nthree\\n10 x\\n9 y\\n' > f
      printf 'a:1:x\\nb:22:y\\nc:3:z\\n' > p
      printf '3 -1.5 0x10\\n1e3 .5 abc\\n 007  7 \\n' > n
      printf 'a b\\nc\\n\\n\\nd e f\\n' > q
      """;

  private static void requireAwk() {
    RealShell.require();
    if (!Files.isExecutable(Path.of("/usr/bin/awk"))) {
      System.err.println("SKIPPED: no awk here, nothing is compared with a real one");
      Assumptions.abort("no awk");
    }
  }

  private static ProgramOutput simulated(String script) {
    return new TestContainer().sh("mkdir /w; cd /w\n" + FILES + script);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "awk '{print $1}' f",
        "awk '{print $NF, NF, NR}' f",
        "awk -F: '{print $2}' p",
        "awk -F : -v x=5 '{print $2 + x, $3 x}' p",
        "awk 'NR==2' f",
        "awk 'NR>1 && /three/ {print NR \": \" $0}' f",
        "awk '/one/,/Four/' f",
        "awk 'NR==2,NR==4 {print NR}' f",
        "awk '!seen[$0]++' f",
        "awk 'BEGIN {print \"hi\"; exit 3} END {print \"end\"}'; echo $?",
        "awk '{s += $1} END {print s, s / NR}' n",
        "awk 'END {print NR, $0}' f",
        "awk 'BEGIN {FS=\":\"; OFS=\"-\"} {$1=$1; print}' p",
        "awk '{$3 = \"new\"; print; print NF}' f",
        "awk '{NF = 1; print}' f",
        "awk '{$5 = \"x\"} 1' f",
        "awk 'length > 5' f",
        "awk '{print length($0), length($1), length()}' f",
        "awk 'BEGIN {print substr(\"hello\", 2, 3), substr(\"hello\", 0)}'",
        "awk 'BEGIN {print substr(\"hello\", 4, 99) \"|\" substr(\"hello\", 9) \"|\"}'",
        "awk 'BEGIN {n = split(\"a,b,c\", x, \",\"); print n, x[1], x[3]}'",
        "awk 'BEGIN {n = split(\" a  b \", x); print n, x[1], x[2]; n = split(\"\", x); print n}'",
        "awk 'BEGIN {n = split(\"a1b22c\", x, /[0-9]+/); print n, x[3]}'",
        "awk '{n = gsub(/e/, \"<&>\"); print n, $0}' f",
        "awk '{sub(/[a-z]+/, \"\\\\&x\"); print}' f",
        "awk '{gsub(\"o\", \"0\", $2); print}' f",
        "awk 'BEGIN {s = \"abc\"; gsub(/x*/, \"-\", s); print s}'",
        "awk 'BEGIN {print match(\"foobar\", /o+/), RSTART, RLENGTH; print match(\"x\", /y/), RLENGTH}'",
        "awk 'BEGIN {print toupper(\"aBc\"), tolower(\"AbC\"), index(\"hello\", \"ll\"), index(\"a\", \"b\")}'",
        "awk 'BEGIN {print int(3.9), int(-3.9), int(\"12abc\"), 7 % 3, -7 % 3, 2 ^ 10}'",
        "awk 'BEGIN {print 1 / 3, 1e6, 1e20, 123456789, 0.1 + 0.2, 1e-5, 3.0}'",
        "awk 'BEGIN {printf \"%d %5d|%-5d|%05d %x %o %c %s %5.2f %e %g %%\\n\", 3.9, 42, 42, 42, 255, 8, \"hello\", \"s\", 3.14159, 12345.678, 0.0001}'",
        "awk 'BEGIN {printf \"%s %s %s\\n\", \"a\", 1, 1.5; printf \"%10s|%-10s|%.2s\\n\", \"abc\", \"abc\", \"abc\"}'",
        "awk 'BEGIN {printf(\"%*d|%+d|% d\\n\", 6, 42, 7, 7)}'",
        "awk 'BEGIN {print sprintf(\"%03d\", 7) \"x\", sprintf(\"%c\", 65)}'",
        "awk 'BEGIN {for (i = 1; i <= 5; i++) {if (i == 2) continue; if (i == 4) break; print i}}'",
        "awk 'BEGIN {i = 3; while (i > 0) print i--; do {i++} while (i < 3); print i}'",
        "awk 'BEGIN {a[\"x\"] = 1; if (\"x\" in a) print \"yes\"; delete a[\"x\"]; if (!(\"x\" in a)) print \"no\"}'",
        "awk 'BEGIN {a[1, 2] = 3; for (k in a) {split(k, p, SUBSEP); print p[1], p[2]}; if ((1, 2) in a) print \"in\"}'",
        "awk '{c[$1]++} END {n = 0; for (w in c) n += c[w]; print n, c[\"three\"]}' f",
        "awk 'function f(x) {return x * 2} {print f($1)}' n",
        "awk 'function fact(n) {return n <= 1 ? 1 : n * fact(n - 1)} BEGIN {print fact(10)}'",
        "awk 'function fill(a, n,   i) {for (i = 0; i < n; i++) a[i] = i * i} BEGIN {fill(sq, 4); print sq[3], i \"|\"}'",
        "awk 'function change(x) {x = 5} BEGIN {y = 1; change(y); print y}'",
        "awk 'BEGIN {print 10 < 9, \"10\" < \"9\", 10 \"\" < 9 \"\"; x = \"abc\"; print x < 1}'",
        "awk '{print ($1 < $2), ($1 == 7)}' n",
        "awk '$1 > 5 {print $1}' n",
        "awk '$2 ~ /^f/ || $1 !~ \"e\"' f",
        "awk '{print $1 > \"out\"} END {close_it = 1}' f; cat out",
        "awk 'BEGIN {print \"a\" > \"o\"; print \"b\" >> \"o\"; print (1 > 2) ? \"t\" : \"f\"}'; cat o",
        "awk 'BEGIN {print \"err\" > \"/dev/stderr\"; print \"out\"}' 2>/dev/null",
        "awk 'BEGIN {print -2 ^ 2, !0 + 1, 1 - -1, 2 - 1 \" \" 3, 1 \" \" -1}'",
        "awk 'BEGIN {x = y = 3; x += 2; x *= y; x -= 1; x /= 2; x %= 4; x ^= 2; print x, y}'",
        "awk 'BEGIN {x = 5; print x++ + ++x, x--, --x}'",
        "awk 'BEGIN { if (!x) print \"unset\"; if (x == 0) print \"zero\"; if (x == \"\") print \"empty\" }'",
        "awk '$1' n",
        "awk 'BEGIN{RS=\"\"}{print NR\": \"$1\"-\"$NF}' q",
        "awk 'BEGIN{RS=\":\"}{print NR, $1}' p",
        "awk 'FNR==1 {print FILENAME}' f p",
        "awk '{print v, $1}' v=1 f v=2 p",
        "echo 'a b' | awk '{ print $2 ; print $1 }'",
        "awk -f /dev/null f; printf '# comment\\n{ print $1 }\\n' > prog; awk -f prog f",
        "awk 'BEGIN { while (i < 3) { i++; if (i == 2) next_one = i } print i, next_one }'",
        "awk 'NR % 2 { next } { print }' f",
        "awk '{ print; exit }' f",
        "awk 'BEGIN { $0 = \"x y z\"; print $2, NF; $2 = \"\"; print; print NF }'",
        "awk 'BEGIN { $3 = \"c\"; print NF, $0 }'",
        "awk 'BEGIN { CONVFMT = \"%.2g\"; a = 3.14159; b = a \"\"; print b }'",
        "awk 'BEGIN { OFMT = \"%.2f\"; print 3.14159, 17 }'",
        "awk 'BEGIN { print substr(\"abc\", 2) toupper(\"x\") 1 + 2 }'",
        "awk \"BEGIN { print ENVIRON[\\\"HOME\\\"] }\"",
        "awk 'BEGIN { print ARGC, ARGV[1] }' one two",
        "awk '{ $2 = $2 + 1 } 1' OFS=, n",
        "awk -F'[:]' '{print $1}' p",
        "awk -F'\\t' '{print NF}' f",
        "awk -F. '{print $1}' n",
        "awk -F'|' '{print NF}' p",
        "awk '/^$/ {print \"blank \" NR} /t.o/ {print} /(one|Four)+/ {print \"alt\"}' f",
        "awk '{ if ($1 ~ /^[0-9]+$/) print \"num\"; else if ($1 == \"\") print \"empty\"; else print \"word\" }' f"
      })
  void itPrintsWhatARealOnePrints(String script) throws Exception {
    requireAwk();
    ProgramOutput real = RealShell.sh(FILES + script);
    ProgramOutput ours = simulated(script);
    assertThat(ours.stdout()).as("%s", ours.stderr()).isEqualTo(real.stdout());
    assertThat(ours.exitCode()).isEqualTo(real.exitCode());
  }

  @Test
  void positionsOutsideOfATextAreLeftOut() {
    assertThat(simulated("awk 'BEGIN { print substr(\"hello\", -1, 3) }'").stdout())
        .isEqualTo("h\n");
    assertThat(simulated("awk 'BEGIN { print 2 ** 3, 100000 * 100000 }'").stdout())
        .isEqualTo("8 10000000000\n");
  }

  @Property(tries = 300)
  void programsDoWhatTheyDoInARealAwk(@ForAll long seed) throws Exception {
    String program = new AwkPrograms(seed).program();
    requireAwk();
    String script = "awk '" + program + "' f n";
    ProgramOutput real = RealShell.sh(FILES + script);
    ProgramOutput ours = simulated(script);
    assertThat(ours.stdout()).as("%s\n%s", program, ours.stderr()).isEqualTo(real.stdout());
    assertThat(ours.exitCode()).as("%s", program).isEqualTo(real.exitCode());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "BEGIN { while (1) x++ }",
        "BEGIN { while (1) print \"x\" }",
        "BEGIN { s = \"x\"; while (1) s = s s }",
        "BEGIN { while (1) a[i++] = i }",
        "function f(x) { return f(x + 1) } BEGIN { f(1) }",
        "BEGIN { $99999999 = 1 }"
      })
  void whatDoesNotEndMeetsABound(String program) {
    ProgramOutput output = simulated("awk '" + program + "'");
    assertThat(output.exitCode()).isEqualTo(2);
    assertThat(output.stderr()).startsWith("awk: ");
    assertThat(output.stdout().length()).isLessThan(1 << 21);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{ print ",
        "{ print } }",
        "BEGIN { x = }",
        "BEGIN { \"unterminated }",
        "/unterminated",
        "BEGIN { f(1) }",
        "BEGIN { print 1 / 0 }",
        "BEGIN { substr(1) }",
        "function f(x) { x } function f(y) { y }",
        "BEGIN { a[1] = 1; print a }",
        "BEGIN { return }",
        "BEGIN { @ }"
      })
  void whatIsNoProgramIsRefused(String program) {
    ProgramOutput output = simulated("awk '" + program + "'");
    assertThat(output.exitCode()).isEqualTo(2);
    assertThat(output.stderr()).startsWith("awk: ").endsWith("\n");
    assertThat(output.stdout()).isEmpty();
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    assertThat(simulated("awk '{print}' nope").stderr())
        .isEqualTo("awk: nope: No such file or directory\n");
  }

  @Test
  void nestingHasABound() {
    String deep = "(".repeat(5000) + "1" + ")".repeat(5000);
    assertThat(simulated("awk 'BEGIN { print " + deep + " }'").stderr())
        .isEqualTo("awk: nested too deeply\n");
  }
}
