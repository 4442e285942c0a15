/**
 * How objects count against ResourceQuotas: what each uses, and which quotas are about it.
 *
 * <p>It must not know when it is asked: at admission, or when a controller counts again.
 */
@NullMarked
package dev.wavetank.core.apiserver.quota;

import org.jspecify.annotations.NullMarked;
