package dev.wavetank.core.apiserver;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ResourceType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The resource types of one API server, which may grow and shrink at run time: built-in ones, and
 * those that CustomResourceDefinitions define. A type may be there in several versions, one of
 * which is stored.
 */
public final class ServedTypes {

  private final Map<ResourceType, ResourceStrategy> strategies = new LinkedHashMap<>();
  private final Set<ResourceType> unserved = new LinkedHashSet<>();
  private final Set<ResourceType> answered = new LinkedHashSet<>();
  private final Map<ResourceType, ComputedObjects> computed = new LinkedHashMap<>();
  private final List<Runnable> listeners = new ArrayList<>();
  private ImmutableList<ResourceType> stored = ImmutableList.of();
  private ImmutableList<ResourceType> served = ImmutableList.of();

  /** Serves a type with that strategy, or replaces the strategy of one that is served. */
  void serve(ResourceType type, ResourceStrategy strategy) {
    unserved.remove(type);
    put(type, strategy);
  }

  /** Knows a type whose objects are stored, but which no client can ask for. */
  public void store(ResourceType type, ResourceStrategy strategy) {
    unserved.add(type);
    put(type, strategy);
  }

  private void put(ResourceType type, ResourceStrategy strategy) {
    boolean same = strategies.containsKey(type) && type.custom() == null;
    if (!same) {
      strategies.remove(type);
    }
    strategies.put(type, strategy);
    changed();
  }

  /** Serves a type whose objects are answered and not stored. */
  void answer(ResourceType type) {
    answered.add(type);
    put(type, ResourceStrategy.PLAIN);
  }

  /** Serves a type whose objects are worked out when they are read. */
  public void compute(ResourceType type, ComputedObjects objects) {
    computed.put(type, objects);
    answer(type);
  }

  /** Who works out the objects of a type; null when they are stored, or not to be read. */
  public @Nullable ComputedObjects computed(ResourceType type) {
    return computed.get(type);
  }

  /** Whether objects of the type are answered and not stored. */
  public boolean answers(ResourceType type) {
    return answered.contains(type);
  }

  /** Serves a type no longer; its objects must be gone. */
  public void withdraw(ResourceType type) {
    strategies.remove(type);
    unserved.remove(type);
    changed();
  }

  /** Hears of every type that comes or goes. */
  public void listen(Runnable listener) {
    listeners.add(listener);
  }

  private void changed() {
    ImmutableList.Builder<ResourceType> storedNow = ImmutableList.builder();
    ImmutableList.Builder<ResourceType> servedNow = ImmutableList.builder();
    for (ResourceType type : strategies.keySet()) {
      if (type.stored() == type && !answered.contains(type)) {
        storedNow.add(type);
      }
      if (!unserved.contains(type)) {
        servedNow.add(type);
      }
    }
    stored = storedNow.build();
    served = servedNow.build();
    for (int i = 0; i < listeners.size(); i++) {
      listeners.get(i).run();
    }
  }

  /** The types that objects are stored as, each once, in the order in which they were added. */
  public ImmutableList<ResourceType> stored() {
    return stored;
  }

  /** The types that clients can ask for, every version for itself. */
  public ImmutableList<ResourceType> served() {
    return served;
  }

  /** The type served under that apiVersion and kind, or null. */
  public @Nullable ResourceType of(String apiVersion, String kind) {
    for (ResourceType type : served) {
      if (type.kind().equals(kind) && type.apiVersion().equals(apiVersion)) {
        return type;
      }
    }
    return null;
  }

  @Nullable ResourceStrategy strategy(ResourceType type) {
    return strategies.get(type);
  }
}
