package dev.wavetank.core.kubectl;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.GoQuote;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.printers.Table;
import dev.wavetank.core.kubectl.errors.CommandException;
import dev.wavetank.core.kubectl.flags.FlagSet;
import dev.wavetank.core.kubectl.printers.ObjectPrinter;
import dev.wavetank.core.kubectl.printers.OutputFormat;
import dev.wavetank.core.kubectl.printers.Sorting;
import dev.wavetank.core.kubectl.printers.TabWriter;
import dev.wavetank.core.kubectl.printers.TablePrinter;
import dev.wavetank.core.kubectl.resource.ResourceInfo;
import dev.wavetank.core.kubectl.resource.ResourceResult;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code kubectl get}: objects as tables, or in one of the formats of {@code -o}.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/cmd/get/get.go (v1.36).
 */
final class GetCommand extends Command {

  GetCommand() {
    super("get", "Display one or many resources");
    FlagSet flags = flags();
    PrintFlags.addTo(flags);
    flags
        .bool("no-headers", "", false, "Tables without headers")
        .bool("show-labels", "", false, "Labels in a last column")
        .strings("label-columns", "L", "Labels that get a column of their own")
        .string("sort-by", "", "", "JSONPath of the field by which objects are sorted")
        .bool("show-kind", "", false, "The kind before each name")
        .bool("server-print", "", true, "Whether the server makes the tables")
        .string("raw", "", "", "Path to request; refused")
        .bool("watch", "w", false, "Watch for changes; refused")
        .bool("watch-only", "", false, "Watch for changes; refused")
        .bool("output-watch-events", "", false, "Watch for changes; refused")
        .bool("ignore-not-found", "", false, "What does not exist is no error")
        .string("field-selector", "", "", "Selector by fields")
        .bool("all-namespaces", "A", false, "The objects of all namespaces")
        .string("selector", "l", "", "Selector by labels")
        .integer("chunk-size", 500, "Has no effect")
        .string("subresource", "", "", "Subresource to get; status shows the object");
    FileFlags.addTo(flags);
  }

  @Override
  void run(Invocation call) {
    requireKnown(call);
    List<String> files = call.flags().strings("filename");
    if (call.args().isEmpty() && files.isEmpty()) {
      call.printError(
          "You must specify the type of resource to get. Use \"kubectl api-resources\" for a"
              + " complete list of supported resources.\n\n");
      throw call.usage(
          "Required resource not specified.\n"
              + "Use \"kubectl explain <resource>\" for a detailed description of that resource"
              + " (e.g. kubectl explain pods).");
    }
    OutputFormat format = PrintFlags.format(call, call.flags().bool("no-headers"));
    if (call.flags().bool("show-labels") && !format.humanReadable()) {
      throw CommandException.of(
          "--show-labels option cannot be used with " + format.name() + " printer");
    }
    boolean all = call.flags().bool("all-namespaces");
    ResourceResult result =
        call.builder()
            .allNamespaces(all)
            .files(call.namespaceGiven() && !all, files, call.flags().bool("recursive"))
            .labels(call.flags().string("selector"))
            .fields(call.flags().string("field-selector"))
            .args(true, call.args())
            .continueOnError()
            .latest()
            .build();
    if (format.humanReadable()) {
      new Tables(call, format).print(result);
    } else {
      printObjects(call, format, result);
    }
  }

  private static void requireKnown(Invocation call) {
    for (String flag : ImmutableList.of("watch", "watch-only", "output-watch-events", "raw")) {
      if (call.flags().changed(flag)) {
        throw CommandException.of("--" + flag + " is absent from this simulation");
      }
    }
    String subresource = call.flags().string("subresource");
    if (!subresource.isEmpty() && !subresource.equals("status")) {
      throw CommandException.of("--subresource=" + subresource + " is absent from this simulation");
    }
  }

  private static boolean ignored(Invocation call, RuntimeException error) {
    return call.flags().bool("ignore-not-found")
        && error instanceof ApiException refusal
        && refusal.notFound();
  }

  /** All objects in one document: a list, unless one object was asked for. */
  private static void printObjects(Invocation call, OutputFormat format, ResourceResult result) {
    List<RuntimeException> errors = new ArrayList<>();
    List<ResourceInfo> infos = result.infos(errors);
    errors.removeIf(error -> ignored(call, error));
    if (!errors.isEmpty() && result.singleItemImplied()) {
      throw CommandException.all(errors);
    }
    if (infos.isEmpty() && call.flags().bool("ignore-not-found")) {
      CommandException.throwAll(errors);
      return;
    }
    ObjectPrinter printer = format.printer(OutputFormat.GET_FORMATS);
    List<KubeObject> objects = new ArrayList<>();
    infos.forEach(info -> objects.add(info.required()));
    String sortBy = call.flags().string("sort-by");
    try {
      if (result.singleItemImplied() && objects.size() == 1) {
        call.print(printer.print(objects.get(0)));
      } else {
        call.print(
            printer.print(list(sortBy.isEmpty() ? objects : Sorting.objects(objects, sortBy))));
      }
    } catch (CommandException e) {
      errors.add(e);
    }
    CommandException.throwAll(errors);
  }

