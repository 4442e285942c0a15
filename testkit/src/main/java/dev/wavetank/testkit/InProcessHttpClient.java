package dev.wavetank.testkit;

import com.google.common.base.Splitter;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.http.ApiHandler;
import dev.wavetank.core.apiserver.http.ApiRequest;
import dev.wavetank.core.apiserver.http.ApiResponse;
import dev.wavetank.scenarios.cluster.Cluster;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.StandardHttpClient;
import io.fabric8.kubernetes.client.http.StandardHttpClientBuilder;
import io.fabric8.kubernetes.client.http.StandardHttpRequest;
import io.fabric8.kubernetes.client.http.StandardWebSocketBuilder;
import io.fabric8.kubernetes.client.http.WebSocket;
import io.fabric8.kubernetes.client.http.WebSocketHandshakeException;
import io.fabric8.kubernetes.client.http.WebSocketResponse;
import io.fabric8.kubernetes.client.http.WebSocketUpgradeResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** The transport of a fabric8 client whose API server is in the same JVM: a method call. */
final class InProcessHttpClient
    extends StandardHttpClient<
        InProcessHttpClient, InProcessHttpClient.Factory, InProcessHttpClient.Builder> {

  /**
   * Sixty-eight years. An informer asks for some minutes, picked at random, and begins again after
   * a delay on the wall clock: neither may happen in a simulation.
   */
  private static final String WATCH_SECONDS = Long.toString(1L << 31);

  /** Makes transports to one cluster. */
  static final class Factory implements HttpClient.Factory {

    private final ApiServer server;
    private final ApiHandler handler;

    Factory(Cluster cluster) {
      server = cluster.api();
      handler = new ApiHandler(cluster.api(), cluster.containerLogs(), "wavetank.invalid");
    }

    @Override
    public Builder newBuilder() {
      return new Builder(this);
    }
  }

  /** Collects the settings of a transport, of which only the interceptors matter here. */
  static final class Builder
      extends StandardHttpClientBuilder<InProcessHttpClient, Factory, Builder> {

    Builder(Factory factory) {
      super(factory);
    }

    @Override
    public InProcessHttpClient build() {
      AtomicBoolean closed = client == null ? new AtomicBoolean() : client.getClosed();
      return new InProcessHttpClient(this, closed, clientFactory);
    }

    @Override
    protected Builder newInstance(Factory factory) {
      return new Builder(factory);
    }
  }

  private final Factory cluster;

  private InProcessHttpClient(Builder builder, AtomicBoolean closed, Factory cluster) {
    super(builder, closed);
    this.cluster = cluster;
  }

  @Override
  public CompletableFuture<HttpResponse<AsyncBody>> consumeBytesDirect(
      StandardHttpRequest request, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
    ApiResponse response = handle(request);
    InProcessBody body = new InProcessBody(cluster.server, consumer);
    if (response.stream() == null) {
      body.whole(response.body());
    } else {
      body.stream(response.stream());
    }
    return CompletableFuture.completedFuture(new InProcessResponse(request, response, body));
  }

  private ApiResponse handle(StandardHttpRequest request) {
    Map<String, String> headers = new LinkedHashMap<>();
    request.headers().forEach((name, values) -> headers.put(name, String.join(",", values)));
    if (request.getContentType() != null) {
      headers.put("Content-Type", request.getContentType());
    }
    try {
      return cluster.handler.handle(
          new ApiRequest(request.method(), target(request.uri()), headers, bytes(request)));
    } catch (ApiException e) {
      ApiRequest bare = new ApiRequest(request.method(), "/", headers, new byte[0]);
      return ApiHandler.refused(bare, e.status());
    }
  }

  private static String target(URI uri) {
    String path = uri.getRawPath();
    String query = uri.getRawQuery();
    if (query == null) {
      return path;
    }
    StringBuilder kept = new StringBuilder(path).append('?');
    boolean watch = false;
    for (String parameter : Splitter.on('&').split(query)) {
      watch |= parameter.equals("watch=true");
      if (!parameter.startsWith("timeoutSeconds=")) {
        kept.append(parameter).append('&');
      }
    }
    return watch ? kept + "timeoutSeconds=" + WATCH_SECONDS : path + "?" + query;
  }

  private static byte[] bytes(StandardHttpRequest request) {
    StandardHttpRequest.BodyContent body = request.body();
    if (body instanceof StandardHttpRequest.StringBodyContent text) {
      return text.getContent().getBytes(StandardCharsets.UTF_8);
    }
    if (body instanceof StandardHttpRequest.ByteArrayBodyContent bytes) {
      return bytes.getContent();
    }
    if (body instanceof StandardHttpRequest.InputStreamBodyContent stream) {
      try (InputStream in = stream.getContent()) {
        return in.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return new byte[0];
  }

  /** Streams into pods need both directions at once, which this transport does not carry. */
  @Override
  public CompletableFuture<WebSocketResponse> buildWebSocketDirect(
      StandardWebSocketBuilder builder, WebSocket.Listener listener) {
    WebSocketUpgradeResponse response = new WebSocketUpgradeResponse(builder.asHttpRequest(), 400);
    return CompletableFuture.completedFuture(
        new WebSocketResponse(response, new WebSocketHandshakeException(response)));
  }

  @Override
  protected void doClose() {
    // Nothing is held that would have to be given back.
  }
}
