package dev.wavetank.scenarios.invariant;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.FileFields;
import java.util.function.Supplier;

/** The one list of the invariants, by their name in scenario files. */
public final class Invariants {

  private static final ImmutableMap<String, Supplier<Invariant>> BY_NAME =
      ImmutableMap.of(
          "replicas-within-bounds", ReplicasWithinBounds::new,
          "ready-endpoints-are-ready-pods", ReadyEndpoints::new,
          "pod-ips-are-unique", UniquePodIps::new);

  /** The names, in the order of the documentation. */
  public static final ImmutableList<String> NAMES = BY_NAME.keySet().asList();

  private Invariants() {}

  /**
   * The invariants of a list of names.
   *
   * @throws dev.wavetank.core.api.ScenarioException when there is no such one
   */
  public static ImmutableList<Supplier<Invariant>> read(FileFields fields, String key) {
    ImmutableList.Builder<Supplier<Invariant>> read = ImmutableList.builder();
    for (String name : fields.texts(key)) {
      Supplier<Invariant> invariant = BY_NAME.get(name);
      if (invariant == null) {
        throw fields.wrong(
            key,
            "no invariant \""
                + name
                + "\", expected one of "
                + String.join(", ", NAMES)
                + dev.wavetank.core.api.NearestWord.hint(name, NAMES));
      }
      read.add(invariant);
    }
    return read.build();
  }
}
