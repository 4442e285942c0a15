package dev.wavetank.core.kubectl;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableSet;
import dev.wavetank.core.api.GoQuote;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.Formats;
import dev.wavetank.core.apiserver.endpoints.WriteOptions;
import dev.wavetank.core.apiserver.patch.MergePatch;
import dev.wavetank.core.apiserver.patch.Patch;
import dev.wavetank.core.kubectl.errors.CommandException;
import dev.wavetank.core.kubectl.flags.Flags;
import dev.wavetank.core.kubectl.resource.ResourceBuilder;
import dev.wavetank.core.kubectl.resource.ResourceInfo;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code kubectl taint}.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/cmd/taint (v1.36).
 */
final class TaintCommand extends Command {

  private static final ImmutableSet<String> EFFECTS =
      ImmutableSet.of("NoSchedule", "PreferNoSchedule", "NoExecute");

  TaintCommand() {
    super("taint", "Update the taints on one or more nodes");
    PrintFlags.addTo(flags());
    DryRun.addFlag(flags());
    ValidateFlag.addTo(flags());
    flags()
        .string("selector", "l", "", "Selector by labels")
        .bool("overwrite", "", false, "Whether a taint that is there may be changed")
        .bool("all", "", false, "Every node")
        .string("field-manager", "", "kubectl-taint", "Has no effect");
  }

  /** One taint; without an effect it stands for all of its key. */
  private record Taint(String key, String value, String effect) {
    boolean matches(KubeMap taint) {
      return key.equals(taint.get("key"))
          && (effect.isEmpty() || effect.equals(taint.get("effect")));
    }

    KubeMap tree() {
      return KubeMap.of("key", key)
          .with("value", value.isEmpty() ? null : value)
          .with("effect", effect);
    }

    @Override
    public String toString() {
      return effect.isEmpty() ? key : key + ":" + effect;
    }
  }

  /** What is asked for: taints to add, and taints to remove. */
  private record Changes(List<Taint> added, List<Taint> removed) {}

  @Override
  void run(Invocation call) {
    DryRun dryRun = DryRun.of(call);
    WriteOptions options = new WriteOptions(dryRun == DryRun.SERVER, ValidateFlag.of(call));
    List<String> resources = new ArrayList<>();
    List<String> specs = new ArrayList<>();
    divide(call.args(), resources, specs);
    Changes changes = parse(call, specs);
    PrintFlags.Teller teller = PrintFlags.teller(call, dryRun);
    check(call, resources, changes);
    builder(call, resources)
        .build()
        .visit(info -> change(call, info, changes, dryRun, options, teller));
  }

  private static void divide(List<String> args, List<String> resources, List<String> specs) {
    for (String argument : args) {
      boolean taint = argument.contains("=") || argument.contains(":") || argument.endsWith("-");
      if (!taint && !specs.isEmpty()) {
        throw CommandException.of(
            "all resources must be specified before taint changes: " + argument);
      }
      (taint ? specs : resources).add(argument);
    }
    if (resources.isEmpty()) {
      throw CommandException.of("one or more resources must be specified as <resource> <name>");
    }
    if (specs.isEmpty()) {
      throw CommandException.of("at least one taint update is required");
    }
  }

  private static Changes parse(Invocation call, List<String> specs) {
    Changes changes = new Changes(new ArrayList<>(), new ArrayList<>());
    try {
      for (String spec : specs) {
        if (spec.endsWith("-")) {
          Taint taint = taint(spec.substring(0, spec.length() - 1));
          changes.removed.add(new Taint(taint.key, "", taint.effect));
          continue;
        }
        Taint taint = taint(spec);
        if (taint.effect.isEmpty()) {
          throw new IllegalArgumentException("invalid taint spec: " + spec);
        }
        if (changes.added.stream().anyMatch(other -> other.toString().equals(taint.toString()))) {
          throw new IllegalArgumentException(
              "duplicated taints with the same key and effect: {"
                  + taint.key
                  + " "
                  + taint.value
                  + " "
                  + taint.effect
                  + " <nil>}");
        }
        changes.added.add(taint);
      }
    } catch (IllegalArgumentException e) {
      throw call.usage(String.valueOf(e.getMessage()));
    }
    return changes;
  }

