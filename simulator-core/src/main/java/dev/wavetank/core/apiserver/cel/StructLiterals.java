package dev.wavetank.core.apiserver.cel;

import com.google.common.collect.ImmutableList;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.navigation.CelNavigableExpr;

/**
 * Takes the literals of objects, such as {@code Object.spec{replicas: 3}}, for those of maps with
 * the same keys: what they make is a part of a tree here. Whether an object has such fields is
 * found when the tree is used.
 */
final class StructLiterals {

  /** Ids that entries of maps have are not seen by the walk: room for them. */
  private static final long ROOM = 1000;

  private long lastId;

  private StructLiterals(long lastId) {
    this.lastId = lastId;
  }

  static CelAbstractSyntaxTree asMaps(CelAbstractSyntaxTree parsed) {
    CelExpr root = parsed.getExpr();
    StructLiterals rewriting = new StructLiterals(greatest(root));
    return CelAbstractSyntaxTree.newParsedAst(rewriting.rewritten(root), parsed.getSource());
  }

  private static long greatest(CelExpr expr) {
    return CelNavigableExpr.fromExpr(expr)
            .allNodes()
            .mapToLong(node -> node.expr().id())
            .max()
            .orElse(0)
        + ROOM;
  }

  private CelExpr rewritten(CelExpr expr) {
    return switch (expr.exprKind().getKind()) {
      case STRUCT -> map(expr.id(), expr.struct());
      case MAP -> map(expr.id(), expr.map());
      case LIST ->
          CelExpr.ofList(expr.id(), all(expr.list().elements()), expr.list().optionalIndices());
      case CALL ->
          CelExpr.ofCall(
              expr.id(),
              expr.call().target().map(this::rewritten),
              expr.call().function(),
              all(expr.call().args()));
      case SELECT ->
          CelExpr.ofSelect(
              expr.id(),
              rewritten(expr.select().operand()),
              expr.select().field(),
              expr.select().testOnly());
      case COMPREHENSION -> comprehension(expr.id(), expr.comprehension());
      default -> expr;
    };
  }

  private ImmutableList<CelExpr> all(ImmutableList<CelExpr> exprs) {
    return exprs.stream().map(this::rewritten).collect(ImmutableList.toImmutableList());
  }

  private CelExpr map(long id, CelExpr.CelStruct struct) {
    ImmutableList.Builder<CelExpr.CelMap.Entry> entries = ImmutableList.builder();
    for (CelExpr.CelStruct.Entry entry : struct.entries()) {
      String field = CelValues.field(entry.fieldKey());
      CelExpr key = CelExpr.ofConstant(++lastId, CelConstant.ofValue(field));
      entries.add(
          CelExpr.ofMapEntry(entry.id(), key, rewritten(entry.value()), entry.optionalEntry()));
    }
    return CelExpr.ofMap(id, entries.build());
  }

  private CelExpr map(long id, CelExpr.CelMap map) {
    ImmutableList.Builder<CelExpr.CelMap.Entry> entries = ImmutableList.builder();
    for (CelExpr.CelMap.Entry entry : map.entries()) {
      entries.add(
          CelExpr.ofMapEntry(
              entry.id(), rewritten(entry.key()), rewritten(entry.value()), entry.optionalEntry()));
    }
    return CelExpr.ofMap(id, entries.build());
  }

  private CelExpr comprehension(long id, CelExpr.CelComprehension loop) {
    return CelExpr.ofComprehension(
        id,
        loop.iterVar(),
        loop.iterVar2(),
        rewritten(loop.iterRange()),
        loop.accuVar(),
        rewritten(loop.accuInit()),
        rewritten(loop.loopCondition()),
        rewritten(loop.loopStep()),
        rewritten(loop.result()));
  }
}
