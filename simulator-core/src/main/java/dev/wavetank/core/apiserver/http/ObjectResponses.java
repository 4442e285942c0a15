package dev.wavetank.core.apiserver.http;

import dev.wavetank.core.api.Json;
import dev.wavetank.core.api.JsonBuffer;
import dev.wavetank.core.api.JsonTexts;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Names;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Schema;
import dev.wavetank.core.api.SchemaType;
import dev.wavetank.core.api.TypedJson;
import dev.wavetank.core.apiserver.printers.Table;
import dev.wavetank.core.apiserver.printers.TableGenerator;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Objects and lists in the form that a client asked for.
 *
 * <p>Follows staging/src/k8s.io/apiserver/pkg/endpoints/handlers/response.go (v1.36).
 */
final class ObjectResponses {

  private static final String META = "meta.k8s.io/v1";

  private ObjectResponses() {}

  static ApiResponse object(
      int code, ResourceType type, KubeObject object, Representation form, Instant now) {
    return ApiResponse.of(code, form.contentType(), form.bytes(tree(type, object, form, now)));
  }

  /** An object of a type of its own, such as a Status, which has one form only. */
  static ApiResponse plain(int code, KubeObject object, Representation form) {
    return ApiResponse.of(code, form.contentType(), form.bytes(object.root()));
  }

  /** The tree of one object. */
  static KubeMap tree(ResourceType type, KubeObject object, Representation form, Instant now) {
    return switch (form.view()) {
      case WHOLE -> ordered(type, object);
      case METADATA -> metadataOnly(type, object);
      case TABLE -> {
        KubeMap metadata = KubeMap.of("resourceVersion", object.resourceVersion());
        yield table(type, List.of(object), form, metadata, now);
      }
    };
  }

  static KubeMap table(
      ResourceType type, List<KubeObject> objects, Representation form, KubeMap list, Instant now) {
    Table table = TableGenerator.generate(type, type.viewAll(objects), now);
    return table.toObject(form.include(), list).root();
  }

  /** The tree of a list. */
  static KubeMap list(
      ResourceType type,
      List<KubeObject> objects,
      Representation form,
      KubeMap listMetadata,
      Instant now) {
    boolean custom = type.custom() != null;
    KubeMap metadata =
        custom && !listMetadata.has("continue") ? listMetadata.with("continue", "") : listMetadata;
    if (form.view() == Representation.View.TABLE) {
      return table(type, objects, form, metadata, now);
    }
    boolean whole = form.view() == Representation.View.WHOLE;
    List<KubeMap> items = new ArrayList<>(objects.size());
    for (KubeObject object : type.viewAll(objects)) {
      items.add(whole ? item(type, object) : metadataOnly(type, object));
    }
    KubeMap list =
        KubeMap.of(
            "kind",
            whole ? ResourceCatalog.listKind(type) : "PartialObjectMetadataList",
            "apiVersion",
            whole ? type.apiVersion() : META,
            "metadata",
            metadata,
            "items",
            KubeList.copyOf(items));
    return whole && type.custom() != null ? (KubeMap) Names.sorted(list) : list;
  }

  /** Items of built-in types have no kind and version of their own. */
  private static KubeMap item(ResourceType type, KubeObject object) {
    KubeMap ordered = ordered(type, object);
    return Schema.builtIn().kindOf(type) == null
        ? ordered
        : ordered.without("kind").without("apiVersion");
  }

  /**
   * Writes the object as compact JSON, in the order in which Go writes it.
   *
   * @param texts of values that were written before
   */
  static void write(ResourceType type, KubeObject object, JsonBuffer out, JsonTexts texts) {
    SchemaType schema = type.custom() == null ? Schema.builtIn().kindOf(type) : null;
    if (schema == null) {
      ByteArrayOutputStream tree = new ByteArrayOutputStream();
      Json.write(ordered(type, object), tree);
      out.raw(tree.toByteArray());
    } else {
      TypedJson.write(type.view(object).root(), schema, out, texts);
    }
  }

  /** As Go writes it: typed structures in the order of their fields, other objects by key. */
  static KubeMap ordered(ResourceType type, KubeObject object) {
    if (type.custom() != null) {
      return (KubeMap) Names.sorted(type.view(object).root());
    }
    SchemaType schema = Schema.builtIn().kindOf(type);
    KubeMap root = type.view(object).root();
    return schema == null ? root : TypedJson.ordered(root, schema);
  }

  private static KubeMap metadataOnly(ResourceType type, KubeObject object) {
    return KubeMap.of(
        "kind",
        "PartialObjectMetadata",
        "apiVersion",
        META,
        "metadata",
        ordered(type, object).mapOrEmpty("metadata"));
  }
}
