package dev.wavetank.core.container.awk;

import java.util.List;

/** A statement of {@code awk}. */
@FunctionalInterface
interface AwkStatement {

  /** How to go on after a statement. */
  enum Flow {
    ON,
    BREAK,
    CONTINUE,
    NEXT,
    EXIT,
    RETURN
  }

  Flow run(AwkState state);

  /** One after the other. */
  static AwkStatement sequence(List<AwkStatement> statements) {
    return state -> {
      for (AwkStatement statement : statements) {
        state.step();
        Flow flow = statement.run(state);
        if (flow != Flow.ON) {
          return flow;
        }
      }
      return Flow.ON;
    };
  }

  /** Runs the body as long as the condition holds; the body first when asked. */
  static AwkStatement loop(
      AwkExpression condition, AwkStatement body, AwkStatement after, boolean bodyFirst) {
    return state -> {
      boolean first = bodyFirst;
      while (first || AwkValues.truth(condition.value(state))) {
        first = false;
        state.step();
        Flow flow = body.run(state);
        if (flow == Flow.BREAK) {
          break;
        }
        if (flow != Flow.ON && flow != Flow.CONTINUE) {
          return flow;
        }
        after.run(state);
      }
      return Flow.ON;
    };
  }
}
