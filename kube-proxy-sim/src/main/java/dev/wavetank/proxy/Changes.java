package dev.wavetank.proxy;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which Services differ between two states: those whose chains a partial sync writes. */
final class Changes {

  private final boolean all;
  private final Set<String> services;

  private Changes(boolean all, Set<String> services) {
    this.all = all;
    this.services = services;
  }

  /**
   * What changed.
   *
   * @param before null when everything is new, as in a full sync
   */
  static Changes between(@Nullable ProxyState before, ProxyState after) {
    if (before == null) {
      return new Changes(true, new LinkedHashSet<>());
    }
    Map<ServicePortName, ServicePortState> old = new LinkedHashMap<>();
    before.ports().forEach(port -> old.put(port.name(), port));
    Set<String> changed = new LinkedHashSet<>();
    for (ServicePortState port : after.ports()) {
      ServicePortState was = old.remove(port.name());
      if (was == null
          || !was.port().equals(port.port())
          || !was.endpoints().equals(port.endpoints())) {
        changed.add(key(port.name()));
      }
    }
    old.keySet().forEach(name -> changed.add(key(name)));
    return new Changes(false, changed);
  }

  private static String key(ServicePortName name) {
    return name.namespace() + "/" + name.name();
  }

  boolean include(ServicePortName name) {
    return all || services.contains(key(name));
  }
}
