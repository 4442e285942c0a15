package dev.wavetank.scheduler.preemption;

import dev.wavetank.scheduler.framework.PodInfo;
import java.util.ArrayList;
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
    List<Candidate> least = new ArrayList<>();
    for (Candidate candidate : candidates) {
      int order = least.isEmpty() ? 0 : compareLoss(candidate, least.get(0));
      if (order < 0) {
        least.clear();
      }
      if (order <= 0) {
        least.add(candidate);
      }
    }
    return least;
  }

  /** Less loss first; of victims that are equal otherwise, those that started later. */
  private static int compareLoss(Candidate one, Candidate other) {
    int order = Integer.compare(one.pdbViolations(), other.pdbViolations());
    if (order == 0) {
      order = Long.compare(one.highestPriority(), other.highestPriority());
    }
    if (order == 0) {
      order = Long.compare(one.sumOfPriorities(), other.sumOfPriorities());
    }
    if (order == 0) {
      order = Integer.compare(one.victims().size(), other.victims().size());
    }
    return order == 0 ? other.earliestStart().compareTo(one.earliestStart()) : order;
  }

  /** The sum with each priority lifted above zero, so that fewer victims are less. */
  static long sumOfPriorities(List<PodInfo> victims) {
    long sum = 0;
    for (PodInfo victim : victims) {
      sum += victim.spec().priority() + Integer.MAX_VALUE + 1L;
    }
    return sum;
  }

  /** When the first of the victims of highest priority started. */
  static String earliestStart(List<PodInfo> victims) {
    long highest = Long.MIN_VALUE;
    String earliest = NOT_STARTED;
    for (PodInfo victim : victims) {
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
