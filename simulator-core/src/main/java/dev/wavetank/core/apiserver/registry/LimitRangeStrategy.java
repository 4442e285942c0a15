package dev.wavetank.core.apiserver.registry;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.PodResources;
import dev.wavetank.core.api.Quantity;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.Formats;
import dev.wavetank.core.apiserver.ResourceStrategy;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * LimitRanges: what containers are given by default follows from their bounds.
 *
 * <p>Follows pkg/apis/core/v1/defaults.go and pkg/apis/core/validation/validation.go (v1.36).
 */
final class LimitRangeStrategy implements ResourceStrategy {

  private static final ImmutableList<String> TYPES =
      ImmutableList.of("Pod", "Container", "PersistentVolumeClaim");

  @Override
  public KubeObject defaults(KubeObject object) {
    KubeList limits = object.spec().listOrEmpty("limits");
    KubeList made = limits;
    for (int i = 0; i < limits.size(); i++) {
      KubeMap item = limits.map(i);
      if (item.string("type", "").equals("Container")) {
        made = made.with(i, withDefaults(item));
      }
    }
    return made.equals(limits) ? object : object.with(made, "spec", "limits");
  }

  private static KubeMap withDefaults(KubeMap item) {
    KubeMap limits = merged(item.mapOrEmpty("default"), item.mapOrEmpty("max"));
    KubeMap requests = merged(item.mapOrEmpty("defaultRequest"), limits);
    requests = merged(requests, item.mapOrEmpty("min"));
    return item.with("default", limits.isEmpty() ? null : limits)
        .with("defaultRequest", requests.isEmpty() ? null : requests);
  }

  private static KubeMap merged(KubeMap amounts, KubeMap otherwise) {
    KubeMap made = amounts;
    for (int i = 0; i < otherwise.size(); i++) {
      String name = otherwise.keyAt(i);
      made = made.withDefault(name, otherwise.valueAt(i));
    }
    return made;
  }

  @Override
  public boolean createOnUpdate() {
    return true;
  }

  @Override
  public void validateUpdate(KubeObject next, KubeObject old, FieldErrors errors) {
    validateCreate(next, errors);
  }

  @Override
  public void validateCreate(KubeObject object, FieldErrors errors) {
    KubeList limits = object.spec().listOrEmpty("limits");
    Set<String> seen = new TreeSet<>();
    for (int i = 0; i < limits.size(); i++) {
      KubeMap item = limits.map(i);
      String path = "spec.limits[" + i + "]";
      String type = item.string("type", "");
      List<String> problems = Formats.qualifiedName(type);
      errors.invalid(path + ".type", type, problems);
      if (problems.isEmpty() && type.indexOf('/') < 0 && !TYPES.contains(type)) {
        errors.invalid(path + ".type", type, "must be a standard limit type or fully qualified");
      }
      if (!seen.add(type)) {
        errors.duplicate(path + ".type", type);
      }
      item(item, type, path, errors);
    }
  }

  private static void item(KubeMap item, String type, String path, FieldErrors errors) {
    Set<String> names = new TreeSet<>();
    names(item, "max", type, path, names, errors);
    names(item, "min", type, path, names, errors);
    for (String field : ImmutableList.of("default", "defaultRequest")) {
      if (!type.equals("Pod")) {
        names(item, field, type, path, names, errors);
      } else if (!item.mapOrEmpty(field).isEmpty()) {
        errors.forbidden(path + "." + field, "may not be specified when `type` is 'Pod'");
      }
    }
    boolean storage =
        item.mapOrEmpty("min").has("storage") || item.mapOrEmpty("max").has("storage");
    if (type.equals("PersistentVolumeClaim") && !storage) {
      errors.required(
          path + ".limits",
          "either minimum or maximum storage value is required, but neither was provided");
    }
    names(item, "maxLimitRequestRatio", type, path, names, errors);
    for (String name : names) {
      new Amounts(item, name, path, errors).check(type.equals("Pod"));
    }
  }

  private static void names(
      KubeMap item, String field, String type, String path, Set<String> all, FieldErrors errors) {
    for (String name : item.mapOrEmpty(field).keys()) {
      ResourceNames.limitRange(type, name, path + "." + field + "[" + name + "]", errors);
      all.add(name);
    }
  }

  /** The amounts that an item names for one resource. */
  private static final class Amounts {
    private final KubeMap item;
    private final String name;
    private final String path;
    private final FieldErrors errors;

    Amounts(KubeMap item, String name, String path, FieldErrors errors) {
      this.item = item;
      this.name = name;
      this.path = path;
      this.errors = errors;
    }

    private @Nullable Quantity of(String field) {
      Map<String, Quantity> amounts = PodResources.list(item.mapOrEmpty(field));
      return amounts.get(name);
    }

    private void invalid(String field, Quantity value, String detail) {
      errors.invalid(path + "." + field + "[" + name + "]", value.toString(), detail);
    }

    /** The first must not be more than the second. */
    private void order(
        @Nullable Quantity less,
        String lessName,
        @Nullable Quantity more,
        String moreName,
        String field,
        @Nullable Quantity shown) {
      if (less != null && more != null && shown != null && less.cmp(more) > 0) {
        String text = lessName + " value " + less + " is greater than " + moreName;
        invalid(field, shown, text + " value " + more);
      }
    }

    void check(boolean pod) {
      Quantity min = of("min");
      Quantity max = of("max");
      Quantity limit = pod ? null : of("default");
      Quantity request = pod ? null : of("defaultRequest");
      order(min, "min", max, "max", "min", min);
      order(min, "min", request, "default request", "defaultRequest", request);
      order(request, "default request", max, "max", "defaultRequest", request);
      order(request, "default request", limit, "default limit", "defaultRequest", request);
      order(min, "min", limit, "default", "default", min);
      order(limit, "default", max, "max", "default", max);
      Quantity ratio = of("maxLimitRequestRatio");
      if (ratio != null) {
        ratio(ratio, min, max);
      }
      boolean overcommits = name.indexOf('/') < 0 && !name.startsWith("hugepages-");
      if (!overcommits && limit != null && request != null && limit.cmp(request) != 0) {
        invalid(
            "defaultRequest",
            request,
            "default value "
                + limit
                + " must equal to defaultRequest value "
                + request
                + " in "
                + name);
      }
    }

    private void ratio(Quantity ratio, @Nullable Quantity min, @Nullable Quantity max) {
      if (ratio.cmp(Quantity.of(1, Quantity.Format.DECIMAL_SI)) < 0) {
        invalid("maxLimitRequestRatio", ratio, "ratio " + ratio + " is less than 1");
      }
      if (min != null && max != null && !min.isZero()) {
        var most = max.decimal().divide(min.decimal(), 6, RoundingMode.HALF_EVEN);
        if (ratio.decimal().compareTo(most) > 0) {
          invalid(
              "maxLimitRequestRatio",
              ratio,
              "ratio " + ratio + " is greater than max/min = " + most.toPlainString());
        }
      }
    }
  }
}
