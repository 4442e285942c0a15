package dev.wavetank.core.apiserver;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;

/**
 * What most kinds with a spec have in common: changes of the spec raise the generation, the status
 * is written by its subresource alone, and an update is checked as a new object is.
 *
 * <p>Follows the strategies of pkg/registry (v1.36).
 */
public class SpecStrategy implements ResourceStrategy {

  private final boolean status;
  private final KubeMap emptyStatus;

  private SpecStrategy(boolean status, KubeMap emptyStatus) {
    this.status = status;
    this.emptyStatus = emptyStatus;
  }

  /** A kind without status. */
  protected SpecStrategy() {
    this(false, KubeMap.EMPTY);
  }

  /** A kind with a status, which is that in a new object. */
  protected SpecStrategy(KubeMap emptyStatus) {
    this(true, emptyStatus);
  }

  @Override
  public KubeObject prepareForCreate(KubeObject object) {
    return status ? object.withStatus(emptyStatus) : object;
  }

  @Override
  public final boolean statusSubresource() {
    return status;
  }

  @Override
  public boolean generation() {
    return true;
  }

  @Override
  public boolean raisesGeneration(KubeObject next, KubeObject old) {
    return !next.spec().equals(old.spec());
  }

  @Override
  public void validateUpdate(KubeObject next, KubeObject old, FieldErrors errors) {
    validateCreate(next, errors);
  }
}
