package dev.wavetank.core.kubectl.printers;

import dev.wavetank.core.api.KubeObject;

/** Prints objects in one format; a list is an object with {@code items}. */
@FunctionalInterface
public interface ObjectPrinter {

  /**
   * The text of one more object.
   *
   * @throws dev.wavetank.core.kubectl.errors.CommandException when a template does not fit it
   */
  String print(KubeObject object);
}