  private static KubeObject list(List<KubeObject> objects) {
    return list("List", objects, KubeMap.of("resourceVersion", ""));
  }

  /** A list as kubectl prints it. */
  static KubeObject list(String kind, List<KubeObject> objects, KubeMap metadata) {
    List<KubeMap> items = new ArrayList<>();
    objects.forEach(object -> items.add(object.root()));
    return KubeObject.of(
        KubeMap.of(
            "apiVersion",
            "v1",
            "items",
            KubeList.copyOf(items),
            "kind",
            kind,
            "metadata",
            metadata));
  }

  /** Prints results as tables, one for each type. */
  private static final class Tables {

    /** Rows that come from one request. */
    private record Part(ResourceType type, Table table) {}

    private final Invocation call;
    private final OutputFormat format;
    private final StringBuilder out = new StringBuilder();
    private TabWriter writer = TabWriter.ofTables();
    private boolean separate;

    Tables(Invocation call, OutputFormat format) {
      this.call = call;
      this.format = format;
    }

    void print(ResourceResult result) {
      List<RuntimeException> errors = new ArrayList<>();
      List<Part> parts = parts(result, errors);
      if (!call.flags().string("sort-by").isEmpty()) {
        parts = sorted(parts);
      }
      boolean withKind = call.flags().bool("show-kind") || kinds(parts) > 1;
      boolean allNamespaces = call.flags().bool("all-namespaces");
      boolean namespaced = !allNamespaces;
      @Nullable ResourceType lastType = null;
      TablePrinter printer = printer(allNamespaces, "");
      for (Part part : parts) {
        namespaced &= part.type.namespaced();
        if (!part.type.equals(lastType)) {
          flush();
          separate = lastType != null && !format.noHeaders() && !out.isEmpty();
          printer =
              printer(
                  allNamespaces && part.type.namespaced(), withKind ? part.type.kubectlName() : "");
          lastType = part.type;
        }
        printer.print(part.table, writer);
      }
      flush();
      call.print(out.toString());
      if (out.isEmpty() && !call.flags().bool("ignore-not-found") && errors.isEmpty()) {
        call.printError(
            namespaced
                ? "No resources found in " + call.namespace() + " namespace.\n"
                : "No resources found\n");
      }
      CommandException.throwAll(errors);
    }

    private void flush() {
      String text = writer.toString();
      writer = TabWriter.ofTables();
      if (!text.isEmpty()) {
        out.append(separate ? "\n" : "").append(text);
        separate = false;
      }
    }

    private TablePrinter printer(boolean withNamespace, String kind) {
      return new TablePrinter(
          new TablePrinter.Options(
              format.noHeaders(),
              format.name().equals("wide"),
              withNamespace,
              kind,
              ImmutableList.copyOf(call.flags().strings("label-columns")),
              call.flags().bool("show-labels")));
    }

    private static long kinds(List<Part> parts) {
      return parts.stream().map(Part::type).distinct().count();
    }

    private List<Part> parts(ResourceResult result, List<RuntimeException> errors) {
      List<Part> parts = new ArrayList<>();
      for (ResourceResult.Source source : result.sources()) {
        try {
          List<ResourceInfo> infos = source.infos();
          ResourceType listOf = source.listOf();
          if (listOf != null) {
            parts.add(part(listOf, infos));
          } else {
            infos.forEach(info -> parts.add(part(info.type(), List.of(info))));
          }
        } catch (ApiException | CommandException e) {
          if (!ignored(call, e)) {
            errors.add(e);
          }
        }
      }
      return parts;
    }

    private Part part(ResourceType type, List<ResourceInfo> infos) {
      List<KubeObject> objects = new ArrayList<>();
      infos.forEach(info -> objects.add(info.required()));
      Table table = call.handlers().table(type, objects);
      return new Part(
          type, call.flags().bool("server-print") ? table : ClientTable.of(table, call));
    }

    /**
     * The parts with their rows sorted. As upstream, several tables at once are themselves what is
     * sorted, and lack the field; and of one table an expression that is wrong prints nothing.
     */
    private List<Part> sorted(List<Part> parts) {
      String sortBy = call.flags().string("sort-by");
      if (parts.size() > 1) {
        throw CommandException.of(
            "couldn't find any field with path "
                + GoQuote.quote(Sorting.relaxed(sortBy))
                + " in the list of objects");
      }
      List<Part> sorted = new ArrayList<>();
      for (Part part : parts) {
        if (part.table.rows().size() < 2) {
          sorted.add(part);
        } else {
          Table table = Sorting.rows(part.table, sortBy);
          if (table != null) {
            sorted.add(new Part(part.type, table));
          }
        }
      }
      return sorted;
    }
  }
}
