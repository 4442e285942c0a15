package dev.wavetank.core.container.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.wavetank.core.container.shell.ShellNode.AndOr;
import dev.wavetank.core.container.shell.ShellNode.Pipeline;
import dev.wavetank.core.container.shell.ShellNode.Redirect;
import dev.wavetank.core.container.shell.ShellNode.Sequence;
import dev.wavetank.core.container.shell.ShellNode.Simple;
import dev.wavetank.core.container.shell.ShellWord.Literal;
import dev.wavetank.core.container.shell.ShellWord.Parameter;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** The trees of shell scripts. */
class ShellParserTest {

  private static ShellNode parse(String script) throws ShellSyntaxException {
    return ShellParser.of(script).script();
  }

  private static ShellWord word(String text) {
    return new ShellWord(List.of(new Literal(text, false)));
  }

  private static Simple simple(String... words) {
    return new Simple(
        List.of(), List.of(words).stream().map(ShellParserTest::word).toList(), List.of());
  }

  @Test
  void andOrBindsFromTheLeftAndPipesBindTighter() throws ShellSyntaxException {
    assertThat(parse("a || b | c && d"))
        .isEqualTo(
            new AndOr(
                new AndOr(
                    simple("a"), false, new Pipeline(List.of(simple("b"), simple("c")), false)),
                true,
                simple("d")));
  }

  @Test
  void semicolonsNewlinesAndAmpersandsSeparate() throws ShellSyntaxException {
    assertThat(parse("a; b\nc & d"))
        .isEqualTo(
            new Sequence(
                List.of(
                    new Sequence(List.of(simple("a"), simple("b"))),
                    new Sequence(List.of(new ShellNode.Background(simple("c")), simple("d"))))));
  }

  @Test
  void assignmentsStandBeforeTheCommandOnly() throws ShellSyntaxException {
    Simple command = (Simple) parse("A=1 B= env C=2");
    assertThat(command.assignments())
        .containsExactly(
            new ShellNode.Assignment("A", word("1")),
            new ShellNode.Assignment("B", new ShellWord(List.of())));
    assertThat(command.words()).containsExactly(word("env"), word("C=2"));
  }

  @Test
  void quotesKeepReservedWordsAndOperatorsFromBeingSo() throws ShellSyntaxException {
    Simple command = (Simple) parse("'if' a';'\"|\"");
    assertThat(command.words().get(0).parts()).containsExactly(new Literal("if", true));
    assertThat(command.words().get(1).parts())
        .containsExactly(new Literal("a", false), new Literal(";", true), new Literal("|", true));
  }

  @Test
  void redirectsHaveNumbersAndOperators() throws ShellSyntaxException {
    Simple command = (Simple) parse("a 2>&1 >b <c 3>>d");
    assertThat(command.redirects())
        .containsExactly(
            new Redirect(2, ">&", word("1")),
            new Redirect(1, ">", word("b")),
            new Redirect(0, "<", word("c")),
            new Redirect(3, ">>", word("d")));
    assertThat(((Simple) parse("echo 2 >a")).words()).hasSize(2);
  }

  @Test
  void parametersKnowTheirOperators() throws ShellSyntaxException {
    Simple command = (Simple) parse("\"${x:-a}\"$y");
    assertThat(command.words().get(0).parts())
        .containsExactly(
            new Parameter("x", ":-", new ShellWord(List.of(new Literal("a", true))), true),
            new Parameter("y", "", ShellWord.EMPTY, false));
  }

  @Test
  void commandNamesAreThoseOfAllBranches() {
    assertThat(
            ShellParser.commandNames(
                "if a; then b | c; else (d) & fi; while e; do f; done; for x in y; do g; done;"
                    + " case z in p) h;; esac; X=1 i; exec j; ! k; { l; } > m"))
        .containsExactly("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l");
    assertThat(ShellParser.commandNames("f() { a; }; f")).containsExactly("a");
    assertThat(ShellParser.commandNames("$CMD x")).containsExactly("");
    assertThat(ShellParser.commandNames("fi")).containsExactly("");
  }

  @Test
  void deepNestingIsRefused() {
    String script = "echo " + "$(echo ".repeat(100) + ")".repeat(100);
    assertThat(catchThrowable(() -> parse(script))).hasMessage("nested too deeply");
  }

  @Provide
  Arbitrary<String> scripts() {
    return Arbitraries.of(
            "echo", "a", "\"", "'", "$", "${", "}", "$(", ")", "((", "`", "|", "&", ";", "\n", "if",
            "then", "fi", "do", "done", "while", "case", "in", "esac", "<", ">", "<<", "\\", "#",
            " ", "x=", "1", "{", "!", "for")
        .list()
        .ofMaxSize(25)
        .map(parts -> String.join("", parts));
  }

  /** Whatever the text, it is a script or an error in it; nothing else, and it ends. */
  @Property
  void everyTextIsAScriptOrASyntaxError(@ForAll("scripts") String script) {
    Throwable thrown = catchThrowable(() -> parse(script));
    if (thrown != null) {
      assertThat(thrown).isInstanceOf(ShellSyntaxException.class);
    }
  }
}
