package dev.wavetank.scheduler.framework;

/** An image on nodes: its size in bytes and on how many nodes it is. */
public final class ImageState {

  private final long sizeBytes;
  private int nodes;

  public ImageState(long sizeBytes) {
    this.sizeBytes = sizeBytes;
  }

  public long sizeBytes() {
    return sizeBytes;
  }

  public int nodes() {
    return nodes;
  }

  /** One more node has it, or with -1 one less. */
  public void count(int change) {
    nodes += change;
  }

  /** The name with {@code :latest} when it has no tag. */
  public static String normalizedName(String image) {
    return image.lastIndexOf(':') <= image.lastIndexOf('/') ? image + ":latest" : image;
  }
}
