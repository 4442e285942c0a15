package dev.wavetank.scenarios.traffic;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.Commit;
import dev.wavetank.core.trace.Explanation;
import dev.wavetank.core.trace.Trace;
import dev.wavetank.scenarios.cluster.Cluster;
import dev.wavetank.scenarios.traffic.Traffic.FailedRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells why a request was lost: what became of the pod that it was sent to, when its endpoint and
 * the rules of the client's node followed, and when the request was on its way.
 */
public final class LostRequest {

  private static final double SECOND = 1e9;

  /** How long before and after the request something may be part of its story. */
  private static final long HORIZON_NANOS = 120_000_000_000L;

  private record Moment(long timeNanos, long index, String words) {}

  private final Cluster cluster;
  private final Traffic traffic;
  private final FailedRequest request;
  private final Explanation explanation;
  private final List<Moment> moments = new ArrayList<>();

  private LostRequest(Cluster cluster, Traffic traffic, FailedRequest request) {
    this.cluster = cluster;
    this.traffic = traffic;
    this.request = request;
    this.explanation = new Explanation(cluster.trace());
  }

  /** The stories of a source: of the first request that was lost for each reason. */
  public static String stories(Cluster cluster, Traffic traffic) {
    StringBuilder out = new StringBuilder();
    Set<String> told = new LinkedHashSet<>();
    for (FailedRequest request : traffic.failedRequests()) {
      if (told.add(request.reason())) {
        new LostRequest(cluster, traffic, request).tell(out);
      }
    }
    return out.isEmpty() ? "no request of " + traffic.name() + " was lost\n" : out.toString();
  }

  private void tell(StringBuilder out) {
    out.append("a request of ").append(traffic.name()).append(" to ").append(request.reach().to());
    out.append(" was lost: ").append(request.reach().line()).append('\n');
    String sentTo = request.reach().sentTo();
    int colon = sentTo.lastIndexOf(':');
    String ip = colon < 0 ? "" : sentTo.substring(0, colon);
    happened(request.sentNanos(), Long.MAX_VALUE - 1, "the request is sent");
    happened(
        request.endedNanos(),
        Long.MAX_VALUE,
        (ip.isEmpty() ? "" : "sent on to " + sentTo + ": ") + request.reach().line());
    KubeObject pod = ip.isEmpty() ? null : pods(ip);
    if (pod != null) {
      slices(ip);
      rules();
    }
    moments.sort(Comparator.comparingLong(Moment::timeNanos).thenComparingLong(Moment::index));
    for (Moment moment : moments) {
      double seconds = moment.timeNanos / SECOND;
      out.append(String.format(Locale.ROOT, "%10.3f s  %s%n", seconds, moment.words));
    }
  }

  private void happened(long timeNanos, long index, String words) {
    if (Math.abs(timeNanos - request.sentNanos()) <= HORIZON_NANOS) {
      moments.add(new Moment(timeNanos, index, words));
    }
  }

  /** What happened to the pod that had the address last; null when none had it. */
  private @Nullable KubeObject pods(String ip) {
    KubeObject[] found = new KubeObject[1];
    List<Trace.Entry> commits = new ArrayList<>();
    commits(
        ResourceType.PODS,
        (entry, commit) -> {
          if (ip.equals(commit.object().status().string("podIP", ""))
              && entry.timeNanos() <= request.endedNanos()) {
            found[0] = commit.object();
          }
          commits.add(entry);
        });
    KubeObject pod = found[0];
    if (pod == null) {
      return null;
    }
    ObjectKey key = pod.key(ResourceType.PODS);
    String node = " on " + pod.spec().string("nodeName", "");
    String name = "pod " + key.name() + " (" + ip + node + ")";
    for (Trace.Entry entry : commits) {
      if (entry.subject().equals(key) && entry.detail() instanceof Commit commit) {
        podChanged(entry, commit, name);
      }
    }
    containers(pod, name);
    return pod;
  }

  private void podChanged(Trace.Entry entry, Commit commit, String name) {
    KubeObject before = commit.before();
    KubeObject after = commit.after();
    boolean deletedBefore = before != null && before.metadata().has("deletionTimestamp");
    if (after == null) {
      happened(entry.timeNanos(), entry.index(), name + " is gone from the API");
    } else if (after.metadata().has("deletionTimestamp") && !deletedBefore) {
      happened(
          entry.timeNanos(),
          entry.index(),
          name + " is deleted by " + writer(entry) + because(entry));
    } else if (ready(after) != (before != null && ready(before))) {
      String state = ready(after) ? " is Ready" : " is not Ready any more";
      happened(entry.timeNanos(), entry.index(), name + state);
    }
  }

