package dev.wavetank.core.apiserver.endpoints;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectDecoding;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Schema;
import dev.wavetank.core.api.SchemaType;
import dev.wavetank.core.apiserver.ApiServer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** How a write takes the fields that a client sent. */
public final class Decoding {

  private Decoding() {}

  /**
   * The object that a client's body is.
   *
   * @param warnings hears of each unknown field where the validation warns of them
   * @throws ApiException 400 when it cannot be decoded, or has unknown fields where the validation
   *     is strict
   */
  public static KubeObject decoded(
      ApiServer server,
      ResourceType type,
      KubeObject sent,
      FieldValidation validation,
      Consumer<String> warnings) {
    KubeObject read = server.decode(type, sent, validation == FieldValidation.STRICT);
    SchemaType schema = Schema.builtIn().kindOf(type);
    if (validation == FieldValidation.WARN && type.custom() != null) {
      server.strategy(type).unknownFields(sent).forEach(warnings);
    } else if (validation == FieldValidation.WARN && schema != null) {
      ObjectDecoding.unknownFields(sent.root(), schema).forEach(warnings);
    }
    return read;
  }

  /**
   * Refuses a body that has keys twice, and tells its unknown fields with them.
   *
   * @param duplicates what strict decoding says of the keys; empty for none
   * @throws ApiException 400
   */
  public static void refuseDuplicates(
      ApiServer server, ResourceType type, KubeObject sent, String duplicates) {
    if (duplicates.isEmpty()) {
      return;
    }
    SchemaType schema = Schema.builtIn().kindOf(type);
    List<String> all = new ArrayList<>();
    all.add(duplicates);
    all.addAll(
        type.custom() != null || schema == null
            ? server.strategy(type).unknownFields(sent)
            : ObjectDecoding.unknownFields(sent.root(), schema));
    throw ObjectDecoding.strictlyRefused(type, all);
  }
}
