package dev.wavetank.core.kubectl;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.api.Schema;
import dev.wavetank.core.api.SchemaType;
import dev.wavetank.core.apiserver.patch.Patch;
import dev.wavetank.core.apiserver.patch.StrategicMergePatch;
import dev.wavetank.core.kubectl.errors.CommandException;
import dev.wavetank.core.kubectl.errors.ErrorText;
import dev.wavetank.core.kubectl.resource.ResourceInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Changes the pod specs of objects, each by a strategic merge patch.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/cmd/set/helper.go and
 * pkg/polymorphichelpers/updatepodspec.go (v1.36).
 */
final class PodSpecs {

  private static final ImmutableSet<ResourceType> WITH_TEMPLATE =
      ImmutableSet.of(ResourceType.DEPLOYMENTS, ResourceType.REPLICA_SETS);

  /** What becomes of an object's pod spec. */
  @FunctionalInterface
  interface Change {
    /**
     * The changed spec.
     *
     * @throws CommandException when this object cannot be changed so
     */
    KubeMap of(ResourceInfo info, KubeMap podSpec);
  }

  private final Invocation call;
  private final DryRun dryRun;
  private final PrintFlags.Teller teller;
  private final List<RuntimeException> errors = new ArrayList<>();

  PodSpecs(Invocation call, DryRun dryRun) {
    this.call = call;
    this.dryRun = dryRun;
    this.teller = PrintFlags.teller(call, dryRun);
  }

  /** A failure that is told when all objects are done. */
  void fail(String message) {
    errors.add(CommandException.of(message));
  }

  void throwErrors() {
    CommandException.throwAll(errors);
  }

  /**
   * Changes objects.
   *
   * @param failure what stands before a refusal, with its blank
   * @param operation what was done, such as {@code image updated}
   */
  void change(
      List<ResourceInfo> infos,
      String failure,
      String operation,
      Change change,
      UnaryOperator<KubeObject> then) {
    for (ResourceInfo info : infos) {
      KubeObject changed;
      try {
        changed = then.apply(changed(info, change));
      } catch (CommandException e) {
        fail("error: " + info.objectName() + " " + e.getMessage() + "\n");
        continue;
      }
      write(info, changed, failure, operation);
    }
  }

  private static KubeObject changed(ResourceInfo info, Change change) {
    KubeObject object = info.required();
    if (info.type().equals(ResourceType.PODS)) {
      return object.withSpec(change.of(info, object.spec()));
    }
    if (!WITH_TEMPLATE.contains(info.type())) {
      throw CommandException.of(
          "the object is not a pod or does not have a pod template: *v1." + info.type().kind());
    }
    KubeMap podSpec = object.spec().mapOrEmpty("template").mapOrEmpty("spec");
    return object.with(change.of(info, podSpec), "spec", "template", "spec");
  }

  private void write(ResourceInfo info, KubeObject changed, String failure, String operation) {
    SchemaType schema = Schema.builtIn().kindOf(info.type());
    KubeMap patch =
        schema == null
            ? KubeMap.EMPTY
            : StrategicMergePatch.between(schema, info.required().root(), changed.root());
    if (patch.isEmpty()) {
      return;
    }
    if (SetFlags.local(call, dryRun)) {
      teller.tell(changed, operation);
      return;
    }
    try {
      KubeObject actual =
          call.handlers().patch(info.key(), Patch.strategic(patch), Invocation.plainWrite(dryRun));
      teller.tell(actual, operation);
    } catch (ApiException e) {
      fail(failure + ErrorText.bare(e));
    }
  }

  /** Lists of containers that commands change. */
  static final ImmutableList<String> CONTAINERS = ImmutableList.of("initContainers", "containers");

  /** The pod spec with every container of these names changed. */
  static KubeMap eachContainer(KubeMap podSpec, String names, UnaryOperator<KubeMap> change) {
    KubeMap result = podSpec;
    for (String list : CONTAINERS) {
      List<Object> containers = new ArrayList<>();
      for (KubeMap container : podSpec.listOrEmpty(list).maps()) {
        containers.add(
            selects(names, container.string("name", "")) ? change.apply(container) : container);
      }
      result = containers.isEmpty() ? result : result.with(list, KubeList.copyOf(containers));
    }
    return result;
  }

  /** How many containers have these names. */
  static int count(KubeMap podSpec, String names) {
    int[] count = {0};
    eachContainer(
        podSpec,
        names,
        container -> {
          count[0]++;
          return container;
        });
    return count[0];
  }

  /** Whether a name is meant by a text with {@code *} for any characters, as upstream reads it. */
  static boolean selects(String names, String name) {
    if (!names.contains("*")) {
      return name.equals(names);
    }
    String[] parts = names.split("\\*", -1);
    int position = 0;
    for (int i = 0; i < parts.length; i++) {
      String part = parts[i];
      if (part.isEmpty()) {
        continue;
      }
      int next = name.substring(position).indexOf(part);
      boolean last = i == parts.length - 1;
      if (next < position
          || (i == 0 && position != 0)
          || (last && name.length() != part.length() + next)) {
        return false;
      }
      position = next;
    }
    return true;
  }
}
