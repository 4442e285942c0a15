package dev.wavetank.scheduler.framework;

import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Objects of the cluster as the scheduler's watches have shown them so far. */
public interface ClusterView {

  /** A view in which there is nothing. */
  ClusterView EMPTY =
      new ClusterView() {
        @Override
        public @Nullable KubeObject find(ObjectKey key) {
          return null;
        }

        @Override
        public List<KubeObject> list(ResourceType type) {
          return List.of();
        }

        @Override
        public long generation(ResourceType type) {
          return 0;
        }
      };

  /** The object, or null. */
  @Nullable KubeObject find(ObjectKey key);

  /** All objects of a type, in order of creation; not to be changed. */
  List<KubeObject> list(ResourceType type);

  /** A number that changes with every change of an object of the type that the view has shown. */
  long generation(ResourceType type);
}
