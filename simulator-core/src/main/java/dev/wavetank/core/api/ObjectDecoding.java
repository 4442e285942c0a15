package dev.wavetank.core.api;

import com.google.common.base.Joiner;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the API server makes of an object that it is sent: the values of its typed structures, or a
 * refusal in its own words.
 *
 * <p>Follows staging/src/k8s.io/apimachinery/pkg/runtime/serializer/json/json.go (v1.36) and the
 * messages of Go's encoding/json.
 */
public final class ObjectDecoding {

  private static final String BASE_64 =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

  private final List<String> unknown = new ArrayList<>();
  private @Nullable String wrong;

  private ObjectDecoding() {}

  /** The refusal of a body under strict validation, with what is wrong with its fields. */
  public static ApiException strictlyRefused(ResourceType type, List<String> problems) {
    return new ApiException(
        Status.badRequest(unreadable(type.kind(), type.version(), strictError(problems))));
  }

  private static String unreadable(String kind, String version, String problem) {
    return kind
        + " in version "
        + GoQuote.quote(version)
        + " cannot be handled as a "
        + kind
        + ": "
        + problem;
  }

  /**
   * Why the API server refuses to read the object, such as {@code Service in version "v1" cannot be
   * handled as a Service: strict decoding error: unknown field "spec.app"}; null when it does not.
   * Problems come in the order of sorted keys, in which kubectl sends them.
   *
   * @param strict whether unknown fields count
   */
  public static @Nullable String refusal(KubeObject object, SchemaType type, boolean strict) {
    KubeMap root = object.root();
    ObjectDecoding decoding = new ObjectDecoding();
    decoding.object(root, type, "", "");
    if (decoding.wrong == null && (decoding.unknown.isEmpty() || !strict)) {
      return null;
    }
    String wrong = wrongType(root, type);
    String problem = wrong != null ? wrong : strictError(unknownFields(root, type));
    String version = object.apiVersion().substring(object.apiVersion().indexOf('/') + 1);
    return unreadable(object.kind(), version, problem);
  }

  /** What strict decoding says of fields that the schema does not know. */
  public static String strictError(List<String> unknownFields) {
    return "strict decoding error: " + Joiner.on(", ").join(unknownFields);
  }

  /**
   * What Go's decoder says of the first value of a wrong type, in the order of sorted keys; null
   * when there is none.
   */
  public static @Nullable String wrongType(KubeMap root, SchemaType type) {
    ObjectDecoding decoding = new ObjectDecoding();
    decoding.object((KubeMap) Names.sorted(root), type, "", "");
    return decoding.wrong;
  }

  /** The fields that the schema does not know: {@code unknown field "spec.app"}, keys sorted. */
  public static List<String> unknownFields(KubeMap root, SchemaType type) {
    ObjectDecoding decoding = new ObjectDecoding();
    decoding.object((KubeMap) Names.sorted(root), type, "", "");
    return List.copyOf(decoding.unknown);
  }

  /**
   * The object as typed structures keep it: unknown fields and nulls are gone, zero values are gone
   * where the API leaves them out, objects that it always writes are there, quantities and times
   * are in their canonical form. The object must have no {@link #refusal} but for unknown fields.
   */
  public static KubeMap normalized(KubeMap object, SchemaType type) {
    KubeMap.Builder made = KubeMap.builder();
    for (int i = 0; i < object.size(); i++) {
      String name = object.keyAt(i);
      SchemaField field = type.field(name);
      if (field != null) {
        Object value = normalized(object.valueAt(i), field.shape());
        if (value != null && (!isZero(value) || field.pointer() || stays(field))) {
          made.put(name, value);
        }
      }
    }
    KubeMap known = made.build();
    for (SchemaField field : type.fields()) {
      SchemaType child = field.shape().object();
      if (field.always() && child != null && !known.has(field.name())) {
        known = known.with(field.name(), normalized(KubeMap.EMPTY, child));
      }
    }
    return known.equals(object) ? object : known;
  }

  private static boolean stays(SchemaField field) {
    return field.always() || field.required();
  }

  private static boolean isZero(Object value) {
    return value.equals("")
        || value.equals(0L)
        || value.equals(false)
        || value.equals(KubeMap.EMPTY)
        || value.equals(KubeList.EMPTY);
  }

  private static @Nullable Object normalized(Object value, Shape shape) {
    if (value == KubeNull.NULL) {
      return null;
    }
    Shape element = shape.element();
    switch (shape.kind()) {
      case OBJECT:
        SchemaType type = shape.object();
        return type != null && value instanceof KubeMap map ? normalized(map, type) : value;
      case MAP:
        return element != null && value instanceof KubeMap map ? values(map, element) : value;
      case LIST:
        return element != null && value instanceof KubeList list ? elements(list, element) : value;
      case QUANTITY:
        return Quantity.of(value).toString();
      case TIME:
        java.time.Instant time = Timestamps.parse(value);
        return time == null ? value : Timestamps.seconds(time);
      case MICRO_TIME:
        java.time.Instant exact = Timestamps.parse(value);
        return exact == null ? value : Timestamps.micros(exact);
      case BYTES:
        return value instanceof String text ? text.replace("\n", "").replace("\r", "") : value;
      default:
        return value;
    }
  }

  private static KubeMap values(KubeMap map, Shape element) {
    KubeMap made = map;
    for (int i = 0; i < map.size(); i++) {
      Object value = normalized(map.valueAt(i), element);
      made = made.with(map.keyAt(i), value == null ? zeroOf(element) : value);
    }
    return made;
  }

  /** What a null in a map means: the zero value of the map's type. */
  private static @Nullable Object zeroOf(Shape shape) {
    return switch (shape.kind()) {
      case STRING, BYTES -> "";
      case QUANTITY -> "0";
      default -> null;
    };
  }

