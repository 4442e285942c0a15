package dev.wavetank.core.apiserver.http;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.util.function.UnaryOperator;

/**
 * The links in a page of HTML. Tags at which something begins are written anew, with names in lower
 * case and values in quotes; everything else stays as it is.
 *
 * <p>Follows rewriteHTML of staging/src/k8s.io/apimachinery/pkg/util/proxy/transport.go (v1.36).
 */
final class HtmlLinks {

  /** Attributes that hold URLs, by their elements. */
  private static final ImmutableMap<String, ImmutableSet<String>> URLS =
      ImmutableMap.<String, ImmutableSet<String>>builder()
          .put("a", ImmutableSet.of("href"))
          .put("applet", ImmutableSet.of("codebase"))
          .put("area", ImmutableSet.of("href"))
          .put("audio", ImmutableSet.of("src"))
          .put("base", ImmutableSet.of("href"))
          .put("blockquote", ImmutableSet.of("cite"))
          .put("body", ImmutableSet.of("background"))
          .put("button", ImmutableSet.of("formaction"))
          .put("command", ImmutableSet.of("icon"))
          .put("del", ImmutableSet.of("cite"))
          .put("embed", ImmutableSet.of("src"))
          .put("form", ImmutableSet.of("action"))
          .put("frame", ImmutableSet.of("longdesc", "src"))
          .put("head", ImmutableSet.of("profile"))
          .put("html", ImmutableSet.of("manifest"))
          .put("iframe", ImmutableSet.of("longdesc", "src"))
          .put("img", ImmutableSet.of("longdesc", "src", "usemap"))
          .put("input", ImmutableSet.of("src", "usemap", "formaction"))
          .put("ins", ImmutableSet.of("cite"))
          .put("link", ImmutableSet.of("href"))
          .put("object", ImmutableSet.of("classid", "codebase", "data", "usemap"))
          .put("q", ImmutableSet.of("cite"))
          .put("script", ImmutableSet.of("src"))
          .put("source", ImmutableSet.of("src"))
          .put("video", ImmutableSet.of("poster", "src"))
          .build();

  /** Elements whose content is no HTML. */
  private static final ImmutableSet<String> RAW =
      ImmutableSet.of(
          "iframe",
          "noembed",
          "noframes",
          "plaintext",
          "script",
          "style",
          "textarea",
          "title",
          "xmp");

  private final String page;
  private final UnaryOperator<String> rewrite;
  private final StringBuilder out;
  private int at;

  private HtmlLinks(String page, UnaryOperator<String> rewrite) {
    this.page = page;
    this.rewrite = rewrite;
    this.out = new StringBuilder(page.length() + 256);
  }

  /** A page with its links changed. */
  static String rewritten(String page, UnaryOperator<String> rewrite) {
    HtmlLinks links = new HtmlLinks(page, rewrite);
    links.run();
    return links.out.toString();
  }

  private void run() {
    while (at < page.length()) {
      int tag = page.indexOf('<', at);
      if (tag < 0) {
        copyTo(page.length());
        return;
      }
      copyTo(tag);
      char next = tag + 1 < page.length() ? page.charAt(tag + 1) : ' ';
      if (page.startsWith("<!--", tag)) {
        int end = page.indexOf("-->", tag + 4);
        copyTo(end < 0 ? page.length() : end + 3);
      } else if (Character.isLetter(next)) {
        tag();
      } else if (next == '/' || next == '!' || next == '?') {
        int end = page.indexOf('>', tag);
        copyTo(end < 0 ? page.length() : end + 1);
      } else {
        copyTo(tag + 1);
      }
    }
  }

  private void copyTo(int end) {
    out.append(page, at, end);
    at = end;
  }

  private void tag() {
    int begin = at;
    int end = at + 1;
    while (end < page.length() && !delimiter(page.charAt(end))) {
      end++;
    }
    String name = Ascii.toLowerCase(page.substring(at + 1, end));
    StringBuilder written = new StringBuilder("<").append(name);
    at = end;
    while (true) {
      skipSpace();
      if (at >= page.length()) {
        at = begin;
        copyTo(page.length());
        return;
      }
      if (page.charAt(at) == '>' || page.startsWith("/>", at)) {
        boolean closes = page.charAt(at) == '/';
        written.append(closes ? "/>" : ">");
        at += closes ? 2 : 1;
        break;
      }
      if (page.charAt(at) == '/') {
        at++;
      } else {
        attribute(name, written);
      }
    }
    out.append(written);
    if (RAW.contains(name)) {
      int close = Ascii.toLowerCase(page.substring(at)).indexOf("</" + name);
      copyTo(close < 0 ? page.length() : at + close);
    }
  }

  private static boolean delimiter(char c) {
    return Character.isWhitespace(c) || c == '>' || c == '/';
  }

  private void skipSpace() {
    while (at < page.length() && Character.isWhitespace(page.charAt(at))) {
      at++;
    }
  }

  private void attribute(String element, StringBuilder written) {
    int begin = at++;
    while (at < page.length() && !delimiter(page.charAt(at)) && page.charAt(at) != '=') {
      at++;
    }
    String name = Ascii.toLowerCase(page.substring(begin, at));
    skipSpace();
    String value = "";
    if (at < page.length() && page.charAt(at) == '=') {
      at++;
      skipSpace();
      value = value();
    }
    boolean link = URLS.getOrDefault(element, ImmutableSet.of()).contains(name);
    String plain = unescaped(value);
    written.append(' ').append(name).append("=\"");
    written.append(escaped(link ? rewrite.apply(plain) : plain)).append('"');
  }

  private String value() {
    if (at >= page.length()) {
      return "";
    }
    char quote = page.charAt(at);
    if (quote == '"' || quote == '\'') {
      int end = page.indexOf(quote, at + 1);
      String value = page.substring(at + 1, end < 0 ? page.length() : end);
      at = end < 0 ? page.length() : end + 1;
      return value;
    }
    int begin = at;
    while (at < page.length()
        && !Character.isWhitespace(page.charAt(at))
        && page.charAt(at) != '>') {
      at++;
    }
    return page.substring(begin, at);
  }

  private static String unescaped(String value) {
    return value
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&");
  }

  private static String escaped(String value) {
    return value
        .replace("&", "&amp;")
        .replace("'", "&#39;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&#34;");
  }
}
