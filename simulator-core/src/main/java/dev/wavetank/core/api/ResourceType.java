package dev.wavetank.core.api;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One resource of the API, such as {@code deployments.apps/v1}: the unit that is listed, watched
 * and keyed. Built-in types are constants; equality is by group, version and plural.
 */
public final class ResourceType {

  public static final ResourceType NAMESPACES = cluster("", "v1", "Namespace", "namespaces", "ns");
  public static final ResourceType NODES = cluster("", "v1", "Node", "nodes", "no");
  public static final ResourceType PODS = namespaced("", "v1", "Pod", "pods", "po");
  public static final ResourceType SERVICES = namespaced("", "v1", "Service", "services", "svc");
  public static final ResourceType ENDPOINTS =
      new ResourceType("", "v1", "Endpoints", "endpoints", "endpoints", true, "ep");
  public static final ResourceType CONFIG_MAPS =
      namespaced("", "v1", "ConfigMap", "configmaps", "cm");
  public static final ResourceType SECRETS = namespaced("", "v1", "Secret", "secrets");
  public static final ResourceType SERVICE_ACCOUNTS =
      namespaced("", "v1", "ServiceAccount", "serviceaccounts", "sa");
  public static final ResourceType EVENTS =
      namespaced("", "v1", "Event", "events", "ev").converted(EventConversion.INSTANCE);
  public static final ResourceType EVENTS_OF_EVENTS = EVENTS.alsoServedAs("events.k8s.io", "v1");
  public static final ResourceType DEPLOYMENTS =
      namespaced("apps", "v1", "Deployment", "deployments", "deploy");
  public static final ResourceType REPLICA_SETS =
      namespaced("apps", "v1", "ReplicaSet", "replicasets", "rs");
  public static final ResourceType STATEFUL_SETS =
      namespaced("apps", "v1", "StatefulSet", "statefulsets", "sts");
  public static final ResourceType DAEMON_SETS =
      namespaced("apps", "v1", "DaemonSet", "daemonsets", "ds");
  public static final ResourceType CONTROLLER_REVISIONS =
      namespaced("apps", "v1", "ControllerRevision", "controllerrevisions");
  public static final ResourceType REPLICATION_CONTROLLERS =
      namespaced("", "v1", "ReplicationController", "replicationcontrollers", "rc");
  public static final ResourceType POD_TEMPLATES =
      namespaced("", "v1", "PodTemplate", "podtemplates");
  public static final ResourceType HORIZONTAL_POD_AUTOSCALERS =
      namespaced("autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers", "hpa")
          .converted(HorizontalPodAutoscalerConversion.INSTANCE);
  public static final ResourceType HORIZONTAL_POD_AUTOSCALERS_V1 =
      HORIZONTAL_POD_AUTOSCALERS.alsoServedAs("autoscaling", "v1");
  public static final ResourceType JOBS = namespaced("batch", "v1", "Job", "jobs");
  public static final ResourceType CRON_JOBS =
      namespaced("batch", "v1", "CronJob", "cronjobs", "cj");
  public static final ResourceType ENDPOINT_SLICES =
      namespaced("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices");
  public static final ResourceType LEASES =
      namespaced("coordination.k8s.io", "v1", "Lease", "leases");
  public static final ResourceType PERSISTENT_VOLUMES =
      cluster("", "v1", "PersistentVolume", "persistentvolumes", "pv");
  public static final ResourceType PERSISTENT_VOLUME_CLAIMS =
      namespaced("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims", "pvc");
  public static final ResourceType NETWORK_POLICIES =
      namespaced("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies", "netpol");
  public static final ResourceType INGRESSES =
      namespaced("networking.k8s.io", "v1", "Ingress", "ingresses", "ing");
  public static final ResourceType INGRESS_CLASSES =
      cluster("networking.k8s.io", "v1", "IngressClass", "ingressclasses");
  public static final ResourceType IP_ADDRESSES =
      cluster("networking.k8s.io", "v1", "IPAddress", "ipaddresses", "ip");
  public static final ResourceType SERVICE_CIDRS =
      cluster("networking.k8s.io", "v1", "ServiceCIDR", "servicecidrs");
  public static final ResourceType POD_DISRUPTION_BUDGETS =
      namespaced("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets", "pdb");
  public static final ResourceType PRIORITY_CLASSES =
      cluster("scheduling.k8s.io", "v1", "PriorityClass", "priorityclasses", "pc");
  public static final ResourceType STORAGE_CLASSES =
      cluster("storage.k8s.io", "v1", "StorageClass", "storageclasses", "sc");
  public static final ResourceType CSI_DRIVERS =
      cluster("storage.k8s.io", "v1", "CSIDriver", "csidrivers");
  public static final ResourceType CSI_NODES =
      cluster("storage.k8s.io", "v1", "CSINode", "csinodes");
  public static final ResourceType CSI_STORAGE_CAPACITIES =
      namespaced("storage.k8s.io", "v1", "CSIStorageCapacity", "csistoragecapacities");
  public static final ResourceType VOLUME_ATTRIBUTES_CLASSES =
      cluster("storage.k8s.io", "v1", "VolumeAttributesClass", "volumeattributesclasses", "vac");
  public static final ResourceType RUNTIME_CLASSES =
      cluster("node.k8s.io", "v1", "RuntimeClass", "runtimeclasses");
  public static final ResourceType CERTIFICATE_SIGNING_REQUESTS =
      cluster(
          "certificates.k8s.io",
          "v1",
          "CertificateSigningRequest",
          "certificatesigningrequests",
          "csr");
  public static final ResourceType VOLUME_ATTACHMENTS =
      cluster("storage.k8s.io", "v1", "VolumeAttachment", "volumeattachments");
  public static final ResourceType CUSTOM_RESOURCE_DEFINITIONS =
      cluster(
          "apiextensions.k8s.io",
          "v1",
          "CustomResourceDefinition",
          "customresourcedefinitions",
          "crd",
          "crds");
  public static final ResourceType VALIDATING_ADMISSION_POLICIES =
      cluster(
          "admissionregistration.k8s.io",
          "v1",
          "ValidatingAdmissionPolicy",
          "validatingadmissionpolicies");
  public static final ResourceType VALIDATING_ADMISSION_POLICY_BINDINGS =
      cluster(
          "admissionregistration.k8s.io",
          "v1",
          "ValidatingAdmissionPolicyBinding",
          "validatingadmissionpolicybindings");
  public static final ResourceType MUTATING_WEBHOOK_CONFIGURATIONS =
      cluster(
          "admissionregistration.k8s.io",
          "v1",
          "MutatingWebhookConfiguration",
          "mutatingwebhookconfigurations");
  public static final ResourceType VALIDATING_WEBHOOK_CONFIGURATIONS =
      cluster(
          "admissionregistration.k8s.io",
          "v1",
          "ValidatingWebhookConfiguration",
          "validatingwebhookconfigurations");
  public static final ResourceType MUTATING_ADMISSION_POLICIES =
      cluster(
          "admissionregistration.k8s.io",
          "v1",
          "MutatingAdmissionPolicy",
          "mutatingadmissionpolicies");
  public static final ResourceType MUTATING_ADMISSION_POLICY_BINDINGS =
      cluster(
          "admissionregistration.k8s.io",
          "v1",
          "MutatingAdmissionPolicyBinding",
          "mutatingadmissionpolicybindings");
  public static final ResourceType API_SERVICES =
      cluster("apiregistration.k8s.io", "v1", "APIService", "apiservices");
  public static final ResourceType FLOW_SCHEMAS =
      cluster("flowcontrol.apiserver.k8s.io", "v1", "FlowSchema", "flowschemas");
  public static final ResourceType PRIORITY_LEVEL_CONFIGURATIONS =
      cluster(
          "flowcontrol.apiserver.k8s.io",
          "v1",
          "PriorityLevelConfiguration",
          "prioritylevelconfigurations");
  public static final ResourceType DEVICE_CLASSES =
      cluster("resource.k8s.io", "v1", "DeviceClass", "deviceclasses");
  public static final ResourceType RESOURCE_CLAIMS =
      namespaced("resource.k8s.io", "v1", "ResourceClaim", "resourceclaims");
  public static final ResourceType RESOURCE_CLAIM_TEMPLATES =
      namespaced("resource.k8s.io", "v1", "ResourceClaimTemplate", "resourceclaimtemplates");
  public static final ResourceType RESOURCE_SLICES =
      cluster("resource.k8s.io", "v1", "ResourceSlice", "resourceslices");

