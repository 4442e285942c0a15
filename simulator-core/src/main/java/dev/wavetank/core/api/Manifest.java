package dev.wavetank.core.api;

import org.jspecify.annotations.Nullable;

/** One object of a manifest file, and where in the file each of its fields is. */
public final class Manifest {

  private final String file;
  private final ManifestNode root;
  private final KubeObject object;

  Manifest(String file, ManifestNode root) {
    this.file = file;
    this.root = root;
    this.object = KubeObject.of(root.value() instanceof KubeMap map ? map : KubeMap.EMPTY);
  }

  /** The object as it is written. */
  public KubeObject object() {
    return object;
  }

  public String file() {
    return file;
  }

  /** Where the object begins. */
  public Place place() {
    return new Place(file, root.line, root.column);
  }

  /**
   * Where a field is, by a path such as {@code spec.ports[0].port} or {@code
   * metadata.labels[example.com/tier]}; where it is absent, the nearest field around it.
   */
  public Place place(String path) {
    ManifestNode node = root;
    Place place = place();
    for (int at = 0; at < path.length(); ) {
      boolean bracket = path.charAt(at) == '[';
      int from = bracket || path.charAt(at) == '.' ? at + 1 : at;
      int to = bracket ? path.indexOf(']', from) : end(path, from);
      to = to < 0 ? path.length() : to;
      String step = path.substring(from, to);
      at = bracket ? to + 1 : to;
      ManifestNode next = null;
      if (node.isMap()) {
        ManifestNode.@Nullable Entry entry = node.entry(step);
        if (entry != null) {
          next = entry.value();
          place = new Place(file, entry.line(), entry.column());
        }
      } else if (node.isList()) {
        next = element(node, step);
        place = next == null ? place : new Place(file, next.line, next.column);
      }
      if (next == null) {
        return place;
      }
      node = next;
    }
    return place;
  }

  private static int end(String path, int from) {
    for (int i = from; i < path.length(); i++) {
      if (path.charAt(i) == '.' || path.charAt(i) == '[') {
        return i;
      }
    }
    return path.length();
  }

  private static @Nullable ManifestNode element(ManifestNode list, String step) {
    for (int i = 0; i < list.elements().size(); i++) {
      if (step.equals(Integer.toString(i))) {
        return list.elements().get(i);
      }
    }
    return null;
  }

  ManifestNode root() {
    return root;
  }

  @Override
  public String toString() {
    return place() + " " + object.kind() + " " + object.name();
  }
}
