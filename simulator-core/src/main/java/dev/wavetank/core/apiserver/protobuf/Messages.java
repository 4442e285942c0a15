package dev.wavetank.core.apiserver.protobuf;

import dev.wavetank.core.sim.SimulationBug;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The table of messages, read once: the file {@code messages.txt} beside this class. */
final class Messages {

  /** How often a field occurs, and where its value goes. */
  enum Form {
    ONE,
    LIST,
    MAP,
    INLINE
  }

  /**
   * A field.
   *
   * @param type a word of its own, or group and name of a message
   */
  record Field(String name, Form form, String type) {}

  /** The fields of a message, by number. */
  record Message(Map<Integer, Field> fields) {}

  private static final class Table {
    static final Messages MESSAGES = new Messages();
  }

  private final Map<String, Message> messages = new LinkedHashMap<>();
  private final Map<String, String> groups = new LinkedHashMap<>();

  private Messages() {
    String group = "";
    for (String line : text().split("\n", -1)) {
      String[] words = line.split(" ", -1);
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      if (words[0].equals("group")) {
        group = words[1];
        groups.put(words[2], group);
      } else {
        messages.put(group + "." + words[0], message(group, words));
      }
    }
  }

  static Messages table() {
    return Table.MESSAGES;
  }

  private static String text() {
    try (InputStream in = Messages.class.getResourceAsStream("messages.txt")) {
      if (in == null) {
        throw new SimulationBug("the table of messages is absent");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Message message(String group, String[] words) {
    Map<Integer, Field> fields = new LinkedHashMap<>();
    for (int i = 1; i < words.length; i++) {
      int equals = words[i].indexOf('=');
      int colon = words[i].indexOf(':');
      String type = words[i].substring(colon + 1);
      Form form = Form.ONE;
      if (type.startsWith("[]") || type.startsWith("{}")) {
        form = type.startsWith("[]") ? Form.LIST : Form.MAP;
        type = type.substring(2);
      } else if (type.startsWith("+")) {
        form = Form.INLINE;
        type = type.substring(1);
      }
      fields.put(
          Integer.valueOf(words[i].substring(equals + 1, colon)),
          new Field(words[i].substring(0, equals), form, qualified(group, type)));
    }
    return new Message(fields);
  }

  private static String qualified(String group, String type) {
    return switch (type) {
      case "string",
          "bool",
          "int",
          "double",
          "bytes",
          "Time",
          "MicroTime",
          "Duration",
          "Quantity",
          "IntOrString",
          "Raw",
          "Items",
          "Skip" ->
          type;
      default -> type.indexOf('.') < 0 ? group + "." + type : type;
    };
  }

  @Nullable Message message(String type) {
    return messages.get(type);
  }

  /** The message of a kind, or null; options of requests are of every version. */
  @Nullable Message kind(String apiVersion, String kind) {
    String group = groups.get(apiVersion);
    Message found = group == null ? null : messages.get(group + "." + kind);
    return found == null && kind.endsWith("Options") ? messages.get("meta." + kind) : found;
  }
}
