/**
 * Kubernetes API objects as values: {@link dev.wavetank.core.api.KubeObject} and its persistent
 * tree, keys, resource types, quantities, selectors, manifests, the schema and typed views.
 *
 * <p>Hides how subtrees are shared. It must not know the API server, time or any controller.
 */
@NullMarked
package dev.wavetank.core.api;

import org.jspecify.annotations.NullMarked;
