package dev.wavetank.core.apiserver.admission;

import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.PodResources;
import dev.wavetank.core.api.Quantity;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.Admission;
import dev.wavetank.core.apiserver.ApiServer;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Pods get the default requests and limits of the LimitRanges of their namespace, and pods and
 * claims must keep within their bounds.
 *
 * <p>Follows plugin/pkg/admission/limitranger/admission.go (v1.36).
 */
public final class LimitRanger implements Admission {

  private static final String ANNOTATION = "kubernetes.io/limit-ranger";

  private final NamespacedIndex ranges;

  /** The step of a server, in which it finds the LimitRanges. */
  public LimitRanger(ApiServer server) {
    this.ranges = new NamespacedIndex(server, ResourceType.LIMIT_RANGES);
  }

  @Override
  public KubeObject admit(ResourceType type, KubeObject object, @Nullable KubeObject before) {
    if (!type.equals(ResourceType.PODS) || before != null) {
      return object;
    }
    KubeObject pod = object;
    for (KubeObject range : ranges.in(object.namespace())) {
      pod = withDefaults(pod, range);
    }
    return pod;
  }

  private static KubeObject withDefaults(KubeObject pod, KubeObject range) {
    Map<String, Object> requests = new TreeMap<>();
    Map<String, Object> limits = new TreeMap<>();
    for (KubeMap item : range.spec().listOrEmpty("limits").maps()) {
      if (item.string("type", "").equals("Container")) {
        item.mapOrEmpty("defaultRequest").forEach(requests::put);
        item.mapOrEmpty("default").forEach(limits::put);
      }
    }
    List<String> told = new ArrayList<>();
    KubeObject made = pod;
    for (String list : new String[] {"containers", "initContainers"}) {
      KubeList containers = made.spec().listOrEmpty(list);
      String what = list.equals("containers") ? "container" : "init container";
      for (int i = 0; i < containers.size(); i++) {
        KubeMap container = containers.map(i);
        KubeMap filled = filled(container, "requests", requests, " request for " + what, told);
        filled = filled(filled, "limits", limits, " limit for " + what, told);
        containers = containers.with(i, filled);
      }
      if (!containers.isEmpty()) {
        made = made.withSpec(made.spec().with(list, containers));
      }
    }
    return told.isEmpty()
        ? made
        : made.with(
            "LimitRanger plugin set: " + String.join("; ", told),
            "metadata",
            "annotations",
            ANNOTATION);
  }

  private static KubeMap filled(
      KubeMap container,
      String which,
      Map<String, Object> defaults,
      String what,
      List<String> told) {
    KubeMap resources = container.mapOrEmpty("resources");
    KubeMap amounts = resources.mapOrEmpty(which);
    List<String> set = new ArrayList<>();
    for (Map.Entry<String, Object> amount : defaults.entrySet()) {
      if (!amounts.has(amount.getKey())) {
        amounts = amounts.with(amount.getKey(), amount.getValue());
        set.add(amount.getKey());
      }
    }
    if (set.isEmpty()) {
      return container;
    }
    told.add(String.join(", ", set) + what + " " + container.string("name", ""));
    return container.with("resources", resources.with(which, amounts));
  }

  @Override
  public void validate(
      ResourceType type, KubeObject object, @Nullable KubeObject before, boolean dryRun) {
    boolean pod = type.equals(ResourceType.PODS);
    boolean claim = type.equals(ResourceType.PERSISTENT_VOLUME_CLAIMS);
    if (!(pod && before == null) && !claim) {
      return;
    }
    if (before != null && before.terminating()) {
      return;
    }
    Collection<KubeObject> all = ranges.in(object.namespace());
    for (KubeObject range : all) {
      List<String> problems = new ArrayList<>();
      for (KubeMap item : range.spec().listOrEmpty("limits").maps()) {
        check(item, object, pod, problems);
      }
      if (!problems.isEmpty()) {
        String why = String.join(", ", problems);
        throw new ApiException(
            Status.forbidden(type, object.name(), problems.size() > 1 ? "[" + why + "]" : why));
      }
    }
  }

