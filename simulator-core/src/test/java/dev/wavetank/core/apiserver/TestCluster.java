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
import dev.wavetank.core.network.IpBlock;
import dev.wavetank.core.sim.Choices;
import dev.wavetank.core.sim.Simulation;

/** A fresh cluster's API server, with nothing running beside it, and words for tests of it. */
public final class TestCluster {

  public final Simulation simulation;
  public final ApiServer server;

  public TestCluster() {
    this(7, "10.96.0.0", 12);
  }

  /** A cluster of another seed, or with another network of cluster IPs. */
  public TestCluster(long seed, String serviceNetwork, int servicePrefixLength) {
    this(
        seed,
        new ApiServerConfiguration(
            IpAddress.parse(serviceNetwork),
            servicePrefixLength,
            IpAddress.parse("192.168.65.3"),
            6443));
  }

  /** A cluster of both families, IPv4 first. */
  public static TestCluster dualStack() {
    ApiServerConfiguration ofIpv4 = ApiServerConfiguration.at(IpAddress.parse("192.168.65.3"));
    return new TestCluster(
        7, ofIpv4.withSecondaryServiceNetwork(IpBlock.parse("fd00:10:96::/112")));
  }

  private TestCluster(long seed, ApiServerConfiguration configuration) {
    this.simulation = new Simulation(Choices.seeded(seed));
    this.server = new ApiServer(simulation, new Latencies(0, 0, 0, 0));
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

  /** A Service in the namespace {@code default}, with a spec as YAML writes it in braces. */
  public static KubeObject service(String name, String spec) {
    return yaml(
        "{apiVersion: v1, kind: Service, metadata: {name: %s, namespace: default}, spec: {%s}}"
            .formatted(name, spec));
  }

  /** Creates a Service. */
  public KubeObject createService(String name, String spec) {
    return server.create(ResourceType.SERVICES, service(name, spec));
  }

  /** Why an object is not created: what follows {@code is invalid:}, or else the whole message. */
  public String refused(KubeObject object) {
    return reason(refusal(() -> server.create(typeOf(object), object)));
  }

  /** Why an object is not updated, in the same form. */
  public String refusedUpdate(KubeObject object) {
    return reason(refusal(() -> server.update(typeOf(object), object)));
  }

  private static String reason(ApiException refusal) {
    String message = refusal.status().message();
    int at = message.indexOf(" is invalid: ");
    return at < 0 ? message : message.substring(at + " is invalid: ".length());
  }

  /** The refusal of a request. */
  public static ApiException refusal(Runnable request) {
    return catchThrowableOfType(ApiException.class, request::run);
  }
}
