/**
 * Gives every namespace its ServiceAccount {@code default}: {@link
 * dev.wavetank.core.controller.serviceaccount.ServiceAccountsController}.
 *
 * <p>It must not know who uses the account.
 */
@NullMarked
package dev.wavetank.core.controller.serviceaccount;

import org.jspecify.annotations.NullMarked;
