package dev.wavetank.core.controllermanager;

import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.controller.certificates.CsrApprovingController;
import dev.wavetank.core.controller.certificates.CsrCleanerController;
import dev.wavetank.core.controller.certificates.CsrSigningController;
import dev.wavetank.core.controller.clusterroleaggregation.ClusterRoleAggregationController;
import dev.wavetank.core.controller.deployment.DeploymentController;
import dev.wavetank.core.controller.disruption.DisruptionController;
import dev.wavetank.core.controller.endpoints.EndpointsController;
import dev.wavetank.core.controller.endpointslice.EndpointSliceController;
import dev.wavetank.core.controller.endpointslicemirroring.EndpointSliceMirroringController;
import dev.wavetank.core.controller.ephemeral.EphemeralVolumeController;
import dev.wavetank.core.controller.garbagecollector.GarbageCollector;
import dev.wavetank.core.controller.namespace.NamespaceController;
import dev.wavetank.core.controller.nodelifecycle.NodeHeartbeats;
import dev.wavetank.core.controller.nodelifecycle.NodeLifecycleController;
import dev.wavetank.core.controller.persistentvolume.PersistentVolumeController;
import dev.wavetank.core.controller.podgc.PodGarbageCollector;
import dev.wavetank.core.controller.replicaset.ReplicaSetController;
import dev.wavetank.core.controller.resourcequota.ResourceQuotaController;
import dev.wavetank.core.controller.rootcacertpublisher.RootCaCertPublisher;
import dev.wavetank.core.controller.serviceaccount.ServiceAccountsController;
import dev.wavetank.core.controller.servicecidrs.ServiceCidrController;
import dev.wavetank.core.controller.tainteviction.TaintEvictionController;
import dev.wavetank.core.controller.volumeprotection.PersistentVolumeClaimProtectionController;
import dev.wavetank.core.controller.volumeprotection.PersistentVolumeProtectionController;

/**
 * The controllers of a cluster, all started. Each watches from its start on and knows what exists.
 *
 * <p>They start in the order in which upstream registers them; a real manager runs through that
 * register in no particular order and starts all of them at once.
 *
 * <p>Follows cmd/kube-controller-manager/app/controller_descriptor.go (v1.36).
 */
public final class KubeControllerManager {

  private final EndpointsController endpoints;
  private final EndpointSliceController endpointSlice;
  private final EndpointSliceMirroringController endpointSliceMirroring;
  private final ResourceQuotaController resourceQuota;
  private final PodGarbageCollector podGarbageCollector;
  private final NamespaceController namespace;
  private final ServiceAccountsController serviceAccount;
  private final GarbageCollector garbageCollector;
  private final DeploymentController deployment;
  private final ReplicaSetController replicaSet;
  private final DisruptionController disruption;
  private final CsrSigningController csrSigning;
  private final NodeLifecycleController nodeLifecycle;
  private final PersistentVolumeController persistentVolume;
  private final RootCaCertPublisher rootCaCertPublisher;
  private final PersistentVolumeClaimProtectionController claimProtection;
  private final PersistentVolumeProtectionController volumeProtection;
  private final EphemeralVolumeController ephemeralVolume;
  private final TaintEvictionController taintEviction;
  private final ClusterRoleAggregationController clusterRoleAggregation;
  private final ServiceCidrController serviceCidr;

  /**
   * Starts all controllers.
   *
   * @param heartbeats when the kubelets last renewed their leases
   */
  public KubeControllerManager(ApiServer server, NodeHeartbeats heartbeats) {
    this.endpoints = new EndpointsController(server);
    this.endpointSlice = new EndpointSliceController(server);
    this.endpointSliceMirroring = new EndpointSliceMirroringController(server);
    this.resourceQuota = new ResourceQuotaController(server);
    this.podGarbageCollector = new PodGarbageCollector(server);
    this.namespace = new NamespaceController(server);
    this.serviceAccount = new ServiceAccountsController(server);
    this.garbageCollector = new GarbageCollector(server);
    this.deployment = new DeploymentController(server);
    this.replicaSet = new ReplicaSetController(server);
    this.disruption = new DisruptionController(server);
    this.csrSigning = new CsrSigningController(server);
    new CsrApprovingController(server);
    new CsrCleanerController(server);
    this.nodeLifecycle = new NodeLifecycleController(server, heartbeats);
    this.persistentVolume = new PersistentVolumeController(server);
    this.rootCaCertPublisher =
        new RootCaCertPublisher(server, RootCaCertPublisher.SIMULATED_ROOT_CA);
    this.claimProtection = new PersistentVolumeClaimProtectionController(server);
    this.volumeProtection = new PersistentVolumeProtectionController(server);
    this.ephemeralVolume = new EphemeralVolumeController(server);
    this.taintEviction = new TaintEvictionController(server);
    this.clusterRoleAggregation = new ClusterRoleAggregationController(server);
    this.serviceCidr = new ServiceCidrController(server);
  }

  public EndpointsController endpoints() {
    return endpoints;
  }

  public EndpointSliceController endpointSlice() {
    return endpointSlice;
  }

  public EndpointSliceMirroringController endpointSliceMirroring() {
    return endpointSliceMirroring;
  }

  public ResourceQuotaController resourceQuota() {
    return resourceQuota;
  }

  public PodGarbageCollector podGarbageCollector() {
    return podGarbageCollector;
  }

  public NamespaceController namespace() {
    return namespace;
  }

  public ServiceAccountsController serviceAccount() {
    return serviceAccount;
  }

  public GarbageCollector garbageCollector() {
    return garbageCollector;
  }

  public DeploymentController deployment() {
    return deployment;
  }

  public ReplicaSetController replicaSet() {
    return replicaSet;
  }

  public DisruptionController disruption() {
    return disruption;
  }

  public CsrSigningController csrSigning() {
    return csrSigning;
  }

  public NodeLifecycleController nodeLifecycle() {
    return nodeLifecycle;
  }

  public PersistentVolumeController persistentVolume() {
    return persistentVolume;
  }

  public RootCaCertPublisher rootCaCertPublisher() {
    return rootCaCertPublisher;
  }

  public ClusterRoleAggregationController clusterRoleAggregation() {
    return clusterRoleAggregation;
  }

  public ServiceCidrController serviceCidr() {
    return serviceCidr;
  }

  public PersistentVolumeClaimProtectionController claimProtection() {
    return claimProtection;
  }

  public PersistentVolumeProtectionController volumeProtection() {
    return volumeProtection;
  }

  public EphemeralVolumeController ephemeralVolume() {
    return ephemeralVolume;
  }

  public TaintEvictionController taintEviction() {
    return taintEviction;
  }
}
