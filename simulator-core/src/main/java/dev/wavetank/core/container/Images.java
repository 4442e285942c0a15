package dev.wavetank.core.container;

import dev.wavetank.core.api.KubeMap;
import java.util.List;

/** The images that a container runtime can pull, and what a container of each does when run. */
public interface Images {

  /** The error that a pull meets; empty when it succeeds. */
  String pullError(String image);

  /** Compressed size in bytes. */
  long sizeBytes(String image);

  /** What a container of a pod's spec does when run; the same one for equal containers. */
  ContainerBehavior behavior(KubeMap container);

  /** The command line of a container of a pod's spec: the spec's, completed by the image's. */
  List<String> argv(KubeMap container);

  /** Whether an image holds nothing but programs: a command that is none of them cannot start. */
  boolean toolbox(String image);

  /** Programs of containers that have a shell. */
  Programs programs();
}
