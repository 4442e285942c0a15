/**
 * Who a request is from: bearer tokens of ServiceAccounts and of users that are known from the
 * start.
 *
 * <p>Hides how tokens are made and checked. It must not know HTTP, or what anybody may do.
 */
@NullMarked
package dev.wavetank.core.apiserver.authentication;

import org.jspecify.annotations.NullMarked;
