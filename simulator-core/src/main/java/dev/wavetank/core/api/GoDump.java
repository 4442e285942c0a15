package dev.wavetank.core.api;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Prints an object as upstream's hash function sees its Go structures: every field with its type,
 * also the absent ones. The text is never made; it goes into an FNV-1a hash as it is said.
 *
 * <p>Follows k8s.io/utils/dump and github.com/davecgh/go-spew, by which pkg/util/hash hashes
 * (v1.36).
 */
final class GoDump {

  /** Hears the dump, piece by piece, as UTF-8. */
  private interface Listener {
    void hear(String text);
  }

  private static final class Fnv32 implements Listener {
    private static final int PRIME = 16777619;
    private int hash = 0x811c9dc5;

    @Override
    public void hear(String text) {
      int h = hash;
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        if (c >= 0x80) {
          hash = h;
          hear(text.substring(i).getBytes(StandardCharsets.UTF_8));
          return;
        }
        h = (h ^ c) * PRIME;
      }
      hash = h;
    }

    private void hear(byte[] bytes) {
      for (byte b : bytes) {
        hash = (hash ^ (b & 0xff)) * PRIME;
      }
    }
  }

  private final Listener listener;

  private GoDump(Listener listener) {
    this.listener = listener;
  }

  /** The FNV-1a hash of 32 bits of the dump of an object. */
  static int fnv1a32(KubeMap object, SchemaType type) {
    Fnv32 hash = new Fnv32();
    new GoDump(hash).whole(object, type);
    return hash.hash;
  }

  /** The FNV-1a hash of 128 bits of the dump of an object. */
  static Fnv128 fnv1a128(KubeMap object, SchemaType type) {
    Fnv128 hash = new Fnv128();
    new GoDump(text -> hash.add(text.getBytes(StandardCharsets.UTF_8))).whole(object, type);
    return hash;
  }

  private void whole(KubeMap object, SchemaType type) {
    say("(");
    say(type.apiName());
    say(")");
    struct(object, type);
  }

  private void say(String text) {
    listener.hear(text);
  }

  private void struct(KubeMap object, SchemaType type) {
    say("{");
    boolean first = true;
    for (SchemaType.Member member : type.members()) {
      say(first ? "" : " ");
      first = false;
      SchemaType inline = member.inline();
      SchemaField field = member.field();
      if (inline != null) {
        say(inline.name());
        say(":(");
        say(inline.apiName());
        say(")");
        struct(object, inline);
      } else if (field != null) {
        say(field.sourceName());
        say(":");
        field(object.get(field.name()), field);
      }
    }
    say("}");
  }

  private void field(@Nullable Object found, SchemaField field) {
    Object value = found == KubeNull.NULL ? null : found;
    say(field.pointer() ? "(*" : "(");
    say(field.shape().apiName());
    say(")");
    if (field.pointer() && value == null) {
      say("<nil>");
    } else {
      value(value, field.shape());
    }
  }

  /** The value without its type; null is the zero value. */
  private void value(@Nullable Object value, Shape shape) {
    switch (shape.kind()) {
      case STRING -> say(value instanceof String text ? text : "");
      case BOOL -> say(Boolean.TRUE.equals(value) ? "true" : "false");
      case INT32, INT64 -> say(value instanceof Long number ? Long.toString(number) : "0");
      case NUMBER -> say(value instanceof Number number ? number.toString() : "0");
      case LIST -> list(value, shape);
      case MAP -> map(value, shape);
      case OBJECT -> {
        SchemaType type = shape.object();
        if (type != null) {
          struct(value instanceof KubeMap map ? map : KubeMap.EMPTY, type);
        }
      }
      case QUANTITY -> quantity(Quantity.of(value));
      case INT_OR_STRING -> intOrString(value);
      case TIME, MICRO_TIME ->
          say("{Time:(time.Time){wall:(uint64)0 ext:(int64)0 loc:(*time.Location)<nil>}}");
      case BYTES, ANY -> say("<nil>");
    }
  }

  private void list(@Nullable Object value, Shape shape) {
    Shape element = shape.element();
    if (!(value instanceof KubeList list) || element == null) {
      say("<nil>");
      return;
    }
    say("[");
    for (int i = 0; i < list.size(); i++) {
      say(i == 0 ? "" : " ");
      value(list.get(i), element);
    }
    say("]");
  }

  private void map(@Nullable Object value, Shape shape) {
    Shape element = shape.element();
    if (!(value instanceof KubeMap map) || element == null) {
      say("<nil>");
      return;
    }
    List<String> keys = new ArrayList<>(map.size());
    map.keys().forEach(keys::add);
    Collections.sort(keys);
    say("map[");
    for (int i = 0; i < keys.size(); i++) {
      say(i == 0 ? "" : " ");
      say(keys.get(i));
      say(":");
      value(map.get(keys.get(i)), element);
    }
    say("]");
  }

  private void intOrString(@Nullable Object value) {
    boolean text = value instanceof String;
    say(text ? "{Type:(intstr.Type)1 IntVal:(int32)" : "{Type:(intstr.Type)0 IntVal:(int32)");
    say(value instanceof Long number ? Long.toString(number) : "0");
    say(" StrVal:(string)");
    say(value instanceof String string ? string : "");
    say("}");
  }

  private void quantity(Quantity quantity) {
    boolean big = quantity.isBig();
    say("{i:(resource.int64Amount){value:(int64)");
    say(big ? "0" : quantity.decimal().unscaledValue().toString());
    say(" scale:(resource.Scale)");
    say(big ? "0" : Integer.toString(-quantity.decimal().scale()));
    say("} d:(resource.infDecAmount){Dec:(*inf.Dec)");
    if (big) {
      say("{unscaled:(big.Int){neg:(bool)");
      say(quantity.sign() < 0 ? "true" : "false");
      say(" abs:(big.nat)[");
      words(quantity.decimal().unscaledValue().abs());
      say("]} scale:(inf.Scale)");
      say(Integer.toString(quantity.decimal().scale()));
      say("}");
    } else {
      say("<nil>");
    }
    say("} s:(string)");
    say(quantity.writtenText());
    say(" Format:(resource.Format)");
    say(quantity.format().apiName());
    say("}");
  }

  private void words(BigInteger amount) {
    BigInteger left = amount;
    for (boolean first = true; left.signum() != 0; first = false) {
      say(first ? "" : " ");
      say(Long.toUnsignedString(left.longValue()));
      left = left.shiftRight(64);
    }
  }
}
