package dev.wavetank.core.container.awk;

import dev.wavetank.core.container.awk.AwkStatement.Flow;
import java.util.ArrayList;
import java.util.List;

/** A function that a program of {@code awk} defines, perhaps behind where it calls it. */
final class AwkFunction {

  private final String name;
  private final List<String> parameters = new ArrayList<>();
  private AwkStatement body = state -> Flow.ON;
  private boolean defined;
  private Object result = AwkValues.NOTHING;

  AwkFunction(String name) {
    this.name = name;
  }

  void define(List<String> names) {
    if (defined) {
      throw new AwkFailure("function " + name + " is defined twice");
    }
    defined = true;
    parameters.addAll(names);
  }

  void body(AwkStatement statements) {
    body = statements;
  }

  /** The function of the result of {@code return}. */
  void giveBack(Object value) {
    result = value;
  }

  void check() {
    if (!defined) {
      throw new AwkFailure("function " + name + " never defined");
    }
  }

  Object call(AwkState state, List<AwkExpression> arguments) {
    if (arguments.size() > parameters.size()) {
      throw new AwkFailure("too many arguments in call to " + name);
    }
    AwkCell[] frame = new AwkCell[parameters.size()];
    for (int i = 0; i < frame.length; i++) {
      AwkExpression argument = i < arguments.size() ? arguments.get(i) : null;
      frame[i] =
          argument == null
              ? new AwkCell()
              : argument instanceof AwkExpression.Variable variable
                  ? AwkCell.parameter(variable.cell(state))
                  : AwkCell.of(argument.value(state));
    }
    AwkCell[] before = state.enter(frame);
    result = AwkValues.NOTHING;
    body.run(state);
    state.leave(before);
    Object given = result;
    result = AwkValues.NOTHING;
    return given;
  }
}
