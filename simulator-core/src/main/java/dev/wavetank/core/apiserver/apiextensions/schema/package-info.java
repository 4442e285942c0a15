/**
 * What a CustomResourceDefinition says of its objects: the structural schema, and what works by it:
 * pruning, defaulting, validation, the rules of lists, and the same schema in the form that the
 * built-in kinds have.
 *
 * <p>It must not know how custom resources are served or stored.
 */
@NullMarked
package dev.wavetank.core.apiserver.apiextensions.schema;

import org.jspecify.annotations.NullMarked;
