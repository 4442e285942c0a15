package dev.wavetank.core.container.awk;

/** An expression of {@code awk}. */
@FunctionalInterface
interface AwkExpression {

  Object value(AwkState state);

  /** What can be assigned to. */
  interface Target extends AwkExpression {
    void set(AwkState state, Object value);
  }

  /** A variable, which can also be an array. */
  interface Variable extends Target {
    AwkCell cell(AwkState state);

    @Override
    default Object value(AwkState state) {
      return cell(state).value();
    }

    @Override
    default void set(AwkState state, Object value) {
      cell(state).set(value);
    }
  }

  /** A field of the record. */
  record Field(AwkExpression number) implements Target {
    @Override
    public Object value(AwkState state) {
      return state.field(AwkValues.number(number.value(state)));
    }

    @Override
    public void set(AwkState state, Object value) {
      state.setField(AwkValues.number(number.value(state)), value);
    }
  }

  /** An element of an array. */
  record Element(Variable array, AwkExpression key) implements Target {
    @Override
    public Object value(AwkState state) {
      return state.element(array.cell(state), state.text(key.value(state))).value();
    }

    @Override
    public void set(AwkState state, Object value) {
      state.element(array.cell(state), state.text(key.value(state))).set(value);
    }
  }

  /** A regular expression between slashes, which alone asks of the record. */
  record Pattern(String expression) implements AwkExpression {
    @Override
    public Object value(AwkState state) {
      return AwkValues.truth(state.matches(state.record(), expression));
    }
  }

  /** The regular expression that an operand of a match is. */
  static String pattern(AwkExpression operand, AwkState state) {
    return operand instanceof Pattern literal
        ? literal.expression()
        : state.text(operand.value(state));
  }
}
