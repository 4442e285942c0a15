/**
 * The only door to the cluster's state: {@link dev.wavetank.core.apiserver.ApiServer} with
 * defaulting, admission, validation, patches and watches in front of the store of revisions.
 *
 * <p>Hides how revisions are kept and shared. It must not know any controller, kubelet or client.
 */
@NullMarked
package dev.wavetank.core.apiserver;

import org.jspecify.annotations.NullMarked;
