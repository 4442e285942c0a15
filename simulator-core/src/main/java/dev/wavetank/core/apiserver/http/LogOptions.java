package dev.wavetank.core.apiserver.http;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Timestamps;
import dev.wavetank.core.apiserver.FieldErrors;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which lines of a log are wanted, and how.
 *
 * <p>Follows ValidatePodLogOptions of pkg/apis/core/validation/validation.go (v1.36).
 *
 * @param tail most lines
 * @param limitBytes most bytes
 * @param since older lines are left out; null for none
 * @param timestamps whether each line begins with its time
 */
record LogOptions(long tail, long limitBytes, @Nullable Instant since, boolean timestamps) {

  private static final ResourceType KIND =
      new ResourceType("", "v1", "PodLogOptions", "podlogoptions", "podlogoptions", true);

  /**
   * The options of a request.
   *
   * @param now in virtual time
   * @throws ApiException 422 when one is wrong
   */
  static LogOptions of(ResourceRequest target, Instant now) {
    QueryParameters query = target.request().query();
    Long tail = query.number("tailLines");
    Long limit = query.number("limitBytes");
    Long seconds = query.number("sinceSeconds");
    Instant time = Timestamps.parse(query.string("sinceTime"));
    FieldErrors errors = new FieldErrors();
    if (tail != null && tail < 0) {
      errors.invalid("tailLines", tail, "must be greater than or equal to 0");
    }
    if (limit != null && limit < 1) {
      errors.invalid("limitBytes", limit, "must be greater than 0");
    }
    if (seconds != null && time != null) {
      errors.forbidden("", "at most one of `sinceTime` or `sinceSeconds` may be specified");
    } else if (seconds != null && seconds < 1) {
      errors.invalid("sinceSeconds", seconds, "must be greater than 0");
    }
    if (!errors.isEmpty()) {
      throw new ApiException(errors.status(KIND, target.name()));
    }
    return new LogOptions(
        tail == null ? Integer.MAX_VALUE : tail,
        limit == null ? Long.MAX_VALUE : limit,
        seconds == null ? time : now.minusSeconds(seconds),
        query.bool("timestamps"));
  }
}