  /** Asked for and answered by the server, never stored. */
  public static final ResourceType COMPONENT_STATUSES =
      cluster("", "v1", "ComponentStatus", "componentstatuses", "cs");

  /** The old door to a pod's binding. */
  public static final ResourceType BINDINGS = namespaced("", "v1", "Binding", "bindings");

  /** What containers use; of an API server of its own, metrics-server. */
  public static final ResourceType POD_METRICS =
      new ResourceType("metrics.k8s.io", "v1beta1", "PodMetrics", "pods", "", true);

  public static final ResourceType NODE_METRICS =
      new ResourceType("metrics.k8s.io", "v1beta1", "NodeMetrics", "nodes", "", false);

  public static final ResourceType LIMIT_RANGES =
      namespaced("", "v1", "LimitRange", "limitranges", "limits");
  public static final ResourceType RESOURCE_QUOTAS =
      namespaced("", "v1", "ResourceQuota", "resourcequotas", "quota");
  public static final ResourceType ROLES =
      namespaced("rbac.authorization.k8s.io", "v1", "Role", "roles");
  public static final ResourceType ROLE_BINDINGS =
      namespaced("rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings");
  public static final ResourceType CLUSTER_ROLES =
      cluster("rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles");
  public static final ResourceType CLUSTER_ROLE_BINDINGS =
      cluster("rbac.authorization.k8s.io", "v1", "ClusterRoleBinding", "clusterrolebindings");

