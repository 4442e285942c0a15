package dev.wavetank.verification;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wavetank.core.api.Json;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeNull;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.Latencies;
import dev.wavetank.core.apiserver.ResourceStrategy;
import dev.wavetank.core.sim.Choices;
import dev.wavetank.core.sim.Simulation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A cluster state as a recording gives it, with uids, times and statuses as written, in an API
 * server that neither defaults nor validates and answers at once.
 */
final class GoldenCluster {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  final Simulation simulation = new Simulation(Choices.first());
  final ApiServer server = new ApiServer(simulation, new Latencies(0, 0, 0, 0));
  final List<String> events = new ArrayList<>();

  private static final class AsWritten implements ResourceStrategy {
    private final KubeObject object;

    AsWritten(KubeObject object) {
      this.object = object;
    }

    @Override
    public KubeObject prepareForCreate(KubeObject created) {
      return object.uid().isEmpty()
          ? object.withMetadata(object.metadata().with("uid", created.uid()))
          : object;
    }
  }

  private static final ResourceStrategy WITH_STATUS =
      new ResourceStrategy() {
        @Override
        public boolean statusSubresource() {
          return true;
        }
      };

  /** A cluster at that time; nothing may have been created later. */
  GoldenCluster(String now) {
    simulation.runUntil(Duration.between(Simulation.START, Instant.parse(now)).toNanos());
    server.listen(
        commit -> {
          if (commit.key().type().equals(ResourceType.EVENTS)) {
            KubeMap event = commit.object().root();
            events.add(
                event.string("type", "")
                    + " "
                    + event.string("reason", "")
                    + " "
                    + event.string("message", ""));
          }
        });
  }

  /** Puts objects in as they are written. */
  List<KubeObject> loadAll(ResourceType type, Iterable<JsonNode> recorded) {
    List<KubeObject> loaded = new ArrayList<>();
    for (JsonNode json : recorded) {
      loaded.add(load(type, json));
    }
    return loaded;
  }

  /** Puts an object in; gives it without resourceVersion, so that no write meets a conflict. */
  KubeObject load(ResourceType type, JsonNode recorded) {
    KubeMap root = KubeMap.of("apiVersion", type.apiVersion(), "kind", type.kind());
    KubeMap rest = (KubeMap) tree(recorded);
    for (int i = 0; i < rest.size(); i++) {
      root = root.with(rest.keyAt(i), rest.valueAt(i));
    }
    server.serve(type, new AsWritten(KubeObject.of(root)));
    KubeObject created = server.create(type, KubeObject.of(root));
    server.serve(type, type.equals(ResourceType.PODS) ? ResourceStrategy.PLAIN : WITH_STATUS);
    return unversioned(created);
  }

  static KubeObject unversioned(KubeObject object) {
    return object.withMetadata(object.metadata().without("resourceVersion"));
  }

  /** A value of an API object's tree. */
  static Object tree(JsonNode json) {
    if (json.isObject()) {
      KubeMap.Builder map = KubeMap.builder();
      json.properties().forEach(entry -> map.put(entry.getKey(), tree(entry.getValue())));
      return map.build();
    }
    if (json.isArray()) {
      List<Object> values = new ArrayList<>();
      json.forEach(element -> values.add(tree(element)));
      return KubeList.copyOf(values);
    }
    if (json.isTextual()) {
      return json.textValue();
    }
    if (json.isIntegralNumber()) {
      return json.longValue();
    }
    if (json.isNumber()) {
      return json.doubleValue();
    }
    return json.isNull() ? KubeNull.NULL : (Object) json.booleanValue();
  }

  static JsonNode json(Object tree) {
    try {
      return MAPPER.readTree(Json.write(tree));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
