package dev.wavetank.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wavetank.core.api.Quantity;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.junit.jupiter.api.Test;

/** Quantities as upstream's own code reads, writes and adds them. */
class GoldenQuantityTest {
  private static final BigDecimal LONG_MAX = BigDecimal.valueOf(Long.MAX_VALUE);

  @Test
  void quantity() {
    GoldenCases.vectors("quantity")
        .kind("parse", GoldenQuantityTest::parse)
        .kind("arith", GoldenQuantityTest::arithmetic)
        .score();
  }

  private static void parse(JsonNode recorded) {
    String text = recorded.get("in").asText();
    if (recorded.has("error")) {
      assertThatThrownBy(() -> Quantity.parse(text))
          .isInstanceOf(Quantity.SyntaxException.class)
          .hasMessage(recorded.get("error").asText());
      return;
    }
    Quantity quantity = Quantity.parse(text);
    assertThat(quantity.toString()).isEqualTo(recorded.get("canonical").asText());
    assertThat(quantity.toString()).isEqualTo(recorded.get("json").asText());
    assertThat(quantity.format().apiName()).isEqualTo(recorded.get("format").asText());
    assertThat(quantity.sign()).isEqualTo(recorded.get("sign").asInt());
    assertThat(quantity.isZero()).isEqualTo(recorded.get("isZero").asBoolean());
    if (fits(quantity.decimal())) {
      assertThat(quantity.value()).isEqualTo(recorded.get("value").asLong());
    }
    if (fits(quantity.decimal().movePointRight(3))) {
      assertThat(quantity.milliValue()).isEqualTo(recorded.get("milliValue").asLong());
    }
    Quantity rounded = quantity.roundUpMilli();
    assertThat(rounded.toString()).isEqualTo(recorded.get("roundUpMilli").asText());
    assertThat(rounded.cmp(quantity) == 0).isEqualTo(recorded.get("roundUpMilliExact").asBoolean());
  }

  private static boolean fits(BigDecimal amount) {
    return amount.setScale(0, RoundingMode.UP).abs().compareTo(LONG_MAX) <= 0;
  }

  private static void arithmetic(JsonNode recorded) {
    Quantity a = Quantity.parse(recorded.get("a").asText());
    Quantity b = Quantity.parse(recorded.get("b").asText());
    assertThat(a.add(b).toString()).isEqualTo(recorded.get("add").asText());
    assertThat(a.sub(b).toString()).isEqualTo(recorded.get("sub").asText());
    assertThat(a.cmp(b)).isEqualTo(recorded.get("cmp").asInt());
  }
}