  /** The types that a cluster serves from the start, in the order of discovery. */
  public static final ImmutableList<ResourceType> BUILT_IN =
      ImmutableList.of(
          CONFIG_MAPS,
          ENDPOINTS,
          EVENTS,
          LIMIT_RANGES,
          NAMESPACES,
          NODES,
          PERSISTENT_VOLUME_CLAIMS,
          PERSISTENT_VOLUMES,
          POD_TEMPLATES,
          PODS,
          REPLICATION_CONTROLLERS,
          RESOURCE_QUOTAS,
          SECRETS,
          SERVICE_ACCOUNTS,
          SERVICES,
          CONTROLLER_REVISIONS,
          DAEMON_SETS,
          DEPLOYMENTS,
          REPLICA_SETS,
          STATEFUL_SETS,
          HORIZONTAL_POD_AUTOSCALERS,
          HORIZONTAL_POD_AUTOSCALERS_V1,
          CRON_JOBS,
          JOBS,
          CERTIFICATE_SIGNING_REQUESTS,
          INGRESS_CLASSES,
          INGRESSES,
          IP_ADDRESSES,
          NETWORK_POLICIES,
          SERVICE_CIDRS,
          POD_DISRUPTION_BUDGETS,
          CLUSTER_ROLE_BINDINGS,
          CLUSTER_ROLES,
          ROLE_BINDINGS,
          ROLES,
          CSI_DRIVERS,
          CSI_NODES,
          CSI_STORAGE_CAPACITIES,
          STORAGE_CLASSES,
          VOLUME_ATTACHMENTS,
          VOLUME_ATTRIBUTES_CLASSES,
          MUTATING_ADMISSION_POLICIES,
          MUTATING_ADMISSION_POLICY_BINDINGS,
          MUTATING_WEBHOOK_CONFIGURATIONS,
          VALIDATING_ADMISSION_POLICIES,
          VALIDATING_ADMISSION_POLICY_BINDINGS,
          VALIDATING_WEBHOOK_CONFIGURATIONS,
          CUSTOM_RESOURCE_DEFINITIONS,
          API_SERVICES,
          PRIORITY_CLASSES,
          LEASES,
          RUNTIME_CLASSES,
          ENDPOINT_SLICES,
          DEVICE_CLASSES,
          RESOURCE_CLAIM_TEMPLATES,
          RESOURCE_CLAIMS,
          RESOURCE_SLICES,
          FLOW_SCHEMAS,
          PRIORITY_LEVEL_CONFIGURATIONS);

  /** What is answered and not stored: questions, mostly. */
  public static final ImmutableList<ResourceType> ANSWERED =
      ImmutableList.of(
          BINDINGS,
          COMPONENT_STATUSES,
          cluster("authentication.k8s.io", "v1", "SelfSubjectReview", "selfsubjectreviews"),
          cluster("authentication.k8s.io", "v1", "TokenReview", "tokenreviews"),
          namespaced(
              "authorization.k8s.io",
              "v1",
              "LocalSubjectAccessReview",
              "localsubjectaccessreviews"),
          cluster(
              "authorization.k8s.io", "v1", "SelfSubjectAccessReview", "selfsubjectaccessreviews"),
          cluster(
              "authorization.k8s.io", "v1", "SelfSubjectRulesReview", "selfsubjectrulesreviews"),
          cluster("authorization.k8s.io", "v1", "SubjectAccessReview", "subjectaccessreviews"));

  private final String group;
  private final String version;
  private final String kind;
  private final String plural;
  private final String singular;
  private final boolean namespaced;
  private final ImmutableList<String> shortNames;
  private final @Nullable CustomResource custom;
  private final @Nullable ResourceType storedAs;
  private final @Nullable VersionConversion conversion;
  private final int hash;

  public ResourceType(
      String group,
      String version,
      String kind,
      String plural,
      String singular,
      boolean namespaced,
      String... shortNames) {
    this(
        group,
        version,
        kind,
        plural,
        singular,
        namespaced,
        ImmutableList.copyOf(shortNames),
        null,
        null,
        null);
  }

