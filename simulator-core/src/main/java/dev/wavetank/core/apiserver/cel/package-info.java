/**
 * Expressions of the Common Expression Language as the API server knows them: compiled against the
 * types of a schema, evaluated on trees, bounded.
 *
 * <p>Hides the library. It must not know who asks: rules of custom resources or admission policies.
 */
@NullMarked
package dev.wavetank.core.apiserver.cel;

import org.jspecify.annotations.NullMarked;
