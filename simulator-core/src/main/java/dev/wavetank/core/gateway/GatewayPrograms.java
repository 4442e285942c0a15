package dev.wavetank.core.gateway;

import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.container.ContainerProcess;
import dev.wavetank.core.container.image.ImageRegistry;

/**
 * Runs the controller of the Gateway API and its proxies in the containers of their images. They
 * stand for any of the real ones, such as Envoy Gateway or NGINX Gateway Fabric.
 */
public final class GatewayPrograms {

  /** The image of the controller, whatever the tag. */
  public static final String CONTROLLER_IMAGE = "wavetank/gateway-controller";

  /** The image of the proxies that it runs, whatever the tag. */
  public static final String PROXY_IMAGE = "wavetank/gateway-proxy";

  private final ApiServer api;

  /** Programs that watch this server. */
  public GatewayPrograms(ApiServer api) {
    this.api = api;
  }

  /** Lets containers of the images run them. */
  public void install(ImageRegistry images) {
    images.behave(
        CONTROLLER_IMAGE,
        spec ->
            ContainerProcess.startedBy(container -> new GatewayControllerProcess(api, container)));
    images.behave(
        PROXY_IMAGE,
        spec -> ContainerProcess.startedBy(container -> new GatewayProxyProcess(api, container)));
  }
}
