package dev.wavetank.core.apiserver.apiextensions;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.Commit;
import dev.wavetank.core.apiserver.Conditions;
import dev.wavetank.core.apiserver.DeleteOptions;
import dev.wavetank.core.apiserver.apiextensions.schema.StructuralSchema;
import dev.wavetank.core.sim.ChoiceStream;
import dev.wavetank.core.sim.Simulation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Makes CustomResourceDefinitions work: accepts their names, serves what they define, and empties
 * what is to go. It looks at a definition in an event of its own behind each write to it.
 *
 * <p>Upstream's three controllers take some milliseconds each and read through caches; here they
 * are one, and a definition is established before time passes.
 *
 * <p>Follows staging/src/k8s.io/apiextensions-apiserver/pkg/controller/status/naming_controller.go,
 * pkg/controller/establish and pkg/controller/finalizer/crd_finalizer.go (v1.36).
 */
public final class CustomResourceDefinitions {

  private static final ResourceType TYPE = ResourceType.CUSTOM_RESOURCE_DEFINITIONS;
  private static final String LABEL = "apiserver/customResourceDefinition";

  /** From one look at objects that do not go to the next. */
  private static final long RETRY_NANOS = 5_000_000_000L;

  private final ApiServer server;
  private final Simulation simulation;
  private final ChoiceStream uids;
  private final Set<String> queued = new LinkedHashSet<>();
  private final Set<String> retrying = new LinkedHashSet<>();
  private final Map<String, Object> seen = new LinkedHashMap<>();
  private final Map<String, List<ResourceType>> served = new LinkedHashMap<>();

  /** Serves the definitions of a server, and what they define. */
  public CustomResourceDefinitions(ApiServer server) {
    this.server = server;
    this.simulation = server.simulation();
    this.uids = simulation.choices().stream("apiserver/conversion");
    server.serve(TYPE, new CustomResourceDefinitionStrategy());
    server.listen(this::committed);
  }

  private void committed(Commit commit) {
    ResourceType type = commit.key().type();
    if (type.equals(TYPE)) {
      queue(commit.key().name());
    } else if (commit.after() == null && type.custom() != null) {
      String name = type.groupResource();
      KubeObject definition = server.find(ObjectKey.of(TYPE, "", name));
      if (definition != null && definition.terminating()) {
        queue(name);
      }
    }
  }

  private void queue(String name) {
    if (queued.add(name)) {
      after(0, name);
    }
  }

  /** Looks again after a while, if nothing happens before. */
  private void retry(String name) {
    if (retrying.add(name)) {
      after(RETRY_NANOS, name);
    }
  }

  private void after(long delayNanos, String name) {
    ObjectKey key = ObjectKey.of(TYPE, "", name);
    Set<String> waiting = delayNanos == 0 ? queued : retrying;
    simulation.after(
        delayNanos,
        LABEL,
        key,
        () -> {
          waiting.remove(name);
          sync(key);
        });
  }

  private void sync(ObjectKey key) {
    KubeObject definition = server.find(key);
    if (definition == null) {
      withdraw(key.name());
      reconsider(key.name());
      return;
    }
    try {
      if (definition.terminating()) {
        serve(key.name(), definition);
        empty(key, definition);
      } else if (accept(key, definition)) {
        serve(key.name(), definition);
      }
    } catch (ApiException conflict) {
      retry(key.name());
    }
  }

  /** Names that were given back may be what another definition waits for. */
  private void reconsider(String gone) {
    String group = gone.substring(gone.indexOf('.') + 1);
    for (KubeObject other : server.list(TYPE)) {
      if (other.spec().string("group", "").equals(group)
          && !Conditions.isTrue(other.status(), "NamesAccepted")) {
        queue(other.name());
      }
    }
  }

  /** Accepts the names that nobody has; whether the definition is established. */
  private boolean accept(ObjectKey key, KubeObject definition) {
    KubeMap status = definition.status();
    NameClaims claims = new NameClaims(definition, server.list(TYPE));
    KubeMap accepted = claims.accepted();
    KubeMap named = Conditions.with(status, condition("NamesAccepted", claims));
    boolean agreed = claims.conflict().isEmpty();
    boolean established = Conditions.isTrue(status, "Established");
    KubeMap next = named.with("acceptedNames", accepted);
    if (agreed && !established) {
      next =
          Conditions.with(
              next,
              condition(
                  "Established",
                  "True",
                  "InitialNamesAccepted",
                  "the initial names have been accepted"));
    } else if (!established) {
      next =
          Conditions.with(
              next, condition("Established", "False", "NotAccepted", "not all names are accepted"));
    }
    if (!Objects.equals(next, status)) {
      KubeMap written = next;
      server.patchStatus(key, before -> written);
      return false;
    }
    return established;
  }

