package dev.wavetank.core.apiserver;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.Manifests;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.controlplane.ApiServerConfiguration;
import dev.wavetank.core.apiserver.controlplane.Bootstrap;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.sim.Choices;
import dev.wavetank.core.sim.Simulation;

/** A fresh cluster's API server, with nothing running beside it, and words for tests of it. */
public final class TestCluster {

  public final Simulation simulation = new Simulation(Choices.seeded(7));
  public final ApiServer server = new ApiServer(simulation, new Latencies(0, 0, 0, 0));

  public TestCluster() {
    ApiServerConfiguration configuration =
        new ApiServerConfiguration(
            IpAddress.parse("10.96.0.0"), 12, IpAddress.parse("192.168.65.3"), 6443);
    configuration.install(server);
    new Bootstrap(server, configuration).create();
  }

  /** An object of YAML text, as it is written. */
  public static KubeObject yaml(String text) {
    return Manifests.parse("test.yaml", text).get(0).object();
  }

  public ResourceType typeOf(KubeObject object) {
    ResourceType type = server.typeOf(object.apiVersion(), object.kind());
    if (type == null) {
      throw new IllegalArgumentException(object.kind() + " is not served");
    }
    return type;
  }

  /** Creates an object of YAML text. */
  public KubeObject create(String text) {
    KubeObject object = yaml(text);
    return server.create(typeOf(object), object);
  }

  public KubeObject get(KubeObject object) {
    return server.get(object.key(typeOf(object)));
  }

  public ObjectKey key(KubeObject object) {
    return object.key(typeOf(object));
  }

  /** The refusal of a request. */
  public static ApiException refusal(Runnable request) {
    return catchThrowableOfType(ApiException.class, request::run);
  }
}
