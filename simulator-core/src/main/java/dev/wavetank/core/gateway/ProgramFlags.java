package dev.wavetank.core.gateway;

import dev.wavetank.core.api.KubeList;

/** Flags of the form {@code --name=value}. */
final class ProgramFlags {

  private ProgramFlags() {}

  /** The value of a flag, or the usual one. */
  static String value(KubeList arguments, String name, String usual) {
    String start = "--" + name + "=";
    for (Object argument : arguments) {
      String text = argument.toString();
      if (text.startsWith(start)) {
        return text.substring(start.length());
      }
    }
    return usual;
  }
}