  private ResourceType(
      String group,
      String version,
      String kind,
      String plural,
      String singular,
      boolean namespaced,
      ImmutableList<String> shortNames,
      @Nullable CustomResource custom,
      @Nullable ResourceType storedAs,
      @Nullable VersionConversion conversion) {
    this.group = group;
    this.version = version;
    this.kind = kind;
    this.plural = plural;
    this.singular = singular;
    this.namespaced = namespaced;
    this.shortNames = shortNames;
    this.custom = custom;
    this.storedAs = storedAs;
    this.conversion = conversion;
    this.hash = (group.hashCode() * 31 + version.hashCode()) * 31 + plural.hashCode();
  }

  private static ResourceType namespaced(
      String group, String version, String kind, String plural, String... shortNames) {
    return new ResourceType(group, version, kind, plural, singularOf(kind), true, shortNames);
  }

  private static ResourceType cluster(
      String group, String version, String kind, String plural, String... shortNames) {
    return new ResourceType(group, version, kind, plural, singularOf(kind), false, shortNames);
  }

  /** This type with a conversion to and from its other versions. */
  public ResourceType converted(VersionConversion by) {
    return new ResourceType(
        group, version, kind, plural, singular, namespaced, shortNames, custom, storedAs, by);
  }

  /** This built-in type in another version, whose objects are stored as those of this one. */
  private ResourceType alsoServedAs(String otherGroup, String otherVersion) {
    return new ResourceType(
        otherGroup,
        otherVersion,
        kind,
        plural,
        singular,
        namespaced,
        shortNames,
        null,
        this,
        conversion);
  }

  private static String singularOf(String kind) {
    return com.google.common.base.Ascii.toLowerCase(kind);
  }

  /** This type as one that is defined at run time. */
  public ResourceType defined(CustomResource definition) {
    return new ResourceType(
        group,
        version,
        kind,
        plural,
        singular,
        namespaced,
        shortNames,
        definition,
        storedAs,
        conversion);
  }

  /** Another version of this type, whose objects are stored as those of this one. */
  public ResourceType servedAs(String otherVersion, CustomResource definition) {
    return new ResourceType(
        group,
        otherVersion,
        kind,
        plural,
        singular,
        namespaced,
        shortNames,
        definition,
        otherVersion.equals(version) ? null : this,
        conversion);
  }

  /** The type in whose version objects are stored, which most often is this one. */
  public ResourceType stored() {
    return storedAs == null ? this : storedAs;
  }

  /** An object of any version of this type in this version. */
  public KubeObject view(KubeObject object) {
    if (custom == null) {
      return conversion == null ? object : in(apiVersion(), object);
    }
    return custom.asRead().apply(in(apiVersion(), object));
  }

  private KubeObject in(String asked, KubeObject object) {
    if (object.apiVersion().equals(asked)) {
      return object;
    }
    return conversion == null
        ? object.with(asked, "apiVersion")
        : conversion.convert(object, asked);
  }

  /** Objects of any version of this type in this version. */
  public List<KubeObject> viewAll(List<KubeObject> objects) {
    List<KubeObject> converted =
        conversion == null ? objects : conversion.convertAll(objects, apiVersion());
    return custom == null ? converted : converted.stream().map(this::view).toList();
  }

  /** An object of any version of this type as it is stored. */
  public KubeObject storedForm(KubeObject object) {
    return custom == null ? stored().view(object) : in(custom.storageApiVersion(), object);
  }

  /** What is said of a type that is defined at run time; null for a built-in one. */
  public @Nullable CustomResource custom() {
    return custom;
  }

  /** API group; empty for the core group. */
  public String group() {
    return group;
  }

  public String version() {
    return version;
  }

  public String kind() {
    return kind;
  }

  /** The resource's name in paths, such as {@code deployments}. */
  public String plural() {
    return plural;
  }

  public String singular() {
    return singular;
  }

  public boolean namespaced() {
    return namespaced;
  }

  public ImmutableList<String> shortNames() {
    return shortNames;
  }

  /** {@code v1} or {@code apps/v1}. */
  public String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  /** {@code pods} or {@code deployments.apps}: the form of messages. */
  public String groupResource() {
    return group.isEmpty() ? plural : plural + "." + group;
  }

  /** {@code pod} or {@code deployment.apps}: the form in which kubectl names what it changed. */
  public String kubectlName() {
    return group.isEmpty() ? singular : singular + "." + group;
  }

  /** Whether the object says to be of this type. */
  public boolean matches(KubeObject object) {
    return kind.equals(object.kind()) && apiVersion().equals(object.apiVersion());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof ResourceType that
            && hash == that.hash
            && group.equals(that.group)
            && version.equals(that.version)
            && plural.equals(that.plural));
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public String toString() {
    return groupResource();
  }
}
