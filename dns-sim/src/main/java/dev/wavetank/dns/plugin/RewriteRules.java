package dev.wavetank.dns.plugin;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import dev.wavetank.dns.plugin.Rewrite.AnswerChange;
import dev.wavetank.dns.plugin.Rewrite.Change;
import dev.wavetank.dns.plugin.Rewrite.Rule;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;

/**
 * The kinds of rules that {@link Rewrite} tries. Names are compared in small letters, written with
 * the dot at their end.
 *
 * <p>Follows plugin/rewrite/name.go, type.go and ttl.go (CoreDNS v1.14).
 */
public final class RewriteRules {

  /** How a rule looks at a name. */
  public enum Matching {
    EXACT,
    PREFIX,
    SUFFIX,
    SUBSTRING,
    REGEX
  }

  private RewriteRules() {}

  /**
   * A rule for names.
   *
   * @param auto whether names in the answer go back to what was asked; always so for exact names
   * @param more what becomes of the answer beside that
   */
  public static Rule name(
      Matching matching,
      String from,
      String to,
      boolean auto,
      ImmutableList<AnswerChange> more,
      boolean goesOn) {
    UnaryOperator<@Nullable String> change = change(matching, from, to);
    boolean back = auto || matching == Matching.EXACT;
    return new Rule() {
      @Override
      public @Nullable Change apply(Name name, int type) {
        Name changed = absolute(change.apply(text(name)));
        if (changed == null) {
          return null;
        }
        ImmutableList.Builder<AnswerChange> answers = ImmutableList.builder();
        if (back && matching == Matching.SUFFIX) {
          answers.add(both(change(Matching.SUFFIX, to, from)));
        } else if (back) {
          answers.add(both(change(Matching.EXACT, text(changed), text(name))));
        }
        return new Change(changed, type, answers.addAll(more).build());
      }

      @Override
      public boolean goesOn() {
        return goesOn;
      }
    };
  }

  /** Asks for another type. */
  public static Rule type(int from, int to, boolean goesOn) {
    return new Rule() {
      @Override
      public @Nullable Change apply(Name name, int type) {
        return type == from ? new Change(name, to, ImmutableList.of()) : null;
      }

      @Override
      public boolean goesOn() {
        return goesOn;
      }
    };
  }

  /** Gives the answers for names a time to live. */
  public static Rule ttl(Matching matching, String from, long seconds, boolean goesOn) {
    UnaryOperator<@Nullable String> match = change(matching, from, "");
    AnswerChange change =
        new AnswerChange() {
          @Override
          public long ttlSeconds(long ttl) {
            return seconds;
          }
        };
    return new Rule() {
      @Override
      public @Nullable Change apply(Name name, int type) {
        return match.apply(text(name)) == null
            ? null
            : new Change(name, type, ImmutableList.of(change));
      }

      @Override
      public boolean goesOn() {
        return goesOn;
      }
    };
  }

  /**
   * {@code answer name FROM TO} for records' names, {@code answer value FROM TO} for their data.
   */
  public static AnswerChange answer(boolean values, String from, String to) {
    UnaryOperator<@Nullable String> change = change(Matching.REGEX, from, to);
    return new AnswerChange() {
      @Override
      public Name owner(Name name) {
        return values ? name : changed(name, change);
      }

      @Override
      public Name value(Name name) {
        return values ? changed(name, change) : name;
      }
    };
  }

  private static AnswerChange both(UnaryOperator<@Nullable String> change) {
    return new AnswerChange() {
      @Override
      public Name owner(Name name) {
        return changed(name, change);
      }

      @Override
      public Name value(Name name) {
        return changed(name, change);
      }
    };
  }

  private static Name changed(Name name, UnaryOperator<@Nullable String> change) {
    Name changed = absolute(change.apply(text(name)));
    return changed == null ? name : changed;
  }

  private static String text(Name name) {
    return Ascii.toLowerCase(name.toString());
  }

  private static @Nullable Name absolute(@Nullable String text) {
    return text == null ? null : DnsNames.absolute(text.endsWith(".") ? text : text + ".");
  }

  /** What becomes of a name; null when it does not fit. */
  private static UnaryOperator<@Nullable String> change(Matching matching, String from, String to) {
    Pattern pattern = matching == Matching.REGEX ? Pattern.compile(from) : null;
    return name -> {
      if (name == null) {
        return null;
      }
      return switch (matching) {
        case EXACT -> name.equals(from) ? to : null;
        case PREFIX -> name.startsWith(from) ? to + name.substring(from.length()) : null;
        case SUFFIX ->
            name.endsWith(from) ? name.substring(0, name.length() - from.length()) + to : null;
        case SUBSTRING -> name.contains(from) ? name.replace(from, to) : null;
        case REGEX -> pattern == null ? null : filled(pattern.matcher(name), to);
      };
    };
  }

  /** {@code {1}} stands for the first group. */
  private static @Nullable String filled(Matcher matcher, String to) {
    if (!matcher.find()) {
      return null;
    }
    String filled = to;
    for (int group = 0; group <= matcher.groupCount(); group++) {
      String found = matcher.group(group);
      filled = filled.replace("{" + group + "}", found == null ? "" : found);
    }
    return filled;
  }
}