  private static void check(KubeMap item, KubeObject object, boolean pod, List<String> problems) {
    String type = item.string("type", "");
    KubeMap spec = object.spec();
    if (!pod && type.equals("PersistentVolumeClaim")) {
      KubeMap requests = spec.mapOrEmpty("resources").mapOrEmpty("requests");
      Bounds bounds = new Bounds(type, PodResources.list(requests), ImmutableMap.of(), problems);
      bounds.min(item);
      bounds.maxOfRequests(item);
    } else if (pod && type.equals("Container")) {
      for (String list : new String[] {"containers", "initContainers"}) {
        for (KubeMap container : spec.listOrEmpty(list).maps()) {
          KubeMap resources = container.mapOrEmpty("resources");
          new Bounds(
                  type,
                  PodResources.list(resources.mapOrEmpty("requests")),
                  PodResources.list(resources.mapOrEmpty("limits")),
                  problems)
              .all(item);
        }
      }
    } else if (pod && type.equals("Pod")) {
      new Bounds(type, PodResources.requests(spec), PodResources.limits(spec), problems).all(item);
    }
  }

  /** The bounds of a LimitRange for one thing. */
  private record Bounds(
      String type,
      Map<String, Quantity> requests,
      Map<String, Quantity> limits,
      List<String> problems) {

    void all(KubeMap item) {
      min(item);
      max(item);
      ratio(item);
    }

    private void add(String bound, String name, Quantity enforced, String problem) {
      problems.add(bound + name + " usage per " + type + " is " + enforced + problem);
    }

    void min(KubeMap item) {
      PodResources.list(item.mapOrEmpty("min"))
          .forEach(
              (name, least) -> {
                Quantity request = requests.get(name);
                Quantity limit = limits.get(name);
                if (request == null) {
                  add("minimum ", name, least, ".  No request is specified");
                } else if (request.cmp(least) < 0) {
                  add("minimum ", name, least, ", but request is " + request);
                } else if (limit != null && limit.cmp(least) < 0) {
                  add("minimum ", name, least, ", but limit is " + limit);
                }
              });
    }

    void maxOfRequests(KubeMap item) {
      PodResources.list(item.mapOrEmpty("max"))
          .forEach(
              (name, most) -> {
                Quantity request = requests.get(name);
                if (request == null) {
                  add("maximum ", name, most, ".  No request is specified");
                } else if (request.cmp(most) > 0) {
                  add("maximum ", name, most, ", but request is " + request);
                }
              });
    }

    private void max(KubeMap item) {
      PodResources.list(item.mapOrEmpty("max"))
          .forEach(
              (name, most) -> {
                Quantity request = requests.get(name);
                Quantity limit = limits.get(name);
                if (limit == null) {
                  add("maximum ", name, most, ".  No limit is specified");
                } else if (limit.cmp(most) > 0) {
                  add("maximum ", name, most, ", but limit is " + limit);
                } else if (request != null && request.cmp(most) > 0) {
                  add("maximum ", name, most, ", but request is " + request);
                }
              });
    }

    private void ratio(KubeMap item) {
      PodResources.list(item.mapOrEmpty("maxLimitRequestRatio"))
          .forEach(
              (name, most) -> {
                String begin =
                    name + " max limit to request ratio per " + type + " is " + most + ", but ";
                Quantity request = requests.get(name);
                Quantity limit = limits.get(name);
                if (request == null || request.isZero()) {
                  problems.add(begin + "no request is specified or request is 0");
                } else if (limit == null || limit.isZero()) {
                  problems.add(begin + "no limit is specified or limit is 0");
                } else {
                  BigDecimal ratio =
                      limit.decimal().divide(request.decimal(), 12, RoundingMode.HALF_EVEN);
                  if (ratio.compareTo(most.decimal()) > 0) {
                    BigDecimal shown = ratio.setScale(6, RoundingMode.HALF_EVEN);
                    problems.add(begin + "provided ratio is " + shown.toPlainString());
                  }
                }
              });
    }
  }
}
