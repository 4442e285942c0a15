package dev.wavetank.verification.conformance;

import com.google.common.base.Splitter;
import dev.wavetank.core.api.Json;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes objects as Kubernetes' typed clients send them: in protobuf, by the numbers and types of
 * fields that the product has a table of. What the table does not know is an error.
 *
 * <p>Follows staging/src/k8s.io/apimachinery/pkg/runtime/serializer/protobuf/protobuf.go (v1.36).
 */
final class ProtobufWriter {

  static final String CONTENT_TYPE = "application/vnd.kubernetes.protobuf";

  private static final String TABLE = "/dev/wavetank/core/apiserver/protobuf/messages.txt";
  private static final byte[] MAGIC = {'k', '8', 's', 0};
  private static final Map<String, Map<String, Field>> MESSAGES = new LinkedHashMap<>();
  private static final Map<String, String> GROUPS = new LinkedHashMap<>();

  /**
   * A field of a message.
   *
   * @param form {@code []}, {@code {}}, {@code +} or empty
   */
  private record Field(int number, String form, String type) {}

  static {
    read();
  }

  private ProtobufWriter() {}

  private static void read() {
    String group = "";
    for (String line : Splitter.on('\n').split(text())) {
      List<String> words = Splitter.on(' ').splitToList(line);
      if (words.get(0).equals("group")) {
        group = words.get(1);
        GROUPS.put(words.get(2), group);
      } else if (!line.isEmpty() && !line.startsWith("#")) {
        Map<String, Field> fields = new LinkedHashMap<>();
        for (String word : words.subList(1, words.size())) {
          int equals = word.indexOf('=');
          int colon = word.indexOf(':');
          String type = word.substring(colon + 1);
          String form = type.replaceAll("[A-Za-z0-9.]", "");
          fields.put(
              word.substring(0, equals),
              new Field(
                  Integer.parseInt(word.substring(equals + 1, colon)),
                  form,
                  type.substring(form.length())));
        }
        MESSAGES.put(group + "." + words.get(0), fields);
      }
    }
  }

  private static String text() {
    try (InputStream in = ProtobufWriter.class.getResourceAsStream(TABLE)) {
      if (in == null) {
        throw new IllegalStateException("absent: " + TABLE);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether objects of a kind can be written. */
  static boolean knows(String apiVersion, String kind) {
    return MESSAGES.containsKey(GROUPS.get(apiVersion) + "." + kind);
  }

  /** The body of a request with that object, which has its kind and version. */
  static byte[] write(KubeMap object) {
    String apiVersion = object.string("apiVersion", "");
    String kind = object.string("kind", "");
    ByteArrayOutputStream typeMeta = new ByteArrayOutputStream();
    bytes(1, utf8(apiVersion), typeMeta);
    bytes(2, utf8(kind), typeMeta);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(MAGIC);
    bytes(1, typeMeta.toByteArray(), out);
    String group = kind.endsWith("Options") ? "meta" : GROUPS.getOrDefault(apiVersion, "");
    bytes(2, message(group, kind, object.without("apiVersion").without("kind")), out);
    return out.toByteArray();
  }

  private static byte[] message(String group, String type, KubeMap object) {
    Set<String> written = new LinkedHashSet<>();
    byte[] message = message(group, type, object, written);
    for (String key : object.keys()) {
      if (!written.contains(key)) {
        throw new IllegalArgumentException(type + " has no field " + key);
      }
    }
    return message;
  }

  /** The fields of an object that a message has; they are added to those that are written. */
  private static byte[] message(String group, String type, KubeMap object, Set<String> written) {
    int dot = type.indexOf('.');
    String own = dot < 0 ? group : type.substring(0, dot);
    Map<String, Field> fields = MESSAGES.get(own + "." + type.substring(dot + 1));
    if (fields == null) {
      throw new IllegalArgumentException("no message " + type + " of " + group);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Map.Entry<String, Field> entry : fields.entrySet()) {
      Field field = entry.getValue();
      Object value = object.get(entry.getKey());
      if (field.form().equals("+")) {
        bytes(field.number(), message(own, field.type(), object, written), out);
      } else if (value != null) {
        written.add(entry.getKey());
        field(own, field, value, out);
      }
    }
    return out.toByteArray();
  }

  private static void field(String group, Field field, Object value, ByteArrayOutputStream out) {
    switch (field.form()) {
      case "[]" -> {
        for (Object element : (KubeList) value) {
          value(group, field.number(), field.type(), element, out);
        }
      }
      case "{}" -> {
        KubeMap map = (KubeMap) value;
        for (int i = 0; i < map.size(); i++) {
          ByteArrayOutputStream entry = new ByteArrayOutputStream();
          bytes(1, utf8(map.keyAt(i)), entry);
          value(group, 2, field.type(), map.valueAt(i), entry);
          bytes(field.number(), entry.toByteArray(), out);
        }
      }
      default -> value(group, field.number(), field.type(), value, out);
    }
  }

  private static void value(
      String group, int number, String type, Object value, ByteArrayOutputStream out) {
    switch (type) {
      case "bool" -> varint(number, (Boolean) value ? 1 : 0, out);
      case "int" -> varint(number, (Long) value, out);
      case "double" -> {
        tag(number, 1, out);
        ByteBuffer bits = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        out.writeBytes(bits.putDouble(((Number) value).doubleValue()).array());
      }
      case "string" -> bytes(number, utf8(value.toString()), out);
      case "bytes" -> bytes(number, Base64.getDecoder().decode(value.toString()), out);
      case "Time", "MicroTime" -> bytes(number, time(value.toString()), out);
      case "Quantity" -> bytes(number, only(utf8(value.toString())), out);
      case "Raw" -> bytes(number, only(utf8(Json.write(value))), out);
      case "IntOrString" -> bytes(number, intOrString(value), out);
      case "Items" -> {
        ByteArrayOutputStream items = new ByteArrayOutputStream();
        ((KubeList) value).forEach(item -> bytes(1, utf8(item.toString()), items));
        bytes(number, items.toByteArray(), out);
      }
      default -> bytes(number, message(group, type, (KubeMap) value), out);
    }
  }

  private static byte[] time(String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Instant instant = Instant.parse(text);
    varint(1, instant.getEpochSecond(), out);
    varint(2, instant.getNano(), out);
    return out.toByteArray();
  }

  private static byte[] intOrString(Object value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    varint(1, value instanceof String ? 1 : 0, out);
    varint(2, value instanceof Long number ? number : 0, out);
    bytes(3, utf8(value instanceof String text ? text : ""), out);
    return out.toByteArray();
  }

  private static byte[] only(byte[] value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    bytes(1, value, out);
    return out.toByteArray();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void bytes(int number, byte[] value, ByteArrayOutputStream out) {
    tag(number, 2, out);
    varint(value.length, out);
    out.writeBytes(value);
  }

  private static void varint(int number, long value, ByteArrayOutputStream out) {
    tag(number, 0, out);
    varint(value, out);
  }

  private static void tag(int number, int wireType, ByteArrayOutputStream out) {
    varint(((long) number << 3) | wireType, out);
  }

  private static void varint(long value, ByteArrayOutputStream out) {
    long left = value;
    while ((left & ~0x7FL) != 0) {
      out.write((int) ((left & 0x7F) | 0x80));
      left >>>= 7;
    }
    out.write((int) left);
  }
}