  /** {@code key=value:effect}, {@code key:effect} or {@code key}. */
  private static Taint taint(String spec) {
    String[] parts = spec.split(":", -1);
    String[] pair = parts.length == 2 ? parts[0].split("=", -1) : new String[] {parts[0]};
    String effect = parts.length == 2 ? parts[1] : "";
    if (parts.length == 2 && !EFFECTS.contains(effect)) {
      throw new IllegalArgumentException(
          "invalid taint effect: " + effect + ", unsupported taint effect");
    }
    if (parts.length > 2 || pair.length > 2) {
      throw new IllegalArgumentException("invalid taint spec: " + spec);
    }
    String value = pair.length == 2 ? pair[1] : "";
    List<String> mistakes = new ArrayList<>(Formats.labelValue(value));
    if (mistakes.isEmpty()) {
      mistakes.addAll(Formats.qualifiedName(pair[0]));
    }
    if (!mistakes.isEmpty()) {
      throw new IllegalArgumentException(
          "invalid taint spec: " + spec + ", " + String.join("; ", mistakes));
    }
    return new Taint(pair[0], value, effect);
  }

  private static void check(Invocation call, List<String> resources, Changes changes) {
    String type = Ascii.toLowerCase(resources.get(0));
    if (!call.mapper().typeOf(type).equals(ResourceType.NODES)) {
      throw CommandException.of(
          "invalid resource type " + type + ", only node types are supported");
    }
    List<String> both = new ArrayList<>();
    for (Taint added : changes.added) {
      for (Taint removed : changes.removed) {
        if (removed.matches(added.tree())) {
          both.add(removed.key + "=" + removed.effect);
        }
      }
    }
    if (!both.isEmpty()) {
      throw CommandException.of(
          "can not both modify and remove the following taint(s) in the same command: "
              + String.join(", ", both));
    }
    boolean all = call.flags().bool("all");
    boolean selects = !call.flags().string("selector").isEmpty();
    if (all && selects) {
      throw CommandException.of("setting 'all' parameter with a non empty selector is prohibited");
    }
    if (!all && !selects && resources.size() < 2) {
      throw CommandException.of(
          "at least one resource name must be specified since 'all' parameter is not set");
    }
  }

  private static ResourceBuilder builder(Invocation call, List<String> resources) {
    Flags flags = call.flags();
    String selector = flags.string("selector");
    ResourceBuilder builder = call.builder().continueOnError();
    if (flags.bool("all") || !selector.isEmpty()) {
      return builder.labels(selector).all(flags.bool("all")).args(false, List.of("node")).latest();
    }
    return builder.names("node", resources.subList(1, resources.size())).latest();
  }

  private static void change(
      Invocation call,
      ResourceInfo info,
      Changes changes,
      DryRun dryRun,
      WriteOptions options,
      PrintFlags.Teller teller) {
    KubeObject node = info.required();
    KubeList old = node.spec().listOrEmpty("taints");
    boolean overwrite = call.flags().bool("overwrite");
    if (!overwrite) {
      requireNew(node.name(), old, changes.added);
    }
    List<KubeMap> taints = new ArrayList<>();
    changes.added.forEach(taint -> taints.add(taint.tree()));
    for (KubeMap taint : old.maps()) {
      if (changes.added.stream().noneMatch(added -> added.matches(taint))) {
        taints.add(taint);
      }
    }
    boolean added = taints.size() != old.size();
    boolean removed = remove(taints, changes.removed);
    KubeObject changed =
        node.with(taints.isEmpty() ? null : KubeList.copyOf(taints), "spec", "taints");
    KubeMap patch = MergePatch.between(node.root(), changed.root());
    String operation =
        overwrite || (added && removed) ? "modified" : added ? "tainted" : "untainted";
    teller.tell(
        dryRun == DryRun.CLIENT
            ? changed
            : call.handlers().patch(info.key(), Patch.merge(patch), options),
        operation);
  }

  private static void requireNew(String node, KubeList old, List<Taint> added) {
    List<String> present = new ArrayList<>();
    for (Taint taint : added) {
      for (KubeMap other : old.maps()) {
        if (taint.matches(other)) {
          present.add(taint.key);
        }
      }
    }
    if (!present.isEmpty()) {
      throw CommandException.of(
          "node "
              + node
              + " already has "
              + String.join(",", present)
              + " taint(s) with same effect(s) and --overwrite is false");
    }
  }

  /** Removes taints; whether the last of them was there. */
  private static boolean remove(List<KubeMap> taints, List<Taint> removed) {
    List<CommandException> errors = new ArrayList<>();
    boolean found = false;
    for (Taint taint : removed) {
      found = taints.removeIf(taint::matches);
      if (!found) {
        errors.add(CommandException.of("taint " + GoQuote.quote(taint.toString()) + " not found"));
      }
    }
    CommandException.throwAll(errors);
    return found;
  }
}
