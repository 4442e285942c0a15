package dev.wavetank.core.apiserver.controlplane;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.admission.DefaultIngressClass;
import dev.wavetank.core.apiserver.admission.DefaultStorageClass;
import dev.wavetank.core.apiserver.admission.DefaultTolerationSeconds;
import dev.wavetank.core.apiserver.admission.LimitRanger;
import dev.wavetank.core.apiserver.admission.NamespaceLifecycle;
import dev.wavetank.core.apiserver.admission.PodSecurity;
import dev.wavetank.core.apiserver.admission.Priority;
import dev.wavetank.core.apiserver.admission.ResourceQuotaAdmission;
import dev.wavetank.core.apiserver.admission.RuntimeClass;
import dev.wavetank.core.apiserver.admission.ServiceAccounts;
import dev.wavetank.core.apiserver.admission.StorageObjectInUseProtection;
import dev.wavetank.core.apiserver.admission.TaintNodesByCondition;
import dev.wavetank.core.apiserver.aggregator.ApiServices;
import dev.wavetank.core.apiserver.apiextensions.CustomResourceDefinitions;
import dev.wavetank.core.apiserver.authorization.EscalationCheck;
import dev.wavetank.core.apiserver.flowcontrol.FlowControl;
import dev.wavetank.core.apiserver.policy.MutatingAdmissionPolicies;
import dev.wavetank.core.apiserver.policy.MutatingPolicyStrategy;
import dev.wavetank.core.apiserver.policy.PolicyStrategy;
import dev.wavetank.core.apiserver.policy.ValidatingAdmissionPolicies;
import dev.wavetank.core.apiserver.registry.NodePortAllocator;
import dev.wavetank.core.apiserver.registry.Registry;
import dev.wavetank.core.apiserver.registry.ServiceIpAllocator;
import dev.wavetank.core.apiserver.webhook.MutatingWebhooks;
import dev.wavetank.core.apiserver.webhook.ValidatingWebhooks;
import dev.wavetank.core.apiserver.webhook.WebhookConfigurationStrategy;
import dev.wavetank.core.network.IpAddress;
import dev.wavetank.core.network.IpBlock;
import dev.wavetank.core.sim.Choices;
import dev.wavetank.core.sim.SimulationBug;
import org.jspecify.annotations.Nullable;

/**
 * What an API server is started with.
 *
 * <p>Follows pkg/controlplane/instance.go and pkg/kubeapiserver/options/plugins.go (v1.36).
 *
 * @param serviceNetwork first address of the network of cluster IPs
 * @param servicePrefixLength its prefix length, 8 to 30
 * @param address where the API server itself listens
 * @param port the port where it listens
 * @param secondaryServiceNetwork the network of second cluster IPs, of the other family: a cluster
 *     of both families; null for one of one family
 */
public record ApiServerConfiguration(
    IpAddress serviceNetwork,
    int servicePrefixLength,
    IpAddress address,
    int port,
    @Nullable IpBlock secondaryServiceNetwork) {

  /** Both networks of cluster IPs must be of different families. */
  public ApiServerConfiguration {
    SimulationBug.check(
        secondaryServiceNetwork == null
            || secondaryServiceNetwork.network().isV6() != serviceNetwork.isV6(),
        "two service networks of one family");
  }

  /** A cluster of one family. */
  public ApiServerConfiguration(
      IpAddress serviceNetwork, int servicePrefixLength, IpAddress address, int port) {
    this(serviceNetwork, servicePrefixLength, address, port, null);
  }

  /** As kubeadm sets a cluster up: Services in 10.96.0.0/12, the API server on port 6443. */
  public static ApiServerConfiguration at(IpAddress address) {
    return new ApiServerConfiguration(IpAddress.parse("10.96.0.0"), 12, address, 6443);
  }

  /** The same with second cluster IPs from that network. */
  public ApiServerConfiguration withSecondaryServiceNetwork(IpBlock network) {
    return new ApiServerConfiguration(serviceNetwork, servicePrefixLength, address, port, network);
  }

  /** The networks of cluster IPs, the one that is asked first in front. */
  public ImmutableList<IpBlock> serviceNetworks() {
    IpBlock primary = new IpBlock(serviceNetwork, servicePrefixLength);
    IpBlock secondary = secondaryServiceNetwork;
    return secondary == null ? ImmutableList.of(primary) : ImmutableList.of(primary, secondary);
  }

  /** The cluster IP of the Service {@code kubernetes}: the first of the network. */
  public IpAddress kubernetesIp() {
    return serviceNetwork.plus(1);
  }

  /** The cluster IP that kubeadm gives cluster DNS: the tenth of the network. */
  public IpAddress dnsIp() {
    return serviceNetwork.plus(10);
  }

  /** Gives a server its strategies and its admission list. */
  public void install(ApiServer server) {
    Choices choices = server.simulation().choices();
    ImmutableList.Builder<ServiceIpAllocator> ips = ImmutableList.builder();
    for (IpBlock network : serviceNetworks()) {
      boolean primary = network.network().equals(serviceNetwork);
      String stream = primary ? "apiserver/clusterIP" : "apiserver/clusterIP/" + network;
      ips.add(
          new ServiceIpAllocator(
              network.network(), network.prefixLength(), choices.stream(stream)));
    }
    Registry.install(
        server, ips.build(), new NodePortAllocator(choices.stream("apiserver/nodePort")));
    new CustomResourceDefinitions(server);
    ApiServices.install(server);
    FlowControl.install(server);
    server.admit(new NamespaceLifecycle(server::find));
    server.admit(new LimitRanger(server));
    server.admit(
        new ServiceAccounts(server::find, choices.stream("apiserver/serviceAccountToken")));
    server.admit(new TaintNodesByCondition());
    server.admit(new Priority(server));
    server.admit(new DefaultTolerationSeconds());
    server.admit(new DefaultStorageClass(server));
    server.admit(new StorageObjectInUseProtection());
    server.admit(new RuntimeClass(server));
    server.admit(new DefaultIngressClass(server));
    server.admit(new EscalationCheck(server));
    server.serve(ResourceType.MUTATING_ADMISSION_POLICIES, MutatingPolicyStrategy.ofPolicies());
    server.serve(
        ResourceType.MUTATING_ADMISSION_POLICY_BINDINGS, MutatingPolicyStrategy.ofBindings());
    server.serve(ResourceType.VALIDATING_ADMISSION_POLICIES, PolicyStrategy.ofPolicies());
    server.serve(ResourceType.VALIDATING_ADMISSION_POLICY_BINDINGS, PolicyStrategy.ofBindings());
    server.admit(new PodSecurity(server));
    server.serve(
        ResourceType.MUTATING_WEBHOOK_CONFIGURATIONS, WebhookConfigurationStrategy.ofMutating());
    server.serve(
        ResourceType.VALIDATING_WEBHOOK_CONFIGURATIONS,
        WebhookConfigurationStrategy.ofValidating());
    server.admit(new MutatingAdmissionPolicies(server));
    server.admit(new MutatingWebhooks(server));
    server.admit(new ValidatingAdmissionPolicies(server));
    server.admit(new ValidatingWebhooks(server));
    server.admit(new ResourceQuotaAdmission(server));
  }
}
