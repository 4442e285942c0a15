package dev.wavetank.core.apiserver.printers;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The rows of what the control plane says of itself: its components, the groups it serves, and the
 * flows of requests.
 *
 * <p>Follows printComponentStatus, printFlowSchema and printPriorityLevelConfiguration of
 * pkg/printers/internalversion/printers.go and
 * staging/src/k8s.io/kube-aggregator/pkg/registry/apiservice/etcd/etcd.go (v1.36).
 */
final class ControlPlanePrinters {

  private static final String NONE = "<none>";

  static final TablePrinter COMPONENT_STATUSES =
      new TablePrinter(
          TablePrinter.NAME,
          TablePrinter.column("Status", "Whether the component is healthy."),
          TablePrinter.column("Message", "What the component said of itself."),
          TablePrinter.column("Error", "Why it could not be asked.")) {
        @Override
        void print(KubeObject object, Instant now, ImmutableList.Builder<Object> cells) {
          KubeMap condition = object.root().listOrEmpty("conditions").find("type", "Healthy");
          KubeMap known = condition == null ? KubeMap.EMPTY : condition;
          String status =
              condition == null
                  ? "Unknown"
                  : "True".equals(known.get("status")) ? "Healthy" : "Unhealthy";
          cells.add(object.name(), status, known.string("message", ""), known.string("error", ""));
        }
      };

  static final TablePrinter API_SERVICES =
      new TablePrinter(
          TablePrinter.NAME,
          TablePrinter.column("Service", "The Service behind which the API is served."),
          TablePrinter.column("Available", "Whether the API can be asked."),
          TablePrinter.AGE) {
        @Override
        void print(KubeObject object, Instant now, ImmutableList.Builder<Object> cells) {
          KubeMap service = object.spec().map("service");
          String where =
              service == null
                  ? "Local"
                  : service.string("namespace", "") + "/" + service.string("name", "");
          cells.add(object.name(), where, available(object.status()), age(object, now));
        }
      };

  static final TablePrinter FLOW_SCHEMAS =
      new TablePrinter(
          TablePrinter.NAME,
          TablePrinter.column("PriorityLevel", "The priority level of the requests."),
          TablePrinter.column("MatchingPrecedence", "Which schema wins: the lowest."),
          TablePrinter.column("DistinguisherMethod", "What tells flows apart."),
          TablePrinter.AGE,
          TablePrinter.column("MissingPL", "Whether the priority level is not there.")) {
        @Override
        void print(KubeObject object, Instant now, ImmutableList.Builder<Object> cells) {
          KubeMap spec = object.spec();
          KubeMap dangling = object.status().listOrEmpty("conditions").find("type", "Dangling");
          cells.add(
              object.name(),
              spec.mapOrEmpty("priorityLevelConfiguration").string("name", ""),
              spec.number("matchingPrecedence", 0),
              spec.mapOrEmpty("distinguisherMethod").string("type", NONE),
              age(object, now),
              dangling == null ? "?" : dangling.string("status", ""));
        }

        @Override
        List<KubeObject> ordered(List<KubeObject> objects) {
          List<KubeObject> ordered = new ArrayList<>(objects);
          ordered.sort(
              Comparator.<KubeObject>comparingLong(
                      schema -> schema.spec().number("matchingPrecedence", 0))
                  .thenComparing(KubeObject::name));
          return ordered;
        }
      };

  static final TablePrinter PRIORITY_LEVELS =
      new TablePrinter(
          TablePrinter.NAME,
          TablePrinter.column("Type", "Whether requests are limited."),
          TablePrinter.column("NominalConcurrencyShares", "The share of what runs at once."),
          TablePrinter.column("Queues", "How many queues there are."),
          TablePrinter.column("HandSize", "How many queues a flow is dealt."),
          TablePrinter.column("QueueLengthLimit", "How long a queue may be."),
          TablePrinter.AGE) {
        @Override
        void print(KubeObject object, Instant now, ImmutableList.Builder<Object> cells) {
          KubeMap limited = object.spec().map("limited");
          KubeMap queuing =
              limited == null ? null : limited.mapOrEmpty("limitResponse").map("queuing");
          cells.add(object.name(), object.spec().string("type", ""));
          cells.add(limited == null ? NONE : limited.number("nominalConcurrencyShares", 0));
          for (String field : ImmutableList.of("queues", "handSize", "queueLengthLimit")) {
            cells.add(queuing == null ? NONE : queuing.number(field, 0));
          }
          cells.add(age(object, now));
        }
      };

  private ControlPlanePrinters() {}

  private static String available(KubeMap status) {
    KubeMap condition = status.listOrEmpty("conditions").find("type", "Available");
    if (condition == null) {
      return "Unknown";
    }
    String value = condition.string("status", "");
    String reason = condition.string("reason", "");
    return value.equals("True") || reason.isEmpty() ? value : value + " (" + reason + ")";
  }
}
