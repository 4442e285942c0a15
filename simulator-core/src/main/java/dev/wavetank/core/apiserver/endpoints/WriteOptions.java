package dev.wavetank.core.apiserver.endpoints;

/**
 * What a client asks of a write.
 *
 * @param dryRun everything but the effect
 * @param validation what becomes of unknown fields
 */
public record WriteOptions(boolean dryRun, FieldValidation validation) {

  /** A real write with strict validation, as kubectl sends it. */
  public static final WriteOptions STRICT = new WriteOptions(false, FieldValidation.STRICT);
}
