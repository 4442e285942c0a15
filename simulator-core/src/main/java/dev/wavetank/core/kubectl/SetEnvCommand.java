package dev.wavetank.core.kubectl;

import com.google.common.base.Ascii;
import dev.wavetank.core.api.GoQuote;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.Formats;
import dev.wavetank.core.kubectl.errors.CommandException;
import dev.wavetank.core.kubectl.flags.Flags;
import dev.wavetank.core.kubectl.resource.ResourceInfo;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * {@code kubectl set env}.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/cmd/set/set_env.go (v1.36).
 */
final class SetEnvCommand extends Command {

  private static final String KIND = "environment variable";

  SetEnvCommand() {
    super("env", "Update environment variables on a pod template");
    SetFlags.addTo(flags());
    flags()
        .string("containers", "c", "*", "Names of the containers; * for any characters")
        .string("from", "", "", "A ConfigMap or Secret whose keys become variables")
        .string("prefix", "", "", "A prefix of the variables' names")
        .stringArray("env", "e", "A variable, as NAME=VALUE, or NAME- to remove it")
        .bool("list", "", false, "List the variables")
        .bool("resolve", "", false, "List the values of references; refused")
        .strings("keys", "", "Only these keys of --from")
        .bool("overwrite", "", true, "Whether variables may be changed");
  }

  /** What the arguments say. */
  private record Variables(List<KubeMap> set, Set<String> removed) {}

  @Override
  void run(Invocation call) {
    Flags flags = call.flags();
    SetFlags.requireOneSelection(call);
    List<String> resources = new ArrayList<>();
    List<String> specs = new ArrayList<>(flags.strings("env"));
    divide(call, resources, specs);
    DryRun dryRun = DryRun.of(call);
    PodSpecs podSpecs = new PodSpecs(call, dryRun);
    SetFlags.local(call, dryRun);
    check(call, resources);
    Variables variables = variables(call, specs);
    if (!flags.string("from").isEmpty()) {
      addFrom(call, variables.set);
    }
    prefix(variables.set, flags.string("prefix"));
    List<ResourceInfo> infos = SetFlags.find(call, resources).infos();
    String names = flags.string("containers");
    podSpecs.change(
        flags.bool("list") ? List.of() : infos,
        "failed to patch env update to pod template: ",
        "env updated",
        (info, podSpec) -> changed(call, info, podSpec, names, variables),
        UnaryOperator.identity());
    if (flags.bool("list")) {
      infos.forEach(info -> list(call, info, names, variables));
    }
    podSpecs.throwErrors();
  }

  private static void divide(Invocation call, List<String> resources, List<String> specs) {
    boolean variables = false;
    for (String argument : call.args()) {
      boolean variable = argument.indexOf('=') > 0 || argument.endsWith("-");
      if (variables && !variable) {
        throw CommandException.of(
            "all resources must be specified before environment changes: "
                + String.join(" ", call.args()));
      }
      variables |= variable;
      (variable ? specs : resources).add(argument);
    }
  }

  private static void check(Invocation call, List<String> resources) {
    Flags flags = call.flags();
    if (resources.isEmpty() && flags.strings("filename").isEmpty()) {
      throw CommandException.of(
          "one or more resources must be specified as <resource> <name> or <resource>/<name>");
    }
    if (flags.bool("list") && !flags.string("output").isEmpty()) {
      throw CommandException.of("--list and --output may not be specified together");
    }
    if (!flags.strings("keys").isEmpty() && flags.string("from").isEmpty()) {
      throw CommandException.of(
          "when specifying --keys, a configmap or secret must be provided with --from");
    }
    if (flags.bool("resolve")) {
      throw CommandException.of("--resolve is absent from this simulation");
    }
  }

  private static Variables variables(Invocation call, List<String> specs) {
    List<KubeMap> set = new ArrayList<>();
    Set<String> removed = new LinkedHashSet<>();
    Set<String> given = new LinkedHashSet<>();
    for (String spec : specs) {
      int equals = spec.indexOf('=');
      if (spec.equals("-")) {
        set.addAll(fromStdin(call));
      } else if (equals >= 0) {
        String name = spec.substring(0, equals);
        List<String> mistakes = Formats.environmentVariable(name);
        if (!mistakes.isEmpty()) {
          throw CommandException.of(
              GoQuote.quote(name) + " is not a valid key name: " + String.join(";", mistakes));
        }
        given.add(name);
        set.add(variable(name, spec.substring(equals + 1)));
      } else if (spec.endsWith("-")) {
        removed.add(spec.substring(0, spec.length() - 1));
      } else {
        throw CommandException.of("unknown " + KIND + ": " + spec);
      }
    }
    for (String name : removed) {
      if (given.contains(name)) {
        throw CommandException.of(
            "can not both modify and remove the same " + KIND + " in the same command");
      }
    }
    return new Variables(set, removed);
  }

  private static KubeMap variable(String name, String value) {
    return KubeMap.of("name", name).with("value", value.isEmpty() ? null : value);
  }

  private static List<KubeMap> fromStdin(Invocation call) {
    List<KubeMap> set = new ArrayList<>();
    for (String line : new String(call.stdin(), StandardCharsets.UTF_8).split("\r?\n", -1)) {
      String text = line.split("#", 2)[0];
      int equals = text.indexOf('=');
      if (equals >= 0) {
        set.add(variable(text.substring(0, equals), text.substring(equals + 1)));
      }
    }
    return set;
  }

