package dev.wavetank.core.apiserver.cel;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.cel.bundle.Cel;
import dev.cel.bundle.CelBuilder;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.StructType;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where expressions are compiled: which variables there are, and of which types.
 *
 * <p>The functions are those of the language itself, its extensions for strings, sets, lists,
 * optional values and comprehensions, and upstream's own for lists and regular expressions. Its
 * other libraries ({@code quantity}, {@code ip}, {@code url}, {@code format}, {@code authorizer})
 * are not there.
 *
 * <p>Follows staging/src/k8s.io/apiserver/pkg/cel/environment/base.go (v1.36).
 */
public final class CelEnvironment {

  /** Most rounds of all comprehensions of one evaluation together. */
  public static final int ITERATIONS_MAX = 1_000_000;

  private static final CelOptions OPTIONS =
      CelOptions.current()
          .enableHeterogeneousNumericComparisons(true)
          .comprehensionMaxIterations(ITERATIONS_MAX)
          .build();

  /** An expression does not compile; the message is upstream's. */
  public static final class CompilationException extends Exception {
    private static final long serialVersionUID = 1L;

    CompilationException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  private final Cel cel;

  /** An environment with these variables. */
  public CelEnvironment(ImmutableMap<String, CelType> variables) {
    CelBuilder builder =
        CelFactory.legacyCelBuilder()
            .setOptions(OPTIONS)
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .addCompilerLibraries(
                CelExtensions.strings(),
                CelExtensions.sets(OPTIONS),
                CelExtensions.lists(),
                CelExtensions.optional(),
                CelExtensions.comprehensions())
            .addRuntimeLibraries(
                CelExtensions.strings(),
                CelExtensions.sets(OPTIONS),
                CelExtensions.lists(),
                CelExtensions.optional(),
                CelExtensions.comprehensions())
            .addFunctionDeclarations(KubernetesFunctions.DECLARATIONS)
            .addFunctionBindings(KubernetesFunctions.BINDINGS)
            .setTypeProvider(new Structs(variables));
    variables.forEach(builder::addVar);
    this.cel = builder.build();
  }

  /**
   * Compiles an expression.
   *
   * @throws CompilationException when it is no expression, or its types do not fit
   */
  public CelExpression compile(String expression) throws CompilationException {
    try {
      CelAbstractSyntaxTree ast = cel.compile(expression).getAst();
      return new CelExpression(ast, cel.createProgram(ast));
    } catch (CelValidationException | CelEvaluationException e) {
      throw new CompilationException("compilation failed: " + e.getMessage(), e);
    }
  }

  /**
   * Compiles an expression in which literals of objects, such as {@code Object{...}}, make maps.
   *
   * @throws CompilationException as {@link #compile}
   */
  public CelExpression compileStructs(String expression) throws CompilationException {
    try {
      CelAbstractSyntaxTree parsed = cel.parse(expression).getAst();
      CelAbstractSyntaxTree ast = cel.check(StructLiterals.asMaps(parsed)).getAst();
      return new CelExpression(ast, cel.createProgram(ast));
    } catch (CelValidationException | CelEvaluationException e) {
      throw new CompilationException("compilation failed: " + e.getMessage(), e);
    }
  }

  /** Finds the object types that the variables are made of, by name. */
  private static final class Structs implements CelTypeProvider {
    private final ImmutableMap<String, CelType> types;

    Structs(ImmutableMap<String, CelType> variables) {
      Map<String, CelType> found = new LinkedHashMap<>();
      variables.values().forEach(type -> add(type, found));
      this.types = ImmutableMap.copyOf(found);
    }

    private static void add(CelType type, Map<String, CelType> found) {
      if (type instanceof StructType struct && found.putIfAbsent(struct.name(), struct) == null) {
        struct.fields().forEach(field -> add(field.type(), found));
      }
      type.parameters().forEach(parameter -> add(parameter, found));
    }

    @Override
    public ImmutableList<CelType> types() {
      return ImmutableList.copyOf(types.values());
    }

    @Override
    public Optional<CelType> findType(String name) {
      return Optional.ofNullable(types.get(name));
    }
  }
}
