package dev.wavetank.core.container.awk;

import dev.wavetank.core.container.awk.AwkLexer.Kind;
import dev.wavetank.core.container.awk.AwkStatement.Flow;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A program of {@code awk}: what it does at its begin, for each record, and at its end. It knows
 * the language of POSIX without {@code getline}, pipes and {@code system}.
 */
final class AwkProgram {

  /** Writes to a file; why it could not, or the empty text. */
  interface Files {
    String write(String file, String text, boolean append);
  }

  /** A pattern with its action; null for no pattern, and for no second one. */
  static final class Rule {
    private final @Nullable AwkExpression from;
    private final @Nullable AwkExpression to;
    private final AwkStatement action;
    private boolean inside;

    private Rule(@Nullable AwkExpression from, @Nullable AwkExpression to, AwkStatement action) {
      this.from = from;
      this.to = to;
      this.action = action;
    }

    /** Runs the action when the record is one of the rule's. */
    Flow run(AwkState state) {
      state.step();
      return selects(state) ? action.run(state) : Flow.ON;
    }

    private boolean selects(AwkState state) {
      if (from == null) {
        return true;
      }
      if (to == null) {
        return AwkValues.truth(from.value(state));
      }
      boolean selected = inside || AwkValues.truth(from.value(state));
      inside = selected && !AwkValues.truth(to.value(state));
      return selected;
    }
  }

  private final AwkTokens tokens;
  private final AwkExpressions expressions;
  private final Files files;
  private final List<AwkStatement> begin = new ArrayList<>();
  private final List<AwkStatement> end = new ArrayList<>();
  private final List<Rule> rules = new ArrayList<>();
  private @Nullable AwkFunction function;
  private int loops;

  /**
   * Reads a program.
   *
   * @throws AwkFailure when it is none
   */
  AwkProgram(String program, AwkState state, Files files) {
    this.tokens = new AwkTokens(program);
    this.expressions = new AwkExpressions(tokens, state);
    this.files = files;
    tokens.skipSeparators();
    while (!tokens.is(Kind.END)) {
      item();
      tokens.skipSeparators();
    }
    expressions.checkFunctions();
  }

  AwkStatement begin() {
    return AwkStatement.sequence(begin);
  }

  AwkStatement end() {
    return AwkStatement.sequence(end);
  }

  List<Rule> rules() {
    return rules;
  }

  /** Whether it does anything with its input. */
  boolean reads() {
    return !rules.isEmpty() || !end.isEmpty();
  }

  private void item() {
    if (tokens.take("BEGIN")) {
      begin.add(block());
    } else if (tokens.take("END")) {
      end.add(block());
    } else if (tokens.take("function") || tokens.take("func")) {
      define();
    } else {
      AwkExpression from = tokens.is("{") ? null : expressions.expression();
      AwkExpression to = null;
      if (from != null && tokens.take(",")) {
        tokens.skipNewlines();
        to = expressions.expression();
      }
      AwkStatement printed = state -> print(state, List.of(), null, false);
      rules.add(new Rule(from, to, tokens.is("{") ? block() : printed));
    }
  }

  private void define() {
    AwkFunction defined = expressions.function(tokens.name());
    tokens.expect("(");
    List<String> parameters = new ArrayList<>();
    tokens.skipNewlines();
    while (!tokens.take(")")) {
      if (!parameters.isEmpty()) {
        tokens.expect(",");
        tokens.skipNewlines();
      }
      parameters.add(tokens.name());
      tokens.skipNewlines();
    }
    tokens.skipNewlines();
    defined.define(parameters);
    expressions.locals(parameters);
    function = defined;
    defined.body(block());
    function = null;
    expressions.locals(List.of());
  }

  private AwkStatement block() {
    tokens.expect("{");
    List<AwkStatement> statements = new ArrayList<>();
    tokens.skipSeparators();
    while (!tokens.take("}")) {
      statements.add(statement());
      tokens.skipSeparators();
    }
    return AwkStatement.sequence(statements);
  }

  private AwkStatement statement() {
    tokens.deeper();
    AwkStatement made = compound();
    tokens.higher();
    return made;
  }

  private AwkStatement compound() {
    if (tokens.is("{")) {
      return block();
    }
    if (tokens.take(";")) {
      return state -> Flow.ON;
    }
    if (tokens.take("if")) {
      return choice();
    }
    if (tokens.take("while")) {
      AwkExpression condition = condition();
      return AwkStatement.loop(condition, loopBody(), state -> Flow.ON, false);
    }
    if (tokens.take("do")) {
      return doLoop();
    }
    if (tokens.take("for")) {
      return forLoop();
    }
    AwkStatement made = simple();
    if (!tokens.ends()) {
      throw AwkFailure.syntax(tokens.peek().text());
    }
    tokens.take(";");
    return made;
  }

  private AwkExpression condition() {
    tokens.expect("(");
    AwkExpression value = expressions.expression();
    tokens.expect(")");
    return value;
  }

  private AwkStatement body() {
    tokens.skipNewlines();
    return statement();
  }

  private AwkStatement loopBody() {
    loops++;
    AwkStatement made = body();
    loops--;
    return made;
  }

  private AwkStatement choice() {
    AwkExpression condition = condition();
    AwkStatement then = body();
    int before = tokens.position();
    tokens.skipSeparators();
    if (!tokens.take("else")) {
      tokens.back(before);
      return state -> AwkValues.truth(condition.value(state)) ? then.run(state) : Flow.ON;
    }
    AwkStatement otherwise = body();
    return state -> (AwkValues.truth(condition.value(state)) ? then : otherwise).run(state);
  }

