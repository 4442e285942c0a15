/**
 * What the API server does with each kind before it is stored: defaults, what a client may not
 * choose, validation, allocation of addresses and ports. One strategy a kind.
 *
 * <p>Hides how checks of equal specs are remembered. It must not know the store, watches, or what
 * any controller does with the objects.
 */
@NullMarked
package dev.wavetank.core.apiserver.registry;

import org.jspecify.annotations.NullMarked;
