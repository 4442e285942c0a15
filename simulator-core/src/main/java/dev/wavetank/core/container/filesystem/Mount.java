package dev.wavetank.core.container.filesystem;

/**
 * A volume where a container has it.
 *
 * @param path absolute path in the container, without a slash at its end
 * @param tree content of the volume
 * @param subPath absolute path in the volume: {@code /} for all of it; a file or a directory
 * @param readOnly whether the container may not write there
 * @param medium what {@code mount} and {@code df} call the device, such as {@code tmpfs}
 */
public record Mount(String path, FileTree tree, String subPath, boolean readOnly, String medium) {

  /** Whether a path of the container lies in it. */
  public boolean covers(String file) {
    return file.equals(path) || path.equals("/") || file.startsWith(path + "/");
  }

  /** The path in the volume of a path that it covers. */
  public String inside(String file) {
    String rest = path.equals("/") ? file : file.substring(path.length());
    String base = subPath.equals("/") ? "" : subPath;
    String whole = base + rest;
    return whole.isEmpty() ? "/" : whole;
  }

  /** The path in the container of a path in the volume; empty when it does not show there. */
  public String outside(String file) {
    boolean shows = subPath.equals("/") || file.equals(subPath) || file.startsWith(subPath + "/");
    return shows ? path + (subPath.equals("/") ? file : file.substring(subPath.length())) : "";
  }
}
