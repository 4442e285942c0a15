package dev.wavetank.core.ingress;

import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.container.Container;
import dev.wavetank.core.container.ContainerBehavior;
import dev.wavetank.core.container.HttpAnswer;
import dev.wavetank.core.container.HttpRequest;
import dev.wavetank.core.container.HttpResponse;
import dev.wavetank.core.container.ImageRegistry;
import dev.wavetank.core.container.PodSandbox;
import dev.wavetank.core.network.Protocol;

/**
 * Runs ingress-nginx in the containers of its image: each watches the API from its start on, serves
 * the Ingresses of its class, and ends with its container.
 */
public final class IngressNginx {

  /** The image that runs it, whatever the tag. */
  public static final String IMAGE = "registry.k8s.io/ingress-nginx/controller";

  private static final HttpAnswer NOT_FOUND =
      new HttpAnswer(HttpResponse.of(404, "text/plain", ""), 0);

  private final ApiServer api;

  /** Controllers that watch this server. */
  public IngressNginx(ApiServer api) {
    this.api = api;
  }

  /** Lets containers of the image run it. */
  public void install(ImageRegistry images) {
    images.behave(IMAGE, spec -> new Starting());
  }

  private void start(Container container) {
    IngressNginxProcess process = new IngressNginxProcess(api, container);
    container.behave(process);
    PodSandbox sandbox = container.sandbox();
    sandbox.observe(
        new PodSandbox.Observer() {
          @Override
          public void changed(PodSandbox changed) {
            if (container.exited()) {
              sandbox.forget(this);
              process.stop();
            }
          }
        });
  }

  private final class Starting implements ContainerBehavior {
    @Override
    public void started(Container container) {
      start(container);
    }

    @Override
    public boolean listens(Protocol protocol, int port, long ageNanos) {
      return false;
    }

    @Override
    public HttpAnswer http(int port, HttpRequest request, long ageNanos) {
      return NOT_FOUND;
    }
  }
}
