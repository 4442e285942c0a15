package dev.wavetank.core.apiserver.flowcontrol;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;

/**
 * The FlowSchemas and PriorityLevelConfigurations that every cluster has, mandatory ones first.
 *
 * <p>Follows staging/src/k8s.io/apiserver/pkg/apis/flowcontrol/bootstrap/default.go (v1.36).
 */
final class FlowControlPolicy {

  private static final ResourceType LEVELS = ResourceType.PRIORITY_LEVEL_CONFIGURATIONS;
  private static final ResourceType SCHEMAS = ResourceType.FLOW_SCHEMAS;
  private static final KubeList ANY = KubeList.of("*");
  private static final String COORDINATION = "coordination.k8s.io";

  /** All of them, in the order in which they are made. */
  static final ImmutableMap<ObjectKey, KubeObject> ALL = new FlowControlPolicy().made.build();

  /** Those whose spec is fixed. */
  static final ImmutableList<String> MANDATORY = ImmutableList.of("exempt", "catch-all");

  private final ImmutableMap.Builder<ObjectKey, KubeObject> made = ImmutableMap.builder();

  private FlowControlPolicy() {
    levels();
    KubeList everybody = groups("system:unauthenticated", "system:authenticated");
    KubeList nodes = groups("system:nodes");
    KubeList manager = users("system:kube-controller-manager");
    KubeList scheduler = users("system:kube-scheduler");
    KubeList system = accountsOf("kube-system");
    KubeMap leases = resources(ANY, COORDINATION, KubeList.of("leases"), false);
    schema("exempt", "exempt", 1, "", anything(groups("system:masters")));
    schema("catch-all", "catch-all", 10_000, "ByUser", anything(everybody));
    schema("system-nodes", "system", 500, "ByUser", anything(nodes));
    schema(
        "system-node-high",
        "node-high",
        400,
        "ByUser",
        rules(nodes, resources(ANY, "", KubeList.of("nodes", "nodes/status"), true), leases));
    KubeMap probes =
        KubeMap.of(
            "nonResourceURLs",
            KubeList.of("/healthz", "/readyz", "/livez"),
            "verbs",
            KubeList.of("get"));
    schema(
        "probes",
        "exempt",
        2,
        "",
        KubeMap.of("nonResourceRules", KubeList.of(probes), "subjects", everybody));
    KubeList electing = KubeList.of(manager.get(0), scheduler.get(0), system.get(0));
    KubeList verbs = KubeList.of("get", "create", "update");
    schema(
        "system-leader-election",
        "leader-election",
        100,
        "ByUser",
        rules(electing, resources(verbs, COORDINATION, KubeList.of("leases"), false)));
    schema("kube-controller-manager", "workload-high", 800, "ByNamespace", anything(manager));
    schema("kube-scheduler", "workload-high", 800, "ByNamespace", anything(scheduler));
    schema("kube-system-service-accounts", "workload-high", 900, "ByNamespace", anything(system));
    schema(
        "service-accounts",
        "workload-low",
        9000,
        "ByUser",
        anything(groups("system:serviceaccounts")));
    schema("global-default", "global-default", 9900, "ByUser", anything(everybody));
  }

  private void levels() {
    KubeMap exempt = KubeMap.of("lendablePercent", 0L, "nominalConcurrencyShares", 0L);
    level("exempt", KubeMap.of("exempt", exempt, "type", "Exempt"));
    level("catch-all", limited(5, 0, KubeMap.of("type", "Reject")));
    level("system", limited(30, 33, queue(64, 6)));
    level("node-high", limited(40, 25, queue(64, 6)));
    level("leader-election", limited(10, 0, queue(16, 4)));
    level("workload-high", limited(40, 50, queue(128, 6)));
    level("workload-low", limited(100, 90, queue(128, 6)));
    level("global-default", limited(20, 50, queue(128, 6)));
  }

  private static KubeMap queue(long queues, long handSize) {
    KubeMap queuing = KubeMap.of("handSize", handSize, "queueLengthLimit", 50L, "queues", queues);
    return KubeMap.of("queuing", queuing, "type", "Queue");
  }

  private static KubeMap limited(long shares, long lendable, KubeMap response) {
    KubeMap limited =
        KubeMap.of(
            "lendablePercent",
            lendable,
            "limitResponse",
            response,
            "nominalConcurrencyShares",
            shares);
    return KubeMap.of("limited", limited, "type", "Limited");
  }

  private void level(String name, KubeMap spec) {
    add(LEVELS, name, spec);
  }

  private void schema(
      String name, String level, long precedence, String distinguisher, KubeMap rules) {
    KubeMap spec = KubeMap.of("matchingPrecedence", precedence);
    if (!distinguisher.isEmpty()) {
      spec = spec.with("distinguisherMethod", KubeMap.of("type", distinguisher));
    }
    spec = spec.with("priorityLevelConfiguration", KubeMap.of("name", level));
    add(SCHEMAS, name, spec.with("rules", KubeList.of(rules)));
  }

  private void add(ResourceType type, String name, KubeMap spec) {
    KubeMap annotations = KubeMap.of("apf.kubernetes.io/autoupdate-spec", "true");
    KubeMap metadata = KubeMap.of("name", name, "annotations", annotations);
    made.put(ObjectKey.of(type, "", name), KubeObject.of(type, metadata).withSpec(spec));
  }

  private static KubeMap anything(KubeList subjects) {
    KubeMap urls = KubeMap.of("nonResourceURLs", ANY, "verbs", ANY);
    KubeMap resources = rules(subjects, resources(ANY, "*", ANY, true));
    return resources.with("nonResourceRules", KubeList.of(urls));
  }

  private static KubeMap rules(KubeList subjects, Object... resourceRules) {
    return KubeMap.of("resourceRules", KubeList.of(resourceRules), "subjects", subjects);
  }

  private static KubeMap resources(
      KubeList verbs, String group, KubeList resources, boolean clusterScope) {
    KubeMap rule = KubeMap.of("apiGroups", KubeList.of(group));
    if (clusterScope) {
      rule = rule.with("clusterScope", true);
    }
    return rule.with("namespaces", ANY).with("resources", resources).with("verbs", verbs);
  }

  private static KubeList groups(String... names) {
    return subjects("Group", "group", names);
  }

  private static KubeList users(String... names) {
    return subjects("User", "user", names);
  }

  private static KubeList subjects(String kind, String field, String... names) {
    KubeList subjects = KubeList.EMPTY;
    for (String name : names) {
      subjects = subjects.plus(KubeMap.of(field, KubeMap.of("name", name), "kind", kind));
    }
    return subjects;
  }

  private static KubeList accountsOf(String namespace) {
    KubeMap account = KubeMap.of("name", "*", "namespace", namespace);
    return KubeList.of(KubeMap.of("kind", "ServiceAccount", "serviceAccount", account));
  }
}
