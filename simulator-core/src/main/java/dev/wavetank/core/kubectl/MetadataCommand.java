package dev.wavetank.core.kubectl;

import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.apiserver.patch.MergePatch;
import dev.wavetank.core.apiserver.patch.Patch;
import dev.wavetank.core.kubectl.errors.CommandException;
import dev.wavetank.core.kubectl.flags.Flags;
import dev.wavetank.core.kubectl.resource.ResourceBuilder;
import dev.wavetank.core.kubectl.resource.ResourceInfo;
import dev.wavetank.core.kubectl.resource.ResourceResult;
import java.util.List;
import java.util.TreeMap;

/** A command that changes one map of an object's metadata: {@code label} or {@code annotate}. */
abstract class MetadataCommand extends Command {

  private final String kind;
  private final String field;
  private final String example;

  /**
   * A command.
   *
   * @param kind what it changes: {@code label} or {@code annotation}
   * @param example how an error names a file
   */
  MetadataCommand(String name, String summary, String kind, String example) {
    super(name, summary);
    this.kind = kind;
    this.field = kind + "s";
    this.example = example;
    PrintFlags.addTo(flags());
    FileFlags.addTo(flags());
    DryRun.addFlag(flags());
    Recorder.addFlag(flags());
    flags()
        .bool("overwrite", "", false, "Whether a value that is there may be changed")
        .bool("list", "", false, "List what the object has")
        .bool("local", "", false, "Only print what the files would become")
        .string("selector", "l", "", "Selector by labels")
        .string("field-selector", "", "", "Selector by fields")
        .bool("all", "", false, "Every object of the types")
        .bool("all-namespaces", "A", false, "The objects of all namespaces")
        .string("resource-version", "", "", "The version that the object must have")
        .string("field-manager", "", "kubectl-" + name, "Has no effect");
  }

  /** The changes that arguments ask for. */
  abstract Pairs parse(List<String> arguments);

  /**
   * Refuses changes of values that are there.
   *
   * @throws CommandException when there is one
   */
  abstract void checkOverwrites(KubeMap current, Pairs changes);

  /** What was done, such as {@code labeled}. */
  abstract String operation(KubeMap before, KubeMap after);

  /** Hears of each key that is to be removed and is not there. */
  abstract void missing(Invocation call, String key);

  @Override
  final void run(Invocation call) {
    DryRun dryRun = DryRun.of(call);
    PrintFlags.Teller teller = PrintFlags.teller(call, dryRun);
    Pairs.Arguments arguments = Pairs.divide(call.args(), kind);
    Pairs changes = parse(arguments.pairs());
    check(call, dryRun, arguments.resources(), changes);
    ResourceResult result = find(call, arguments.resources());
    boolean one = result.singleItemImplied();
    if (!one && !call.flags().string("resource-version").isEmpty()) {
      throw CommandException.of("--resource-version may only be used with a single resource");
    }
    result.visit(
        info -> {
          if (call.flags().bool("list")) {
            list(call, info, changed(call, info.required(), changes), one);
          } else {
            change(call, info, changes, dryRun, teller);
          }
        });
  }

  private void check(Invocation call, DryRun dryRun, List<String> resources, Pairs changes) {
    Flags flags = call.flags();
    boolean list = flags.bool("list");
    if (list && !flags.string("output").isEmpty()) {
      throw CommandException.of("--list and --output may not be specified together");
    }
    for (String selector : List.of("selector", "field-selector")) {
      if (flags.bool("all") && !flags.string(selector).isEmpty()) {
        throw CommandException.of("cannot set --all and --" + selector + " at the same time");
      }
    }
    boolean files = !flags.strings("filename").isEmpty();
    if (!flags.bool("local")) {
      if (resources.isEmpty() && !files) {
        throw CommandException.of(
            "one or more resources must be specified as <resource> <name> or <resource>/<name>");
      }
    } else if (SetFlags.local(call, dryRun) && !resources.isEmpty()) {
      throw CommandException.of(
          "can only use local files by -f "
              + example
              + ".yaml or --filename="
              + example
              + ".json when --local=true is set");
    } else if (!files) {
      throw CommandException.of(
          "one or more files must be specified as -f "
              + example
              + ".yaml or --filename="
              + example
              + ".json");
    }
    if (changes.set().isEmpty() && changes.removed().isEmpty() && !list) {
      throw CommandException.of("at least one " + kind + " update is required");
    }
  }

  private static ResourceResult find(Invocation call, List<String> resources) {
    Flags flags = call.flags();
    boolean local = flags.bool("local");
    ResourceBuilder builder =
        call.builder()
            .local(local)
            .continueOnError()
            .files(call.namespaceGiven(), flags.strings("filename"), flags.bool("recursive"));
    if (!local) {
      builder
          .allNamespaces(flags.bool("all-namespaces"))
          .labels(flags.string("selector"))
          .fields(flags.string("field-selector"))
          .args(flags.bool("all"), resources)
          .latest();
    }
    return builder.build();
  }

  private KubeObject changed(Invocation call, KubeObject object, Pairs changes) {
    KubeMap current = object.metadata().mapOrEmpty(field);
    if (!call.flags().bool("overwrite")) {
      checkOverwrites(current, changes);
    }
    KubeMap.Builder after = KubeMap.builder();
    current.forEach(after::put);
    changes.set().forEach(after::put);
    KubeMap built = after.build();
    for (String key : changes.removed()) {
      built = built.without(key);
    }
    return object.with(built.isEmpty() ? null : built, "metadata", field);
  }

  private void change(
      Invocation call, ResourceInfo info, Pairs changes, DryRun dryRun, PrintFlags.Teller teller) {
    KubeObject object = info.required();
    KubeMap before = object.metadata().mapOrEmpty(field);
    boolean local = SetFlags.local(call, dryRun);
    if (!local) {
      changes.removed().stream().filter(key -> !before.has(key)).forEach(key -> missing(call, key));
    }
    KubeObject wanted = changed(call, Recorder.record(call, object), changes);
    String operation = operation(before, wanted.metadata().mapOrEmpty(field));
    if (local) {
      teller.tell(wanted, operation);
      return;
    }
    KubeMap patch = MergePatch.between(object.root(), wanted.root());
    String version = call.flags().string("resource-version");
    if (!version.isEmpty()) {
      patch = patch.withPath(version, "metadata", "resourceVersion");
    }
    KubeObject actual =
        patch.isEmpty()
            ? object
            : call.handlers().patch(info.key(), Patch.merge(patch), Invocation.plainWrite(dryRun));
    teller.tell(actual, operation);
  }

  private void list(Invocation call, ResourceInfo info, KubeObject object, boolean one) {
    if (!one) {
      call.println(
          "Listing "
              + field
              + " for "
              + info.type().kind()
              + "."
              + info.type().group()
              + "/"
              + info.name()
              + ":");
    }
    TreeMap<String, Object> sorted = new TreeMap<>();
    object.metadata().mapOrEmpty(field).forEach(sorted::put);
    sorted.forEach((key, value) -> call.println((one ? "" : " ") + key + "=" + value));
  }
}
