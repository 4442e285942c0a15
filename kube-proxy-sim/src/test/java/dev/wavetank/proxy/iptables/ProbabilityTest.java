package dev.wavetank.proxy.iptables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ProbabilityTest {

  @Test
  void net_I_12_oneInNIsWrittenWithTenDigits() {
    assertThat(Probability.oneIn(2).written()).isEqualTo("0.5000000000");
    assertThat(Probability.oneIn(3).written()).isEqualTo("0.3333333333");
    assertThat(Probability.oneIn(100_001).written()).isEqualTo("0.0000099999");
  }

  @Test
  void net_I_13_isSavedAsTheKernelRoundsIt() {
    String[] saved = {
      "0.50000000000",
      "0.33333333349",
      "0.25000000000",
      "0.20000000019",
      "0.16666666651",
      "0.14285714272",
      "0.12500000000",
      "0.11111111101",
      "0.10000000009"
    };
    for (int n = 2; n <= 10; n++) {
      assertThat(Probability.oneIn(n)).hasToString(saved[n - 2]);
      assertThat(Probability.parse(saved[n - 2])).isEqualTo(Probability.oneIn(n));
    }
  }

  @Test
  void isFromZeroToOne() {
    assertThatThrownBy(() -> Probability.parse("1.5"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1.5");
  }
}
