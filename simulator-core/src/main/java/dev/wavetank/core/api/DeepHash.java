package dev.wavetank.core.api;

import dev.wavetank.core.sim.SimulationBug;

/**
 * The hash by which upstream orders parts of objects that have no order of their own: FNV-1a of 128
 * bits over a dump of Go's structures.
 *
 * <p>Follows pkg/util/hash/hash.go (v1.36).
 */
public final class DeepHash {

  private DeepHash() {}

  /**
   * The hash as 32 hexadecimal digits, which sort as its bytes do.
   *
   * @param object a part of an object
   * @param schemaType its type in the schema, such as {@code core.EndpointPort}
   */
  public static String fnv1a128(KubeMap object, String schemaType) {
    SchemaType type = Schema.builtIn().type(schemaType);
    if (type == null) {
      throw new SimulationBug("the schema lacks " + schemaType);
    }
    return GoDump.fnv1a128(object, type).hex();
  }
}
