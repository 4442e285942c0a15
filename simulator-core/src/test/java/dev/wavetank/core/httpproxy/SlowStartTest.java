package dev.wavetank.core.httpproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** How the share of a new endpoint grows, and the turns of endpoints of different weights. */
class SlowStartTest {

  private static final long SECOND = 1_000_000_000L;

  private static final ServiceEndpoints.Endpoint A = new ServiceEndpoints.Endpoint("10.1.0.1", 80);
  private static final ServiceEndpoints.Endpoint B = new ServiceEndpoints.Endpoint("10.1.0.2", 80);
  private static final ServiceEndpoints.Endpoint C = new ServiceEndpoints.Endpoint("10.1.0.3", 80);

  private static Map<ServiceEndpoints.Endpoint, Integer> taken(
      EndpointTurns turns, int requests, long nowNanos) {
    Map<ServiceEndpoints.Endpoint, Integer> taken =
        new TreeMap<>((one, other) -> one.host().compareTo(other.host()));
    for (int i = 0; i < requests; i++) {
      ServiceEndpoints.Endpoint next = turns.next(nowNanos);
      assertThat(next).isNotNull();
      if (next != null) {
        taken.merge(next, 1, Integer::sum);
      }
    }
    return taken;
  }

  @Test
  void theWeightGrowsEvenlyByDefault() {
    SlowStart slowStart = SlowStart.over(60 * SECOND);
    assertThat(slowStart.factor(30 * SECOND)).isEqualTo(0.5);
    assertThat(slowStart.factor(45 * SECOND)).isEqualTo(0.75);
    assertThat(slowStart.factor(60 * SECOND)).isEqualTo(1);
    assertThat(slowStart.factor(600 * SECOND)).isEqualTo(1);
  }

  @Test
  void theWeightIsNeverLessThanTheLeast() {
    assertThat(SlowStart.over(60 * SECOND).factor(0)).isEqualTo(0.1);
    assertThat(new SlowStart(60 * SECOND, 1, 40).factor(20 * SECOND)).isEqualTo(0.4);
  }

  @Test
  void theFirstSecondCountsAsAWholeOne() {
    SlowStart slowStart = new SlowStart(4 * SECOND, 1, 1);
    assertThat(slowStart.factor(0)).isEqualTo(0.25);
    assertThat(new SlowStart(SECOND / 2, 1, 1).factor(0)).isEqualTo(1);
  }

  @Test
  void moreAggressionIsFasterAtFirst() {
    assertThat(new SlowStart(100 * SECOND, 2, 1).factor(25 * SECOND)).isCloseTo(0.5, within(1e-12));
    assertThat(new SlowStart(100 * SECOND, 0.5, 1).factor(50 * SECOND))
        .isCloseTo(0.25, within(1e-12));
  }

  @Test
  void endpointsOfTheSameAgeTakeTurns() {
    EndpointTurns turns = new EndpointTurns(SlowStart.NONE, 4);
    turns.update(ImmutableList.of(A, B, C), 0);
    List<ServiceEndpoints.Endpoint> order = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      ServiceEndpoints.Endpoint next = turns.next(0);
      if (next != null) {
        order.add(next);
      }
    }
    assertThat(order).containsExactly(B, C, A, B, C, A);
  }

  @Test
  void aNewEndpointTakesTheShareOfItsWeight() {
    EndpointTurns turns = new EndpointTurns(SlowStart.over(100 * SECOND), 0);
    turns.update(ImmutableList.of(A, B), 0);
    long joined = 1_000 * SECOND;
    turns.update(ImmutableList.of(A, B, C), joined);
    // Weights 1, 1 and 0.1; then 1, 1 and 0.5.
    assertThat(taken(turns, 210, joined)).containsEntry(A, 100).containsEntry(C, 10);
    turns.update(ImmutableList.of(A, B, C), joined + 50 * SECOND);
    assertThat(taken(turns, 250, joined + 50 * SECOND)).containsEntry(B, 100).containsEntry(C, 50);
    turns.update(ImmutableList.of(A, B, C), joined + 100 * SECOND);
    assertThat(taken(turns, 300, joined + 100 * SECOND)).containsEntry(C, 100);
  }

  @Test
  void endpointsThatAllAreNewShareEvenly() {
    EndpointTurns turns = new EndpointTurns(SlowStart.over(100 * SECOND), 0);
    turns.update(ImmutableList.of(A, B), 0);
    assertThat(taken(turns, 20, 0)).containsEntry(A, 10).containsEntry(B, 10);
  }

  @Test
  void anEndpointThatComesBackStartsAgain() {
    EndpointTurns turns = new EndpointTurns(SlowStart.over(100 * SECOND), 0);
    turns.update(ImmutableList.of(A, B), 0);
    turns.update(ImmutableList.of(A), 500 * SECOND);
    turns.update(ImmutableList.of(A, B), 600 * SECOND);
    assertThat(taken(turns, 110, 600 * SECOND)).containsEntry(A, 100).containsEntry(B, 10);
  }

  @Test
  void withoutEndpointsNobodyTakesARequest() {
    EndpointTurns turns = new EndpointTurns(SlowStart.NONE, 3);
    turns.update(ImmutableList.of(), 0);
    assertThat(turns.next(0)).isNull();
  }
}
