package dev.wavetank.core.apiserver.http;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.FieldSelector;
import dev.wavetank.core.api.GoQuote;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.LabelSelector;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.endpoints.FieldLabels;

/**
 * What the query of a list or a watch asks for.
 *
 * <p>Follows staging/src/k8s.io/apimachinery/pkg/apis/meta/internalversion/validation/validation.go
 * (v1.36).
 *
 * @param limit most objects of a page; 0 for all
 * @param resourceVersion empty for the newest
 * @param timeoutSeconds how long a watch may last; 0 for what is usual
 */
record ListParameters(
    LabelSelector labels,
    FieldSelector fields,
    boolean watch,
    long limit,
    String continueText,
    String resourceVersion,
    String match,
    boolean sendInitialEvents,
    boolean bookmarks,
    long timeoutSeconds) {

  /**
   * The parameters of a request.
   *
   * @throws ApiException 400 or 422 when one is wrong
   */
  static ListParameters of(ResourceRequest target) {
    QueryParameters query = target.request().query();
    boolean watch = target.watch() || query.bool("watch");
    Long limit = query.number("limit");
    Long timeout = query.number("timeoutSeconds");
    LabelSelector labels = labels(query.string("labelSelector"));
    FieldSelector fields = FieldLabels.parse(target.type(), query.string("fieldSelector"));
    fields = withName(fields, target);
    validate(query, watch);
    return new ListParameters(
        labels,
        fields,
        watch,
        limit == null ? 0 : Math.max(limit, 0),
        query.string("continue"),
        query.string("resourceVersion"),
        query.string("resourceVersionMatch"),
        query.bool("sendInitialEvents"),
        query.bool("allowWatchBookmarks"),
        timeout == null ? 0 : Math.max(timeout, 0));
  }

  /** The old watch of one object by its path. */
  private static FieldSelector withName(FieldSelector fields, ResourceRequest target) {
    return target.name().isEmpty() ? fields : FieldSelector.equal("metadata.name", target.name());
  }

  private static LabelSelector labels(String text) {
    try {
      return LabelSelector.parse(text);
    } catch (IllegalArgumentException e) {
      throw new ApiException(Status.badRequest(String.valueOf(e.getMessage())));
    }
  }

  private static void validate(QueryParameters query, boolean watch) {
    FieldErrors errors = new FieldErrors();
    String match = query.string("resourceVersionMatch");
    boolean initial = query.has("sendInitialEvents");
    String field = "resourceVersionMatch";
    if (watch && initial && !match.equals("NotOlderThan")) {
      errors.forbidden(
          field, "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
    }
    if (!match.isEmpty()) {
      matchErrors(query, watch, match, errors);
    }
    if (!watch && initial) {
      errors.forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list");
    }
    WriteParameters.refuse(errors, "ListOptions");
  }

  private static void matchErrors(
      QueryParameters query, boolean watch, String match, FieldErrors errors) {
    String field = "resourceVersionMatch";
    String version = query.string("resourceVersion");
    boolean notOlder = match.equals("NotOlderThan");
    if (watch && !query.has("sendInitialEvents")) {
      errors.forbidden(
          field,
          "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided");
    }
    if (watch && !notOlder) {
      errors.unsupported(field, match, ImmutableList.of("NotOlderThan"));
    }
    if (!watch && version.isEmpty()) {
      errors.forbidden(
          field, "resourceVersionMatch is forbidden unless resourceVersion is provided");
    }
    if (!query.string("continue").isEmpty()) {
      errors.forbidden(field, "resourceVersionMatch is forbidden when continue is provided");
    }
    if (!watch && !notOlder && !match.equals("Exact")) {
      errors.unsupported(field, match, ImmutableList.of("Exact", "NotOlderThan", ""));
    }
    if (!watch && match.equals("Exact") && version.equals("0")) {
      errors.forbidden(
          field, "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"");
    }
  }

  boolean selects(KubeObject object) {
    return labels.matches(object.labels()) && FieldLabels.matches(fields, object);
  }

  boolean selective() {
    return !labels.empty() || !fields.empty();
  }

  /**
   * The revision asked for; 0 for any.
   *
   * @throws ApiException when it is no number: 400 to a list, 500 to a watch
   */
  long revision() {
    if (resourceVersion.isEmpty()) {
      return 0;
    }
    try {
      return Long.parseUnsignedLong(resourceVersion);
    } catch (NumberFormatException e) {
      String quoted = GoQuote.quote(resourceVersion);
      String message =
          "resourceVersion: Invalid value: "
              + quoted
              + ": strconv.ParseUint: parsing "
              + quoted
              + ": invalid syntax";
      throw new ApiException(
          watch
              ? Status.bare(500, "", message)
              : Status.badRequest("invalid resource version: " + message));
    }
  }
}
