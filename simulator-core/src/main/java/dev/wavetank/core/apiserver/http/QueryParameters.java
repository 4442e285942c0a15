package dev.wavetank.core.apiserver.http;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.GoQuote;
import dev.wavetank.core.api.Status;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a request's query, decoded.
 *
 * <p>Follows staging/src/k8s.io/apimachinery/pkg/runtime/converter.go (v1.36) where a text is read
 * as a number or a truth value.
 */
public final class QueryParameters {

  private final ImmutableListMultimap<String, String> values;

  private QueryParameters(ImmutableListMultimap<String, String> values) {
    this.values = values;
  }

  static QueryParameters parse(String query) {
    ImmutableListMultimap.Builder<String, String> values = ImmutableListMultimap.builder();
    for (String part : query.split("&", -1)) {
      if (!part.isEmpty()) {
        int equals = part.indexOf('=');
        String name = equals < 0 ? part : part.substring(0, equals);
        values.put(decode(name), equals < 0 ? "" : decode(part.substring(equals + 1)));
      }
    }
    return new QueryParameters(values.build());
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new ApiException(Status.badRequest("invalid URL escape in the query"));
    }
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  /** The first value; empty when there is none. */
  public String string(String name) {
    ImmutableList<String> all = values.get(name);
    return all.isEmpty() ? "" : all.get(0);
  }

  /** All values, in their order; empty when there is none. */
  public ImmutableList<String> strings(String name) {
    return values.get(name);
  }

  /** Anything but {@code 0} and {@code false} is true, as in upstream; absent is false. */
  boolean bool(String name) {
    String text = string(name);
    return has(name) && !text.equals("0") && !text.equalsIgnoreCase("false");
  }

  /**
   * The whole number, or null when it is absent.
   *
   * @throws ApiException 400 when it is none
   */
  public @Nullable Long number(String name) {
    String text = string(name);
    if (text.isEmpty()) {
      return null;
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new ApiException(
          Status.badRequest(
              "strconv.ParseInt: parsing " + GoQuote.quote(text) + ": invalid syntax"));
    }
  }
}
