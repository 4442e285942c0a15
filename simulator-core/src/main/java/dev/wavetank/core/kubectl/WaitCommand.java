package dev.wavetank.core.kubectl;

import com.google.common.base.Ascii;
import com.google.common.base.CharMatcher;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.GoQuote;
import dev.wavetank.core.api.GoText;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.jsonpath.JsonPath;
import dev.wavetank.core.jsonpath.JsonPathException;
import dev.wavetank.core.kubectl.errors.CommandException;
import dev.wavetank.core.kubectl.flags.Flags;
import dev.wavetank.core.kubectl.resource.ResourceInfo;
import dev.wavetank.core.kubectl.resource.ResourceResult;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * {@code kubectl wait}: lets time pass until a condition of objects holds.
 *
 * <p>Follows staging/src/k8s.io/kubectl/pkg/cmd/wait (v1.36).
 */
final class WaitCommand extends Command {

  private static final String FORMAT =
      "jsonpath wait format must be --for=jsonpath='{.status.readyReplicas}'=3 or"
          + " --for=jsonpath='{.status.readyReplicas}'";

  WaitCommand() {
    super("wait", "Wait for a specific condition on one or many resources");
    FileFlags.addTo(flags());
    PrintFlags.addTo(flags());
    flags()
        .stringArray("for", "", "create, delete, condition=NAME[=VALUE] or jsonpath=PATH[=VALUE]")
        .duration("timeout", "30s", "How long; zero asks once, negative is a week")
        .string("selector", "l", "", "Selector by labels")
        .string("field-selector", "", "", "Selector by fields")
        .bool("all", "", false, "Every object of the types")
        .bool("all-namespaces", "A", false, "The objects of all namespaces")
        .bool("local", "", false, "Has no effect");
  }

  @Override
  void run(Invocation call) {
    Flags flags = call.flags();
    PrintFlags.Teller teller = PrintFlags.teller(call, DryRun.NONE);
    List<Goal> goals = goals(flags.strings("for"));
    long asked = flags.nanos("timeout");
    long timeout = asked < 0 ? Invocation.WEEK_NANOS : asked;
    Waiting waiting = new Waiting(call, timeout);
    if (goals.stream().anyMatch(goal -> goal.kind == Goal.Kind.CREATE)) {
      awaitCreation(call, timeout);
    }
    boolean forDelete = goals.stream().anyMatch(goal -> goal.kind == Goal.Kind.DELETE);
    List<RuntimeException> errors = new ArrayList<>();
    int[] visited = {0};
    find(call)
        .visit(
            info -> {
              visited[0]++;
              for (Goal goal : goals) {
                teller.tell(reach(info, goal, waiting, timeout), "condition met");
              }
            },
            errors);
    if (forDelete) {
      errors.removeIf(WaitCommand::notFound);
    }
    CommandException.throwAll(errors);
    if (visited[0] == 0 && !forDelete) {
      throw CommandException.of("no matching resources found");
    }
  }

  private static ResourceResult find(Invocation call) {
    Flags flags = call.flags();
    return call.builder()
        .allNamespaces(flags.bool("all-namespaces"))
        .files(call.namespaceGiven(), flags.strings("filename"), flags.bool("recursive"))
        .labels(flags.string("selector"))
        .fields(flags.string("field-selector"))
        .all(flags.bool("all"))
        .args(false, call.args())
        .latest()
        .build();
  }

  private static boolean notFound(RuntimeException error) {
    return error instanceof ApiException refusal && refusal.notFound();
  }

  private static void awaitCreation(Invocation call, long timeout) {
    boolean created =
        call.waitFor(
            () -> {
              List<RuntimeException> errors = new ArrayList<>();
              List<ResourceInfo> infos = find(call).infos(errors);
              errors.removeIf(WaitCommand::notFound);
              CommandException.throwAll(errors);
              return !infos.isEmpty();
            },
            timeout);
    if (!created) {
      throw CommandException.of(Waiting.TIMED_OUT);
    }
  }

  private static KubeObject reach(ResourceInfo info, Goal goal, Waiting waiting, long timeout) {
    KubeObject start = info.required();
    KubeObject[] last = {start};
    Predicate<KubeObject> met = goal.condition;
    boolean reached =
        switch (goal.kind) {
          case CREATE -> true;
          case DELETE -> waiting.untilGone(info.key(), start.uid());
          case CONDITION ->
              waiting.until(
                  info.key(),
                  object -> {
                    last[0] = object == null ? last[0] : object;
                    return object != null && met.test(object);
                  });
        };
    if (reached) {
      return last[0];
    }
    throw timeout == 0
        ? CommandException.of("condition not met for " + info.objectName())
        : Waiting.timedOut(info.key());
  }

