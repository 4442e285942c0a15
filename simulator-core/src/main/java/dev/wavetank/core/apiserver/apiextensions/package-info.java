/**
 * CustomResourceDefinitions and the resources that they define: their validation, the acceptance of
 * their names, the strategies of their objects, and the end of both.
 *
 * <p>Hides how a definition becomes a type of the server. It must not know HTTP.
 */
@NullMarked
package dev.wavetank.core.apiserver.apiextensions;

import org.jspecify.annotations.NullMarked;
