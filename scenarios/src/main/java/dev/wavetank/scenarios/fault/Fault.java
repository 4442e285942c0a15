package dev.wavetank.scenarios.fault;

import dev.wavetank.scenarios.cluster.Cluster;
import java.util.Optional;

/** Something that goes wrong on purpose. */
public interface Fault {

  /** What it does, in words. */
  String words();

  /**
   * Makes it happen now.
   *
   * @return why it could not; empty when it happened
   * @throws dev.wavetank.core.api.ApiException 404 when what it is about does not exist
   */
  Optional<String> inject(Cluster cluster, String namespace);
}
