package dev.wavetank.testkit;

import dev.wavetank.scenarios.cluster.Cluster;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.lang.reflect.AnnotatedElement;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/** Fills in the parameters that {@link SimulatedCluster} promises. */
final class SimulatedClusterExtension implements ParameterResolver {

  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(SimulatedClusterExtension.class);

  /** A cluster with its client; JUnit closes it with the test. */
  private record Held(Cluster cluster, KubernetesClient client) implements AutoCloseable {
    @Override
    public void close() {
      client.close();
    }
  }

  /** A test instance gets the cluster of its test, and not one for its class. */
  @Override
  public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext root) {
    return ExtensionContextScope.TEST_METHOD;
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == Cluster.class || type == KubernetesClient.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Held held =
        context
            .getStore(NAMESPACE)
            .getOrComputeIfAbsent(Held.class, key -> start(context), Held.class);
    return parameter.getParameter().getType() == Cluster.class ? held.cluster() : held.client();
  }

  private static Held start(ExtensionContext context) {
    SimulatedCluster wanted =
        annotation(context.getTestMethod())
            .or(() -> annotation(context.getTestClass()))
            .orElseThrow(
                () -> new ExtensionConfigurationException("no @SimulatedCluster at this test"));
    if (wanted.nodes() < 1) {
      throw new ExtensionConfigurationException(
          "@SimulatedCluster: nodes must be at least 1 and is " + wanted.nodes());
    }
    Cluster cluster =
        Cluster.builder().nodes(wanted.nodes()).seed(wanted.seed()).dns(wanted.dns()).start();
    return new Held(cluster, KubernetesClients.of(cluster));
  }

  private static Optional<SimulatedCluster> annotation(
      Optional<? extends AnnotatedElement> element) {
    return AnnotationSupport.findAnnotation(element, SimulatedCluster.class);
  }
}
