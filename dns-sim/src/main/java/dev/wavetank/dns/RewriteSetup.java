package dev.wavetank.dns;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Ints;
import dev.wavetank.dns.Corefile.Directive;
import dev.wavetank.dns.Corefile.Token;
import dev.wavetank.dns.plugin.Handler;
import dev.wavetank.dns.plugin.Rewrite;
import dev.wavetank.dns.plugin.Rewrite.AnswerChange;
import dev.wavetank.dns.plugin.Rewrite.Rule;
import dev.wavetank.dns.plugin.RewriteRules;
import dev.wavetank.dns.plugin.RewriteRules.Matching;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.PatternSyntaxException;
import org.xbill.DNS.Type;

/**
 * Reads a {@code rewrite} of a Corefile: {@code [continue|stop] FIELD [MATCHING] FROM TO
 * [OPTIONS]}, on one line or in a block.
 *
 * <p>Follows plugin/rewrite/setup.go (CoreDNS v1.14).
 */
final class RewriteSetup {

  private static final ImmutableList<String> FIELDS = ImmutableList.of("name", "type", "ttl");

  private final Corefile corefile;
  private final List<Token> words;
  private int next;

  private RewriteSetup(Corefile corefile, List<Token> words) {
    this.corefile = corefile;
    this.words = words;
  }

  private static Rule rule(Corefile corefile, Directive plugin) {
    List<Token> words = new ArrayList<>(plugin.arguments());
    for (Directive line : plugin.block()) {
      words.add(line.name());
      words.addAll(line.arguments());
    }
    words.add(0, plugin.name());
    return new RewriteSetup(corefile, words).read();
  }

  private Token word(String what) {
    if (next == words.size()) {
      throw corefile.wrong(words.get(words.size() - 1), "expected " + what + " after this");
    }
    return words.get(next++);
  }

  private boolean took(String word) {
    boolean there = next < words.size() && words.get(next).text().equals(word);
    next += there ? 1 : 0;
    return there;
  }

  private Rule read() {
    next = 1;
    boolean goesOn = took("continue");
    if (!goesOn) {
      took("stop");
    }
    Token field = word("a field");
    return switch (field.text()) {
      case "name" -> name(goesOn);
      case "type" -> {
        Rule rule = RewriteRules.type(type(), type(), goesOn);
        end();
        yield rule;
      }
      case "ttl" -> ttl(goesOn);
      default ->
          throw corefile.wrong(
              field, "rewrite of one of " + String.join(", ", FIELDS) + " is simulated only");
    };
  }

  private Matching matching() {
    for (Matching matching : Matching.values()) {
      if (took(matching.name().toLowerCase(Locale.ROOT))) {
        return matching;
      }
    }
    return Matching.EXACT;
  }

  /** Names are absolute where they are whole. */
  private String name(Matching matching, Token token) {
    String text = token.text().toLowerCase(Locale.ROOT);
    boolean whole = matching == Matching.EXACT || matching == Matching.SUFFIX;
    return whole && !text.endsWith(".") ? text + "." : text;
  }

  private Rule name(boolean goesOn) {
    Matching matching = matching();
    Token from = word("a name");
    Token to = word("a name");
    boolean auto = false;
    ImmutableList.Builder<AnswerChange> more = ImmutableList.builder();
    while (next < words.size()) {
      Token option = word("answer");
      if (!option.text().equals("answer")) {
        throw corefile.wrong(option, "expected answer, found " + option.text());
      }
      if (took("auto")) {
        auto = true;
        continue;
      }
      boolean values = took("value");
      if (!values) {
        took("name");
      }
      more.add(answer(values, word("a pattern"), word("a name")));
    }
    try {
      String pattern = matching == Matching.REGEX ? from.text() : name(matching, from);
      return RewriteRules.name(matching, pattern, name(matching, to), auto, more.build(), goesOn);
    } catch (PatternSyntaxException e) {
      throw corefile.wrong(from, "no regular expression: " + e.getDescription());
    }
  }

  private AnswerChange answer(boolean values, Token from, Token to) {
    try {
      return RewriteRules.answer(values, from.text(), to.text());
    } catch (PatternSyntaxException e) {
      throw corefile.wrong(from, "no regular expression: " + e.getDescription());
    }
  }

  private Rule ttl(boolean goesOn) {
    Matching matching = matching();
    Token from = word("a name");
    Token seconds = word("seconds");
    Integer number = Ints.tryParse(seconds.text());
    if (number == null || number < 0) {
      throw corefile.wrong(seconds, "expected seconds, found " + seconds.text());
    }
    end();
    try {
      String pattern = matching == Matching.REGEX ? from.text() : name(matching, from);
      return RewriteRules.ttl(matching, pattern, number, goesOn);
    } catch (PatternSyntaxException e) {
      throw corefile.wrong(from, "no regular expression: " + e.getDescription());
    }
  }

  private int type() {
    Token token = word("a type");
    int type = Type.value(token.text());
    if (type < 0) {
      throw corefile.wrong(token, "expected a type such as A, found " + token.text());
    }
    return type;
  }

  private void end() {
    if (next < words.size()) {
      throw corefile.wrong(
          words.get(next), "expected nothing more, found " + words.get(next).text());
    }
  }

  /** All of them, in their order. */
  static Rewrite plugin(Corefile corefile, Corefile.ServerBlock block, Handler handler) {
    ImmutableList.Builder<Rule> rules = ImmutableList.builder();
    for (Directive plugin : block.plugins()) {
      if (plugin.name().text().equals("rewrite")) {
        rules.add(rule(corefile, plugin));
      }
    }
    return new Rewrite(rules.build(), handler);
  }
}
