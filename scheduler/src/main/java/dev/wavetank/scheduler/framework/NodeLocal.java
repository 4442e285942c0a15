package dev.wavetank.scheduler.framework;

/**
 * A plugin whose verdict on a node and whose raw score depend on nothing but the pod's {@link
 * PodInfo#spec()} and what {@link NodeInfo} says of that node: not on labels of the pod, other
 * nodes or the rest of the cluster. What it answers for one pod holds for every pod of equal spec
 * until the node changes.
 */
public interface NodeLocal extends Plugin {}
