package dev.wavetank.core.api;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ManifestException.Problem;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/** Reads one YAML document, event by event, into nodes that know their place. */
final class YamlReader {

  /** How deep values may be nested. */
  static final int DEPTH_MAX = JsonReader.DEPTH_MAX;

  /** How many nodes a document may have when its aliases are written out. */
  static final long NODES_MAX = 1_000_000;

  private static final String TAGS = "tag:yaml.org,2002:";

  private final String file;
  private final String text;
  private final int linesBefore;
  private final ParserImpl events;
  private final Map<String, ManifestNode> anchors = new LinkedHashMap<>();
  private final Set<String> open = new LinkedHashSet<>();

  /**
   * A reader of a part of a file.
   *
   * @param linesBefore how many lines of the file come before the text
   */
  YamlReader(String file, String text, int linesBefore) {
    this.file = file;
    this.text = text;
    this.linesBefore = linesBefore;
    LoadSettings settings =
        LoadSettings.builder().setCodePointLimit(Integer.MAX_VALUE).setLabel(file).build();
    this.events = new ParserImpl(settings, new StreamReader(settings, text));
  }

  /**
   * The first document of the text; null when there is none.
   *
   * @throws ManifestException when it does not parse
   */
  @Nullable ManifestNode read() {
    try {
      events.next();
      if (events.peekEvent().getEventId() == Event.ID.StreamEnd) {
        return null;
      }
      events.next();
      ManifestNode root = node(events.next(), 0);
      if (root.size() > NODES_MAX) {
        throw problem(null, "document contains excessive aliasing");
      }
      return root;
    } catch (MarkedYamlEngineException e) {
      throw YamlProblems.of(file, linesBefore, e);
    } catch (ReaderException e) {
      int line = 1 + (int) text.codePoints().limit(e.getPosition()).filter(c -> c == '\n').count();
      throw YamlProblems.of(
          place(line, 1),
          "control characters are not allowed",
          "control characters are not allowed");
    } catch (YamlEngineException e) {
      throw problem(null, String.valueOf(e.getMessage()));
    }
  }

  private ManifestException problem(@Nullable Event event, String message) {
    Mark mark = event == null ? null : event.getStartMark().orElse(null);
    Place place = mark == null ? place(1, 1) : place(mark.getLine() + 1, mark.getColumn() + 1);
    return YamlProblems.of(place, message, message);
  }

  private Place place(int line, int column) {
    return new Place(file, line + linesBefore, column);
  }

  private static int line(Event event) {
    return event.getStartMark().map(Mark::getLine).orElse(0) + 1;
  }

  private static int column(Event event) {
    return event.getStartMark().map(Mark::getColumn).orElse(0) + 1;
  }

  private ManifestNode node(Event event, int depth) {
    if (depth > DEPTH_MAX) {
      throw problem(event, "exceeded max depth of " + DEPTH_MAX);
    }
    if (event instanceof AliasEvent alias) {
      return aliased(alias);
    }
    String anchor =
        event instanceof NodeEvent marked
            ? marked.getAnchor().map(Object::toString).orElse(null)
            : null;
    if (anchor != null) {
      open.add(anchor);
    }
    ManifestNode made;
    if (event instanceof ScalarEvent scalar) {
      made = ManifestNode.scalar(line(event) + linesBefore, column(event), scalar(scalar));
    } else if (event instanceof SequenceStartEvent) {
      made = sequence(event, depth);
    } else if (event instanceof MappingStartEvent) {
      made = mapping(event, depth);
    } else {
      throw problem(event, "did not find expected node content");
    }
    if (anchor != null) {
      open.remove(anchor);
      anchors.put(anchor, made);
    }
    return made;
  }

  private ManifestNode aliased(AliasEvent alias) {
    String name = alias.getAlias().toString();
    if (open.contains(name)) {
      throw problem(alias, "anchor '" + name + "' value contains itself");
    }
    ManifestNode target = anchors.get(name);
    if (target == null) {
      throw problem(alias, "unknown anchor '" + name + "' referenced");
    }
    return target;
  }

