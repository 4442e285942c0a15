package dev.wavetank.core.apiserver.registry;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.FieldErrors;

/**
 * Decides which IP families a Service has, from what it asks for and what the cluster is configured
 * with.
 *
 * <p>Follows initIPFamilyFields of pkg/registry/core/service/storage/alloc.go (v1.36).
 */
final class ServiceIpFamilies {

  static final String IPV4 = "IPv4";
  static final String IPV6 = "IPv6";

  private static final String POLICY = "spec.ipFamilyPolicy";
  private static final String SINGLE_STACK = "SingleStack";
  private static final String PREFER_DUAL_STACK = "PreferDualStack";
  private static final String REQUIRE_DUAL_STACK = "RequireDualStack";

  private final ImmutableList<String> configured;

  /**
   * The rules of a cluster.
   *
   * @param configured its families, one or two; the first is that of Services that do not say
   */
  ServiceIpFamilies(ImmutableList<String> configured) {
    this.configured = configured;
  }

  static String of(String ip) {
    return ip.indexOf(':') >= 0 ? IPV6 : IPV4;
  }

  private static String other(Object family) {
    return family.equals(IPV4) ? IPV6 : IPV4;
  }

  /**
   * Whether a Service that prefers two families stays as it is: such a Service is changed only by
   * who changes its policy, families or addresses, never by a change of the cluster.
   */
  static boolean staysAsItIs(KubeMap spec, KubeMap old) {
    return !old.isEmpty()
        && !Services.externalName(spec)
        && Services.type(spec).equals(Services.type(old))
        && spec.string("ipFamilyPolicy", "").equals(PREFER_DUAL_STACK)
        && old.string("ipFamilyPolicy", PREFER_DUAL_STACK).equals(PREFER_DUAL_STACK)
        && same("clusterIPs", spec, old)
        && same("ipFamilies", spec, old);
  }

  private static boolean same(String list, KubeMap spec, KubeMap old) {
    return spec.listOrEmpty(list).equals(old.listOrEmpty(list));
  }

  /**
   * The spec with policy and families.
   *
   * @param old the spec before an update; empty for a new Service
   * @throws ApiException 422 when the cluster cannot have what is asked for
   */
  KubeMap decide(KubeObject service, KubeMap spec, KubeMap old) {
    if (Services.externalName(spec) || staysAsItIs(spec, old)) {
      return spec;
    }
    boolean selectorless =
        spec.mapOrEmpty("selector").isEmpty() && spec.string("clusterIP", "").equals(Services.NONE);
    KubeMap s = withPolicy(spec, old, selectorless);
    FieldErrors errors = new FieldErrors();
    ServiceClusterIps.fields(s, errors);
    refuse(service, errors);
    String policy = s.string("ipFamilyPolicy", "");
    s = old.isEmpty() ? s : released(s, old, policy, errors);
    single(s, policy, errors);
    s = familiesOfIps(s, errors);
    refuse(service, errors);
    if (selectorless) {
      return selectorlessFamilies(s, policy);
    }
    available(s, policy, errors);
    refuse(service, errors);
    KubeList families = s.listOrEmpty("ipFamilies");
    KubeList decided = families.isEmpty() ? KubeList.of(configured.get(0)) : families;
    if (!policy.equals(SINGLE_STACK) && decided.size() == 1 && configured.size() == 2) {
      decided = decided.plus(other(decided.get(0)));
    }
    return decided == families ? s : s.with("ipFamilies", decided);
  }

  private static KubeMap withPolicy(KubeMap spec, KubeMap old, boolean selectorless) {
    if (spec.has("ipFamilyPolicy")) {
      return spec;
    }
    Object before = old.get("ipFamilyPolicy");
    Object otherwise = selectorless ? REQUIRE_DUAL_STACK : SINGLE_STACK;
    return spec.with("ipFamilyPolicy", before != null ? before : otherwise);
  }

  /** An update to one family lets the second go; only with that policy may it. */
  private static KubeMap released(KubeMap spec, KubeMap old, String policy, FieldErrors errors) {
    KubeMap s = spec;
    KubeList ips = s.listOrEmpty("clusterIPs");
    KubeList families = s.listOrEmpty("ipFamilies");
    if (policy.equals(SINGLE_STACK)) {
      if (same("clusterIPs", s, old) && ips.size() > 1) {
        s = s.with("clusterIPs", KubeList.of(ips.get(0)));
      }
      if (same("ipFamilies", s, old) && families.size() > 1) {
        s = s.with("ipFamilies", KubeList.of(families.get(0)));
      }
      return s;
    }
    if (!ips.isEmpty() && ips.size() < old.listOrEmpty("clusterIPs").size()) {
      errors.invalid(POLICY, policy, "must be 'SingleStack' to release the secondary cluster IP");
    }
    if (!families.isEmpty() && families.size() < old.listOrEmpty("ipFamilies").size()) {
      errors.invalid(POLICY, policy, "must be 'SingleStack' to release the secondary IP family");
    }
    return s;
  }

  private static void single(KubeMap spec, String policy, FieldErrors errors) {
    if (!policy.equals(SINGLE_STACK)) {
      return;
    }
    if (spec.listOrEmpty("clusterIPs").size() == 2) {
      errors.invalid(
          POLICY,
          policy,
          "must be 'RequireDualStack' or 'PreferDualStack' when multiple cluster IPs are"
              + " specified");
    }
    if (spec.listOrEmpty("ipFamilies").size() == 2) {
      errors.invalid(
          POLICY,
          policy,
          "must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are"
              + " specified");
    }
  }

  private KubeMap familiesOfIps(KubeMap spec, FieldErrors errors) {
    KubeList ips = spec.listOrEmpty("clusterIPs");
    KubeList families = spec.listOrEmpty("ipFamilies");
    KubeList known = families;
    for (int i = families.size(); i < ips.size(); i++) {
      String ip = ips.get(i).toString();
      if (ip.equals(Services.NONE)) {
        break;
      }
      String family = of(ip);
      if (configured.contains(family)) {
        known = known.plus(family);
      } else {
        errors.invalid(
            "spec.clusterIPs[" + i + "]", ips, family + " is not configured on this cluster");
      }
    }
    return known == families ? spec : spec.with("ipFamilies", known);
  }

  private KubeMap selectorlessFamilies(KubeMap spec, String policy) {
    KubeList families = spec.listOrEmpty("ipFamilies");
    if (families.isEmpty()) {
      families = KubeList.of(configured.get(0));
    }
    if (families.size() < 2 && !policy.equals(SINGLE_STACK)) {
      families = families.plus(other(families.get(0)));
    }
    return spec.with("ipFamilies", families);
  }

  private void available(KubeMap spec, String policy, FieldErrors errors) {
    if (policy.equals(REQUIRE_DUAL_STACK) && configured.size() < 2) {
      errors.invalid(POLICY, policy, "this cluster is not configured for dual-stack services");
    }
    KubeList families = spec.listOrEmpty("ipFamilies");
    for (int i = 0; i < families.size(); i++) {
      if (!configured.contains(families.get(i))) {
        errors.invalid(
            "spec.ipFamilies[" + i + "]", families.get(i), "not configured on this cluster");
      }
    }
  }

  private static void refuse(KubeObject service, FieldErrors errors) {
    if (!errors.isEmpty()) {
      throw new ApiException(errors.status(ResourceType.SERVICES, service.name()));
    }
  }
}
