/**
 * Puts the certificate of the cluster's authority into every namespace: {@link
 * dev.wavetank.core.controller.rootcacertpublisher.RootCaCertPublisher}.
 *
 * <p>It must not know who reads it.
 */
@NullMarked
package dev.wavetank.core.controller.rootcacertpublisher;

import org.jspecify.annotations.NullMarked;
