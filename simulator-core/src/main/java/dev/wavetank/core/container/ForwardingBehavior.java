package dev.wavetank.core.container;

import dev.wavetank.core.container.http.HttpRequest;
import dev.wavetank.core.container.http.HttpResponse;
import java.util.function.Consumer;

/** A behavior that asks others before it answers on some of its ports, such as a proxy. */
public interface ForwardingBehavior extends ContainerBehavior {

  /** Whether requests to that port are forwarded; the others are answered by the behavior. */
  boolean forwards(int port);

  /**
   * Works on a request.
   *
   * @param then takes the answer, at once or later; it has no effect when the client is gone
   */
  void forward(Container container, int port, HttpRequest request, Consumer<HttpResponse> then);
}