  private static void addFrom(Invocation call, List<KubeMap> set) {
    List<String> keys = call.flags().strings("keys");
    for (ResourceInfo info : SetFlags.find(call, List.of(call.flags().string("from"))).infos()) {
      boolean secret = info.type().equals(ResourceType.SECRETS);
      if (!secret && !info.type().equals(ResourceType.CONFIG_MAPS)) {
        throw CommandException.of("unsupported resource specified in --from");
      }
      Set<String> names = new TreeSet<>();
      info.required().root().mapOrEmpty("data").keys().forEach(names::add);
      for (String key : names) {
        if (keys.isEmpty() || keys.contains(key)) {
          KubeMap reference = KubeMap.of("key", key, "name", info.name());
          set.add(
              KubeMap.of(
                  "name",
                  environmentName(call, key),
                  "valueFrom",
                  KubeMap.of(secret ? "secretKeyRef" : "configMapKeyRef", reference)));
        }
      }
    }
  }

  private static String environmentName(Invocation call, String key) {
    String name = Ascii.toUpperCase(key.replaceAll("[^a-zA-Z0-9_]", "_"));
    if (!name.equals(key)) {
      call.printError("Warning: key " + key + " transferred to " + name + "\n");
    }
    return name;
  }

  private static void prefix(List<KubeMap> set, String prefix) {
    set.replaceAll(variable -> variable.with("name", prefix + variable.string("name", "")));
  }

  private static KubeMap changed(
      Invocation call, ResourceInfo info, KubeMap podSpec, String names, Variables variables) {
    if (PodSpecs.count(podSpec, names) == 0) {
      call.printError(
          "Warning: "
              + info.type().kind()
              + "/"
              + info.name()
              + " does not have any containers matching "
              + GoQuote.quote(names)
              + "\n");
    }
    boolean overwrite = call.flags().bool("overwrite");
    return PodSpecs.eachContainer(
        podSpec, names, container -> with(container, variables, overwrite));
  }

  private static KubeMap with(KubeMap container, Variables variables, boolean overwrite) {
    KubeList existing = container.listOrEmpty("env");
    if (!overwrite) {
      variables.set.forEach(variable -> requireNew(existing, variable));
    }
    Set<String> covered = new LinkedHashSet<>(variables.removed);
    List<Object> result = new ArrayList<>();
    for (KubeMap old : existing.maps()) {
      String name = old.string("name", "");
      if (covered.contains(name)) {
        continue;
      }
      KubeMap newer = find(variables.set, name);
      if (newer != null) {
        covered.add(name);
      }
      result.add(newer == null ? old : newer);
    }
    for (KubeMap variable : variables.set) {
      if (covered.add(variable.string("name", ""))) {
        result.add(variable);
      }
    }
    return container.with("env", result.isEmpty() ? null : KubeList.copyOf(result));
  }

  private static void requireNew(KubeList existing, KubeMap variable) {
    KubeMap old = existing.find("name", variable.string("name", ""));
    String value = old == null ? "" : old.string("value", "");
    if (old != null && !value.equals(variable.string("value", ""))) {
      throw CommandException.of(
          "'"
              + old.string("name", "")
              + "' already has a value ("
              + value
              + "), and --overwrite is false");
    }
  }

  private static @Nullable KubeMap find(List<KubeMap> variables, String name) {
    for (KubeMap variable : variables) {
      if (variable.string("name", "").equals(name)) {
        return variable;
      }
    }
    return null;
  }

  private static void list(Invocation call, ResourceInfo info, String names, Variables variables) {
    KubeObject object = info.required();
    KubeMap podSpec =
        info.type().equals(ResourceType.PODS)
            ? object.spec()
            : object.spec().mapOrEmpty("template").mapOrEmpty("spec");
    KubeMap changed = changed(call, info, podSpec, names, variables);
    for (String list : List.of("containers", "initContainers")) {
      for (KubeMap container : changed.listOrEmpty(list).maps()) {
        if (PodSpecs.selects(names, container.string("name", ""))) {
          list(call, info, container);
        }
      }
    }
  }

  private static void list(Invocation call, ResourceInfo info, KubeMap container) {
    call.println(
        "# "
            + info.type().kind()
            + " "
            + info.name()
            + ", container "
            + container.string("name", ""));
    for (KubeMap variable : container.listOrEmpty("env").maps()) {
      KubeMap from = variable.map("valueFrom");
      String name = variable.string("name", "");
      call.println(
          from == null
              ? name + "=" + variable.string("value", "")
              : "# " + name + " from " + reference(from));
    }
  }

  private static String reference(KubeMap from) {
    for (String kind : List.of("configMap", "secret")) {
      KubeMap key = from.map(kind + "KeyRef");
      if (key != null) {
        return Ascii.toLowerCase(kind)
            + " "
            + key.string("name", "")
            + ", key "
            + key.string("key", "");
      }
    }
    KubeMap field = from.map("fieldRef");
    if (field != null) {
      return "field path " + field.string("fieldPath", "");
    }
    KubeMap resource = from.map("resourceFieldRef");
    if (resource == null) {
      return "invalid valueFrom";
    }
    String container = resource.string("containerName", "");
    return "resource field "
        + (container.isEmpty() ? "" : container + "/")
        + resource.string("resource", "");
  }
}
