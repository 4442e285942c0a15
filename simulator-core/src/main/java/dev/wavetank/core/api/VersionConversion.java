package dev.wavetank.core.api;

import java.util.ArrayList;
import java.util.List;

/** Turns the objects of a kind that is served in several versions from one into another. */
public interface VersionConversion {

  /** The object in that version, which is another than its own. */
  KubeObject convert(KubeObject object, String apiVersion);

  /** The objects in that version, which some may be of already. */
  default List<KubeObject> convertAll(List<KubeObject> objects, String apiVersion) {
    List<KubeObject> converted = new ArrayList<>(objects.size());
    for (KubeObject object : objects) {
      boolean same = object.apiVersion().equals(apiVersion);
      converted.add(same ? object : convert(object, apiVersion));
    }
    return converted;
  }
}
