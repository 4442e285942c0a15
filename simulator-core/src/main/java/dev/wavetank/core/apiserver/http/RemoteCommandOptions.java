package dev.wavetank.core.apiserver.http;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.Status;

/**
 * What a client wants of a process in a container.
 *
 * <p>Follows staging/src/k8s.io/cri-streaming/pkg/streaming/remotecommand/httpstream.go (v1.36).
 *
 * @param command to run; empty to attach to the container's own process
 * @param stdin whether the process reads what the client sends
 * @param stderr never together with a terminal
 */
public record RemoteCommandOptions(
    ImmutableList<String> command, boolean stdin, boolean stdout, boolean stderr, boolean tty) {

  /**
   * The options of a query.
   *
   * @throws ApiException 400 when no stream is asked for
   */
  static RemoteCommandOptions of(QueryParameters query) {
    boolean tty = query.bool("tty");
    RemoteCommandOptions options =
        new RemoteCommandOptions(
            query.strings("command"),
            query.bool("stdin"),
            query.bool("stdout"),
            query.bool("stderr") && !tty,
            tty);
    if (!options.stdin && !options.stdout && !options.stderr) {
      throw new ApiException(
          Status.badRequest("you must specify at least 1 of stdin, stdout, stderr"));
    }
    return options;
  }
}
