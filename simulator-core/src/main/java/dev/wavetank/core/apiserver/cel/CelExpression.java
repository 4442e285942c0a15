package dev.wavetank.core.apiserver.cel;

import com.google.common.collect.ImmutableMap;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelExpr.ExprKind;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A compiled expression. */
public final class CelExpression {

  private static final Pattern NO_KEY = Pattern.compile("key '(.*)' is not present in map");
  private static final Pattern NO_INDEX = Pattern.compile("[Ii]ndex out of bounds: (-?\\d+)");

  /** An expression could not be evaluated; the message is upstream's. */
  public static final class EvaluationException extends Exception {
    private static final long serialVersionUID = 1L;

    EvaluationException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  private final CelAbstractSyntaxTree ast;
  private final CelRuntime.Program program;

  CelExpression(CelAbstractSyntaxTree ast, CelRuntime.Program program) {
    this.ast = ast;
    this.program = program;
  }

  public boolean isBool() {
    return is(SimpleType.BOOL);
  }

  public boolean isString() {
    return is(SimpleType.STRING);
  }

  private boolean is(CelType type) {
    return ast.getResultType().equals(type);
  }

  /** Whether the expression speaks of that variable. */
  public boolean uses(String variable) {
    return CelNavigableAst.fromAst(ast)
        .getRoot()
        .allNodes()
        .anyMatch(
            node ->
                node.getKind() == ExprKind.Kind.IDENT
                    && node.expr().ident().name().equals(variable));
  }

  /**
   * The value of the expression.
   *
   * @param variables by name, as {@link CelValues} makes them
   * @throws EvaluationException when it has none: a missing key, an overflow, too many iterations
   */
  public Object evaluate(ImmutableMap<String, Object> variables) throws EvaluationException {
    try {
      return program.eval(variables);
    } catch (CelEvaluationException e) {
      throw new EvaluationException(words(String.valueOf(e.getMessage())), e);
    }
  }

  /** What upstream's interpreter says of the same error. */
  private static String words(String message) {
    Matcher key = NO_KEY.matcher(message);
    if (key.find()) {
      return "no such key: " + key.group(1);
    }
    Matcher index = NO_INDEX.matcher(message);
    if (index.find()) {
      return "index out of bounds: " + index.group(1);
    }
    if (message.contains("by zero")) {
      return "division by zero";
    }
    if (message.contains("overload")) {
      return "no such overload";
    }
    if (message.contains("teration budget exceeded")) {
      return "operation cancelled: actual cost limit exceeded";
    }
    return message.replaceFirst("^evaluation error( at [^:]*:\\d+)?: ", "");
  }
}