  private AwkStatement doLoop() {
    AwkStatement body = loopBody();
    tokens.skipSeparators();
    tokens.expect("while");
    AwkExpression condition = condition();
    return AwkStatement.loop(condition, body, state -> Flow.ON, true);
  }

  private AwkStatement forLoop() {
    tokens.expect("(");
    int before = tokens.position();
    if (tokens.is(Kind.NAME) && tokens.second().is("in")) {
      AwkExpression.Variable variable = expressions.variable(tokens.name());
      tokens.expect("in");
      AwkExpression.Variable array = expressions.variable(tokens.name());
      if (tokens.take(")")) {
        return each(variable, array, loopBody());
      }
      tokens.back(before);
    }
    AwkStatement first = tokens.is(";") ? state -> Flow.ON : simple();
    tokens.expect(";");
    tokens.skipNewlines();
    AwkExpression condition = tokens.is(";") ? state -> 1.0 : expressions.expression();
    tokens.expect(";");
    tokens.skipNewlines();
    AwkStatement after = tokens.is(")") ? state -> Flow.ON : simple();
    tokens.expect(")");
    AwkStatement loop = AwkStatement.loop(condition, loopBody(), after, false);
    return AwkStatement.sequence(List.of(first, loop));
  }

  private static AwkStatement each(
      AwkExpression.Variable variable, AwkExpression.Variable array, AwkStatement body) {
    return state -> {
      for (String key : List.copyOf(array.cell(state).array().keySet())) {
        state.step();
        variable.set(state, new AwkValues.Input(key));
        Flow flow = body.run(state);
        if (flow == Flow.BREAK) {
          break;
        }
        if (flow != Flow.ON && flow != Flow.CONTINUE) {
          return flow;
        }
      }
      return Flow.ON;
    };
  }

  private AwkStatement simple() {
    if (tokens.take("print")) {
      return printing(false);
    }
    if (tokens.take("printf")) {
      return printing(true);
    }
    if (loops > 0 && (tokens.is("break") || tokens.is("continue"))) {
      Flow flow = Flow.valueOf(tokens.next().text().toUpperCase(Locale.ROOT));
      return state -> flow;
    }
    if (tokens.take("next") || tokens.take("nextfile")) {
      return state -> Flow.NEXT;
    }
    if (tokens.take("exit")) {
      AwkExpression code = tokens.ends() ? null : expressions.expression();
      return state -> {
        if (code != null) {
          state.exitWith((int) AwkValues.number(code.value(state)));
        }
        return Flow.EXIT;
      };
    }
    if (tokens.take("return")) {
      return giveBack();
    }
    if (tokens.take("delete")) {
      return deletion();
    }
    if (tokens.is("getline")) {
      throw new AwkFailure("getline is not known here");
    }
    AwkExpression value = expressions.expression();
    return state -> {
      value.value(state);
      return Flow.ON;
    };
  }

  private AwkStatement giveBack() {
    AwkFunction own = function;
    if (own == null) {
      throw AwkFailure.syntax("return");
    }
    AwkExpression value = tokens.ends() ? state -> AwkValues.NOTHING : expressions.expression();
    return state -> {
      own.giveBack(value.value(state));
      return Flow.RETURN;
    };
  }

  private AwkStatement deletion() {
    String array = tokens.name();
    if (!tokens.take("[")) {
      AwkExpression.Variable whole = expressions.variable(array);
      return state -> {
        whole.cell(state).array().clear();
        return Flow.ON;
      };
    }
    AwkExpression.Element element = expressions.element(array);
    return state -> {
      element.array().cell(state).array().remove(state.text(element.key().value(state)));
      return Flow.ON;
    };
  }

  private AwkStatement printing(boolean formatted) {
    List<AwkExpression> values = expressions.printed();
    boolean append = tokens.is(">>");
    AwkExpression file = null;
    if (tokens.take(">") || tokens.take(">>")) {
      file = expressions.concatenated();
    } else if (tokens.is("|")) {
      throw new AwkFailure("pipes are not known here");
    }
    AwkExpression to = file;
    if (!formatted) {
      return state -> print(state, values, to, append);
    }
    if (values.isEmpty()) {
      throw AwkFailure.syntax(tokens.peek().text());
    }
    return state -> {
      write(state, AwkFunctions.format(state, values), to, append);
      return Flow.ON;
    };
  }

  private Flow print(
      AwkState state, List<AwkExpression> values, @Nullable AwkExpression to, boolean append) {
    StringBuilder text = new StringBuilder();
    if (values.isEmpty()) {
      text.append(state.record());
    }
    for (int i = 0; i < values.size(); i++) {
      Object value = values.get(i).value(state);
      text.append(i == 0 ? "" : state.text("OFS"));
      text.append(AwkValues.text(value, state.text("OFMT")));
    }
    write(state, text.append(state.text("ORS")).toString(), to, append);
    return Flow.ON;
  }

  private void write(AwkState state, String text, @Nullable AwkExpression to, boolean append) {
    String file = to == null ? "/dev/stdout" : state.text(to.value(state));
    if (file.equals("/dev/stdout")) {
      state.print(text);
      return;
    }
    String error = files.write(file, text, append || state.opened(file));
    if (!error.isEmpty()) {
      throw new AwkFailure("can't redirect to " + file + " (" + error + ")");
    }
  }
}
