package dev.wavetank.core.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;

/**
 * Reads and writes trees as JSON; map keys keep their order, and the last of equal keys wins.
 * Jackson's streaming generator writes.
 */
public final class Json {

  private static final JsonFactory FACTORY =
      JsonFactory.builder().enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8).build();

  private Json() {}

  /**
   * The value of a JSON text.
   *
   * @throws IllegalArgumentException with the words of Go's decoder when the text is no JSON
   */
  public static Object read(String text) {
    try {
      return new JsonReader(text).only().value();
    } catch (JsonReader.SyntaxException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /** Compact JSON of a value of a tree. */
  public static String write(Object value) {
    return write(value, false);
  }

  /** Writes the same as UTF-8. */
  public static void write(Object value, ByteArrayOutputStream out) {
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      write(json, value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** JSON with four blanks of indentation, as {@code kubectl -o json} prints it. */
  public static String writePretty(Object value) {
    return write(value, true);
  }

  /** A float as Go's JSON writes it: shortest digits, an exponent only for very small or large. */
  public static String number(double value) {
    double size = Math.abs(value);
    if (!(size <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException("JSON has no number " + value);
    }
    BigDecimal shortest = shortest(value);
    return size == 0 || (size >= 1e-6 && size < 1e21)
        ? shortest.toPlainString()
        : scientific(shortest, 1);
  }

  /** A float as Go's {@code %g} with the shortest digits, such as {@code 1e+06}. */
  public static String general(double value) {
    BigDecimal shortest = shortest(value);
    int exponent = exponent(shortest);
    return value == 0 || (exponent >= -4 && exponent < 6)
        ? shortest.toPlainString()
        : scientific(shortest, 2);
  }

  private static BigDecimal shortest(double value) {
    return new BigDecimal(Double.toString(value)).stripTrailingZeros();
  }

  private static int exponent(BigDecimal number) {
    return number.precision() - 1 - number.scale();
  }

  private static String scientific(BigDecimal number, int exponentDigitsMin) {
    String digits = number.unscaledValue().abs().toString();
    int exponent = exponent(number);
    String size = Integer.toString(Math.abs(exponent));
    return (number.signum() < 0 ? "-" : "")
        + digits.charAt(0)
        + (digits.length() > 1 ? "." + digits.substring(1) : "")
        + (exponent < 0 ? "e-" : "e+")
        + "0".repeat(Math.max(exponentDigitsMin - size.length(), 0))
        + size;
  }

  private static String write(Object value, boolean pretty) {
    StringWriter out = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      if (pretty) {
        json.setPrettyPrinter(new KubectlPrettyPrinter());
      }
      write(json, value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString();
  }

  private static void write(JsonGenerator json, Object value) throws IOException {
    if (value instanceof KubeMap map) {
      json.writeStartObject();
      for (int i = 0; i < map.size(); i++) {
        json.writeFieldName(map.keyAt(i));
        write(json, map.valueAt(i));
      }
      json.writeEndObject();
    } else if (value instanceof KubeList list) {
      json.writeStartArray();
      for (int i = 0; i < list.size(); i++) {
        write(json, list.get(i));
      }
      json.writeEndArray();
    } else {
      writeScalar(json, value);
    }
  }

  private static void writeScalar(JsonGenerator json, Object value) throws IOException {
    if (value instanceof String string) {
      json.writeString(string);
    } else if (value instanceof Long number) {
      json.writeNumber(number);
    } else if (value instanceof Double number) {
      json.writeNumber(number(number));
    } else if (value instanceof Boolean bool) {
      json.writeBoolean(bool);
    } else {
      json.writeNull();
    }
  }
}
