package dev.wavetank.core.apiserver.endpoints;

/**
 * What becomes of fields that the schema does not know.
 *
 * <p>Follows the {@code fieldValidation} parameter of staging/src/k8s.io/apimachinery/pkg/apis/meta
 * (v1.36).
 */
public enum FieldValidation {
  /** They are dropped. */
  IGNORE,
  /** They are dropped, each with a warning. */
  WARN,
  /** They are a reason to refuse the request. */
  STRICT
}
