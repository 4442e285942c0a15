package dev.wavetank.core.api;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;

/** Go's indented JSON: four blanks a level, {@code "key": value}, empty containers closed up. */
final class KubectlPrettyPrinter extends DefaultPrettyPrinter {

  private static final long serialVersionUID = 1L;
  private static final DefaultIndenter FOUR_BLANKS = new DefaultIndenter("    ", "\n");

  KubectlPrettyPrinter() {
    indentArraysWith(FOUR_BLANKS);
    indentObjectsWith(FOUR_BLANKS);
  }

  @Override
  public DefaultPrettyPrinter createInstance() {
    return new KubectlPrettyPrinter();
  }

  @Override
  public void writeObjectFieldValueSeparator(JsonGenerator json) throws IOException {
    json.writeRaw(": ");
  }

  @Override
  public void writeEndObject(JsonGenerator json, int entries) throws IOException {
    if (entries == 0) {
      _nesting--;
      json.writeRaw('}');
    } else {
      super.writeEndObject(json, entries);
    }
  }

  @Override
  public void writeEndArray(JsonGenerator json, int values) throws IOException {
    if (values == 0) {
      _nesting--;
      json.writeRaw(']');
    } else {
      super.writeEndArray(json, values);
    }
  }
}
