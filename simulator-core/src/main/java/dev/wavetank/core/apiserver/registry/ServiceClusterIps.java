package dev.wavetank.core.apiserver.registry;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.apiserver.FieldErrors;
import java.util.ArrayList;
import java.util.List;

/**
 * The rules of a Service's {@code clusterIP}, {@code clusterIPs}, {@code ipFamilies} and {@code
 * ipFamilyPolicy}.
 *
 * <p>Follows pkg/apis/core/validation/validation.go (v1.36).
 */
final class ServiceClusterIps {

  private static final String PATH = "spec.clusterIPs";
  private static final String FAMILIES = "spec.ipFamilies";
  private static final ImmutableList<String> FAMILY_NAMES = ImmutableList.of("IPv4", "IPv6");
  private static final ImmutableList<String> FAMILY_POLICIES =
      ImmutableList.of("PreferDualStack", "RequireDualStack", "SingleStack");
  private static final String ONCE = "may not change once set";

  private ServiceClusterIps() {}

  /** The fields among themselves. */
  static void fields(KubeMap spec, FieldErrors errors) {
    if (Services.externalName(spec)) {
      return;
    }
    KubeList ips = spec.listOrEmpty("clusterIPs");
    String ip = spec.string("clusterIP", "");
    if (!ip.isEmpty() && ips.isEmpty()) {
      errors.required(PATH, "");
    } else if (!ip.isEmpty() && !ips.get(0).equals(ip)) {
      errors.invalid(PATH, ips, "first value must match `clusterIP`");
    } else if (ip.isEmpty() && !ips.isEmpty()) {
      errors.invalid(PATH, ips, "must be empty when `clusterIP` is not specified");
    }
    families(spec.listOrEmpty("ipFamilies"), errors);
    Checks.oneOfIfSet(spec, "ipFamilyPolicy", FAMILY_POLICIES, "spec", errors);
    if (!addresses(ips, errors)) {
      return;
    }
    if (ips.size() > 1 && v6(ips.get(0)) == v6(ips.get(1))) {
      errors.invalid(PATH, ips, "may specify no more than one IP for each IP family");
    }
    if (!Services.headless(spec)) {
      familyOfEach(ips, spec.listOrEmpty("ipFamilies"), errors);
    }
  }

  private static boolean v6(Object ip) {
    return ip.toString().indexOf(':') >= 0;
  }

  private static void families(KubeList families, FieldErrors errors) {
    List<Object> seen = new ArrayList<>();
    for (int i = 0; i < families.size(); i++) {
      Object family = families.get(i);
      String path = FAMILIES + "[" + i + "]";
      if (!FAMILY_NAMES.contains(family)) {
        errors.unsupported(path, family, FAMILY_NAMES);
      }
      if (seen.contains(family)) {
        errors.duplicate(path, family);
      }
      seen.add(family);
    }
  }

  private static boolean addresses(KubeList ips, FieldErrors errors) {
    boolean good = true;
    for (int i = 0; i < ips.size(); i++) {
      String ip = ips.get(i).toString();
      if (i == 0 && ip.equals(Services.NONE)) {
        if (ips.size() > 1) {
          good = false;
          errors.invalid(PATH, ips, "'None' must be the first and only value");
        }
        continue;
      }
      good &= IpValidation.address(ip, PATH + "[" + i + "]", errors);
    }
    if (ips.size() > 2) {
      errors.invalid(PATH, ips, "may only hold up to 2 values");
    }
    return good;
  }

  private static void familyOfEach(KubeList ips, KubeList families, FieldErrors errors) {
    for (int i = 0; i < Math.min(ips.size(), families.size()); i++) {
      String wanted = families.get(i).toString();
      String found = v6(ips.get(i)) ? "IPv6" : "IPv4";
      if (FAMILY_NAMES.contains(wanted) && !wanted.equals(found)) {
        errors.invalid(
            PATH + "[" + i + "]",
            ips.get(i),
            "expected an " + wanted + " value as indicated by `ipFamilies[" + i + "]`");
      }
    }
  }

  /** What an update may not change. */
  static void update(KubeMap next, KubeMap old, FieldErrors errors) {
    if (Services.externalName(next) || Services.externalName(old)) {
      return;
    }
    boolean headless = Services.headless(next);
    if (!headless || !Services.headless(old)) {
      addressesUpdate(next, old, errors);
    }
    if (headless == Services.headless(old) && !headless) {
      familiesUpdate(next, old, errors);
    }
  }

  private static void addressesUpdate(KubeMap next, KubeMap old, FieldErrors errors) {
    KubeList before = old.listOrEmpty("clusterIPs");
    KubeList after = next.listOrEmpty("clusterIPs");
    if (before.size() == after.size()) {
      for (int i = 0; i < before.size(); i++) {
        if (!before.get(i).equals(after.get(i))) {
          errors.invalid(PATH + "[" + i + "]", after, ONCE);
        }
      }
      return;
    }
    if (after.isEmpty()) {
      errors.invalid(PATH + "[0]", null, "primary clusterIP can not be unset");
    } else if (!before.isEmpty() && !before.get(0).equals(after.get(0))) {
      errors.invalid(PATH + "[0]", after, ONCE);
    }
    if (after.size() == 1
        && before.size() > 1
        && !next.string("ipFamilyPolicy", "").equals("SingleStack")) {
      errors.invalid(
          "spec.ipFamilyPolicy",
          next.get("ipFamilyPolicy"),
          "must be set to 'SingleStack' when releasing the secondary clusterIP");
    }
  }

  private static void familiesUpdate(KubeMap next, KubeMap old, FieldErrors errors) {
    KubeList before = old.listOrEmpty("ipFamilies");
    KubeList after = next.listOrEmpty("ipFamilies");
    if (before.size() == after.size()) {
      for (int i = 0; i < before.size(); i++) {
        if (!before.get(i).equals(after.get(i))) {
          errors.invalid(FAMILIES + "[0]", after, ONCE);
        }
      }
      return;
    }
    if (before.size() > after.size() && next.listOrEmpty("clusterIPs").isEmpty()) {
      errors.invalid(FAMILIES + "[0]", after, "primary ipFamily can not be unset");
    }
    if (!before.isEmpty() && !after.isEmpty() && !before.get(0).equals(after.get(0))) {
      errors.invalid(FAMILIES + "[0]", next.get("clusterIPs"), ONCE);
    }
    if (before.size() > after.size()
        && after.size() == 1
        && !next.string("ipFamilyPolicy", "").equals("SingleStack")) {
      errors.invalid(
          "spec.ipFamilyPolicy",
          next.get("ipFamilyPolicy"),
          "must be set to 'SingleStack' when releasing the secondary ipFamily");
    }
  }
}
