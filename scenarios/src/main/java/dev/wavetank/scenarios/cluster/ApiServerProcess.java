package dev.wavetank.scenarios.cluster;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.http.ApiHandler;
import dev.wavetank.core.apiserver.http.ApiRequest;
import dev.wavetank.core.apiserver.http.ApiResponse;
import dev.wavetank.core.apiserver.http.ContainerLogs;
import dev.wavetank.core.apiserver.http.LaterResponse;
import dev.wavetank.core.apiserver.http.Peer;
import dev.wavetank.core.apiserver.http.PodConnections;
import dev.wavetank.core.container.HttpResult;
import dev.wavetank.core.container.ShownCertificate;
import dev.wavetank.core.container.TlsAnswer;
import dev.wavetank.core.container.http.HttpRequest;
import dev.wavetank.core.container.http.HttpResponse;
import dev.wavetank.core.container.text.ByteText;
import dev.wavetank.core.controller.rootcacertpublisher.RootCaCertPublisher;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The API server as programs in pods reach it: whoever sends the token of a ServiceAccount is that
 * account, everybody else anonymous. What goes on and on, a watch or a connection into a pod, is
 * refused there.
 */
final class ApiServerProcess {

  private static final HttpResponse PLAIN_TO_TLS =
      HttpResponse.of(400, "text/plain", "Client sent an HTTP request to an HTTPS server.\n");
  private static final HttpResponse STREAM =
      HttpResponse.of(
          501, "text/plain; charset=utf-8", "streams to programs in pods are not simulated\n");

  private static final Duration CERTIFICATE_LASTS = Duration.ofDays(365);

  private final ApiHandler handler;
  private final TlsAnswer tls;

  /**
   * The API server.
   *
   * @param certificate what it shows to clients
   * @param address host and port of its own
   */
  ApiServerProcess(
      ApiServer api,
      ContainerLogs logs,
      PodConnections connections,
      ShownCertificate certificate,
      String address) {
    this.handler = new ApiHandler(api, logs, connections, address, ImmutableMap.of());
    this.tls = TlsAnswer.of(certificate);
  }

  /**
   * The certificate of an API server, as kubeadm makes it, signed by what pods have as {@code
   * ca.crt}.
   *
   * @param start when the cluster began
   * @param addresses that it is reached at
   */
  static ShownCertificate certificate(
      Instant start, String clusterDomain, ImmutableList<String> addresses) {
    return ShownCertificate.made(
            "CN=kube-apiserver",
            "CN=kubernetes",
            start,
            start.plus(CERTIFICATE_LASTS),
            "the API server itself")
        .goodFor(
            ImmutableList.of(
                "kubernetes",
                "kubernetes.default",
                "kubernetes.default.svc",
                "kubernetes.default.svc." + clusterDomain),
            addresses)
        .signedBy(RootCaCertPublisher.SIMULATED_ROOT_CA);
  }

  /** How it answers a TLS handshake, for whatever name. */
  TlsAnswer tls() {
    return tls;
  }

  /** Answers a request, at once or later. */
  void handle(HttpRequest request, Consumer<HttpResult> then) {
    if (!request.tls()) {
      then.accept(new HttpResult.Answered(PLAIN_TO_TLS));
      return;
    }
    ApiResponse response;
    try {
      response =
          handler.handle(
              new ApiRequest(
                  request.method(),
                  request.path(),
                  request.headers(),
                  ByteText.bytes(request.body()),
                  Peer.ANONYMOUS));
    } catch (ApiException e) {
      response =
          ApiHandler.refused(
              new ApiRequest("GET", "/", ImmutableMap.of(), new byte[0]), e.status());
    }
    LaterResponse later = response.later();
    if (later == null) {
      then.accept(new HttpResult.Answered(answer(response)));
    } else {
      later.start(known -> then.accept(new HttpResult.Answered(answer(known))));
    }
  }

  private static HttpResponse answer(ApiResponse response) {
    if (response.stream() != null || response.switching() != null) {
      return STREAM;
    }
    Map<String, String> headers = new LinkedHashMap<>();
    response.headers().forEach((name, value) -> headers.merge(name, value, (a, b) -> a + ", " + b));
    return new HttpResponse(
        response.code(), ImmutableMap.copyOf(headers), ByteText.text(response.body()));
  }
}
