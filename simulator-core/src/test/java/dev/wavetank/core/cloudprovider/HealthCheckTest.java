package dev.wavetank.core.cloudprovider;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class HealthCheckTest {

  private static final long SECOND = 1_000_000_000L;

  @Test
  void twoFailedChecksInARowTakeANodeOut() {
    HealthCheck check = new HealthCheck(0, /* answers= */ true, 0);
    check.answers(false, 6 * SECOND);
    assertThat(check.healthy(14 * SECOND)).isTrue();
    assertThat(check.healthy(15 * SECOND)).isFalse();
  }

  @Test
  void aFailureBetweenTwoChecksIsNotSeen() {
    HealthCheck check = new HealthCheck(0, /* answers= */ true, 0);
    check.answers(false, 6 * SECOND);
    check.answers(true, 9 * SECOND);
    assertThat(check.healthy(60 * SECOND)).isTrue();
  }

  /** What is computed when someone looks is what asking at every interval finds. */
  @Property
  void isWhatAskingAtEveryIntervalFinds(
      @ForAll @Size(max = 12) List<@IntRange(min = 1, max = 20) Integer> flips,
      @ForAll @LongRange(min = 0, max = 4) long phase,
      @ForAll boolean first) {
    HealthCheck check = new HealthCheck(phase * SECOND + 1, first, 0);
    boolean answers = first;
    boolean believed = first;
    int other = 0;
    int next = 0;
    long flipAt = flips.isEmpty() ? Long.MAX_VALUE : flips.get(0);
    for (long second = 1; second < 300; second++) {
      if (second == flipAt) {
        answers = !answers;
        check.answers(answers, second * SECOND);
        next++;
        flipAt = next < flips.size() ? second + flips.get(next) : Long.MAX_VALUE;
        // A check that has heard another answer begins to count anew when the answer changes.
        other = 0;
      }
      // The check of this second is a nanosecond after the full one.
      if ((second - phase) % 5 == 0 && second >= phase) {
        other = answers == believed ? 0 : other + 1;
        if (other == HealthCheck.THRESHOLD) {
          believed = answers;
          other = 0;
        }
      }
      assertThat(check.healthy(second * SECOND + 2)).as("after %d s", second).isEqualTo(believed);
    }
  }
}
