package dev.wavetank.core.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.container.http.HttpRequest;
import dev.wavetank.core.container.http.HttpResponse;
import dev.wavetank.core.httpproxy.PathPattern;
import org.junit.jupiter.api.Test;

class RouteFiltersTest {

  private static final PathPattern ROOT = PathPattern.prefix("/");

  private static RouteFilters filters(String yaml) {
    FixedObjects objects =
        new FixedObjects("kind: F\napiVersion: v1\nspec:\n  filters:\n" + yaml.indent(2));
    return RouteFilters.of(objects.first().spec().listOrEmpty("filters"));
  }

  private static HttpRequest request(String path, ImmutableMap<String, String> headers) {
    return new HttpRequest("GET", "x.test:8080", path, headers, "");
  }

  private static String rewritten(String filter, String matched, String path) {
    return filters(filter)
        .request(request(path, ImmutableMap.of()), PathPattern.prefix(matched))
        .path();
  }

  private static String location(String redirect, String matched, String path, int port) {
    RouteFilters filters =
        filters("- {type: RequestRedirect, requestRedirect: {" + redirect + "}}");
    assertThat(filters.redirect()).isNotNull();
    HttpResponse answer =
        RouteFilters.redirection(
            filters.redirect(),
            request(path, ImmutableMap.of()),
            PathPattern.prefix(matched),
            "http",
            port);
    return answer.status() + " " + answer.header("Location");
  }

  @Test
  void headersOfRequestsAreSetAddedAndRemoved() {
    RouteFilters filters =
        filters(
            """
            - type: RequestHeaderModifier
              requestHeaderModifier:
                set: [{name: X-Set, value: new}]
                add: [{name: x-add, value: two}, {name: X-More, value: one}]
                remove: [x-gone]
            """);
    HttpRequest asked =
        request("/", ImmutableMap.of("x-set", "old", "X-Add", "one", "X-Gone", "x", "K", "v"));
    assertThat(filters.request(asked, ROOT).headers())
        .containsExactlyInAnyOrderEntriesOf(
            ImmutableMap.of("X-Set", "new", "x-add", "one,two", "X-More", "one", "K", "v"));
  }

  @Test
  void headersOfAnswersAreChanged() {
    RouteFilters filters =
        filters(
            "- {type: ResponseHeaderModifier, responseHeaderModifier: {remove: [content-type]}}");
    assertThat(filters.response(HttpResponse.of(200, "text/plain", "x")).headers()).isEmpty();
  }

  @Test
  void aRewriteReplacesTheHostnameAndThePath() {
    RouteFilters filters =
        filters(
            """
            - type: URLRewrite
              urlRewrite: {hostname: y.test, path: {type: ReplaceFullPath, replaceFullPath: /one}}
            """);
    HttpRequest sent = filters.request(request("/a/b?c=d", ImmutableMap.of()), ROOT);
    assertThat(sent.host()).isEqualTo("y.test");
    assertThat(sent.path()).isEqualTo("/one?c=d");
  }

  @Test
  void aPrefixIsReplacedByElements() {
    String filter =
        "- {type: URLRewrite, urlRewrite: {path: {type: ReplacePrefixMatch, replacePrefixMatch: %s}}}";
    assertThat(rewritten(filter.formatted("/xyz"), "/foo", "/foo/bar")).isEqualTo("/xyz/bar");
    assertThat(rewritten(filter.formatted("/xyz/"), "/foo", "/foo/bar")).isEqualTo("/xyz/bar");
    assertThat(rewritten(filter.formatted("/xyz"), "/foo/", "/foo/bar")).isEqualTo("/xyz/bar");
    assertThat(rewritten(filter.formatted("/xyz"), "/foo", "/foo")).isEqualTo("/xyz");
    assertThat(rewritten(filter.formatted("/xyz"), "/foo", "/foo/")).isEqualTo("/xyz/");
    assertThat(rewritten(filter.formatted("/"), "/foo", "/foo/bar")).isEqualTo("/bar");
    assertThat(rewritten(filter.formatted("/"), "/foo", "/foo")).isEqualTo("/");
    assertThat(rewritten(filter.formatted("\"\""), "/foo", "/foo")).isEqualTo("/");
    assertThat(rewritten(filter.formatted("/xyz"), "/", "/foo")).isEqualTo("/xyz/foo");
  }

  @Test
  void aRedirectionNamesThePortOnlyWhenItIsNotTheSchemesOwn() {
    assertThat(location("scheme: https, statusCode: 301", "/", "/a", 8080))
        .isEqualTo("301 https://x.test/a");
    assertThat(location("hostname: y.test", "/", "/a?b", 8080))
        .isEqualTo("302 http://y.test:8080/a?b");
    assertThat(location("hostname: y.test", "/", "/a", 80)).isEqualTo("302 http://y.test/a");
    assertThat(location("scheme: https, port: 8443", "/", "/a", 80))
        .isEqualTo("302 https://x.test:8443/a");
    assertThat(
            location(
                "path: {type: ReplacePrefixMatch, replacePrefixMatch: /new}", "/old", "/old/a", 80))
        .isEqualTo("302 http://x.test/new/a");
  }

  @Test
  void aFilterOfAnotherTypeIsNotSupported() {
    assertThat(filters("- {type: ExtensionRef}").supported()).isFalse();
    assertThat(RouteFilters.NONE.supported()).isTrue();
  }
}