  private ManifestNode sequence(Event start, int depth) {
    ManifestNode list = ManifestNode.list(line(start) + linesBefore, column(start));
    for (Event event = events.next();
        event.getEventId() != Event.ID.SequenceEnd;
        event = events.next()) {
      list.add(node(event, depth + 1));
    }
    return list;
  }

  private ManifestNode mapping(Event start, int depth) {
    ManifestNode map = ManifestNode.map(line(start) + linesBefore, column(start));
    ImmutableList.Builder<ManifestNode> merged = ImmutableList.builder();
    for (Event event = events.next();
        event.getEventId() != Event.ID.MappingEnd;
        event = events.next()) {
      boolean merge =
          event instanceof ScalarEvent key && key.isPlain() && key.getValue().equals("<<");
      ManifestNode key = node(event, depth + 1);
      Event valueEvent = events.next();
      ManifestNode value = node(valueEvent, depth + 1);
      if (merge) {
        gather(merged, value, valueEvent);
      } else {
        map.add(new ManifestNode.Entry(name(key, event), key.line, key.column, value));
      }
    }
    for (ManifestNode other : merged.build()) {
      map.merge(other);
    }
    if (map.size() > NODES_MAX) {
      throw problem(start, "document contains excessive aliasing");
    }
    return map;
  }

  private void gather(ImmutableList.Builder<ManifestNode> merged, ManifestNode value, Event event) {
    boolean maps = value.isList() && value.elements().stream().allMatch(ManifestNode::isMap);
    if (!value.isMap() && !maps) {
      throw problem(event, "map merge requires map or sequence of maps as the value");
    }
    if (value.isMap()) {
      merged.add(value);
    } else {
      merged.addAll(value.elements());
    }
  }

  private String name(ManifestNode key, Event event) {
    if (key.isMap() || key.isList() || key.isNull()) {
      throw problem(event, "invalid map key: a key must be a text, a number or a boolean");
    }
    Object name = key.value();
    return name instanceof Double number ? Json.number(number) : name.toString();
  }

  private Object scalar(ScalarEvent event) {
    String value = unended(event) ? withoutBreak(event.getValue()) : event.getValue();
    String tag = event.getTag().orElse(null);
    if (tag == null) {
      return event.isPlain() ? resolve(event, value) : value;
    }
    if (!tag.startsWith(TAGS)) {
      return value;
    }
    String type = tag.substring(TAGS.length());
    if (type.equals("binary")) {
      return binary(event, value);
    }
    if (!type.equals("int") && !type.equals("float") && !type.equals("bool")) {
      return type.equals("null") ? KubeNull.NULL : value;
    }
    Object resolved = resolve(event, value);
    boolean fits =
        type.equals("bool")
            ? resolved instanceof Boolean
            : resolved instanceof Long || (resolved instanceof Double && type.equals("float"));
    if (!fits) {
      throw problem(event, "cannot decode !!str `" + value + "` as a !!" + type);
    }
    return resolved;
  }

  private static String withoutBreak(String value) {
    return value.endsWith("\n") ? value.substring(0, value.length() - 1) : value;
  }

  /** Whether the text ends within a block of lines: then its last line has no break. */
  private boolean unended(ScalarEvent event) {
    return (event.isLiteral() || event.isFolded())
        && !text.endsWith("\n")
        && event.getEndMark().map(Mark::getIndex).orElse(0)
            >= text.codePointCount(0, text.length());
  }

  private Object resolve(Event event, String value) {
    if (YamlScalars.isSpecialFloat(value)) {
      throw problem(event, "json: unsupported value: " + value);
    }
    return YamlScalars.resolve(value);
  }

  private String binary(Event event, String value) {
    try {
      return new String(Base64.getMimeDecoder().decode(value), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw problem(event, "!!binary value contains invalid base64 data");
    }
  }

  /** A problem as a list of one. */
  static ImmutableList<Problem> only(Place place, String message) {
    return ImmutableList.of(new Problem(place, "", message));
  }
}
