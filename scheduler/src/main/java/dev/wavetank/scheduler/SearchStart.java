package dev.wavetank.scheduler;

/**
 * Where the search for feasible nodes begins: after those that the last one looked at, so that all
 * nodes have the same chance. The profiles of a scheduler share one.
 */
final class SearchStart {

  private int nextStartNodeIndex;

  /** Where a search among that many nodes begins. */
  int among(int nodes) {
    return nextStartNodeIndex % nodes;
  }

  /** Notes that a search has looked at so many of all nodes. */
  void advance(int processed, int allNodes) {
    nextStartNodeIndex = (nextStartNodeIndex + processed) % allNodes;
  }
}
