package dev.wavetank.core.kubectl;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectDecoding;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Schema;
import dev.wavetank.core.api.SchemaType;
import dev.wavetank.core.apiserver.patch.JsonPatch;
import dev.wavetank.core.apiserver.patch.MergePatch;
import dev.wavetank.core.apiserver.patch.Patch;
import dev.wavetank.core.apiserver.patch.PatchException;
import dev.wavetank.core.apiserver.patch.PatchType;
import dev.wavetank.core.apiserver.patch.StrategicMergePatch;
import dev.wavetank.core.kubectl.errors.CommandException;
import dev.wavetank.core.kubectl.flags.FlagSet;

/**
 * The flag {@code --overrides}: a patch of an object that a command makes, before it is created.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/cmd/util/override_options.go (v1.36).
 */
final class Overrides {

  private Overrides() {}

  static void addFlags(FlagSet flags) {
    flags
        .string("overrides", "", "", "A patch of the object, in JSON")
        .string("override-type", "", "merge", "The patch's format: json, merge or strategic");
  }

  /** The object with the patch of the flags applied to it. */
  static KubeObject apply(Invocation call, ResourceType type, KubeObject object) {
    String text = call.flags().string("overrides");
    SchemaType schema = Schema.builtIn().kindOf(type);
    if (text.isEmpty() || schema == null) {
      return object;
    }
    String format = call.flags().string("override-type");
    try {
      KubeMap patched =
          (KubeMap)
              switch (format) {
                case "json" ->
                    JsonPatch.apply(object.root(), Patch.of(PatchType.JSON, text).tree());
                case "merge", "" ->
                    MergePatch.apply(object.root(), Patch.of(PatchType.MERGE, text).tree());
                case "strategic" ->
                    StrategicMergePatch.apply(
                        schema,
                        object.root(),
                        (KubeMap) Patch.of(PatchType.STRATEGIC, text).tree());
                default -> throw CommandException.of("invalid override type: " + format);
              };
      String wrong = ObjectDecoding.wrongType(patched, schema);
      if (wrong != null) {
        throw CommandException.of(wrong);
      }
      return KubeObject.of(ObjectDecoding.normalized(patched, schema));
    } catch (PatchException e) {
      throw CommandException.of(String.valueOf(e.getMessage()));
    }
  }
}
