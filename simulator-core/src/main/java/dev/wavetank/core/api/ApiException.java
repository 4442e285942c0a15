package dev.wavetank.core.api;

/** The API server's refusal of a request, as a Kubernetes client observes it. */
public final class ApiException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient Status status;

  public ApiException(Status status) {
    super(status.message(), null, false, false);
    this.status = status;
  }

  public Status status() {
    return status;
  }

  public int code() {
    return status.code();
  }

  public String reason() {
    return status.reason();
  }

  public boolean notFound() {
    return status.code() == 404;
  }

  public boolean conflict() {
    return status.reason().equals("Conflict");
  }

  public boolean alreadyExists() {
    return status.reason().equals("AlreadyExists");
  }
}
