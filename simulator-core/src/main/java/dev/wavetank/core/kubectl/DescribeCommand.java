package dev.wavetank.core.kubectl;

import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.kubectl.describe.Context;
import dev.wavetank.core.kubectl.describe.Describer;
import dev.wavetank.core.kubectl.errors.CommandException;
import dev.wavetank.core.kubectl.resource.ResourceInfo;
import dev.wavetank.core.kubectl.resource.ResourceResult;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code kubectl describe}: the details of objects and of what belongs to them.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/cmd/describe/describe.go (v1.36).
 */
final class DescribeCommand extends Command {

  DescribeCommand() {
    super("describe", "Show details of a specific resource or group of resources");
    FileFlags.addTo(flags());
    flags()
        .string("selector", "l", "", "Selector by labels")
        .bool("all-namespaces", "A", false, "The objects of all namespaces")
        .bool("show-events", "", true, "Whether events are shown; of several objects they are not")
        .integer("chunk-size", 500, "Has no effect");
  }

  @Override
  void run(Invocation call) {
    boolean all = call.flags().bool("all-namespaces");
    ResourceResult result =
        call.builder()
            .continueOnError()
            .allNamespaces(all)
            .files(
                call.namespaceGiven(),
                call.flags().strings("filename"),
                call.flags().bool("recursive"))
            .labels(call.flags().string("selector"))
            .args(true, call.args())
            .build();
    List<RuntimeException> errors = new ArrayList<>();
    List<ResourceInfo> infos = result.infos(errors);
    boolean explicit = call.flags().changed("show-events");
    boolean several = !errors.isEmpty() || infos.size() > 1;
    boolean events = call.flags().bool("show-events") && (explicit || !several);
    if (errors.size() == 1
        && call.args().size() == 2
        && errors.get(0) instanceof ApiException refusal
        && refusal.notFound()) {
      describeByPrefix(call, refusal, events);
      return;
    }
    String separator = "";
    for (ResourceInfo info : infos) {
      call.print(separator + describe(call, info, events));
      separator = "\n\n";
    }
    if (infos.isEmpty() && errors.isEmpty()) {
      call.printError(
          all
              ? "No resources found\n"
              : "No resources found in " + call.namespace() + " namespace.\n");
    }
    CommandException.throwAll(errors);
  }

  private static String describe(Invocation call, ResourceInfo info, boolean events) {
    KubeObject object = call.reader().get(info.key());
    return Describer.describe(info.type(), object, new Context(call.reader(), call.now(), events));
  }

  /** Without an object of that name, the objects whose names begin with it. */
  private static void describeByPrefix(Invocation call, ApiException notFound, boolean events) {
    ResourceResult result =
        call.builder().args(true, call.args().subList(0, 1)).singleResourceType().build();
    boolean found = false;
    for (ResourceInfo info : result.infos()) {
      if (info.name().startsWith(call.args().get(1))) {
        found = true;
        call.println(describe(call, info, events));
      }
    }
    if (!found) {
      throw notFound;
    }
  }
}
