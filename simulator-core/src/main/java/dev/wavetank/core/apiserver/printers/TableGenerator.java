package dev.wavetank.core.apiserver.printers;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.CustomResource;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import java.time.Instant;
import java.util.List;

/**
 * Makes the table of objects of one type, the columns of the wide form included.
 *
 * <p>Follows pkg/printers/tablegenerator.go, pkg/printers/internalversion/printers.go and, for
 * types without a printer of their own, staging/src/k8s.io/apiserver/pkg/registry/rest/table.go
 * (v1.36).
 */
public final class TableGenerator {

  private static final ImmutableMap<ResourceType, TablePrinter> PRINTERS =
      ImmutableMap.<ResourceType, TablePrinter>builder()
          .put(ResourceType.PODS, PodPrinter.PRINTER)
          .put(ResourceType.NODES, NodePrinter.PRINTER)
          .put(ResourceType.SERVICES, ServicePrinter.PRINTER)
          .put(ResourceType.ENDPOINTS, EndpointPrinters.ENDPOINTS)
          .put(ResourceType.ENDPOINT_SLICES, EndpointPrinters.ENDPOINT_SLICES)
          .put(ResourceType.EVENTS, EventPrinter.PRINTER)
          .put(ResourceType.EVENTS_OF_EVENTS, EventPrinter.PRINTER)
          .put(ResourceType.DEPLOYMENTS, WorkloadPrinters.DEPLOYMENTS)
          .put(ResourceType.REPLICA_SETS, WorkloadPrinters.REPLICA_SETS)
          .put(ResourceType.NAMESPACES, CorePrinters.NAMESPACES)
          .put(ResourceType.CONFIG_MAPS, CorePrinters.CONFIG_MAPS)
          .put(ResourceType.SECRETS, CorePrinters.SECRETS)
          .put(ResourceType.SERVICE_ACCOUNTS, CorePrinters.SERVICE_ACCOUNTS)
          .put(ResourceType.LEASES, CorePrinters.LEASES)
          .put(ResourceType.PRIORITY_CLASSES, SchedulingPrinters.PRIORITY_CLASSES)
          .put(ResourceType.NETWORK_POLICIES, NetworkingPrinters.NETWORK_POLICIES)
          .put(ResourceType.INGRESSES, NetworkingPrinters.INGRESSES)
          .put(ResourceType.INGRESS_CLASSES, NetworkingPrinters.INGRESS_CLASSES)
          .put(ResourceType.SERVICE_CIDRS, NetworkingPrinters.SERVICE_CIDRS)
          .put(ResourceType.IP_ADDRESSES, NetworkingPrinters.IP_ADDRESSES)
          .put(ResourceType.POD_DISRUPTION_BUDGETS, SchedulingPrinters.POD_DISRUPTION_BUDGETS)
          .put(ResourceType.PERSISTENT_VOLUMES, StoragePrinters.PERSISTENT_VOLUMES)
          .put(ResourceType.PERSISTENT_VOLUME_CLAIMS, StoragePrinters.PERSISTENT_VOLUME_CLAIMS)
          .put(ResourceType.STORAGE_CLASSES, StoragePrinters.STORAGE_CLASSES)
          .put(ResourceType.CSI_NODES, StoragePrinters.CSI_NODES)
          .put(ResourceType.CSI_DRIVERS, StoragePrinters.CSI_DRIVERS)
          .put(ResourceType.CSI_STORAGE_CAPACITIES, StoragePrinters.CSI_STORAGE_CAPACITIES)
          .put(ResourceType.VALIDATING_ADMISSION_POLICIES, PolicyPrinters.POLICIES)
          .put(ResourceType.VALIDATING_ADMISSION_POLICY_BINDINGS, PolicyPrinters.BINDINGS)
          .put(ResourceType.MUTATING_ADMISSION_POLICIES, PolicyPrinters.MUTATING_POLICIES)
          .put(ResourceType.MUTATING_ADMISSION_POLICY_BINDINGS, PolicyPrinters.BINDINGS)
          .put(ResourceType.API_SERVICES, ControlPlanePrinters.API_SERVICES)
          .put(ResourceType.COMPONENT_STATUSES, ControlPlanePrinters.COMPONENT_STATUSES)
          .put(ResourceType.POD_METRICS, MetricsPrinters.PODS)
          .put(ResourceType.NODE_METRICS, MetricsPrinters.NODES)
          .put(ResourceType.FLOW_SCHEMAS, ControlPlanePrinters.FLOW_SCHEMAS)
          .put(ResourceType.PRIORITY_LEVEL_CONFIGURATIONS, ControlPlanePrinters.PRIORITY_LEVELS)
          .put(ResourceType.DEVICE_CLASSES, DevicePrinters.NAME_AND_AGE)
          .put(ResourceType.RESOURCE_CLAIMS, DevicePrinters.CLAIMS)
          .put(ResourceType.RESOURCE_CLAIM_TEMPLATES, DevicePrinters.NAME_AND_AGE)
          .put(ResourceType.RESOURCE_SLICES, DevicePrinters.SLICES)
          .put(ResourceType.ROLE_BINDINGS, RbacPrinters.BINDINGS)
          .put(ResourceType.CLUSTER_ROLE_BINDINGS, RbacPrinters.BINDINGS)
          .put(ResourceType.RESOURCE_QUOTAS, QuotaPrinter.PRINTER)
          .put(ResourceType.VOLUME_ATTACHMENTS, StoragePrinters.VOLUME_ATTACHMENTS)
          .put(ResourceType.STATEFUL_SETS, WorkloadPrinters.STATEFUL_SETS)
          .put(ResourceType.DAEMON_SETS, WorkloadPrinters.DAEMON_SETS)
          .put(ResourceType.REPLICATION_CONTROLLERS, WorkloadPrinters.REPLICATION_CONTROLLERS)
          .put(ResourceType.POD_TEMPLATES, WorkloadPrinters.POD_TEMPLATES)
          .put(ResourceType.CONTROLLER_REVISIONS, WorkloadPrinters.CONTROLLER_REVISIONS)
          .put(ResourceType.JOBS, BatchPrinters.JOBS)
          .put(ResourceType.CRON_JOBS, BatchPrinters.CRON_JOBS)
          .put(ResourceType.RUNTIME_CLASSES, ClusterPrinters.RUNTIME_CLASSES)
          .put(
              ResourceType.CERTIFICATE_SIGNING_REQUESTS,
              ClusterPrinters.CERTIFICATE_SIGNING_REQUESTS)
          .put(ResourceType.VOLUME_ATTRIBUTES_CLASSES, StoragePrinters.VOLUME_ATTRIBUTES_CLASSES)
          .put(ResourceType.HORIZONTAL_POD_AUTOSCALERS, AutoscalerPrinter.PRINTER)
          .put(ResourceType.HORIZONTAL_POD_AUTOSCALERS_V1, AutoscalerPrinter.PRINTER)
          .put(ResourceType.MUTATING_WEBHOOK_CONFIGURATIONS, ClusterPrinters.WEBHOOKS)
          .put(ResourceType.VALIDATING_WEBHOOK_CONFIGURATIONS, ClusterPrinters.WEBHOOKS)
          .buildOrThrow();

  private TableGenerator() {}

  /**
   * The table.
   *
   * @param objects in the order of the rows
   * @param now by which ages are reckoned
   */
  public static Table generate(ResourceType type, List<KubeObject> objects, Instant now) {
    CustomResource custom = type.custom();
    TablePrinter printer =
        custom == null
            ? PRINTERS.getOrDefault(type, CorePrinters.ANY)
            : new CustomResourcePrinter(custom);
    ImmutableList.Builder<Table.Row> rows = ImmutableList.builderWithExpectedSize(objects.size());
    for (KubeObject object : printer.ordered(objects)) {
      ImmutableList.Builder<Object> cells =
          ImmutableList.builderWithExpectedSize(printer.columns().size());
      printer.print(object, now, cells);
      ImmutableList<KubeMap> conditions = printer.conditions(object);
      rows.add(new Table.Row(cells.build(), conditions, object));
    }
    return new Table(printer.columns(), rows.build());
  }
}
