package dev.wavetank.server;

import dev.wavetank.core.api.Json;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.apiserver.WebhookBackends;
import dev.wavetank.core.apiserver.WebhookCallException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Calls webhooks outside of the simulation over HTTPS. Their certificates must be signed by those
 * of the webhook's bundle, or by one that the Java runtime knows where there is no bundle. The
 * simulation waits meanwhile: a call takes no virtual time.
 *
 * <p>Follows staging/src/k8s.io/apiserver/pkg/util/webhook/client.go (v1.36).
 */
final class HttpsWebhooks implements WebhookBackends.Transport {

  /** Most bytes of an answer. */
  static final int ANSWER_BYTES_MAX = 3 * 1024 * 1024;

  private static final class Answer {
    private final int code;
    private final byte[] body;

    Answer(int code, byte[] body) {
      this.code = code;
      this.body = body;
    }
  }

  @Override
  public KubeMap post(WebhookBackends.Call call) throws WebhookCallException {
    Future<Answer> asked = null;
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(call.url() + "?timeout=" + call.timeoutSeconds() + "s"))
              .header("Content-Type", "application/json")
              .header("Accept", "application/json, */*")
              .POST(HttpRequest.BodyPublishers.ofString(Json.write(call.review())))
              .build();
      HttpClient client =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .sslContext(trusting(call.caBundle()))
              .build();
      asked =
          client
              .sendAsync(request, HttpResponse.BodyHandlers.ofInputStream())
              .thenApplyAsync(HttpsWebhooks::read);
      return object(asked.get(call.timeoutSeconds(), TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new WebhookCallException("context canceled");
    } catch (TimeoutException e) {
      throw new WebhookCallException("context deadline exceeded");
    } catch (ExecutionException e) {
      throw new WebhookCallException(words(e.getCause(), call));
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw new WebhookCallException(String.valueOf(e.getMessage()));
    } finally {
      if (asked != null) {
        asked.cancel(true);
      }
    }
  }

  private static Answer read(HttpResponse<InputStream> response) {
    try (InputStream in = response.body()) {
      return new Answer(response.statusCode(), in.readNBytes(ANSWER_BYTES_MAX + 1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static KubeMap object(Answer answer) throws WebhookCallException {
    if (answer.body.length > ANSWER_BYTES_MAX) {
      throw new WebhookCallException("the answer has more than " + ANSWER_BYTES_MAX + " bytes");
    }
    if (answer.code / 100 != 2) {
      throw new WebhookCallException("the server answered with status code " + answer.code);
    }
    try {
      if (Json.read(new String(answer.body, StandardCharsets.UTF_8)) instanceof KubeMap map) {
        return map;
      }
    } catch (IllegalArgumentException e) {
      throw new WebhookCallException("the answer is no JSON: " + e.getMessage());
    }
    throw new WebhookCallException("the answer is no object");
  }

  private static SSLContext trusting(String caBundle) throws GeneralSecurityException, IOException {
    if (caBundle.isEmpty()) {
      return SSLContext.getDefault();
    }
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    byte[] pem = Base64.getDecoder().decode(caBundle);
    int number = 0;
    for (Certificate certificate :
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(pem))) {
      store.setCertificateEntry("ca" + number++, certificate);
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  /** What Go's client says of the same, where it is one of the usual things. */
  private static String words(@Nullable Throwable why, WebhookBackends.Call call) {
    if (why instanceof ConnectException) {
      return "dial tcp " + URI.create(call.url()).getAuthority() + ": connect: connection refused";
    }
    if (why instanceof SSLException) {
      return "tls: failed to verify certificate: x509: certificate signed by unknown authority";
    }
    return why == null ? "" : String.valueOf(why.getMessage());
  }
}
