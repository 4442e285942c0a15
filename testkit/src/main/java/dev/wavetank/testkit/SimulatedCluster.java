package dev.wavetank.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives each test of a class, or one test, a simulated cluster of its own. Parameters of type
 * {@link dev.wavetank.scenarios.cluster.Cluster} and {@link
 * io.fabric8.kubernetes.client.KubernetesClient} are filled in, of constructors too when a test
 * instance lives for one test; the client is that of {@link KubernetesClients#of}. Both end with
 * the test.
 *
 * <p>An annotation of a method counts in place of that of its class.
 */
@Documented
@Inherited
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(SimulatedClusterExtension.class)
public @interface SimulatedCluster {

  /** How many nodes it has; at least one. */
  int nodes() default 3;

  /** Seed of everything that could happen otherwise; the same seed, the same run. */
  long seed() default 1;

  /** Whether a cluster DNS runs, as pods in {@code kube-system}. */
  boolean dns() default true;
}
