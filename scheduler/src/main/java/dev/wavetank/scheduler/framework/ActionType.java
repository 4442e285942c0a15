package dev.wavetank.scheduler.framework;

/**
 * The kinds of change as bits, as plugins register them.
 *
 * <p>Follows staging/src/k8s.io/kube-scheduler/framework/types.go (v1.36).
 */
public final class ActionType {

  public static final int ADD = 1;
  public static final int DELETE = 1 << 1;
  public static final int UPDATE_NODE_ALLOCATABLE = 1 << 2;
  public static final int UPDATE_NODE_LABEL = 1 << 3;
  public static final int UPDATE_NODE_TAINT = 1 << 4;
  public static final int UPDATE_NODE_CONDITION = 1 << 5;
  public static final int UPDATE_NODE_ANNOTATION = 1 << 6;
  public static final int UPDATE_POD_LABEL = 1 << 7;
  public static final int UPDATE_POD_SCALE_DOWN = 1 << 8;
  public static final int UPDATE_POD_TOLERATION = 1 << 9;
  public static final int UPDATE_POD_SCHEDULING_GATES_ELIMINATED = 1 << 10;

  /** A change that is none of the specific ones. */
  public static final int UPDATE_OTHER = 1 << 11;

  public static final int UPDATE_NODE_DECLARED_FEATURE = 1 << 12;

  /** Any update. */
  public static final int UPDATE =
      UPDATE_NODE_ALLOCATABLE
          | UPDATE_NODE_LABEL
          | UPDATE_NODE_TAINT
          | UPDATE_NODE_CONDITION
          | UPDATE_NODE_ANNOTATION
          | UPDATE_POD_LABEL
          | UPDATE_POD_SCALE_DOWN
          | UPDATE_POD_TOLERATION
          | UPDATE_POD_SCHEDULING_GATES_ELIMINATED
          | UPDATE_NODE_DECLARED_FEATURE
          | UPDATE_OTHER;

  public static final int ALL = ADD | DELETE | UPDATE;

  private ActionType() {}
}
