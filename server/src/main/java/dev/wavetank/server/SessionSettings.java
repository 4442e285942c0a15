package dev.wavetank.server;

import com.google.common.collect.ImmutableList;

/**
 * What a served cluster begins with. Two sessions with the same settings and the same requests at
 * the same virtual times are alike.
 *
 * @param nodes how many
 * @param seed of all choices
 * @param address host and port of the server, as discovery tells clients
 * @param manifests what is applied before the first request
 */
public record SessionSettings(
    int nodes, long seed, String address, ImmutableList<ManifestFile> manifests) {

  /**
   * A file of manifests.
   *
   * @param name as errors name it
   */
  public record ManifestFile(String name, String text) {}
}
