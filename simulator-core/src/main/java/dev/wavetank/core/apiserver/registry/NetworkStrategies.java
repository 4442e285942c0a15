package dev.wavetank.core.apiserver.registry;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.FieldErrors;
import dev.wavetank.core.apiserver.Formats;
import dev.wavetank.core.apiserver.ResourceStrategy;
import dev.wavetank.core.apiserver.SpecStrategy;
import dev.wavetank.core.network.IpAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * The strategies of ServiceCIDRs and IPAddresses.
 *
 * <p>Follows pkg/apis/networking/validation/validation.go (v1.36).
 */
final class NetworkStrategies {

  private static final String CIDRS = "spec.cidrs";
  private static final String IMMUTABLE = "field is immutable";

  private NetworkStrategies() {}

  static ResourceStrategy ofNetworks() {
    return new SpecStrategy(KubeMap.EMPTY) {
      @Override
      public boolean generation() {
        return false;
      }

      @Override
      public void validateCreate(KubeObject object, FieldErrors errors) {
        networks(object.spec().listOrEmpty("cidrs"), errors);
      }

      @Override
      public void validateUpdate(KubeObject next, KubeObject old, FieldErrors errors) {
        KubeList asked = next.spec().listOrEmpty("cidrs");
        KubeList before = old.spec().listOrEmpty("cidrs");
        boolean grows = before.size() == 1 && asked.size() == 2;
        if (asked.size() != before.size() && !grows) {
          errors.invalid(CIDRS, asked, IMMUTABLE);
          return;
        }
        for (int i = 0; i < before.size(); i++) {
          if (!asked.get(i).equals(before.get(i))) {
            errors.invalid(CIDRS + "[" + i + "]", asked.get(i), IMMUTABLE);
          }
        }
        if (grows) {
          networks(asked, errors);
        }
      }
    };
  }

  private static void networks(KubeList cidrs, FieldErrors errors) {
    if (cidrs.isEmpty()) {
      errors.required(CIDRS, "at least one CIDR required");
    } else if (cidrs.size() > 2) {
      errors.invalid(CIDRS, KubeMap.of("CIDRs", cidrs), "may only hold up to 2 values");
    } else {
      for (int i = 0; i < cidrs.size(); i++) {
        IpValidation.network(cidrs.get(i).toString(), CIDRS + "[" + i + "]", errors);
      }
      IpAddress first = IpValidation.firstAddress(cidrs.get(0).toString());
      IpAddress last = IpValidation.firstAddress(cidrs.get(cidrs.size() - 1).toString());
      if (cidrs.size() == 2 && first != null && last != null && first.isV6() == last.isV6()) {
        errors.invalid(
            CIDRS,
            cidrs,
            "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and"
                + " 2001:db8::/64");
      }
    }
  }

  static ResourceStrategy ofAddresses() {
    return new SpecStrategy() {
      @Override
      public boolean generation() {
        return false;
      }

      @Override
      public List<String> nameErrors(String name) {
        FieldErrors errors = new FieldErrors();
        IpValidation.address(name, "", errors);
        List<String> details = new ArrayList<>();
        errors
            .causes()
            .forEach(cause -> details.add(cause.message().replaceFirst("^[^:]*: [^:]*: ", "")));
        return details;
      }

      @Override
      public void validateCreate(KubeObject object, FieldErrors errors) {
        KubeMap parent = object.spec().map("parentRef");
        if (parent == null) {
          errors.required("spec.parentRef", "");
        } else {
          parent(parent, errors);
        }
      }

      @Override
      public void validateUpdate(KubeObject next, KubeObject old, FieldErrors errors) {
        Checks.immutable(
            next.spec().get("parentRef"), old.spec().get("parentRef"), "spec.parentRef", errors);
      }
    };
  }

  private static void parent(KubeMap parent, FieldErrors errors) {
    Checks.dnsSubdomainIfSet(parent, "group", "spec.parentRef", errors);
    for (String key : ImmutableList.of("resource", "name", "namespace")) {
      String value = parent.string(key, "");
      String path = "spec.parentRef." + key;
      if (!value.isEmpty()) {
        errors.invalid(path, value, Formats.pathSegment(value));
      } else if (!key.equals("namespace")) {
        errors.required(path, "");
      }
    }
  }
}
