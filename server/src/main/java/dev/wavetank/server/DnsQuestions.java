package dev.wavetank.server;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.http.ApiHandler;
import dev.wavetank.core.apiserver.http.ApiRequest;
import dev.wavetank.core.apiserver.http.ApiResponse;
import dev.wavetank.core.apiserver.http.LaterResponse;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.core.network.Source;
import dev.wavetank.scenarios.cluster.Cluster;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Messages of DNS as requests: {@code POST /wavetank/dns?transport=udp} or {@code tcp}. The body
 * goes, as it is, from the cluster's first node to the Service {@code kube-dns}, and the answer's
 * bytes come back.
 */
final class DnsQuestions {

  /** Path of the requests. */
  static final String PATH = "/wavetank/dns";

  /** Most bytes of a message. */
  static final int MESSAGE_BYTES_MAX = 65_535;

  private static final String CONTENT_TYPE = "application/dns-message";
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Cluster cluster;

  DnsQuestions(Cluster cluster) {
    this.cluster = cluster;
  }

  /**
   * The answer, which takes virtual time.
   *
   * @throws ApiException 400 for an unknown transport or a body that is too long, 503 when there is
   *     no such Service or no node
   */
  ApiResponse answer(ApiRequest request) {
    Protocol protocol = protocol(request.query().string("transport"));
    if (request.body().length > MESSAGE_BYTES_MAX) {
      throw new ApiException(
          Status.badRequest("a DNS message has at most " + MESSAGE_BYTES_MAX + " bytes"));
    }
    ApiServer api = cluster.api();
    KubeObject service = api.find(ObjectKey.of(ResourceType.SERVICES, "kube-system", "kube-dns"));
    String address = service == null ? "" : service.spec().string("clusterIP", "");
    List<KubeObject> nodes = api.list(ResourceType.NODES);
    if (address.isEmpty() || address.equals("None") || nodes.isEmpty()) {
      throw new ApiException(
          Status.bare(503, "ServiceUnavailable", "no Service kube-system/kube-dns to ask"));
    }
    Source source = new Source.Node(nodes.get(0).name());
    return ApiResponse.later(
        new LaterResponse() {
          @Override
          public void start(Consumer<ApiResponse> then) {
            cluster
                .dns()
                .relay(
                    source,
                    IpAddress.parse(address),
                    protocol,
                    request.body(),
                    PATIENCE_NANOS,
                    answer -> then.accept(response(request, answer)));
          }

          @Override
          public void stop() {
            // The question is on its way, and its answer will find nobody.
          }
        });
  }

  private static ApiResponse response(ApiRequest request, byte @Nullable [] answer) {
    return answer == null
        ? ApiHandler.refused(request, Status.bare(504, "Timeout", "no answer of the cluster's DNS"))
        : ApiResponse.of(200, CONTENT_TYPE, answer);
  }

  private static Protocol protocol(String transport) {
    return switch (transport) {
      case "udp", "" -> Protocol.UDP;
      case "tcp" -> Protocol.TCP;
      default -> throw new ApiException(Status.badRequest("transport must be udp or tcp"));
    };
  }
}
