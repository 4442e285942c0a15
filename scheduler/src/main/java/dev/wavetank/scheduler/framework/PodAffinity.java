package dev.wavetank.scheduler.framework;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;

/**
 * What a pod's spec says about being near to other pods or apart from them. Pods of equal {@code
 * podAffinity} and {@code podAntiAffinity} share one; it is equal to itself only.
 */
public final class PodAffinity {

  /** Says nothing. */
  public static final PodAffinity NONE =
      new PodAffinity(
          ImmutableList.of(), ImmutableList.of(), ImmutableList.of(), ImmutableList.of(), "");

  private final ImmutableList<AffinityTerm> requiredAffinity;
  private final ImmutableList<AffinityTerm> requiredAntiAffinity;
  private final ImmutableList<AffinityTerm> preferredAffinity;
  private final ImmutableList<AffinityTerm> preferredAntiAffinity;
  private final String problem;

  private PodAffinity(
      ImmutableList<AffinityTerm> requiredAffinity,
      ImmutableList<AffinityTerm> requiredAntiAffinity,
      ImmutableList<AffinityTerm> preferredAffinity,
      ImmutableList<AffinityTerm> preferredAntiAffinity,
      String problem) {
    this.requiredAffinity = requiredAffinity;
    this.requiredAntiAffinity = requiredAntiAffinity;
    this.preferredAffinity = preferredAffinity;
    this.preferredAntiAffinity = preferredAntiAffinity;
    this.problem = problem;
  }

  /** Reads an {@code affinity}. */
  static PodAffinity of(KubeMap affinity) {
    KubeMap near = affinity.mapOrEmpty("podAffinity");
    KubeMap apart = affinity.mapOrEmpty("podAntiAffinity");
    if (near.isEmpty() && apart.isEmpty()) {
      return NONE;
    }
    try {
      return new PodAffinity(
          required(near), required(apart), preferred(near), preferred(apart), "");
    } catch (IllegalArgumentException e) {
      return new PodAffinity(
          ImmutableList.of(),
          ImmutableList.of(),
          ImmutableList.of(),
          ImmutableList.of(),
          String.valueOf(e.getMessage()));
    }
  }

  private static ImmutableList<AffinityTerm> required(KubeMap affinity) {
    KubeList terms = affinity.listOrEmpty("requiredDuringSchedulingIgnoredDuringExecution");
    ImmutableList.Builder<AffinityTerm> read = ImmutableList.builder();
    for (KubeMap term : terms.maps()) {
      read.add(AffinityTerm.of(term, 0));
    }
    return read.build();
  }

  private static ImmutableList<AffinityTerm> preferred(KubeMap affinity) {
    KubeList terms = affinity.listOrEmpty("preferredDuringSchedulingIgnoredDuringExecution");
    ImmutableList.Builder<AffinityTerm> read = ImmutableList.builder();
    for (KubeMap term : terms.maps()) {
      read.add(AffinityTerm.of(term.mapOrEmpty("podAffinityTerm"), (int) term.number("weight", 0)));
    }
    return read.build();
  }

  /** Whether it says nothing at all. */
  public boolean none() {
    return this == NONE;
  }

  /** Whether it prefers anything. */
  public boolean prefers() {
    return !preferredAffinity.isEmpty() || !preferredAntiAffinity.isEmpty();
  }

  /** In the order of the spec, as all lists here. */
  public ImmutableList<AffinityTerm> requiredAffinity() {
    return requiredAffinity;
  }

  public ImmutableList<AffinityTerm> requiredAntiAffinity() {
    return requiredAntiAffinity;
  }

  public ImmutableList<AffinityTerm> preferredAffinity() {
    return preferredAffinity;
  }

  public ImmutableList<AffinityTerm> preferredAntiAffinity() {
    return preferredAntiAffinity;
  }

  /** Why a selector could not be read; empty when all could. */
  public String problem() {
    return problem;
  }
}
