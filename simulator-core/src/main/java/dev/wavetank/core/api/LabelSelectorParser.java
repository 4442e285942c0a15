package dev.wavetank.core.api;

import dev.wavetank.core.api.LabelSelector.Operator;
import dev.wavetank.core.api.LabelSelector.Requirement;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** One reading of a label selector's text, by one token of look-ahead. */
final class LabelSelectorParser {

  private enum Kind {
    ERROR,
    END,
    CLOSE,
    COMMA,
    NOT,
    DOUBLE_EQUALS,
    EQUALS,
    GREATER,
    IDENTIFIER,
    IN,
    LESS,
    NOT_EQUALS,
    NOT_IN,
    OPEN
  }

  private record Token(Kind kind, String text) {
    /** The kind where a value or key may stand: the keywords are plain words there. */
    Kind asValue() {
      return kind == Kind.IN || kind == Kind.NOT_IN ? Kind.IDENTIFIER : kind;
    }
  }

  private static final String SPECIAL = "=!(),><";
  private static final String BLANK = " \t\r\n";

  private final String text;
  private final List<Token> tokens = new ArrayList<>();
  private int next;

  LabelSelectorParser(String text) {
    this.text = text;
  }

  List<Requirement> parse() {
    scan();
    List<Requirement> requirements = new ArrayList<>();
    while (true) {
      Token first = peek();
      if (first.kind == Kind.END) {
        return requirements;
      }
      if (first.asValue() != Kind.IDENTIFIER && first.kind != Kind.NOT) {
        throw found(first, "expected: !, identifier, or 'end of string'");
      }
      try {
        requirements.add(requirement());
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("unable to parse requirement: " + e.getMessage(), e);
      }
      Token after = take();
      if (after.kind == Kind.END) {
        return requirements;
      }
      if (after.kind != Kind.COMMA) {
        throw found(after, "expected: ',' or 'end of string'");
      }
      if (peek().asValue() != Kind.IDENTIFIER && peek().kind != Kind.NOT) {
        throw found(peek(), "expected: identifier after ','");
      }
    }
  }

  private Requirement requirement() {
    Token key = take();
    boolean not = key.kind == Kind.NOT;
    if (not) {
      key = take();
    }
    if (key.asValue() != Kind.IDENTIFIER) {
      throw found(key, "expected: identifier");
    }
    List<String> wrong = LabelSyntax.keyErrors(key.text);
    if (!wrong.isEmpty()) {
      throw new IllegalArgumentException(
          Requirement.invalid("<nil>", GoQuote.quote(key.text), String.join("; ", wrong)));
    }
    if (not || peek().kind == Kind.END || peek().kind == Kind.COMMA) {
      Operator operator = not ? Operator.DOES_NOT_EXIST : Operator.EXISTS;
      return Requirement.of(key.text, operator, List.of());
    }
    Operator operator = operator(take());
    boolean set = operator == Operator.IN || operator == Operator.NOT_IN;
    return Requirement.of(key.text, operator, set ? values() : List.of(exactValue()));
  }

  private static Operator operator(Token token) {
    return switch (token.kind) {
      case IN -> Operator.IN;
      case NOT_IN -> Operator.NOT_IN;
      case EQUALS -> Operator.EQUALS;
      case DOUBLE_EQUALS -> Operator.DOUBLE_EQUALS;
      case NOT_EQUALS -> Operator.NOT_EQUALS;
      case GREATER -> Operator.GREATER_THAN;
      case LESS -> Operator.LESS_THAN;
      default -> throw found(token, "expected: in, notin, =, ==, !=, gt, lt");
    };
  }

  private String exactValue() {
    Kind kind = peek().asValue();
    if (kind == Kind.END || kind == Kind.COMMA) {
      return "";
    }
    Token value = take();
    if (value.asValue() != Kind.IDENTIFIER) {
      throw found(value, "expected: identifier");
    }
    return value.text;
  }

  private List<String> values() {
    Token open = take();
    if (open.kind != Kind.OPEN) {
      throw new IllegalArgumentException("found '" + open.text + "' expected: '('");
    }
    TreeSet<String> values = new TreeSet<>();
    Token first = peek();
    if (first.kind == Kind.CLOSE) {
      values.add("");
    } else if (first.asValue() == Kind.IDENTIFIER || first.kind == Kind.COMMA) {
      identifiers(values);
    } else {
      throw found(first, "expected: ',', ')' or identifier");
    }
    take();
    return List.copyOf(values);
  }

  /** Reads up to the closing parenthesis, which stays; an empty place is an empty value. */
  private void identifiers(TreeSet<String> values) {
    while (true) {
      Token token = take();
      Kind after = peek().kind;
      if (token.asValue() == Kind.IDENTIFIER) {
        values.add(token.text);
        if (after == Kind.CLOSE) {
          return;
        }
        if (after != Kind.COMMA) {
          throw found(peek(), "expected: ',' or ')'");
        }
      } else if (token.kind == Kind.COMMA) {
        if (values.isEmpty() || after == Kind.CLOSE || after == Kind.COMMA) {
          values.add("");
        }
        if (after == Kind.CLOSE) {
          return;
        }
      } else {
        throw found(token, "expected: ',', or identifier");
      }
    }
  }

  private Token peek() {
    return tokens.get(next);
  }

  /** The next token; the end stays the next one for ever. */
  private Token take() {
    Token token = tokens.get(next);
    if (token.kind != Kind.END) {
      next++;
    }
    return token;
  }

  private static IllegalArgumentException found(Token token, String expected) {
    return new IllegalArgumentException("found '" + token.text + "', " + expected);
  }

  private void scan() {
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (BLANK.indexOf(c) >= 0) {
        at++;
      } else if (SPECIAL.indexOf(c) >= 0) {
        at = symbol(at);
      } else {
        int start = at;
        while (at < text.length() && SPECIAL.indexOf(text.charAt(at)) < 0) {
          if (BLANK.indexOf(text.charAt(at)) >= 0) {
            break;
          }
          at++;
        }
        String word = text.substring(start, at);
        tokens.add(
            new Token(
                switch (word) {
                  case "in" -> Kind.IN;
                  case "notin" -> Kind.NOT_IN;
                  default -> Kind.IDENTIFIER;
                },
                word));
      }
    }
    tokens.add(new Token(Kind.END, ""));
  }

  private int symbol(int at) {
    if (text.startsWith("==", at)) {
      tokens.add(new Token(Kind.DOUBLE_EQUALS, "=="));
      return at + 2;
    }
    if (text.startsWith("!=", at)) {
      tokens.add(new Token(Kind.NOT_EQUALS, "!="));
      return at + 2;
    }
    Kind kind =
        switch (text.charAt(at)) {
          case '=' -> Kind.EQUALS;
          case '!' -> Kind.NOT;
          case '(' -> Kind.OPEN;
          case ')' -> Kind.CLOSE;
          case ',' -> Kind.COMMA;
          case '>' -> Kind.GREATER;
          case '<' -> Kind.LESS;
          default -> Kind.ERROR;
        };
    tokens.add(new Token(kind, text.substring(at, at + 1)));
    return at + 1;
  }
}
