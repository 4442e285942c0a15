package dev.wavetank.core.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class QuantityLawsTest {

  @Provide
  Arbitrary<Quantity> quantities() {
    Arbitrary<String> numbers =
        Arbitraries.oneOf(
            Arbitraries.longs()
                .between(-1_000_000_000_000L, 1_000_000_000_000L)
                .map(String::valueOf),
            Arbitraries.bigDecimals()
                .between(new BigDecimal("-99999"), new BigDecimal("99999"))
                .ofScale(4)
                .map(BigDecimal::toPlainString));
    Arbitrary<String> suffixes =
        Arbitraries.of(
            "", "n", "u", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "e3", "E-2");
    return Combinators.combine(numbers, suffixes)
        .as((number, suffix) -> Quantity.parse(number + suffix));
  }

  @Property
  void additionCommutes(@ForAll("quantities") Quantity a, @ForAll("quantities") Quantity b) {
    assertThat(a.add(b)).isEqualByComparingTo(b.add(a));
  }

  @Property
  void additionIsAssociative(
      @ForAll("quantities") Quantity a,
      @ForAll("quantities") Quantity b,
      @ForAll("quantities") Quantity c) {
    assertThat(a.add(b).add(c)).isEqualByComparingTo(a.add(b.add(c)));
  }

  @Property
  void subtractionUndoesAddition(
      @ForAll("quantities") Quantity a, @ForAll("quantities") Quantity b) {
    assertThat(a.add(b).sub(b)).isEqualByComparingTo(a);
    assertThat(a.sub(b)).isEqualByComparingTo(a.add(b.negate()));
    assertThat(a.sub(a).isZero()).isTrue();
  }

  @Property
  void sumsAreExact(@ForAll("quantities") Quantity a, @ForAll("quantities") Quantity b) {
    assertThat(a.add(b).decimal()).isEqualByComparingTo(a.decimal().add(b.decimal()));
  }

  @Property
  void aSumKeepsTheFormatOfItsFirstPart(
      @ForAll("quantities") Quantity a, @ForAll("quantities") Quantity b) {
    assertThat(a.add(b).format()).isEqualTo(a.isZero() ? b.format() : a.format());
  }

  @Property
  void multiplicationIsRepeatedAddition(@ForAll("quantities") Quantity a) {
    Quantity sum = Quantity.ZERO;
    for (int i = 0; i < 5; i++) {
      assertThat(a.mul(i)).isEqualByComparingTo(sum);
      sum = sum.add(a);
    }
  }

  /** From a thousand exa on there is no suffix; upstream's text is then wrong, and so is ours. */
  @Property
  void theCanonicalTextIsTheSameQuantity(@ForAll("quantities") Quantity a) {
    Assume.that(a.decimal().abs().compareTo(new BigDecimal("1e21")) < 0);
    Quantity again = Quantity.parse(a.toString());
    assertThat(again).isEqualTo(a);
    assertThat(again).hasToString(a.toString());
    assertThat(again).hasSameHashCodeAs(a);
  }

  @Property
  void theOrderIsThatOfTheAmounts(
      @ForAll("quantities") Quantity a, @ForAll("quantities") Quantity b) {
    assertThat(a.cmp(b)).isEqualTo(a.decimal().compareTo(b.decimal()));
    assertThat(a.cmp(b)).isEqualTo(-b.cmp(a));
    assertThat(a.equals(b)).isEqualTo(a.cmp(b) == 0);
  }

  @Property
  void roundingUpGoesAwayFromZeroByLessThanAThousandth(@ForAll("quantities") Quantity a) {
    BigDecimal up = a.roundUpMilli().decimal().abs().subtract(a.decimal().abs());
    assertThat(up).isGreaterThanOrEqualTo(BigDecimal.ZERO).isLessThan(new BigDecimal("0.001"));
    assertThat(a.roundUpMilli().roundUpMilli()).isEqualTo(a.roundUpMilli());
  }
}
