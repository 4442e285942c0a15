/**
 * Go templates as {@code -o go-template} takes them: the language of Go's text/template without
 * nested template definitions, over trees of API objects.
 *
 * <p>Hides how a template is parsed. It must not know any command.
 */
@NullMarked
package dev.wavetank.core.kubectl.gotemplate;

import org.jspecify.annotations.NullMarked;