  private static boolean ready(KubeObject pod) {
    for (KubeMap condition : pod.status().listOrEmpty("conditions").maps()) {
      if (condition.string("type", "").equals("Ready")) {
        return condition.string("status", "").equals("True");
      }
    }
    return false;
  }

  /** The user's command, or whatever else began it all. */
  private String because(Trace.Entry fact) {
    for (Trace.Entry cause : explanation.chain(fact)) {
      if (cause.what().startsWith("user/")) {
        return ", because of " + cause.subject();
      }
    }
    return "";
  }

  private String writer(Trace.Entry fact) {
    List<Trace.Entry> chain = explanation.chain(fact);
    for (int i = chain.size() - 1; i >= 0; i--) {
      if (!chain.get(i).fact()) {
        String what = chain.get(i).what();
        return what.contains("/") ? what.substring(0, what.lastIndexOf('/')) : what;
      }
    }
    return "the caller";
  }

  private void containers(KubeObject pod, String name) {
    Set<String> ids = new LinkedHashSet<>();
    for (KubeMap status : pod.status().listOrEmpty("containerStatuses").maps()) {
      String id = status.string("containerID", "");
      ids.add(id.substring(id.indexOf("://") < 0 ? 0 : id.indexOf("://") + "://".length()));
    }
    cluster
        .trace()
        .forEach(
            entry -> {
              if (entry.what().equals("container/exit")
                  && ids.contains(entry.subject().toString())) {
                happened(entry.timeNanos(), entry.index(), "the process of " + name + " ends");
              }
            });
  }

  /** When the address was an endpoint. */
  private void slices(String ip) {
    commits(
        ResourceType.ENDPOINT_SLICES,
        (entry, commit) -> {
          boolean before = takes(commit.before(), ip);
          boolean after = takes(commit.after(), ip);
          if (before != after) {
            String words =
                after
                    ? " is an endpoint that takes traffic, says "
                    : " is no endpoint any more, says ";
            happened(entry.timeNanos(), entry.index(), ip + words + writer(entry));
          }
        });
  }

  private static boolean takes(@Nullable KubeObject slice, String ip) {
    if (slice != null) {
      for (KubeMap endpoint : slice.root().listOrEmpty("endpoints").maps()) {
        KubeList addresses = endpoint.listOrEmpty("addresses");
        if (!addresses.isEmpty() && addresses.get(0).equals(ip)) {
          return endpoint.mapOrEmpty("conditions").bool("ready", true);
        }
      }
    }
    return false;
  }

  /** When the node that the client is on wrote its rules: the last before, and the next after. */
  private void rules() {
    String node = clientNode();
    if (node.isEmpty()) {
      return;
    }
    Trace.Entry[] around = new Trace.Entry[2];
    cluster
        .trace()
        .forEach(
            entry -> {
              if (entry.what().equals("kube-proxy/syncProxyRules")
                  && entry.subject().equals(node)) {
                boolean later = entry.timeNanos() > request.sentNanos();
                if (!later || around[1] == null) {
                  around[later ? 1 : 0] = entry;
                }
              }
            });
    if (around[0] != null) {
      happened(
          around[0].timeNanos(),
          around[0].index(),
          "kube-proxy writes the rules of " + node + " that the request meets");
    }
    if (around[1] != null) {
      happened(
          around[1].timeNanos(),
          around[1].index(),
          "kube-proxy writes the rules of " + node + " anew");
    }
  }

  private String clientNode() {
    List<String> parts = ImmutableList.copyOf(traffic.plan().from().split("/"));
    if (parts.get(0).equals("node")) {
      return parts.get(1);
    }
    if (!parts.get(0).equals("pod")) {
      return "";
    }
    String namespace = parts.size() == 3 ? parts.get(1) : "default";
    KubeObject pod =
        cluster.api().find(ObjectKey.of(ResourceType.PODS, namespace, parts.get(parts.size() - 1)));
    return pod == null ? "" : pod.spec().string("nodeName", "");
  }

  private interface Commits {
    void commit(Trace.Entry entry, Commit commit);
  }

  private void commits(ResourceType type, Commits then) {
    cluster
        .trace()
        .forEach(
            entry -> {
              if (entry.detail() instanceof Commit commit && commit.key().type().equals(type)) {
                then.commit(entry, commit);
              }
            });
  }
}
