package dev.wavetank.core.apiserver;

import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The objects of a type that are worked out when somebody asks for them, and never stored. */
public interface ComputedObjects {

  /**
   * One object.
   *
   * @throws dev.wavetank.core.api.ApiException 404 when there is none
   */
  KubeObject get(ObjectKey key);

  /**
   * All objects, by namespace and name.
   *
   * @param namespace null for those of all namespaces
   */
  List<KubeObject> list(@Nullable String namespace);
}
