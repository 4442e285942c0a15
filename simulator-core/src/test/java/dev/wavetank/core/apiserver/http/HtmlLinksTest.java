package dev.wavetank.core.apiserver.http;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class HtmlLinksTest {

  private static String rewritten(String page) {
    return HtmlLinks.rewritten(page, url -> url.startsWith("/") ? "/P" + url : url);
  }

  @Test
  void attributesThatHoldUrlsAreRewritten() {
    assertThat(rewritten("<A HREF=/x>l</A><img src='/y' alt=/y><form action=\"/z?a=1&amp;b=2\">"))
        .isEqualTo(
            "<a href=\"/P/x\">l</A><img src=\"/P/y\" alt=\"/y\"><form"
                + " action=\"/P/z?a=1&amp;b=2\">");
  }

  @Test
  void everythingElseStaysAsItIs() {
    String page =
        "<!DOCTYPE html><!-- <a href=\"/x\"> --><script>s = '<a href=\"/x\">'</script>"
            + "a < b <br/></p> <style>a{}</style>";
    assertThat(rewritten(page)).isEqualTo(page);
  }

  @Test
  void tagsWithoutAnEndStay() {
    assertThat(rewritten("x <a href=\"/y")).isEqualTo("x <a href=\"/y");
    assertThat(rewritten("x <")).isEqualTo("x <");
  }

  @Property(tries = 300)
  void textWithoutTagsIsUntouched(@ForAll @StringLength(max = 30) String text) {
    String plain = text.replace("<", "");
    assertThat(rewritten(plain)).isEqualTo(plain);
  }
}
