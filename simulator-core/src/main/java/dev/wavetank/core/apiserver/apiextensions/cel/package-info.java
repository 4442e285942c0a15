/**
 * The rules of {@code x-kubernetes-validations}: a schema's types and values in the Common
 * Expression Language, and what a broken rule says.
 *
 * <p>It must not know how custom resources are served.
 */
@NullMarked
package dev.wavetank.core.apiserver.apiextensions.cel;

import org.jspecify.annotations.NullMarked;
