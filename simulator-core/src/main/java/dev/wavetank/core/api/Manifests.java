package dev.wavetank.core.api;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ManifestException.Problem;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Manifest files: YAML or JSON, several documents in one, {@code List} objects opened up.
 *
 * <p>{@link #parse} reads as kubectl does and finds only what kubectl finds before it sends
 * anything; {@link #read} also compares every field with the schema. Both give all objects of a
 * file or none. Documents end at a line {@code ---} or {@code ...}; as with kubectl, what follows
 * {@code ...} up to the next {@code ---} is not read.
 *
 * <p>Follows staging/src/k8s.io/apimachinery/pkg/util/yaml/decoder.go (v1.36).
 */
public final class Manifests {

  /** Longest text that is read, in characters. */
  public static final int TEXT_MAX = 16 * 1024 * 1024;

  private Manifests() {}

  /**
   * The objects of a file, each checked against the schema of the built-in kinds.
   *
   * @param file as the user named it
   * @throws ManifestException with every problem found
   */
  public static ImmutableList<Manifest> read(String file, String text) {
    ImmutableList<Manifest> manifests = parse(file, text);
    ManifestChecker checker = new ManifestChecker(file, Schema.builtIn());
    manifests.forEach(checker::check);
    checker.finish();
    return manifests;
  }

  /** {@link #read(String, String)} of a file's bytes, which must be UTF-8. */
  public static ImmutableList<Manifest> read(String file, byte[] bytes) {
    return read(file, decode(file, bytes));
  }

  /**
   * The objects of a file as kubectl would send them: nothing is compared with a schema, and the
   * last of duplicate keys wins.
   *
   * @throws ManifestException when a document does not parse; {@code kubectlMessage} is kubectl's
   */
  public static ImmutableList<Manifest> parse(String file, String text) {
    ImmutableList.Builder<Manifest> manifests = ImmutableList.builder();
    for (ManifestNode document : documentNodes(file, text)) {
      if (!document.isMap()) {
        throw wrong(
            new Place(file, document.line, document.column),
            "a document must be a map with apiVersion and kind");
      }
      addItems(file, document, manifests);
    }
    return manifests.build();
  }

  /** {@link #parse(String, String)} of a file's bytes, which must be UTF-8. */
  public static ImmutableList<Manifest> parse(String file, byte[] bytes) {
    return parse(file, decode(file, bytes));
  }

  /**
   * The value of one YAML document, whatever it is: a patch may be a list.
   *
   * @param name how problems name the text
   * @throws ManifestException when it does not parse
   */
  public static Object value(String name, String text) {
    ManifestNode document = new YamlReader(name, text, 0).read();
    return document == null ? KubeNull.NULL : document.value();
  }

  /**
   * What strict decoding says of keys that maps of one YAML document have twice; empty when none
   * has.
   *
   * @throws ManifestException when it does not parse
   */
  public static String duplicateKeys(String name, String text) {
    ManifestNode document = new YamlReader(name, text, 0).read();
    StringBuilder found = new StringBuilder();
    if (document != null) {
      addDuplicates(document, found);
    }
    return found.isEmpty() ? "" : "yaml: unmarshal errors:" + found;
  }

  private static void addDuplicates(ManifestNode node, StringBuilder found) {
    if (node.isMap()) {
      Set<String> keys = new LinkedHashSet<>();
      for (ManifestNode.Entry entry : node.entries()) {
        addDuplicates(entry.value(), found);
        if (!keys.add(entry.key())) {
          found.append("\n  line ").append(entry.value().line).append(": key ");
          found.append(GoQuote.quote(entry.key())).append(" already set in map");
        }
      }
    } else if (node.isList()) {
      node.elements().forEach(element -> addDuplicates(element, found));
    }
  }

  /** The documents of a text, empty ones left out. */
  static ImmutableList<ManifestNode> documentNodes(String file, String text) {
    if (text.length() > TEXT_MAX) {
      throw wrong(new Place(file, 1, 1), "a file may have " + TEXT_MAX + " characters");
    }
    String clean = text.startsWith("\uFEFF") ? text.substring(1) : text;
    return ImmutableList.copyOf(documents(file, clean));
  }

  private static String decode(String file, byte[] bytes) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes))
          .toString();
    } catch (CharacterCodingException e) {
      throw YamlProblems.of(
          new Place(file, 1, 1), "the file is not UTF-8", "invalid leading UTF-8 octet");
    }
  }

  private static void addItems(
      String file, ManifestNode document, ImmutableList.Builder<Manifest> manifests) {
    String kind = document.string("kind");
    ManifestNode.@Nullable Entry items = document.entry("items");
    if (kind == null || !kind.endsWith("List") || items == null || !items.value().isList()) {
      manifests.add(new Manifest(file, document));
      return;
    }
    for (ManifestNode item : items.value().elements()) {
      if (!item.isMap()) {
        throw wrong(new Place(file, item.line, item.column), "an item of a List must be an object");
      }
      addItems(file, item, manifests);
    }
  }

  private static List<ManifestNode> documents(String file, String text) {
    if (!text.stripLeading().startsWith("{")) {
      return yamlDocuments(file, text);
    }
    JsonReader reader = new JsonReader(text);
    List<ManifestNode> documents = new ArrayList<>();
    try {
      while (reader.hasMore()) {
        ManifestNode document = reader.next();
        if (!document.isNull()) {
          documents.add(document);
        }
      }
      return documents;
    } catch (JsonReader.SyntaxException e) {
      return orYaml(file, text, e);
    }
  }

  /** A text that begins like JSON and is none may still be YAML in braces. */
  private static List<ManifestNode> orYaml(
      String file, String text, JsonReader.SyntaxException json) {
    try {
      return yamlDocuments(file, text);
    } catch (ManifestException e) {
      throw new ManifestException(
          YamlReader.only(
              new Place(file, json.line, json.column), String.valueOf(json.getMessage())),
          "error parsing " + file + ": json: offset " + json.offset + ": " + json.getMessage());
    }
  }

  private static List<ManifestNode> yamlDocuments(String file, String text) {
    List<ManifestNode> documents = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    int partLine = 0;
    int line = 0;
    for (int start = 0; start < text.length(); line++) {
      int end = text.indexOf('\n', start);
      end = end < 0 ? text.length() : end;
      if (text.startsWith("---", start)) {
        String after = text.substring(start + 3, end).strip();
        if (!after.isEmpty() && after.charAt(0) != '#') {
          throw new ManifestException(
              YamlReader.only(
                  new Place(file, line + 1, 1),
                  "after --- the line must end, and it has " + GoQuote.quote(after)),
              "error parsing " + file + ": invalid Yaml document separator: " + after);
        }
        addDocument(documents, file, part, partLine);
        partLine = line + 1;
      } else {
        boolean carriageReturn = end > start && text.charAt(end - 1) == '\r';
        part.append(text, start, carriageReturn ? end - 1 : end).append('\n');
      }
      start = end + 1;
    }
    addDocument(documents, file, part, partLine);
    return documents;
  }

  private static void addDocument(
      List<ManifestNode> documents, String file, StringBuilder part, int partLine) {
    if (part.length() > 0) {
      ManifestNode document = new YamlReader(file, part.toString(), partLine).read();
      if (document != null && !document.isNull()) {
        documents.add(document);
      }
      part.setLength(0);
    }
  }

  private static ManifestException wrong(Place place, String message) {
    return new ManifestException(
        ImmutableList.of(new Problem(place, "", message)),
        "error parsing " + place.file() + ": " + message);
  }

  /** A value as {@code kubectl -o yaml} prints it: sorted keys, ends with a line break. */
  public static String toYaml(Object value) {
    return YamlWriter.write(value);
  }

  /** An object as {@code kubectl get -o yaml} prints it. */
  public static String toYaml(KubeObject object) {
    return YamlWriter.write(object.root());
  }

  /** An object as {@code kubectl get -o json} prints it: sorted keys, four blanks. */
  public static String toJson(KubeObject object) {
    return Json.writePretty(Names.sorted(object.root())) + "\n";
  }
}
