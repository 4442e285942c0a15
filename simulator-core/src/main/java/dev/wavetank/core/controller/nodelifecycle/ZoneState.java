package dev.wavetank.core.controller.nodelifecycle;

/** How much of a zone is disrupted. */
enum ZoneState {
  INITIAL,
  NORMAL,
  PARTIAL_DISRUPTION,
  FULL_DISRUPTION;

  private static final float UNHEALTHY_ZONE_THRESHOLD = 0.55f;

  /** The state of a zone with so many nodes. */
  static ZoneState of(int ready, int notReady) {
    if (ready == 0 && notReady > 0) {
      return FULL_DISRUPTION;
    }
    return notReady > 2 && (float) notReady / (float) (notReady + ready) >= UNHEALTHY_ZONE_THRESHOLD
        ? PARTIAL_DISRUPTION
        : NORMAL;
  }
}
