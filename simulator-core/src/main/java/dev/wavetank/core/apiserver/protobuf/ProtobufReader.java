package dev.wavetank.core.apiserver.protobuf;

import dev.wavetank.core.api.GoQuote;
import dev.wavetank.core.api.Json;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Timestamps;
import dev.wavetank.core.apiserver.protobuf.Messages.Field;
import dev.wavetank.core.apiserver.protobuf.Messages.Message;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Reads the Kubernetes protobuf encoding of an object: four magic bytes, then an envelope with
 * version, kind and the object's own message.
 *
 * <p>Follows staging/src/k8s.io/apimachinery/pkg/runtime/serializer/protobuf/protobuf.go (v1.36).
 */
public final class ProtobufReader {

  private static final byte[] MAGIC = {'k', '8', 's', 0};

  /** How deep messages may be nested. */
  private static final int DEPTH_MAX = 100;

  private ProtobufReader() {}

  /**
   * The object of a body.
   *
   * @throws ProtobufException when it is none, or of a kind that is not known
   */
  public static KubeObject read(byte[] body) throws ProtobufException {
    for (int i = 0; i < MAGIC.length; i++) {
      if (body.length <= i || body[i] != MAGIC[i]) {
        throw new ProtobufException(
            "provided data does not appear to be a protobuf message, expected prefix [107 56 115"
                + " 0]");
      }
    }
    Wire envelope = new Wire(body, MAGIC.length, body.length);
    String apiVersion = "";
    String kind = "";
    Wire raw = new Wire(body, 0, 0);
    while (envelope.next()) {
      if (envelope.field() == 1 && envelope.type() == Wire.BYTES) {
        Wire typeMeta = envelope.nested();
        while (typeMeta.next()) {
          String value = typeMeta.nested().text();
          if (typeMeta.field() == 1) {
            apiVersion = value;
          } else if (typeMeta.field() == 2) {
            kind = value;
          }
        }
      } else if (envelope.field() == 2 && envelope.type() == Wire.BYTES) {
        raw = envelope.nested();
      } else {
        envelope.skip();
      }
    }
    Message message = Messages.table().kind(apiVersion, kind);
    if (message == null) {
      throw new ProtobufException(
          "no kind "
              + GoQuote.quote(kind)
              + " is registered for version "
              + GoQuote.quote(apiVersion));
    }
    KubeMap fields = message(raw, message, 0);
    KubeMap.Builder root = KubeMap.builder().put("kind", kind).put("apiVersion", apiVersion);
    fields.forEach(root::put);
    return KubeObject.of(root.build());
  }

  private static KubeMap message(Wire wire, Message message, int depth) throws ProtobufException {
    if (depth > DEPTH_MAX) {
      throw new ProtobufException("messages are nested more than " + DEPTH_MAX + " deep");
    }
    KubeMap read = KubeMap.EMPTY;
    while (wire.next()) {
      Field field = message.fields().get(wire.field());
      if (field == null || field.type().equals("Skip")) {
        wire.skip();
        continue;
      }
      switch (field.form()) {
        case INLINE -> {
          KubeMap inline = message(wire.nested(), required(field.type()), depth + 1);
          for (int i = 0; i < inline.size(); i++) {
            read = read.with(inline.keyAt(i), inline.valueAt(i));
          }
        }
        case LIST -> {
          KubeList all = read.listOrEmpty(field.name());
          Object value = value(wire, field.type(), depth);
          read = read.with(field.name(), value == null ? all : all.plus(value));
        }
        case MAP -> {
          KubeMap all = read.mapOrEmpty(field.name());
          read = read.with(field.name(), entry(wire.nested(), field.type(), all, depth));
        }
        case ONE -> {
          Object value = value(wire, field.type(), depth);
          read = value == null ? read : read.with(field.name(), value);
        }
      }
    }
    return read;
  }

  private static Message required(String type) throws ProtobufException {
    Message message = Messages.table().message(type);
    if (message == null) {
      throw new ProtobufException("there is no message " + type);
    }
    return message;
  }

  private static KubeMap entry(Wire wire, String type, KubeMap all, int depth)
      throws ProtobufException {
    String key = "";
    Object value = null;
    while (wire.next()) {
      if (wire.field() == 1) {
        key = wire.nested().text();
      } else if (wire.field() == 2) {
        value = value(wire, type, depth);
      } else {
        wire.skip();
      }
    }
    return all.with(key, value == null ? "" : value);
  }

  /** The value of a field; null for one that says nothing, such as a time of zero. */
  private static @Nullable Object value(Wire wire, String type, int depth)
      throws ProtobufException {
    switch (type) {
      case "bool":
        return wire.varint() != 0;
      case "int":
        return wire.varint();
      case "double":
        return Double.longBitsToDouble(wire.fixed64());
      case "string":
        return wire.nested().text();
      case "bytes":
        return Base64.getEncoder().encodeToString(wire.nested().raw());
      case "Time":
        Instant time = time(wire.nested());
        return time == null ? null : Timestamps.seconds(time);
      case "MicroTime":
        Instant exact = time(wire.nested());
        return exact == null ? null : Timestamps.micros(exact);
      case "Quantity":
        String amount = onlyText(wire.nested());
        return amount.isEmpty() ? "0" : amount;
      case "IntOrString":
        return intOrString(wire.nested());
      case "Raw":
        return json(wire.nested());
      case "Items":
        return items(wire.nested());
      case "Duration":
        wire.nested();
        return null;
      default:
        return message(wire.nested(), required(type), depth + 1);
    }
  }

  private static @Nullable Instant time(Wire wire) throws ProtobufException {
    long seconds = 0;
    long nanos = 0;
    boolean any = false;
    while (wire.next()) {
      any = true;
      if (wire.field() == 1) {
        seconds = wire.varint();
      } else if (wire.field() == 2) {
        nanos = wire.varint();
      } else {
        wire.skip();
      }
    }
    try {
      return any && (seconds != 0 || nanos != 0) ? Instant.ofEpochSecond(seconds, nanos) : null;
    } catch (DateTimeException | ArithmeticException e) {
      throw new ProtobufException("a time is out of range");
    }
  }

  private static String onlyText(Wire wire) throws ProtobufException {
    String text = "";
    while (wire.next()) {
      if (wire.field() == 1) {
        text = wire.nested().text();
      } else {
        wire.skip();
      }
    }
    return text;
  }

  private static Object intOrString(Wire wire) throws ProtobufException {
    long type = 0;
    long number = 0;
    String text = "";
    while (wire.next()) {
      switch (wire.field()) {
        case 1 -> type = wire.varint();
        case 2 -> number = wire.varint();
        case 3 -> text = wire.nested().text();
        default -> wire.skip();
      }
    }
    return type == 0 ? (Object) number : text;
  }

  private static @Nullable Object json(Wire wire) throws ProtobufException {
    String text = onlyText(wire);
    if (text.isEmpty()) {
      return null;
    }
    try {
      return Json.read(text);
    } catch (IllegalArgumentException e) {
      throw new ProtobufException(String.valueOf(e.getMessage()));
    }
  }

  private static KubeList items(Wire wire) throws ProtobufException {
    KubeList items = KubeList.EMPTY;
    while (wire.next()) {
      if (wire.field() == 1) {
        items = items.plus(wire.nested().text());
      } else {
        wire.skip();
      }
    }
    return items;
  }
}
