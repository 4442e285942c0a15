/**
 * Who may do what: requests as the authorizer sees them, and role-based access control.
 *
 * <p>It must not know HTTP, or how a user proved who he is.
 */
@NullMarked
package dev.wavetank.core.apiserver.authorization;

import org.jspecify.annotations.NullMarked;
