package dev.wavetank.dns;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ScenarioException;
import java.util.ArrayList;
import java.util.List;

/**
 * The configuration of a CoreDNS server, as text and as its parts.
 *
 * <p>Follows the Caddyfile syntax of coredns/caddy (v1.1), without snippets, imports and
 * environment variables.
 *
 * @param file what the user calls it
 */
public record Corefile(String file, ImmutableList<ServerBlock> blocks) {
  private static final int DEPTH_MAX = 4;

  /**
   * A word and its place.
   *
   * @param line from 1
   * @param column from 1
   */
  public record Token(String text, int line, int column) {}

  /** A line of a block, with the block that it opens, if any. */
  public record Directive(
      Token name, ImmutableList<Token> arguments, ImmutableList<Directive> block) {}

  /** The zones of a server, each with a port if it is not 53, and its plugins. */
  public record ServerBlock(ImmutableList<Token> keys, ImmutableList<Directive> plugins) {}

  /** The Corefile that kubeadm installs, for a zone such as {@code cluster.local}. */
  public static String kubeadm(String zone) {
    // Follows cmd/kubeadm/app/phases/addons/dns/manifests.go (v1.36).
    return String.join(
        "\n",
        ".:53 {",
        "    errors",
        "    health {",
        "       lameduck 5s",
        "    }",
        "    ready",
        "    kubernetes " + zone + " in-addr.arpa ip6.arpa {",
        "       pods insecure",
        "       fallthrough in-addr.arpa ip6.arpa",
        "       ttl 30",
        "    }",
        "    prometheus :9153",
        "    forward . /etc/resolv.conf {",
        "       max_concurrent 1000",
        "    }",
        "    cache 30 {",
        "       disable success " + zone,
        "       disable denial " + zone,
        "    }",
        "    loop",
        "    reload",
        "    loadbalance",
        "}",
        "");
  }

  /**
   * Reads a Corefile.
   *
   * @throws ScenarioException where the text is no Corefile
   */
  public static Corefile parse(String file, String text) {
    return new Parser(file, text).corefile();
  }

  ScenarioException wrong(Token token, String problem) {
    return new ScenarioException(file, token.line(), token.column(), problem);
  }

  private static final class Parser {
    private final String file;
    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int position;
    private int line = 1;
    private int lineStart;
    private int next;

    Parser(String file, String text) {
      this.file = file;
      this.text = text;
      tokenize();
    }

    private ScenarioException wrong(int atLine, int atColumn, String problem) {
      return new ScenarioException(file, atLine, atColumn, problem);
    }

    private void tokenize() {
      while (position < text.length()) {
        char c = text.charAt(position);
        if (c == '\n') {
          position++;
          line++;
          lineStart = position;
        } else if (Character.isWhitespace(c)) {
          position++;
        } else if (c == '#') {
          int end = text.indexOf('\n', position);
          position = end < 0 ? text.length() : end;
        } else if (c == '"') {
          quoted();
        } else {
          word();
        }
      }
    }

    private void word() {
      int begin = position;
      while (position < text.length() && !Character.isWhitespace(text.charAt(position))) {
        position++;
      }
      String word = text.substring(begin, position);
      if (word.startsWith("{$") || word.startsWith("{%")) {
        throw wrong(
            line, begin - lineStart + 1, "environment variables are not simulated: " + word);
      }
      tokens.add(new Token(word, line, begin - lineStart + 1));
    }

    private void quoted() {
      int beginLine = line;
      int beginColumn = position - lineStart + 1;
      StringBuilder value = new StringBuilder();
      position++;
      while (position < text.length() && text.charAt(position) != '"') {
        char c = text.charAt(position);
        if (c == '\\' && position + 1 < text.length() && text.charAt(position + 1) == '"') {
          position++;
          c = '"';
        }
        value.append(c);
        position++;
        if (c == '\n') {
          line++;
          lineStart = position;
        }
      }
      if (position >= text.length()) {
        throw wrong(beginLine, beginColumn, "a quoted word without its closing \"");
      }
      position++;
      tokens.add(new Token(value.toString(), beginLine, beginColumn));
    }

    Corefile corefile() {
      ImmutableList.Builder<ServerBlock> blocks = ImmutableList.builder();
      if (tokens.isEmpty()) {
        throw wrong(1, 1, "expected a server block such as .:53 { ... }, found nothing");
      }
      while (next < tokens.size()) {
        blocks.add(serverBlock());
      }
      return new Corefile(file, blocks.build());
    }

    private ServerBlock serverBlock() {
      ImmutableList.Builder<Token> keys = ImmutableList.builder();
      Token first = tokens.get(next);
      boolean named = false;
      while (next < tokens.size() && !tokens.get(next).text().equals("{")) {
        Token key = tokens.get(next++);
        if (key.text().equals("}") || key.text().equals("import") || key.text().startsWith("(")) {
          throw wrong(
              key.line(),
              key.column(),
              "expected the zone of a server block such as .:53, found " + key.text());
        }
        String text = key.text();
        if (text.endsWith(",")) {
          text = text.substring(0, text.length() - 1);
        } else if (next < tokens.size()
            && tokens.get(next).line() != key.line()
            && !tokens.get(next).text().equals("{")) {
          throw wrong(key.line(), key.column(), "expected { after the zones of a server block");
        }
        keys.add(new Token(text, key.line(), key.column()));
        named = true;
      }
      if (!named || next >= tokens.size()) {
        throw wrong(first.line(), first.column(), "expected a server block such as .:53 { ... }");
      }
      Token open = tokens.get(next++);
      return new ServerBlock(keys.build(), directives(open, 1));
    }

    private ImmutableList<Directive> directives(Token open, int depth) {
      ImmutableList.Builder<Directive> directives = ImmutableList.builder();
      while (next < tokens.size() && !tokens.get(next).text().equals("}")) {
        directives.add(directive(depth));
      }
      if (next >= tokens.size()) {
        throw wrong(open.line(), open.column(), "a block without its closing }");
      }
      next++;
      return directives.build();
    }

    private Directive directive(int depth) {
      Token name = tokens.get(next++);
      if (name.text().equals("{") || depth > DEPTH_MAX) {
        throw wrong(name.line(), name.column(), "expected a word, found " + name.text());
      }
      ImmutableList.Builder<Token> arguments = ImmutableList.builder();
      ImmutableList<Directive> block = ImmutableList.of();
      while (next < tokens.size() && tokens.get(next).line() == name.line()) {
        Token token = tokens.get(next);
        if (token.text().equals("}")) {
          break;
        }
        next++;
        if (token.text().equals("{")) {
          block = directives(token, depth + 1);
          break;
        }
        arguments.add(token);
      }
      return new Directive(name, arguments.build(), block);
    }
  }
}
