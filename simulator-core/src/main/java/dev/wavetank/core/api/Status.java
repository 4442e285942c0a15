package dev.wavetank.core.api;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;

/**
 * What the API server says when it refuses a request: HTTP code, reason, message, the object it is
 * about and the causes, field by field.
 *
 * <p>Follows staging/src/k8s.io/apimachinery/pkg/api/errors/errors.go (v1.36).
 *
 * @param retryAfterSeconds when it is worth asking again; 0 where nothing is said of it
 */
public record Status(
    int code,
    String reason,
    String message,
    @Nullable ResourceType type,
    String name,
    ImmutableList<Cause> causes,
    int retryAfterSeconds) {

  /** A refusal that does not say when to ask again. */
  public Status(
      int code,
      String reason,
      String message,
      @Nullable ResourceType type,
      String name,
      ImmutableList<Cause> causes) {
    this(code, reason, message, type, name, causes, 0);
  }

  /** The same refusal, which says when to ask again. */
  public Status retryAfter(int seconds) {
    return new Status(code, reason, message, type, name, causes, seconds);
  }

  /** One field's part in a refusal. */
  public record Cause(String reason, String message, String field) {}

  public static Status notFound(ResourceType type, String name) {
    return new Status(
        404,
        "NotFound",
        type.groupResource() + " \"" + name + "\" not found",
        type,
        name,
        ImmutableList.of());
  }

  /** There is no such resource, whatever the name. */
  public static Status noResource() {
    return new Status(
        404,
        "NotFound",
        "the server could not find the requested resource",
        null,
        "",
        ImmutableList.of());
  }

  public static Status alreadyExists(ResourceType type, String name) {
    return new Status(
        409,
        "AlreadyExists",
        type.groupResource() + " \"" + name + "\" already exists",
        type,
        name,
        ImmutableList.of());
  }

  /** The object was changed since the client read it. */
  public static Status conflict(ResourceType type, String name, String why) {
    return new Status(
        409,
        "Conflict",
        "Operation cannot be fulfilled on " + type.groupResource() + " \"" + name + "\": " + why,
        type,
        name,
        ImmutableList.of());
  }

  /** A refusal that names no object. */
  public static Status bare(int code, String reason, String message) {
    return new Status(code, reason, message, null, "", ImmutableList.of());
  }

  public static Status badRequest(String message) {
    return bare(400, "BadRequest", message);
  }

  public static Status forbidden(ResourceType type, String name, String why) {
    return new Status(
        403,
        "Forbidden",
        type.groupResource() + " \"" + name + "\" is forbidden: " + why,
        type,
        name,
        ImmutableList.of());
  }

  public static Status expired(String message) {
    return bare(410, "Expired", message);
  }

  public static Status internalError(String message) {
    return bare(500, "InternalError", message);
  }
}
