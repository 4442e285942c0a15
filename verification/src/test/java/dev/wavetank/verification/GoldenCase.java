package dev.wavetank.verification;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One recorded case.
 *
 * @param id unique within its area, stable between recordings, without blanks at its ends
 * @param json what was recorded
 */
record GoldenCase(String id, JsonNode json) {

  /** The id without its number: {@code sync-rolling} of {@code sync-rolling-17}. */
  String kind() {
    int dash = id.lastIndexOf('-');
    return dash > 0 && id.substring(dash + 1).chars().allMatch(Character::isDigit)
        ? id.substring(0, dash)
        : id;
  }
}
