package dev.wavetank.scenarios.cluster;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.Difference;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.Commit;
import dev.wavetank.core.trace.Explanation;
import dev.wavetank.core.trace.Trace;
import dev.wavetank.scheduler.Attempt;
import dev.wavetank.scheduler.whatif.Remedy;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Tells how an object came to be as it is: its versions, who wrote each, and what led to them. */
final class Why {

  private static final int VERSIONS_MAX = 40;
  private static final int DIFFERENCES_MAX = 4;
  private static final int CHAIN_MAX = 60;
  private static final double SECOND = 1e9;

  private final Cluster cluster;
  private final Explanation explanation;

  Why(Cluster cluster) {
    this.cluster = cluster;
    this.explanation = new Explanation(cluster.trace());
  }

  /** The story of the object of that key; ends with a line break. */
  String text(ObjectKey key) {
    List<Trace.Entry> commits = new ArrayList<>();
    for (Trace.Entry fact : explanation.factsAbout(key)) {
      if (fact.detail() instanceof Commit) {
        commits.add(fact);
      }
    }
    StringBuilder out = new StringBuilder();
    KubeObject now = cluster.api().find(key);
    out.append(key).append(now == null ? " does not exist\n" : "\n");
    if (commits.isEmpty()) {
      out.append("  nothing that is kept of the trace is about it\n");
      return out.toString();
    }
    int first = Math.max(0, commits.size() - VERSIONS_MAX);
    if (first > 0) {
      out.append("  ").append(first).append(" earlier versions are left out\n");
    }
    for (Trace.Entry fact : commits.subList(first, commits.size())) {
      version(out, fact);
    }
    out.append("its newest version came about so:\n");
    chain(out, commits.get(commits.size() - 1));
    if (now != null && key.type().equals(ResourceType.PODS)) {
      scheduling(out, now);
    }
    return out.toString();
  }

  private void version(StringBuilder out, Trace.Entry fact) {
    Commit commit = (Commit) fact.detail();
    if (commit == null) {
      return;
    }
    out.append(time(fact.timeNanos())).append("  ");
    KubeObject before = commit.before();
    KubeObject after = commit.after();
    String by = writer(fact);
    if (before == null) {
      out.append("created by ").append(by).append('\n');
      return;
    }
    if (after == null) {
      out.append("deleted by ").append(by).append('\n');
      return;
    }
    out.append("changed by ").append(by).append('\n');
    for (Difference difference : Difference.between(shown(before), shown(after), DIFFERENCES_MAX)) {
      out.append("              ").append(difference).append('\n');
    }
  }

  /** The object without what every write changes. */
  private static KubeMap shown(KubeObject object) {
    KubeMap metadata = object.metadata().without("resourceVersion").without("managedFields");
    return object.root().with("metadata", metadata);
  }

  private String writer(Trace.Entry fact) {
    List<Trace.Entry> chain = explanation.chain(fact);
    for (int i = chain.size() - 1; i >= 0; i--) {
      if (!chain.get(i).fact()) {
        return component(chain.get(i));
      }
    }
    return "the caller";
  }

  private static String component(Trace.Entry event) {
    int slash = event.what().lastIndexOf('/');
    String component = slash < 0 ? event.what() : event.what().substring(0, slash);
    return component.equals("user") ? "the user: " + event.subject() : component;
  }

  private void chain(StringBuilder out, Trace.Entry last) {
    List<Trace.Entry> chain = explanation.chain(last);
    int from = Math.max(0, chain.size() - CHAIN_MAX);
    for (Trace.Entry entry : chain.subList(from, chain.size())) {
      out.append(time(entry.timeNanos()))
          .append("  ")
          .append(entry.what())
          .append(' ')
          .append(entry.subject())
          .append('\n');
    }
  }

  private void scheduling(StringBuilder out, KubeObject pod) {
    Attempt attempt = cluster.lastAttempt(pod.key(ResourceType.PODS));
    if (attempt == null) {
      return;
    }
    out.append(attempt.schedulerName())
        .append(", attempt ")
        .append(attempt.number())
        .append(" at ")
        .append(time(attempt.timeNanos()).strip())
        .append(": ")
        .append(attempt.sentence())
        .append('\n');
    attempt.table().forEach(line -> out.append("  ").append(line).append('\n'));
    if (pod.spec().string("nodeName", "").isEmpty()) {
      remedies(out, pod);
    }
  }

  /** What would let the pod fit, tried out on the cluster as it is now. */
  private void remedies(StringBuilder out, KubeObject pod) {
    ImmutableList<Remedy> remedies = cluster.remedies(pod);
    if (remedies.isEmpty()) {
      out.append("no single change that was tried would let it fit now\n");
      return;
    }
    out.append("it would fit with\n");
    for (Remedy remedy : remedies) {
      out.append("  ").append(remedy).append('\n');
    }
  }

  private static String time(long nanos) {
    return String.format(Locale.ROOT, "%10.3f s", nanos / SECOND);
  }
}
