/**
 * JSONPath templates as kubectl and custom columns know them.
 *
 * <p>Hides how a template is parsed and walked. It must not know any command.
 */
@NullMarked
package dev.wavetank.core.jsonpath;

import org.jspecify.annotations.NullMarked;
