package dev.wavetank.proxy.nftables;

import com.google.common.collect.ImmutableList;
import dev.wavetank.proxy.netfilter.IpFamily;
import dev.wavetank.proxy.netfilter.PacketBuffer;
import java.util.List;

/**
 * A rule of a chain: statements, asked in order until one does not hold.
 *
 * @param comment may be empty
 */
public record Rule(ImmutableList<Statement> statements, String comment) {

  public static Rule of(Statement... statements) {
    return new Rule(ImmutableList.copyOf(statements), "");
  }

  public static Rule of(String comment, List<Statement> statements) {
    return new Rule(ImmutableList.copyOf(statements), comment);
  }

  /** What the rule says of a packet; BREAK when it does not hold. */
  ChainVerdict run(PacketBuffer packet, TableState state) {
    for (int i = 0; i < statements.size(); i++) {
      ChainVerdict verdict = statements.get(i).run(packet, state);
      if (verdict.kind() != ChainVerdict.Kind.CONTINUE) {
        return verdict;
      }
    }
    return ChainVerdict.CONTINUE;
  }

  /** Whether a statement counts packets. */
  boolean counts() {
    return statements.stream().anyMatch(Statement::counts);
  }

  /** Appends the rule as kube-proxy writes it. */
  public void appendWritten(StringBuilder out, IpFamily family) {
    String blank = "";
    for (Statement statement : statements) {
      out.append(blank);
      statement.appendWritten(out, family);
      blank = " ";
    }
    appendComment(out);
  }

  /** The rule as {@code nft list table} prints it. */
  public String listed(IpFamily family) {
    StringBuilder out = new StringBuilder();
    String blank = "";
    for (Statement statement : statements) {
      out.append(blank);
      statement.appendListed(out, family);
      blank = " ";
    }
    appendComment(out);
    return out.toString();
  }

  private void appendComment(StringBuilder out) {
    if (!comment.isEmpty()) {
      out.append(" comment \"").append(comment).append('"');
    }
  }

  /** The rule as {@code nft list table} prints it, for IPv4. */
  @Override
  public String toString() {
    return listed(IpFamily.IPV4);
  }
}
