package dev.wavetank.scenarios.expect;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.Conditions;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A condition in an object's status: {@code Available}, {@code Available=False} or {@code
 * Progressing=False/ProgressDeadlineExceeded}.
 *
 * @param reason empty for any
 */
record ConditionStatus(ObjectReference object, String type, String status, String reason)
    implements Expectation {

  private static final Pattern TEXT =
      Pattern.compile("([A-Za-z0-9./-]+)(?:=(True|False|Unknown)(?:/([A-Za-z0-9_,:]+))?)?");

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException when the text is no condition; the message says what is
   *     expected
   */
  static ConditionStatus parse(ObjectReference object, String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "expected TYPE, TYPE=STATUS or TYPE=STATUS/REASON, such as Available=True, not \""
              + text
              + "\"");
    }
    String status = matcher.group(2);
    String reason = matcher.group(3);
    return new ConditionStatus(
        object, matcher.group(1), status == null ? "True" : status, reason == null ? "" : reason);
  }

  @Override
  public String words() {
    return object + " has " + type + "=" + status + (reason.isEmpty() ? "" : "/" + reason);
  }

  @Override
  public @Nullable String unmet(ExpectationContext context) {
    KubeObject found = context.cluster().api().find(object.key(context.namespace()));
    if (found == null) {
      return object + " does not exist";
    }
    KubeMap condition = Conditions.find(found.status(), type);
    if (condition == null) {
      return object + " has no condition " + type;
    }
    boolean holds =
        status.equals(condition.get("status"))
            && (reason.isEmpty() || reason.equals(condition.get("reason")));
    return holds
        ? null
        : object
            + " has "
            + type
            + "="
            + condition.string("status", "")
            + "/"
            + condition.string("reason", "");
  }
}