  private KubeMap condition(String type, NameClaims claims) {
    return claims.conflict().isEmpty()
        ? condition(type, "True", "NoConflicts", "no conflicts found")
        : condition(type, "False", claims.reason(), claims.conflict());
  }

  private KubeMap condition(String type, String status, String reason, String message) {
    return KubeMap.of(
        "type", type,
        "status", status,
        "lastTransitionTime", server.timestamp(),
        "reason", reason,
        "message", message);
  }

  private void serve(String name, KubeObject definition) {
    if (!Conditions.isTrue(definition.status(), "Established")) {
      return;
    }
    Object said = KubeList.of(definition.spec(), definition.status().mapOrEmpty("acceptedNames"));
    if (said.equals(seen.put(name, said))) {
      return;
    }
    ResourceType stored = storedType(definition);
    List<ResourceType> before = served.getOrDefault(name, List.of());
    List<ResourceType> now = new ArrayList<>();
    if (!has(definition, stored.version())) {
      server.served().store(stored, strategy(name, stored, storage(definition)));
      now.add(stored);
    }
    for (KubeMap version : definition.spec().listOrEmpty("versions").maps()) {
      ResourceType type =
          stored.servedAs(version.string("name", ""), Definition.resource(definition, version));
      boolean isStored = type.equals(stored);
      type = isStored ? stored : type;
      CustomResourceStrategy strategy = strategy(name, type, version);
      if (version.bool("served", false)) {
        server.serve(type, strategy);
        now.add(type);
      } else if (isStored) {
        server.served().store(type, strategy);
        now.add(type);
      }
    }
    for (ResourceType type : before) {
      if (!now.contains(type)) {
        server.served().withdraw(type);
      }
    }
    served.put(name, now);
  }

  /** The type under which the definition's objects are kept. */
  private ResourceType storedType(KubeObject definition) {
    List<ResourceType> before = served.getOrDefault(definition.name(), List.of());
    String kept =
        before.isEmpty() ? Definition.storageVersion(definition) : before.get(0).stored().version();
    ResourceType type = Definition.storedType(definition, kept);
    KubeMap conversion = definition.spec().mapOrEmpty("conversion");
    return conversion.string("strategy", "").equals("Webhook")
        ? type.converted(new WebhookConversion(server, conversion, uids))
        : type;
  }

  private static boolean has(KubeObject definition, String version) {
    return definition.spec().listOrEmpty("versions").find("name", version) != null;
  }

  private static KubeMap storage(KubeObject definition) {
    String name = Definition.storageVersion(definition);
    KubeMap version = definition.spec().listOrEmpty("versions").find("name", name);
    return version == null ? KubeMap.EMPTY : version;
  }

  private CustomResourceStrategy strategy(String name, ResourceType type, KubeMap version) {
    ObjectKey key = ObjectKey.of(TYPE, "", name);
    return new CustomResourceStrategy(
        type,
        StructuralSchema.of(Definition.openApiSchema(version)),
        version.mapOrEmpty("subresources").has("status"),
        () -> {
          KubeObject definition = server.find(key);
          return definition == null || definition.terminating();
        });
  }

  private void withdraw(String name) {
    seen.remove(name);
    List<ResourceType> types = served.remove(name);
    if (types != null) {
      types.forEach(type -> server.served().withdraw(type));
    }
  }

  /** Deletes all objects, and when they are gone lets the definition go. */
  private void empty(ObjectKey key, KubeObject definition) {
    KubeList finalizers = definition.finalizers();
    int own = finalizers.indexOf(CustomResourceDefinitionStrategy.FINALIZER);
    if (own < 0) {
      return;
    }
    if (!Conditions.isTrue(definition.status(), "Terminating")) {
      KubeMap condition =
          condition(
              "Terminating",
              "True",
              "InstanceDeletionInProgress",
              "CustomResource deletion is in progress");
      server.patchStatus(key, status -> Conditions.with(status, condition));
      return;
    }
    if (Conditions.isTrue(definition.status(), "Established")) {
      ResourceType type = storedType(definition);
      for (KubeObject object : server.list(type)) {
        if (!object.terminating()) {
          server.delete(object.key(type), DeleteOptions.BACKGROUND);
        }
      }
      if (server.count(type) > 0) {
        retry(key.name());
        return;
      }
    }
    KubeList left = finalizers.without(own);
    KubeObject newest = server.get(key);
    server.update(TYPE, newest.with(left.isEmpty() ? null : left, "metadata", "finalizers"));
  }
}
