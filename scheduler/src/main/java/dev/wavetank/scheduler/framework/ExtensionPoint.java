package dev.wavetank.scheduler.framework;

/**
 * A point of the scheduling cycle at which plugins are asked, in upstream's words.
 *
 * <p>Follows pkg/scheduler/apis/config/types.go (v1.36), without the points of pod groups.
 */
public enum ExtensionPoint {
  PRE_ENQUEUE("preEnqueue", PreEnqueuePlugin.class),
  QUEUE_SORT("queueSort", QueueSortPlugin.class),
  PRE_FILTER("preFilter", PreFilterPlugin.class),
  FILTER("filter", FilterPlugin.class),
  POST_FILTER("postFilter", PostFilterPlugin.class),
  PRE_SCORE("preScore", PreScorePlugin.class),
  SCORE("score", ScorePlugin.class),
  RESERVE("reserve", ReservePlugin.class),
  PERMIT("permit", PermitPlugin.class),
  PRE_BIND("preBind", PreBindPlugin.class),
  BIND("bind", BindPlugin.class),
  POST_BIND("postBind", PostBindPlugin.class);

  private final String configName;
  private final Class<? extends Plugin> type;

  ExtensionPoint(String configName, Class<? extends Plugin> type) {
    this.configName = configName;
    this.type = type;
  }

  /** Its field in {@code profiles[].plugins}, such as {@code preFilter}. */
  public String configName() {
    return configName;
  }

  /** What a plugin implements to take part. */
  public Class<? extends Plugin> type() {
    return type;
  }
}
