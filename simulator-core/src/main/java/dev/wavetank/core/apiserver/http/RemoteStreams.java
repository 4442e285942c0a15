package dev.wavetank.core.apiserver.http;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.ApiServer;

/**
 * The subresources that are connections into a pod: {@code exec}, {@code attach} and {@code
 * portforward}.
 *
 * <p>Follows streamLocation of pkg/registry/core/pod/strategy.go and
 * pkg/registry/core/pod/rest/subresources.go (v1.36).
 */
final class RemoteStreams {

  private final ApiServer server;
  private final PodConnections connections;

  RemoteStreams(ApiServer server, PodConnections connections) {
    this.server = server;
    this.connections = connections;
  }

  ApiResponse exec(ResourceRequest target) {
    RemoteCommandOptions options = RemoteCommandOptions.of(target.request().query());
    KubeObject pod = server.get(target.key());
    String container = container(pod, target);
    requireNode(pod);
    if (options.command().isEmpty()) {
      throw new ApiException(
          Status.badRequest("you must specify at least one command for the container"));
    }
    StreamProtocol protocol = StreamProtocol.ofRemoteCommand(target.request());
    return ApiResponse.switching(protocol, connections.exec(pod, container, options));
  }

  ApiResponse attach(ResourceRequest target) {
    RemoteCommandOptions asked = RemoteCommandOptions.of(target.request().query());
    RemoteCommandOptions options =
        new RemoteCommandOptions(
            ImmutableList.of(), asked.stdin(), asked.stdout(), asked.stderr(), asked.tty());
    KubeObject pod = server.get(target.key());
    String container = container(pod, target);
    requireNode(pod);
    StreamProtocol protocol = StreamProtocol.ofRemoteCommand(target.request());
    return ApiResponse.switching(protocol, connections.attach(pod, container, options));
  }

  ApiResponse portForward(ResourceRequest target) {
    KubeObject pod = server.get(target.key());
    requireNode(pod);
    StreamProtocol protocol = StreamProtocol.ofPortForward(target.request());
    return ApiResponse.switching(protocol, connections.portForward(pod));
  }

  private static String container(KubeObject pod, ResourceRequest target) {
    return PodContainer.asked(pod, target.request().query().string("container"));
  }

  private static void requireNode(KubeObject pod) {
    if (pod.spec().string("nodeName", "").isEmpty()) {
      throw new ApiException(
          Status.badRequest("pod " + pod.name() + " does not have a host assigned"));
    }
  }
}
