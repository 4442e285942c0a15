package dev.wavetank.scenarios.cluster;

import dev.wavetank.core.container.ProgramNetwork.Failure;
import dev.wavetank.core.container.http.HttpResponse;
import java.time.Duration;

/**
 * How one attempt to reach something ended.
 *
 * @param from the client, for people
 * @param to what it asked for, such as {@code todobackend:80}
 * @param failure {@code NONE} when it succeeded
 * @param detail who or what decided, for people; empty when it succeeded
 * @param address address and port that was tried last; empty when the name was not resolved
 * @param sentTo address and port to which the rules on the way sent the first packet; empty when
 *     none was sent
 * @param endpoint address and port that took the connection; empty when none did
 * @param pod {@code namespace/name} of the pod behind the endpoint; empty when it is none
 * @param response the answer; status 0 when none was asked for or none came
 * @param took virtual time from the beginning to the outcome
 */
public record Reach(
    String from,
    String to,
    Failure failure,
    String detail,
    String address,
    String sentTo,
    String endpoint,
    String pod,
    HttpResponse response,
    Duration took) {

  public boolean ok() {
    return failure == Failure.NONE;
  }

  /** The outcome in one line. */
  public String line() {
    if (!ok()) {
      return words(failure) + (detail.isEmpty() ? "" : ": " + detail);
    }
    String answer = response.status() == 0 ? "connected" : "HTTP " + response.status();
    return answer + " from " + endpoint + (pod.isEmpty() ? "" : " (pod " + pod + ")");
  }

  /** A failure in the words of a client. */
  public static String words(Failure failure) {
    return switch (failure) {
      case NONE -> "ok";
      case NAME_NOT_FOUND -> "name does not resolve";
      case NAME_SERVER_SILENT -> "no name server answers";
      case REFUSED -> "connection refused";
      case TIMED_OUT -> "timed out";
      case RESET -> "connection reset by peer";
      case NO_ROUTE -> "no route to host";
      case NOT_HTTP -> "the answer is no HTTP";
      case NOT_TLS -> "the other side speaks no TLS";
      case CERTIFICATE_REFUSED -> "the certificate is refused";
      case UNRECOGNIZED_NAME -> "the server has no certificate for that name";
    };
  }
}
