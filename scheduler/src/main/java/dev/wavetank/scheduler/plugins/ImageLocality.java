package dev.wavetank.scheduler.plugins;

import dev.wavetank.scheduler.framework.CycleState;
import dev.wavetank.scheduler.framework.Handle;
import dev.wavetank.scheduler.framework.ImageState;
import dev.wavetank.scheduler.framework.NodeInfo;
import dev.wavetank.scheduler.framework.PodInfo;
import dev.wavetank.scheduler.framework.ScorePlugin;
import dev.wavetank.scheduler.framework.SharedLister;
import java.util.List;

/**
 * Prefers nodes that already have large images of the pod, less so the fewer nodes have them.
 *
 * <p>Follows pkg/scheduler/framework/plugins/imagelocality/image_locality.go (v1.36).
 */
public final class ImageLocality implements ScorePlugin {

  private static final long MEBI = 1024L * 1024;
  private static final long THRESHOLD_MIN = 23 * MEBI;
  private static final long CONTAINER_THRESHOLD_MAX = 1000 * MEBI;

  private final Handle handle;

  public ImageLocality(Handle handle) {
    this.handle = handle;
  }

  @Override
  public String name() {
    return "ImageLocality";
  }

  @Override
  public boolean scoresNothing(CycleState state, PodInfo pod) {
    SharedLister lister = handle.snapshotSharedLister();
    List<String> images = pod.spec().images();
    for (int i = 0; i < images.size(); i++) {
      if (lister.image(images.get(i)) != null) {
        return false;
      }
    }
    return true;
  }

  @Override
  public long score(CycleState state, PodInfo pod, NodeInfo node) {
    if (node.imageStates().isEmpty()) {
      return 0;
    }
    int nodes = handle.snapshotSharedLister().nodes().length;
    long sum = 0;
    List<String> images = pod.spec().images();
    for (int i = 0; i < images.size(); i++) {
      ImageState image = node.imageStates().get(images.get(i));
      if (image != null) {
        double spread = (double) image.nodes() / nodes;
        sum += (long) (image.sizeBytes() * spread);
      }
    }
    long max = CONTAINER_THRESHOLD_MAX * pod.spec().containers();
    sum = Math.min(Math.max(sum, THRESHOLD_MIN), max);
    return MAX_NODE_SCORE * (sum - THRESHOLD_MIN) / (max - THRESHOLD_MIN);
  }
}
