/**
 * What the API server does with a client's request before and after its door: it decodes the body
 * and validates its fields, parses selectors, and warns.
 *
 * <p>Hides which of a request's mistakes belongs to which status. It must not know how requests
 * arrive: they come as trees and options.
 */
@NullMarked
package dev.wavetank.core.apiserver.endpoints;

import org.jspecify.annotations.NullMarked;
