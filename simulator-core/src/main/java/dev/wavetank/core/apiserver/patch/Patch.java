package dev.wavetank.core.apiserver.patch;

import dev.wavetank.core.api.Json;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeNull;
import org.jspecify.annotations.Nullable;

/**
 * A patch as a client sends it: its format, its text or tree, and how it wants fields that no
 * schema knows to be treated.
 */
public final class Patch {

  private final PatchType type;
  private final @Nullable String text;
  private final @Nullable Object tree;
  private final boolean strict;

  private Patch(PatchType type, @Nullable String text, @Nullable Object tree, boolean strict) {
    this.type = type;
    this.text = text;
    this.tree = tree;
    this.strict = strict;
  }

  /** A patch of JSON text, which is read when the patch is applied. */
  public static Patch of(PatchType type, String json) {
    return new Patch(type, json, null, false);
  }

  /** A JSON patch of these operations. */
  public static Patch json(KubeList operations) {
    return new Patch(PatchType.JSON, null, operations, false);
  }

  /** A JSON merge patch. */
  public static Patch merge(KubeMap changes) {
    return new Patch(PatchType.MERGE, null, changes, false);
  }

  /** A strategic merge patch. */
  public static Patch strategic(KubeMap changes) {
    return new Patch(PatchType.STRATEGIC, null, changes, false);
  }

  /**
   * The same patch with {@code fieldValidation=Strict}: a field that the schema does not know
   * refuses the request. Otherwise such a field is dropped.
   */
  public Patch strict() {
    return new Patch(type, text, tree, true);
  }

  public PatchType type() {
    return type;
  }

  /** Whether unknown fields refuse the request. */
  public boolean isStrict() {
    return strict;
  }

  /**
   * The tree of the patch.
   *
   * @throws PatchException when the text is no JSON or not what the format demands
   */
  public Object tree() {
    try {
      return readTree();
    } catch (PatchException e) {
      String prefix = type == PatchType.STRATEGIC ? "" : "error decoding patch: ";
      throw PatchException.badRequest(prefix + e.getMessage());
    }
  }

  private Object readTree() {
    Object read = tree != null ? tree : read();
    if (read == KubeNull.NULL && type != PatchType.MERGE) {
      return type == PatchType.JSON ? KubeList.EMPTY : KubeMap.EMPTY;
    }
    if (type == PatchType.JSON) {
      requireOperations(read);
    } else if (!(read instanceof KubeMap) && read != KubeNull.NULL) {
      throw JsonPatch.notA("map[string]interface {}", read);
    }
    return read;
  }

  private Object read() {
    try {
      return Json.read(text == null ? "" : text);
    } catch (IllegalArgumentException e) {
      throw PatchException.badRequest(String.valueOf(e.getMessage()));
    }
  }

  private static void requireOperations(Object read) {
    if (!(read instanceof KubeList operations)) {
      throw JsonPatch.notA("[]handlers.jsonPatchOp", read);
    }
    for (Object operation : operations) {
      if (!(operation instanceof KubeMap map)) {
        throw JsonPatch.notA("handlers.jsonPatchOp", operation);
      }
      requireText(map, "op");
      requireText(map, "path");
      requireText(map, "from");
    }
  }

  private static void requireText(KubeMap operation, String field) {
    Object value = operation.get(field);
    if (value != null && value != KubeNull.NULL && !(value instanceof String)) {
      throw PatchException.badRequest(
          "json: cannot unmarshal "
              + JsonPatch.jsonType(value)
              + " into Go struct field jsonPatchOp."
              + field
              + " of type string");
    }
  }
}