  /** What is waited for. */
  private record Goal(Kind kind, Predicate<KubeObject> condition) {
    enum Kind {
      CREATE,
      DELETE,
      CONDITION
    }
  }

  private static List<Goal> goals(List<String> texts) {
    List<Goal> goals = new ArrayList<>();
    for (String text : texts) {
      goals.add(goal(text));
    }
    if (goals.isEmpty()) {
      throw CommandException.of("unrecognized condition: []");
    }
    return goals;
  }

  private static Goal goal(String text) {
    String lower = Ascii.toLowerCase(text);
    if (lower.equals("delete")) {
      return new Goal(Goal.Kind.DELETE, object -> false);
    }
    if (lower.equals("create")) {
      return new Goal(Goal.Kind.CREATE, object -> true);
    }
    if (text.startsWith("condition=")) {
      String[] parts = text.substring("condition=".length()).split("=", 2);
      String status = parts.length > 1 ? parts[1] : "true";
      return new Goal(Goal.Kind.CONDITION, object -> conditionMet(object, parts[0], status));
    }
    if (text.startsWith("jsonpath=")) {
      return jsonPathGoal(text.substring("jsonpath=".length()));
    }
    throw CommandException.of("unrecognized condition: " + GoQuote.quote(text));
  }

  private static boolean conditionMet(KubeObject object, String name, String status) {
    for (KubeMap condition : object.status().listOrEmpty("conditions").maps()) {
      if (!Ascii.equalsIgnoreCase(condition.string("type", ""), name)
          || !(condition.get("status") instanceof String actual)) {
        continue;
      }
      Object observed =
          condition.has("observedGeneration")
              ? condition.get("observedGeneration")
              : object.status().get("observedGeneration");
      boolean stale = observed instanceof Long generation && generation < object.generation();
      return !stale && Ascii.equalsIgnoreCase(actual, status);
    }
    return false;
  }

  private static Goal jsonPathGoal(String text) {
    List<String> parts = splitAtSingleEquals(text);
    if (parts.size() > 2) {
      throw CommandException.of(FORMAT);
    }
    String value = parts.size() < 2 ? "" : CharMatcher.anyOf("'\"").trimFrom(parts.get(1));
    if (parts.size() == 2 && value.isEmpty()) {
      throw CommandException.of(
          "jsonpath wait has to have a value after equal sign, like"
              + " --for=jsonpath='{.status.readyReplicas}'=3");
    }
    try {
      String whole = JsonPath.relaxed(parts.get(0));
      if (whole.isEmpty()) {
        throw CommandException.of("jsonpath expression cannot be empty");
      }
      JsonPath path = JsonPath.parse(whole);
      return new Goal(Goal.Kind.CONDITION, object -> valueMet(object, path, value));
    } catch (JsonPathException e) {
      throw CommandException.of(String.valueOf(e.getMessage()));
    }
  }

  /** Parts between single {@code =}; two of them are part of an expression. */
  private static List<String> splitAtSingleEquals(String text) {
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      if (text.startsWith("==", i)) {
        part.append("==");
        i++;
      } else if (text.charAt(i) == '=') {
        parts.add(part.toString());
        part.setLength(0);
      } else {
        part.append(text.charAt(i));
      }
    }
    parts.add(part.toString());
    return parts;
  }

  private static boolean valueMet(KubeObject object, JsonPath path, String expected) {
    List<List<Object>> found;
    try {
      found = path.find(object.root());
    } catch (JsonPathException e) {
      throw CommandException.of(String.valueOf(e.getMessage()));
    }
    if (found.isEmpty() || found.get(0).isEmpty()) {
      return false;
    }
    if (found.size() > 1) {
      throw CommandException.of("given jsonpath expression matches more than one list");
    }
    if (found.get(0).size() > 1) {
      throw CommandException.of("given jsonpath expression matches more than one value");
    }
    Object value = found.get(0).get(0);
    if (expected.isEmpty()) {
      return true;
    }
    if (value instanceof KubeMap || value instanceof KubeList) {
      throw CommandException.of("jsonpath leads to a nested object or list which is not supported");
    }
    return GoText.of(value).strip().equals(expected.strip());
  }
}