  private static KubeList elements(KubeList list, Shape element) {
    KubeList made = list;
    for (int i = 0; i < list.size(); i++) {
      Object value = normalized(list.get(i), element);
      if (value != null) {
        made = made.with(i, value);
      } else if (element.kind() == Shape.Kind.OBJECT) {
        made = made.with(i, KubeMap.EMPTY);
      } else if (element.kind() == Shape.Kind.STRING) {
        made = made.with(i, "");
      }
    }
    return made;
  }

  /**
   * Checks the fields of an object.
   *
   * @param path with indexes, as unknown fields are named
   * @param fieldPath without indexes and with inlined types, as wrong types are named
   */
  private void object(KubeMap map, SchemaType type, String path, String fieldPath) {
    for (int i = 0; i < map.size(); i++) {
      String name = map.keyAt(i);
      SchemaField field = type.field(name);
      String child = path.isEmpty() ? name : path + "." + name;
      if (field == null) {
        unknown.add("unknown field " + GoQuote.quote(child));
        continue;
      }
      String inlined = type.inlinedFrom(name);
      String childField =
          (fieldPath.isEmpty() ? "" : fieldPath + ".")
              + (inlined == null || inlined.equals("TypeMeta") ? "" : inlined + ".")
              + name;
      value(map.valueAt(i), field.shape(), child, type.name() + "." + childField, childField);
    }
  }

  private void value(Object value, Shape shape, String path, String named, String fieldPath) {
    if (value == KubeNull.NULL) {
      return;
    }
    Shape element = shape.element();
    SchemaType type = shape.object();
    if (type != null && value instanceof KubeMap map) {
      object(map, type, path, fieldPath);
    } else if (shape.kind() == Shape.Kind.LIST
        && element != null
        && value instanceof KubeList list) {
      for (int i = 0; i < list.size(); i++) {
        value(list.get(i), element, path + "[" + i + "]", named, fieldPath);
      }
    } else if (shape.kind() == Shape.Kind.MAP && element != null && value instanceof KubeMap map) {
      for (int i = 0; i < map.size(); i++) {
        value(map.valueAt(i), element, path + "." + map.keyAt(i), named, fieldPath);
      }
    } else if (shape.kind() != Shape.Kind.ANY) {
      String problem = scalar(value, shape, named);
      if (wrong == null) {
        wrong = problem;
      }
    }
  }

  static @Nullable String scalar(Object value, Shape shape, String named) {
    switch (shape.kind()) {
      case STRING:
        return value instanceof String ? null : mismatch(value, named, shape, false);
      case BOOL:
        return value instanceof Boolean ? null : mismatch(value, named, shape, false);
      case INT32:
        boolean small = value instanceof Long number && number == number.intValue();
        return small ? null : mismatch(value, named, shape, true);
      case INT64:
        return value instanceof Long ? null : mismatch(value, named, shape, true);
      case NUMBER:
        return value instanceof Long || value instanceof Double
            ? null
            : mismatch(value, named, shape, false);
      case INT_OR_STRING:
        boolean whole = value instanceof Long number && number == number.intValue();
        return whole || value instanceof String ? null : mismatch(value, named, "int32", true);
      case QUANTITY:
        return quantity(value);
      case BYTES:
        return value instanceof String text ? base64(text) : mismatch(value, named, shape, false);
      case TIME, MICRO_TIME:
        return time(value);
      default:
        return mismatch(value, named, shape, false);
    }
  }

  private static @Nullable String quantity(Object value) {
    try {
      Quantity.parse(value instanceof String text ? text.strip() : Json.write(value));
      return null;
    } catch (Quantity.SyntaxException e) {
      return e.getMessage();
    }
  }

  private static @Nullable String base64(String text) {
    String clean = text.replace("\n", "").replace("\r", "");
    try {
      Base64.getDecoder().decode(clean);
      if (clean.length() % 4 == 0) {
        return null;
      }
    } catch (IllegalArgumentException e) {
      for (int i = 0; i < clean.length(); i++) {
        boolean padding = clean.charAt(i) == '=' && i >= clean.length() - 2 && i % 4 >= 2;
        if (BASE_64.indexOf(clean.charAt(i)) < 0 && !padding) {
          return "illegal base64 data at input byte " + i;
        }
      }
    }
    return "illegal base64 data at input byte " + clean.length() / 4 * 4;
  }

  private static @Nullable String time(Object value) {
    if (!(value instanceof String text)) {
      return "json: cannot unmarshal " + kindOf(value, false) + " into Go value of type string";
    }
    if (text.isEmpty() || Timestamps.parse(text) != null) {
      return null;
    }
    return "parsing time "
        + GoQuote.quote(text)
        + " as \"2006-01-02T15:04:05Z07:00\": cannot parse "
        + GoQuote.quote(text)
        + " as \"2006\"";
  }

  private static String mismatch(Object value, String named, Shape shape, boolean showNumber) {
    return mismatch(value, named, shape.apiName(), showNumber);
  }

  private static String mismatch(Object value, String named, String type, boolean showNumber) {
    return "json: cannot unmarshal "
        + kindOf(value, showNumber)
        + " into Go struct field "
        + named
        + " of type "
        + type;
  }

  static String kindOf(Object value, boolean showNumber) {
    if (value instanceof KubeMap) {
      return "object";
    }
    if (value instanceof KubeList) {
      return "array";
    }
    if (value instanceof Boolean) {
      return "bool";
    }
    if (value instanceof String) {
      return "string";
    }
    return showNumber ? "number " + Json.write(value) : "number";
  }
}
