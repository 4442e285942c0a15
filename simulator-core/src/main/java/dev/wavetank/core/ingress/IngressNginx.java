package dev.wavetank.core.ingress;

import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.container.ContainerProcess;
import dev.wavetank.core.container.image.ImageRegistry;

/**
 * Runs ingress-nginx in the containers of its image: each watches the API from its start on, serves
 * the Ingresses of its class, and ends with its container.
 */
public final class IngressNginx {

  /** The image that runs it, whatever the tag. */
  public static final String IMAGE = "registry.k8s.io/ingress-nginx/controller";

  private final ApiServer api;

  /** Controllers that watch this server. */
  public IngressNginx(ApiServer api) {
    this.api = api;
  }

  /** Lets containers of the image run it. */
  public void install(ImageRegistry images) {
    images.behave(
        IMAGE,
        spec -> ContainerProcess.startedBy(container -> new IngressNginxProcess(api, container)));
  }
}
