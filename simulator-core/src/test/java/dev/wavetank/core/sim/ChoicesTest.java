package dev.wavetank.core.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class ChoicesTest {

  private static List<Long> draws(Choices choices, String stream, int count) {
    List<Long> drawn = new ArrayList<>();
    ChoiceStream from = choices.stream(stream);
    for (int i = 0; i < count; i++) {
      drawn.add(i % 2 == 0 ? from.choose(7) : from.between(-5, 1_000_000_007L));
    }
    return drawn;
  }

  @Test
  void theCalmAnswerIsTheFirstOptionAndTheSmallestNumber() {
    assertThat(Choices.first().choose("any", 5)).isZero();
    assertThat(Choices.first().between("any", 3, 9)).isEqualTo(3);
    assertThat(Choices.first().stream("any").chance(0.99)).isFalse();
  }

  @Property
  void theSameSeedGivesTheSameAnswers(@ForAll long seed) {
    assertThat(draws(Choices.seeded(seed), "a", 20))
        .isEqualTo(draws(Choices.seeded(seed), "a", 20));
  }

  @Property
  void oneMoreQuestionInOneStreamShiftsNoOther(@ForAll long seed) {
    Choices asked = Choices.seeded(seed);
    draws(asked, "other", 13);
    assertThat(draws(asked, "a", 20)).isEqualTo(draws(Choices.seeded(seed), "a", 20));
  }

  @Property
  void answersStayWithinTheirBounds(
      @ForAll long seed, @ForAll @IntRange(min = 1) int options, @ForAll long a, @ForAll long b) {
    long min = Math.min(a, b);
    long max = Math.max(a, b);
    ChoiceStream stream = Choices.seeded(seed).stream("s");
    assertThat(stream.choose(options)).isBetween(0, options - 1);
    assertThat(stream.between(min, max)).isBetween(min, max);
  }

  @Test
  void seededPicksAreEven() {
    ChoiceStream stream = Choices.seeded(42).stream("even");
    int[] counts = new int[10];
    for (int i = 0; i < 100_000; i++) {
      counts[stream.choose(10)]++;
    }
    for (int count : counts) {
      assertThat(count).isBetween(9_600, 10_400);
    }
  }

  @Property
  void aRecordedRunGivesTheSameAnswersAgain(@ForAll @LongRange(min = 0) long seed) {
    ChoiceLog log = new ChoiceLog();
    Choices recording = Choices.recording(Choices.seeded(seed), log);
    List<Long> a = draws(recording, "a", 10);
    List<Long> b = draws(recording, "b", 4);
    Choices again = Choices.recorded(log);
    assertThat(draws(again, "b", 4)).isEqualTo(b);
    assertThat(draws(again, "a", 10)).isEqualTo(a);
    assertThat(log.size()).isEqualTo(14);
  }

  @Test
  void aRunThatLeavesItsRecordIsABug() {
    ChoiceLog log = new ChoiceLog();
    draws(Choices.recording(Choices.seeded(1), log), "a", 2);
    Choices again = Choices.recorded(log);
    draws(again, "a", 2);
    assertThatThrownBy(() -> again.choose("a", 7))
        .isInstanceOf(SimulationBug.class)
        .hasMessageContaining("asks a more than 2 times");
  }

  @Test
  void anOverrideChangesOneAnswerOnly() {
    List<Long> before = draws(Choices.seeded(3), "a", 6);
    List<Long> after = draws(Choices.overridden(Choices.seeded(3), "a", 2, 4), "a", 6);
    before.set(2, 4L);
    assertThat(after).isEqualTo(before);
  }

  @Test
  void anEnumerationTriesEveryCombinationOnce() {
    Enumeration enumeration = new Enumeration(10);
    List<String> runs = new ArrayList<>();
    while (enumeration.next()) {
      Choices choices = enumeration.choices();
      int first = choices.choose("a", 3);
      long second = first == 0 ? choices.between("b", 5, 9) : -1;
      runs.add(first + "/" + second);
    }
    assertThat(runs).containsExactly("0/5", "0/9", "1/-1", "2/-1");
  }
}
