package dev.wavetank.scenarios.step;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.api.FileFields;
import dev.wavetank.core.api.ScenarioException;
import java.util.ArrayList;
import java.util.List;

/** The one list of the kinds of steps, by their key in scenario files. */
public final class Steps {

  /** Reads a step from the mapping that it is written in. */
  interface Reader {
    Step read(FileFields fields, StepFiles files);
  }

  /**
   * A kind of step.
   *
   * @param more keys that may stand beside its own
   */
  private record Kind(ImmutableList<String> more, Reader reader) {}

  private static final ImmutableMap<String, Kind> KINDS =
      ImmutableMap.<String, Kind>builder()
          .put("apply", new Kind(ImmutableList.of("output"), ApplyStep::read))
          .put("delete", new Kind(KubectlStep.MORE, KubectlStep.prefixed("delete", "delete")))
          .put("scale", new Kind(ImmutableList.of("output"), KubectlStep::scale))
          .put("set-image", new Kind(ImmutableList.of("output"), KubectlStep::setImage))
          .put("get", new Kind(KubectlStep.MORE, KubectlStep.prefixed("get", "get")))
          .put("kubectl", new Kind(KubectlStep.MORE, KubectlStep.prefixed("kubectl", "")))
          .put("dig", new Kind(ImmutableList.of("output", "contains"), DigStep::read))
          .put("connect", new Kind(ImmutableList.of(), ConnectStep::read))
          .put("path", new Kind(ImmutableList.of("contains"), PathStep::read))
          .put(
              "iptables-save",
              new Kind(ImmutableList.of("grep", "contains"), RulesStep::iptablesSave))
          .put("nft-list", new Kind(ImmutableList.of("grep", "contains"), RulesStep::nftList))
          .put("ipvsadm", new Kind(ImmutableList.of("grep", "contains"), RulesStep::ipvsadm))
          .put("docker-ps", new Kind(ImmutableList.of("output", "contains"), DockerPsStep::read))
          .put("why", new Kind(ImmutableList.of("contains", "annotate"), WhyStep::read))
          .put("traffic", new Kind(ImmutableList.of(), TrafficStep::read))
          .put("wait-for", new Kind(ImmutableList.of(), WaitStep::read))
          .put("expect", new Kind(ImmutableList.of(), ExpectStep::read))
          .put("fault", new Kind(ImmutableList.of(), FaultStep::read))
          .put("join", new Kind(ImmutableList.of(), JoinStep::read))
          .put("run", new Kind(ImmutableList.of(), RunStep::read))
          .put("say", new Kind(ImmutableList.of(), SayStep::read))
          .buildOrThrow();

  /** The keys of which a step has exactly one. */
  public static final ImmutableList<String> KEYS = KINDS.keySet().asList();

  /** The keys that every step may have. */
  public static final ImmutableList<String> COMMON = ImmutableList.of("at", "name");

  private Steps() {}

  /** The keys that may stand beside the key of a kind. */
  public static ImmutableList<String> more(String kind) {
    Kind found = KINDS.get(kind);
    return found == null ? ImmutableList.of() : found.more();
  }

  /**
   * Reads a step.
   *
   * @throws ScenarioException when it is wrong
   */
  public static Step read(FileFields fields, StepFiles files) {
    List<String> kinds = new ArrayList<>(KEYS);
    kinds.retainAll(fields.keys());
    if (kinds.isEmpty()) {
      List<String> valid = new ArrayList<>(KEYS);
      valid.addAll(COMMON);
      fields.known(valid);
      throw fields.wrong("a step needs one of " + String.join(", ", KEYS));
    }
    if (kinds.size() > 1) {
      throw fields.wrong("a step has one of " + String.join(" and ", kinds) + ", not both");
    }
    Kind kind = KINDS.get(kinds.get(0));
    if (kind == null) {
      throw fields.wrong("a step needs one of " + String.join(", ", KEYS));
    }
    List<String> known = new ArrayList<>(kinds);
    known.addAll(kind.more());
    known.addAll(COMMON);
    return kind.reader().read(fields.known(known), files);
  }
}
