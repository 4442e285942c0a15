package dev.wavetank.core.apiserver.endpoints;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectDecoding;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Schema;
import dev.wavetank.core.api.SchemaType;
import dev.wavetank.core.apiserver.ApiServer;
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
    if (validation == FieldValidation.WARN) {
      unknownFields(server, type, sent).forEach(warnings);
    }
    return read;
  }

  /** What is said of the fields that a body has and its kind has not, keys sorted. */
  public static List<String> unknownFields(ApiServer server, ResourceType type, KubeObject sent) {
    if (type.custom() != null) {
      return server.strategy(type).unknownFields(sent);
    }
    SchemaType schema = Schema.builtIn().kindOf(type);
    return schema == null ? List.of() : ObjectDecoding.unknownFields(sent.root(), schema);
  }
}
