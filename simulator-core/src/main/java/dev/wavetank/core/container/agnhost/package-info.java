/**
 * The program {@code agnhost} of Kubernetes' own tests, with its servers and its clients.
 *
 * <p>Hides what its subcommands do; outside, it is one program. It must not know images: the table
 * of programs finds it by its name.
 */
@NullMarked
package dev.wavetank.core.container.agnhost;

import org.jspecify.annotations.NullMarked;
