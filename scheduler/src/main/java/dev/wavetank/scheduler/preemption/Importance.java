package dev.wavetank.scheduler.preemption;

import com.google.common.collect.Iterables;
import dev.wavetank.scheduler.framework.PodInfo;
import java.util.Comparator;
import java.util.List;

/**
 * Which pods are spared first, and which node's victims are the least loss.
 *
 * <p>Follows pkg/scheduler/util/utils.go and {@code pickOneNodeForPreemption} of
 * pkg/scheduler/framework/preemption/preemption.go (v1.36).
 */
final class Importance {

  /** Comes after every start time that the API writes; stands for now. */
  private static final String NOT_STARTED = "~";

  /** Higher priority first, then who started earlier. */
  static final Comparator<PodInfo> MOST_IMPORTANT_FIRST =
      Comparator.<PodInfo>comparingLong(pod -> -pod.spec().priority())
          .thenComparing(Importance::startTime);

  private Importance() {}

  private static String startTime(PodInfo pod) {
    return pod.startTime().isEmpty() ? NOT_STARTED : pod.startTime();
  }

  /** The candidates that are the least loss; more than one when they are equal in everything. */
  static List<Candidate> leastLoss(List<Candidate> candidates) {
    if (candidates.size() < 2) {
      return candidates;
    }
    Candidate best = candidates.get(0);
    for (Candidate candidate : Iterables.skip(candidates, 1)) {
      if (LEAST_LOSS_FIRST.compare(candidate, best) < 0) {
        best = candidate;
      }
    }
    Candidate least = best;
    return candidates.stream().filter(c -> LEAST_LOSS_FIRST.compare(c, least) == 0).toList();
  }

  private static final Comparator<Candidate> LEAST_LOSS_FIRST =
      Comparator.comparingInt(Candidate::pdbViolations)
          .thenComparingLong(candidate -> candidate.victims().get(0).spec().priority())
          .thenComparingLong(Importance::sumOfPriorities)
          .thenComparingInt(candidate -> candidate.victims().size())
          .thenComparing(Importance::earliestStart, Comparator.reverseOrder());

  /** The sum with each priority lifted above zero, so that fewer victims are less. */
  private static long sumOfPriorities(Candidate candidate) {
    long sum = 0;
    for (PodInfo victim : candidate.victims()) {
      sum += victim.spec().priority() + Integer.MAX_VALUE + 1L;
    }
    return sum;
  }

  /** When the first of the victims of highest priority started. */
  private static String earliestStart(Candidate candidate) {
    long highest = Long.MIN_VALUE;
    String earliest = NOT_STARTED;
    for (PodInfo victim : candidate.victims()) {
      long priority = victim.spec().priority();
      String start = startTime(victim);
      if (priority > highest) {
        highest = priority;
        earliest = start;
      } else if (priority == highest && start.compareTo(earliest) < 0) {
        earliest = start;
      }
    }
    return earliest;
  }
}
