package dev.wavetank.scenarios.expect;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.FileFields;
import dev.wavetank.core.api.ScenarioException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The one list of the kinds of expectations, by their key in scenario files. */
public final class Expectations {

  /** Reads what stands at a key. */
  private interface Reader {
    void read(FileFields fields, String key, ImmutableList.Builder<Expectation> into);
  }

  private static final ImmutableMap<String, Reader> READERS =
      ImmutableMap.<String, Reader>builder()
          .put("ready", byReference(ReadyCount::new))
          .put("condition", Expectations::conditions)
          .put("fields", Expectations::fields)
          .put("count", bySet(ObjectCount::new))
          .put("restarts", bySet(Restarts::new))
          .put("exists", existence(true))
          .put("absent", existence(false))
          .put("event", Expectations::events)
          .put("traffic", Expectations::traffic)
          .buildOrThrow();

  /** The keys, in the order of the documentation. */
  public static final ImmutableList<String> KEYS = READERS.keySet().asList();

  private Expectations() {}

  /**
   * The expectations of a mapping; keys that are none of {@link #KEYS} are left alone.
   *
   * @throws ScenarioException when one is wrong
   */
  public static ImmutableList<Expectation> read(FileFields fields) {
    ImmutableList.Builder<Expectation> read = ImmutableList.builder();
    READERS.forEach(
        (key, reader) -> {
          if (fields.has(key)) {
            reader.read(fields, key, read);
          }
        });
    ImmutableList<Expectation> all = read.build();
    if (all.isEmpty()) {
      throw fields.wrong("expected at least one of " + String.join(", ", KEYS));
    }
    return all;
  }

  private static <T> T parsed(FileFields fields, String key, String text, Function<String, T> how) {
    try {
      return how.apply(text);
    } catch (IllegalArgumentException e) {
      throw fields.wrong(key, String.valueOf(e.getMessage()));
    }
  }

  private interface OfReference {
    Expectation make(ObjectReference object, NumberBound bound);
  }

  private interface OfSet {
    Expectation make(ObjectSet objects, NumberBound bound);
  }

  private static Reader byReference(OfReference of) {
    return (fields, key, into) -> {
      FileFields entries = fields.requiredMap(key);
      for (String name : entries.keys()) {
        into.add(
            of.make(
                parsed(entries, name, name, ObjectReference::parse),
                parsed(entries, name, entries.text(name), NumberBound::parse)));
      }
    };
  }

  private static Reader bySet(OfSet of) {
    return (fields, key, into) -> {
      FileFields entries = fields.requiredMap(key);
      for (String name : entries.keys()) {
        into.add(
            of.make(
                parsed(entries, name, name, ObjectSet::parse),
                parsed(entries, name, entries.text(name), NumberBound::parse)));
      }
    };
  }

  private static Reader existence(boolean wanted) {
    return (fields, key, into) -> {
      for (String name : fields.texts(key)) {
        into.add(new Existence(parsed(fields, key, name, ObjectReference::parse), wanted));
      }
    };
  }

  private static void conditions(
      FileFields fields, String key, ImmutableList.Builder<Expectation> into) {
    FileFields entries = fields.requiredMap(key);
    for (String name : entries.keys()) {
      ObjectReference object = parsed(entries, name, name, ObjectReference::parse);
      for (String text : entries.texts(name)) {
        ConditionStatus status =
            parsed(entries, name, text, written -> ConditionStatus.parse(object, written));
        into.add(status);
      }
    }
  }

  private static void fields(
      FileFields fields, String key, ImmutableList.Builder<Expectation> into) {
    FileFields entries = fields.requiredMap(key);
    for (String name : entries.keys()) {
      ObjectReference object = parsed(entries, name, name, ObjectReference::parse);
      FileFields paths = entries.requiredMap(name);
      for (String path : paths.keys()) {
        FieldPath parsedPath = parsed(paths, path, path, FieldPath::parse);
        into.add(new FieldValue(object, parsedPath, paths.text(path)));
      }
    }
  }

  private static void events(
      FileFields fields, String key, ImmutableList.Builder<Expectation> into) {
    if (!fields.isList(key)) {
      into.add(event(fields.requiredMap(key)));
      return;
    }
    fields.maps(key).forEach(event -> into.add(event(event)));
  }

  private static Expectation event(FileFields event) {
    event.known(EventSeen.KEYS);
    String about = event.text("about", "");
    @Nullable ObjectReference object =
        about.isEmpty() ? null : parsed(event, "about", about, ObjectReference::parse);
    return new EventSeen(
        event.text("reason", ""), event.text("type", ""), event.text("message", ""), object);
  }

  private static void traffic(
      FileFields fields, String key, ImmutableList.Builder<Expectation> into) {
    FileFields sources = fields.requiredMap(key);
    for (String name : sources.keys()) {
      FileFields figures = sources.requiredMap(name).known(TrafficFigure.NAMES);
      for (String figure : figures.keys()) {
        NumberBound bound = parsed(figures, figure, figures.text(figure), NumberBound::parse);
        into.add(new TrafficFigure(name, figure, bound));
      }
    }
  }
}
