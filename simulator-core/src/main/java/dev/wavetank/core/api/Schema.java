package dev.wavetank.core.api;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What objects of the API look like: the one schema that manifests, defaults, pruning, validation,
 * strategic merge patch and server-side apply work by.
 *
 * <p>It is data: the files {@code schema/*.schema} beside this class, whose header says how they
 * are written. The facts are those of staging/src/k8s.io/api (v1.36).
 */
public final class Schema {

  private static final ImmutableList<String> FILES =
      ImmutableList.of(
          "meta",
          "core",
          "apps",
          "policy",
          "rbac",
          "storage",
          "admissionregistration",
          "apiextensions",
          "scheduling",
          "coordination",
          "discovery",
          "events",
          "networking",
          "batch",
          "autoscaling",
          "autoscalingv2",
          "certificates",
          "node",
          "resource",
          "flowcontrol",
          "apiregistration");

  private static final class BuiltIn {
    static final Schema SCHEMA = SchemaReader.read(FILES);
  }

  private final ImmutableMap<String, SchemaType> types;

  /** By version and kind. */
  private final Map<String, Map<String, SchemaType>> kinds = new LinkedHashMap<>();

  private final Map<String, ImmutableList<String>> apiVersions = new LinkedHashMap<>();

  Schema(ImmutableMap<String, SchemaType> types, ImmutableList<SchemaReader.Kind> served) {
    this.types = types;
    for (SchemaReader.Kind kind : served) {
      String name = kind.type().name();
      kinds
          .computeIfAbsent(kind.apiVersion(), version -> new LinkedHashMap<>())
          .put(name, kind.type());
      ImmutableList.Builder<String> versions = ImmutableList.builder();
      apiVersions.put(name, versions.addAll(apiVersions(name)).add(kind.apiVersion()).build());
    }
  }

  /** The schema of the built-in kinds; read once. */
  public static Schema builtIn() {
    return BuiltIn.SCHEMA;
  }

  /** The type of a kind, or null when that version does not serve it. */
  public @Nullable SchemaType kind(String apiVersion, String kind) {
    return kinds.getOrDefault(apiVersion, ImmutableMap.of()).get(kind);
  }

  /** The type of an object's kind, or null. */
  public @Nullable SchemaType kindOf(KubeObject object) {
    return kind(object.apiVersion(), object.kind());
  }

  /** The type of a resource's objects, or null. */
  public @Nullable SchemaType kindOf(ResourceType type) {
    return kind(type.apiVersion(), type.kind());
  }

  /** All kinds that are served. */
  public Iterable<String> kinds() {
    return apiVersions.keySet();
  }

  /** The versions that serve a kind; empty when none does. */
  public ImmutableList<String> apiVersions(String kind) {
    return apiVersions.getOrDefault(kind, ImmutableList.of());
  }

  /** Whether any kind is served under that version. */
  public boolean serves(String apiVersion) {
    return apiVersions.values().stream().anyMatch(versions -> versions.contains(apiVersion));
  }

  /** A type by file and name, such as {@code core.PodTemplateSpec}; null when there is none. */
  public @Nullable SchemaType type(String name) {
    return types.get(name);
  }
}
