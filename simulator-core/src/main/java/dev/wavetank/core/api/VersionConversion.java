package dev.wavetank.core.api;

/** Turns the objects of a kind that is served in several versions from one into another. */
public interface VersionConversion {

  /** The object in that version, which is another than its own. */
  KubeObject convert(KubeObject object, String apiVersion);
}
