package dev.wavetank.core.apiserver.flowcontrol;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.Commit;
import dev.wavetank.core.apiserver.Conditions;
import dev.wavetank.core.sim.Simulation;

/**
 * Keeps the FlowSchemas and PriorityLevelConfigurations that every cluster has: one that is deleted
 * is back at the next of its rounds, which are a minute apart. Says in the status of each
 * FlowSchema whether its priority level exists.
 *
 * <p>Follows pkg/registry/flowcontrol/rest/storage_flowcontrol.go and
 * staging/src/k8s.io/apiserver/pkg/util/flowcontrol/apf_controller.go (v1.36).
 */
public final class FlowControl {

  /** From one round to the next. */
  public static final long INTERVAL_NANOS = 60_000_000_000L;

  private static final ResourceType SCHEMAS = ResourceType.FLOW_SCHEMAS;
  private static final ResourceType LEVELS = ResourceType.PRIORITY_LEVEL_CONFIGURATIONS;
  private static final String DANGLING = "Dangling";

  private final ApiServer server;
  private final Simulation simulation;
  private final long startNanos;
  private boolean looking;
  private boolean awaited;

  private FlowControl(ApiServer server) {
    this.server = server;
    this.simulation = server.simulation();
    this.startNanos = simulation.now();
  }

  /** Serves both kinds with their strategies. */
  public static void install(ApiServer server) {
    server.serve(SCHEMAS, new FlowSchemaStrategy());
    server.serve(LEVELS, new PriorityLevelStrategy());
  }

  /** Makes what every cluster has, and keeps it from now on. */
  public static void start(ApiServer server) {
    FlowControl control = new FlowControl(server);
    control.ensure();
    control.tellDangling();
    server.listen(control::committed);
  }

  private void committed(Commit commit) {
    ResourceType type = commit.key().type();
    if (!type.equals(SCHEMAS) && !type.equals(LEVELS)) {
      return;
    }
    if (commit.after() == null && FlowControlPolicy.ALL.containsKey(commit.key()) && !awaited) {
      awaited = true;
      long rounds = (simulation.now() - startNanos) / INTERVAL_NANOS + 1;
      long next = startNanos + rounds * INTERVAL_NANOS;
      simulation.at(next, "apiserver/ensureFlowControl", commit.key(), this::round);
    }
    if (!looking) {
      looking = true;
      simulation.at(simulation.now(), "apiserver/syncFlowSchemas", commit.key(), this::tell);
    }
  }

  private void round() {
    awaited = false;
    ensure();
  }

  private void ensure() {
    FlowControlPolicy.ALL.forEach(
        (key, object) -> {
          if (server.find(key) == null) {
            server.create(key.type(), object);
          }
        });
  }

  private void tell() {
    looking = false;
    tellDangling();
  }

  private void tellDangling() {
    for (KubeObject schema : server.list(SCHEMAS)) {
      String level = schema.spec().mapOrEmpty("priorityLevelConfiguration").string("name", "");
      boolean found = server.find(ObjectKey.of(LEVELS, "", level)) != null;
      KubeMap told = Conditions.find(schema.status(), DANGLING);
      String message =
          "This FlowSchema references the PriorityLevelConfiguration object named \""
              + level
              + (found ? "\" and it exists" : "\" but there is no such object");
      if (told == null || !message.equals(told.get("message"))) {
        say(schema, found, message);
      }
    }
  }

  private void say(KubeObject schema, boolean found, String message) {
    KubeMap condition =
        KubeMap.of(
            "type",
            DANGLING,
            "status",
            found ? "False" : "True",
            "lastTransitionTime",
            server.timestamp(),
            "reason",
            found ? "Found" : "NotFound",
            "message",
            message);
    try {
      server.updateStatus(SCHEMAS, schema.withStatus(Conditions.with(schema.status(), condition)));
    } catch (ApiException refused) {
      server.simulation().after(INTERVAL_NANOS, "apiserver/syncFlowSchemas", SCHEMAS, this::tell);
    }
  }
}
