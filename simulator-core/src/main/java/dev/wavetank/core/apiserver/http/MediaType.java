package dev.wavetank.core.apiserver.http;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One media type with its parameters, as in the headers Accept and Content-Type.
 *
 * @param name such as {@code application/json}, in lower case
 */
record MediaType(String name, ImmutableMap<String, String> parameters) {

  /** Most types of one header that are looked at. */
  private static final int TYPES_MAX = 64;

  String parameter(String parameter) {
    return parameters.getOrDefault(parameter, "");
  }

  static ImmutableList<MediaType> parseAll(String header) {
    ImmutableList.Builder<MediaType> types = ImmutableList.builder();
    int count = 0;
    for (String part : header.split(",", -1)) {
      if (!part.isBlank() && count++ < TYPES_MAX) {
        types.add(parse(part));
      }
    }
    return types.build();
  }

  static MediaType parse(String text) {
    String[] parts = text.split(";", -1);
    Map<String, String> parameters = new LinkedHashMap<>();
    for (int i = 1; i < parts.length; i++) {
      int equals = parts[i].indexOf('=');
      if (equals > 0) {
        String value = parts[i].substring(equals + 1).strip();
        boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
        parameters.put(
            Ascii.toLowerCase(parts[i].substring(0, equals).strip()),
            quoted ? value.substring(1, value.length() - 1) : value);
      }
    }
    return new MediaType(Ascii.toLowerCase(parts[0].strip()), ImmutableMap.copyOf(parameters));
  }
}
