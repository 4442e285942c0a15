package dev.wavetank.core.apiserver.registry;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.ResourceStrategy;

/** Serves every built-in kind with its strategy. */
public final class Registry {

  private Registry() {}

  /**
   * Gives an API server the strategies.
   *
   * @param ips where Services get their cluster IPs, one of each family of the cluster; the first
   *     is that of Services that do not say
   * @param nodePorts where Services get their node ports
   */
  public static void install(
      ApiServer server, ImmutableList<ServiceIpAllocator> ips, NodePortAllocator nodePorts) {
    PodDefaults podDefaults = new PodDefaults();
    PodSpecValidation podSpecs = new PodSpecValidation();
    server.serve(ResourceType.NAMESPACES, new NamespaceStrategy());
    server.serve(ResourceType.NODES, new NodeStrategy());
    server.serve(ResourceType.PODS, new PodStrategy(podDefaults, podSpecs, server::timestamp));
    ImmutableMap.Builder<String, ServiceNetworks> networks = ImmutableMap.builder();
    for (ServiceIpAllocator first : ips) {
      String family = first.isV6() ? ServiceIpFamilies.IPV6 : ServiceIpFamilies.IPV4;
      networks.put(family, new ServiceNetworks(server, first));
    }
    ServiceAllocation services =
        new ServiceAllocation(networks.buildOrThrow(), new IpAddresses(server), nodePorts);
    server.serve(ResourceType.SERVICES, new ServiceStrategy(services));
    server.serve(ResourceType.ENDPOINTS, new EndpointsStrategy());
    server.serve(ResourceType.ENDPOINT_SLICES, new EndpointSliceStrategy());
    server.serve(ResourceType.CONFIG_MAPS, new ConfigMapStrategy());
    server.serve(ResourceType.SECRETS, new SecretStrategy());
    server.serve(ResourceType.SERVICE_ACCOUNTS, ResourceStrategy.PLAIN);
    server.serve(ResourceType.LIMIT_RANGES, new LimitRangeStrategy());
    server.serve(ResourceType.RESOURCE_QUOTAS, new ResourceQuotaStrategy());
    server.serve(ResourceType.EVENTS, new EventStrategy(false));
    server.serve(ResourceType.EVENTS_OF_EVENTS, new EventStrategy(true));
    server.serve(ResourceType.LEASES, new LeaseStrategy());
    workloads(server, podDefaults, new WorkloadValidation(podSpecs));
    server.serve(ResourceType.NETWORK_POLICIES, new NetworkPolicyStrategy());
    server.serve(ResourceType.INGRESSES, new IngressStrategy());
    server.serve(ResourceType.INGRESS_CLASSES, new IngressClassStrategy());
    server.serve(ResourceType.POD_DISRUPTION_BUDGETS, new PodDisruptionBudgetStrategy());
    cluster(server);
  }

  private static void workloads(
      ApiServer server, PodDefaults podDefaults, WorkloadValidation templates) {
    server.serve(ResourceType.DEPLOYMENTS, new DeploymentStrategy(podDefaults, templates));
    server.serve(ResourceType.REPLICA_SETS, new ReplicaSetStrategy(podDefaults, templates));
    server.serve(ResourceType.STATEFUL_SETS, new StatefulSetStrategy(podDefaults, templates));
    server.serve(ResourceType.DAEMON_SETS, new DaemonSetStrategy(podDefaults, templates));
    server.serve(ResourceType.CONTROLLER_REVISIONS, new ControllerRevisionStrategy());
    server.serve(
        ResourceType.REPLICATION_CONTROLLERS,
        new ReplicationControllerStrategy(podDefaults, templates));
    server.serve(
        ResourceType.POD_TEMPLATES,
        ReplicationControllerStrategy.ofTemplates(podDefaults, templates));
    for (ResourceType version :
        ImmutableList.of(
            ResourceType.HORIZONTAL_POD_AUTOSCALERS, ResourceType.HORIZONTAL_POD_AUTOSCALERS_V1)) {
      server.serve(version, new HorizontalPodAutoscalerStrategy(version));
    }
    JobValidation jobs = new JobValidation(templates);
    server.serve(ResourceType.JOBS, new JobStrategy(podDefaults, jobs));
    server.serve(ResourceType.CRON_JOBS, new CronJobStrategy(podDefaults, jobs));
  }

  private static void cluster(ApiServer server) {
    server.serve(ResourceType.PRIORITY_CLASSES, new PriorityClassStrategy());
    server.serve(ResourceType.PERSISTENT_VOLUMES, new PersistentVolumeStrategy());
    server.serve(ResourceType.PERSISTENT_VOLUME_CLAIMS, new PersistentVolumeClaimStrategy());
    server.serve(ResourceType.ROLES, RbacStrategy.ofRoles(true));
    server.serve(ResourceType.CLUSTER_ROLES, RbacStrategy.ofRoles(false));
    server.serve(ResourceType.ROLE_BINDINGS, RbacStrategy.ofBindings(true));
    server.serve(ResourceType.CLUSTER_ROLE_BINDINGS, RbacStrategy.ofBindings(false));
    server.serve(ResourceType.STORAGE_CLASSES, new StorageClassStrategy());
    server.serve(ResourceType.CSI_DRIVERS, new CsiDriverStrategy());
    server.serve(ResourceType.VOLUME_ATTRIBUTES_CLASSES, ClassStrategies.ofVolumeAttributes());
    server.serve(ResourceType.RUNTIME_CLASSES, ClassStrategies.ofRuntimes());
    server.serve(
        ResourceType.CERTIFICATE_SIGNING_REQUESTS, new CertificateSigningRequestStrategy(server));
    server.serve(ResourceType.IP_ADDRESSES, NetworkStrategies.ofAddresses());
    server.serve(ResourceType.SERVICE_CIDRS, NetworkStrategies.ofNetworks());
    server.serve(ResourceType.CSI_NODES, ResourceStrategy.PLAIN);
    server.serve(ResourceType.CSI_STORAGE_CAPACITIES, ResourceStrategy.PLAIN);
    server.serve(ResourceType.VOLUME_ATTACHMENTS, new VolumeAttachmentStrategy());
    server.serve(ResourceType.DEVICE_CLASSES, DeviceStrategies.ofClasses());
    server.serve(ResourceType.RESOURCE_CLAIMS, DeviceStrategies.ofClaims());
    server.serve(ResourceType.RESOURCE_CLAIM_TEMPLATES, DeviceStrategies.ofTemplates());
    server.serve(ResourceType.RESOURCE_SLICES, DeviceStrategies.ofSlices(server::timestamp));
  }
}
