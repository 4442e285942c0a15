package dev.wavetank.core.kubectl.errors;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.GoQuote;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * How kubectl prints an error.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/cmd/util/helpers.go (v1.36).
 */
public final class ErrorText {

  private ErrorText() {}

  /** The code with which a command ends that failed so. */
  public static int exitCode(RuntimeException error) {
    return error instanceof CommandException command ? command.exitCode() : 1;
  }

  /** The lines on standard error; empty when nothing is to be said. */
  public static String of(RuntimeException error) {
    String text = text(error);
    return text.isEmpty() || text.endsWith("\n") ? text : text + "\n";
  }

  private static String text(RuntimeException error) {
    if (error instanceof ApiException refusal) {
      return "Invalid".equals(refusal.reason()) ? invalid(refusal.status()) : message(refusal);
    }
    if (!(error instanceof CommandException command)) {
      throw error;
    }
    return switch (command.form()) {
      case SILENT -> "";
      case VERBATIM -> message(command);
      case AGGREGATE -> lines(command);
      case ERROR ->
          message(command).startsWith("error: ") ? message(command) : "error: " + message(command);
    };
  }

  private static String lines(CommandException several) {
    StringBuilder out = new StringBuilder();
    several.errors().forEach(error -> out.append(message(error)).append('\n'));
    return out.toString();
  }

  private static String invalid(Status status) {
    ResourceType type = status.type();
    String subject =
        type == null
            ? "The request is invalid"
            : "The " + type.kind() + " " + GoQuote.quote(status.name()) + " is invalid";
    if (type == null && status.causes().isEmpty()) {
      return status.message().isEmpty() ? subject : subject + ": " + status.message();
    }
    Set<String> causes = new LinkedHashSet<>();
    status.causes().forEach(cause -> causes.add(cause.field() + ": " + cause.message()));
    if (causes.size() < 2) {
      return causes.isEmpty() ? subject : subject + ": " + causes.iterator().next();
    }
    StringBuilder out = new StringBuilder(subject).append(": \n");
    causes.forEach(cause -> out.append("* ").append(cause).append('\n'));
    return out.toString();
  }

  /** One error among several: what the API server refuses in full, anything else as it is. */
  public static String message(RuntimeException error) {
    if (!(error instanceof ApiException refusal)) {
      return String.valueOf(error.getMessage());
    }
    return refusal.reason().isEmpty()
        ? "Error from server: " + refusal.getMessage()
        : "Error from server (" + refusal.reason() + "): " + refusal.getMessage();
  }

  /** The message alone, as it is put into another error. */
  public static String bare(RuntimeException error) {
    return String.valueOf(error.getMessage());
  }

  /** The same error, told where it came from: {@code error when creating "web.yaml": …}. */
  public static RuntimeException withSource(String verb, String source, RuntimeException error) {
    if (source.isEmpty()) {
      return error;
    }
    String message = "error when " + verb + " " + GoQuote.quote(source) + ": " + bare(error);
    return error instanceof ApiException refusal
        ? withMessage(refusal, message)
        : CommandException.of(message);
  }

  /** The same refusal with another message. */
  public static ApiException withMessage(ApiException refusal, String message) {
    Status status = refusal.status();
    return new ApiException(
        new Status(
            status.code(),
            status.reason(),
            message,
            status.type(),
            status.name(),
            status.causes()));
  }
}
