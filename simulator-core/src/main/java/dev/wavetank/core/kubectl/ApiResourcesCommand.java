package dev.wavetank.core.kubectl;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedSet;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.kubectl.errors.CommandException;
import dev.wavetank.core.kubectl.flags.Flags;
import dev.wavetank.core.kubectl.printers.OutputFormat;
import dev.wavetank.core.kubectl.printers.TabWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * {@code kubectl api-resources}: the types that the server has.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/cmd/apiresources (v1.36).
 */
final class ApiResourcesCommand extends Command {

  private static final ImmutableList<String> VERBS =
      ImmutableList.of(
          "create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");
  private static final ImmutableSortedSet<String> FORMATS =
      ImmutableSortedSet.of("json", "kyaml", "name", "wide", "yaml");

  ApiResourcesCommand() {
    super("api-resources", "Print the supported API resources on the server");
    flags()
        .string("output", "o", "", "wide, name, json or yaml")
        .bool("no-headers", "", false, "No line with the names of the columns")
        .string("api-group", "", "", "Only types of this group")
        .bool("namespaced", "", true, "Only types in namespaces, or if false only others")
        .strings("verbs", "", "Only types with all of these verbs")
        .string("sort-by", "", "", "name or kind; else by group")
        .bool("cached", "", false, "Has no effect")
        .strings("categories", "", "Only types of all of these categories");
  }

  @Override
  void run(Invocation call) {
    Flags flags = call.flags();
    if (!call.args().isEmpty()) {
      throw call.usage("unexpected arguments: [" + String.join(" ", call.args()) + "]");
    }
    OutputFormat format = OutputFormat.of(flags.string("output"), "", true, false, path -> null);
    String sortBy = flags.string("sort-by");
    if (!sortBy.isEmpty() && !sortBy.equals("name") && !sortBy.equals("kind")) {
      throw CommandException.of("--sort-by accepts only name or kind");
    }
    List<ResourceType> types = new ArrayList<>();
    for (ResourceType type : call.mapper().all()) {
      if (chosen(call, type)) {
        types.add(type);
      }
    }
    Comparator<ResourceType> byName = Comparator.comparing(ResourceType::plural);
    types.sort(
        switch (sortBy) {
          case "name" -> byName;
          case "kind" -> Comparator.comparing(ResourceType::kind).thenComparing(byName);
          default -> Comparator.comparing(ResourceType::group).thenComparing(byName);
        });
    if (format.name().equals("name")) {
      types.forEach(type -> call.println(groupResource(type)));
    } else if (format.humanReadable()) {
      call.print(table(call, types, format.name().equals("wide")));
    } else {
      call.print(format.printer(FORMATS).print(list(call, types)));
    }
  }

  private static boolean chosen(Invocation call, ResourceType type) {
    Flags flags = call.flags();
    return (!flags.changed("api-group") || flags.string("api-group").equals(type.group()))
        && (!flags.changed("namespaced") || flags.bool("namespaced") == type.namespaced())
        && verbs(type).containsAll(flags.strings("verbs"))
        && categories(call, type).containsAll(flags.strings("categories"));
  }

  /** Namespaces are deleted one by one only. */
  private static List<String> verbs(ResourceType type) {
    List<String> verbs = new ArrayList<>(VERBS);
    if (type.equals(ResourceType.NAMESPACES)) {
      verbs.remove("deletecollection");
    }
    return verbs;
  }

  private static List<String> categories(Invocation call, ResourceType type) {
    return call.mapper().typesOf("all").contains(type) ? List.of("all") : List.of();
  }

  private static String groupResource(ResourceType type) {
    return type.group().isEmpty() ? type.plural() : type.plural() + "." + type.group();
  }

  private static String table(Invocation call, List<ResourceType> types, boolean wide) {
    TabWriter out = TabWriter.ofTables();
    if (!call.flags().bool("no-headers")) {
      out.print(
          "NAME\tSHORTNAMES\tAPIVERSION\tNAMESPACED\tKIND"
              + (wide ? "\tVERBS\tCATEGORIES" : "")
              + "\n");
    }
    for (ResourceType type : types) {
      List<String> cells = new ArrayList<>();
      cells.add(type.plural());
      cells.add(String.join(",", type.shortNames()));
      cells.add(type.apiVersion());
      cells.add(Boolean.toString(type.namespaced()));
      cells.add(type.kind());
      if (wide) {
        cells.add(String.join(",", verbs(type)));
        cells.add(String.join(",", categories(call, type)));
      }
      out.row(cells);
    }
    return out.toString();
  }

  private static KubeObject list(Invocation call, List<ResourceType> types) {
    List<KubeMap> resources = new ArrayList<>();
    for (ResourceType type : types) {
      List<String> categories = categories(call, type);
      KubeMap.Builder resource =
          KubeMap.builder()
              .put("name", type.plural())
              .put("singularName", type.singular())
              .put("namespaced", type.namespaced())
              .put("group", type.group().isEmpty() ? null : type.group())
              .put("version", type.version())
              .put("kind", type.kind())
              .put("verbs", KubeList.copyOf(verbs(type)));
      resource.put(
          "shortNames", type.shortNames().isEmpty() ? null : KubeList.copyOf(type.shortNames()));
      resource.put("categories", categories.isEmpty() ? null : KubeList.copyOf(categories));
      resources.add(resource.build());
    }
    return KubeObject.of(
        KubeMap.of(
            "apiVersion",
            "v1",
            "groupVersion",
            "",
            "kind",
            "APIResourceList",
            "resources",
            KubeList.copyOf(resources)));
  }
}
