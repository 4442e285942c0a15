package dev.wavetank.core.apiserver.http;

import dev.wavetank.core.api.CustomResource;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Schema;
import dev.wavetank.core.api.SchemaType;
import dev.wavetank.core.api.TypedJson;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.Write;
import dev.wavetank.core.apiserver.managedfields.FieldManager;

/** Writes that count what they change as their client's. */
final class TrackedWrites {

  private TrackedWrites() {}

  /**
   * Who keeps the account of a type's fields.
   *
   * @param subresource that is written; empty for the object itself
   * @param ignored fields that such a write cannot change, and so cannot own
   */
  static FieldManager fields(ResourceType type, String subresource, String... ignored) {
    CustomResource custom = type.custom();
    SchemaType schema = custom == null ? Schema.builtIn().kindOf(type) : custom.schema();
    return FieldManager.of(schema, type.apiVersion(), subresource, ignored);
  }

  /** A write of a client. */
  static Write of(
      ApiServer server, ResourceType type, FieldManager fields, WriteParameters parameters) {
    String manager = parameters.fieldManager();
    return new Write(
        parameters.options().dryRun(),
        (live, next) ->
            fields.update(live == null ? nothing(type) : live, next, manager, server.timestamp()));
  }

  /**
   * What is there before a creation: an object in which nothing is set, as Go writes it. Its empty
   * parts are there already, and belong to nobody.
   */
  private static KubeObject nothing(ResourceType type) {
    KubeMap bare = KubeMap.of("apiVersion", type.apiVersion(), "kind", type.kind());
    SchemaType schema = type.custom() == null ? Schema.builtIn().kindOf(type) : null;
    return KubeObject.of(schema == null ? bare : TypedJson.ordered(bare, schema));
  }
}
