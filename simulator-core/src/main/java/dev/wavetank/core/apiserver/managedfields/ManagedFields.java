package dev.wavetank.core.apiserver.managedfields;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The owners of an object's fields, as its metadata keeps them.
 *
 * <p>Follows staging/src/k8s.io/apimachinery/pkg/util/managedfields/internal/managedfields.go
 * (v1.36).
 */
final class ManagedFields {

  /**
   * Who owns fields. Two applies of one manager are the same owner whatever their version.
   *
   * @param apiVersion empty for an apply
   */
  record Owner(String manager, boolean apply, String apiVersion, String subresource) {

    static Owner of(String manager, boolean apply, String apiVersion, String subresource) {
      return new Owner(manager, apply, apply ? "" : apiVersion, subresource);
    }
  }

  /**
   * What an owner owns.
   *
   * @param time when it last changed that; null for unknown
   */
  record Owned(FieldSet fields, String apiVersion, @Nullable String time) {

    Owned with(FieldSet others) {
      return new Owned(others, apiVersion, time);
    }
  }

  private static final Comparator<KubeMap> ORDER =
      Comparator.comparing((KubeMap entry) -> entry.string("operation", ""))
          .thenComparing(entry -> entry.string("time", ""))
          .thenComparing(entry -> entry.string("manager", ""))
          .thenComparing(entry -> entry.string("apiVersion", ""))
          .thenComparing(entry -> entry.string("subresource", ""));

  private ManagedFields() {}

  /** The owners of the entries; null when an entry is none. */
  static @Nullable Map<Owner, Owned> decode(KubeList entries) {
    Map<Owner, Owned> owners = new LinkedHashMap<>();
    for (Object entry : entries) {
      if (!(entry instanceof KubeMap map)) {
        return null;
      }
      String operation = map.string("operation", "");
      String apiVersion = map.string("apiVersion", "");
      boolean apply = operation.equals("Apply");
      boolean known = apply || operation.equals("Update");
      FieldSet fields = FieldSet.ofFields(map.mapOrEmpty("fieldsV1"));
      boolean typed = map.string("fieldsType", "").equals("FieldsV1");
      if (!known || apiVersion.isEmpty() || !typed || fields == null) {
        return null;
      }
      Owner owner =
          Owner.of(map.string("manager", ""), apply, apiVersion, map.string("subresource", ""));
      owners.put(owner, new Owned(fields, apiVersion, map.string("time")));
    }
    return owners;
  }

  /** The entries of owners, in their order; null for none. */
  static @Nullable KubeList encode(Map<Owner, Owned> owners) {
    List<KubeMap> entries = new ArrayList<>();
    owners.forEach((owner, owned) -> entries.add(entry(owner, owned)));
    entries.sort(ORDER);
    return entries.isEmpty() ? null : KubeList.copyOf(entries);
  }

  private static KubeMap entry(Owner owner, Owned owned) {
    KubeMap.Builder entry =
        KubeMap.builder()
            .put("manager", owner.manager().isEmpty() ? null : owner.manager())
            .put("operation", owner.apply() ? "Apply" : "Update")
            .put("apiVersion", owned.apiVersion())
            .put("time", owned.time())
            .put("fieldsType", "FieldsV1")
            .put("fieldsV1", owned.fields().toFields());
    return entry
        .put("subresource", owner.subresource().isEmpty() ? null : owner.subresource())
        .build();
  }
}
