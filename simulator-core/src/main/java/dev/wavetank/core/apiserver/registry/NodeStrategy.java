package dev.wavetank.core.apiserver.registry;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.Formats;
import dev.wavetank.core.apiserver.ResourceStrategy;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Nodes. Unlike other kinds a node may be created with a status.
 *
 * <p>Follows pkg/registry/core/node/strategy.go and pkg/apis/core/validation/validation.go (v1.36).
 */
final class NodeStrategy implements ResourceStrategy {

  @Override
  public KubeObject defaults(KubeObject object) {
    KubeMap status = object.status();
    if (status.has("capacity") && !status.has("allocatable")) {
      return object.withStatus(status.with("allocatable", status.get("capacity")));
    }
    return object;
  }

  @Override
  public boolean statusSubresource() {
    return true;
  }

  @Override
  public boolean generation() {
    return false;
  }

  @Override
  public void validateCreate(KubeObject object, FieldErrors errors) {
    KubeMap spec = object.spec();
    taints(spec.listOrEmpty("taints"), errors);
    resources(object.status(), errors);
    KubeList networks = spec.listOrEmpty("podCIDRs");
    for (int i = 0; i < networks.size(); i++) {
      IpValidation.network(networks.get(i).toString(), "spec.podCIDRs[" + i + "]", errors);
    }
    if (networks.size() > 2) {
      errors.invalid(
          "spec.podCIDRs", networks, "may specify no more than one CIDR for each IP family");
    }
  }

  @Override
  public void validateUpdate(KubeObject next, KubeObject old, FieldErrors errors) {
    KubeMap spec = next.spec();
    KubeMap before = old.spec();
    if (spec == before) {
      return;
    }
    KubeList networks = before.listOrEmpty("podCIDRs");
    if (!networks.isEmpty() && !networks.equals(spec.listOrEmpty("podCIDRs"))) {
      errors.forbidden(
          "spec.podCIDRs", "node updates may not change podCIDR except from \"\" to valid");
    }
    String provider = before.string("providerID", "");
    if (!provider.isEmpty() && !provider.equals(spec.string("providerID", ""))) {
      errors.forbidden(
          "spec.providerID", "node updates may not change providerID except from \"\" to valid");
    }
    taints(spec.listOrEmpty("taints"), errors);
  }

  @Override
  public void validateStatusUpdate(KubeObject next, KubeObject old, FieldErrors errors) {
    if (next.status() == old.status()) {
      return;
    }
    resources(next.status(), errors);
  }

  private static void resources(KubeMap status, FieldErrors errors) {
    for (String list : new String[] {"capacity", "allocatable"}) {
      KubeMap amounts = status.mapOrEmpty(list);
      for (int i = 0; i < amounts.size(); i++) {
        String name = amounts.keyAt(i);
        ResourceRequirements.quantity(
            name, amounts.valueAt(i), "status." + list + "." + name, errors);
      }
    }
  }

  private static void taints(KubeList taints, FieldErrors errors) {
    Set<String> seen = new TreeSet<>();
    for (int i = 0; i < taints.size(); i++) {
      KubeMap taint = taints.map(i);
      String path = "metadata.taints[" + i + "]";
      String key = taint.string("key", "");
      String value = taint.string("value", "");
      Checks.qualifiedName(key, path + ".key", errors);
      List<String> wrong = Formats.labelValue(value);
      if (!wrong.isEmpty()) {
        errors.invalid(path + ".value", value, String.join(";", wrong));
      }
      errors.oneOf(taint, "effect", SchedulingValidation.EFFECTS, path);
      if (!seen.add(taint.string("effect", "") + " " + key)) {
        errors.duplicateText(
            path,
            "{\"Key\":\""
                + key
                + "\",\"Value\":\""
                + value
                + "\",\"Effect\":\""
                + taint.string("effect", "")
                + "\",\"TimeAdded\":null}",
            "taints must be unique by key and effect pair");
      }
    }
  }
}
