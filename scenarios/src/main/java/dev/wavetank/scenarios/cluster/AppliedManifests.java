package dev.wavetank.scenarios.cluster;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.Manifest;
import dev.wavetank.core.api.ManifestException;
import dev.wavetank.core.api.Manifests;
import dev.wavetank.core.api.ResourceType;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Manifests that are about to be applied: those of built-in kinds are compared with their schema
 * before anything is sent. Kinds of other groups may be custom ones by then, and are the server's
 * to judge.
 */
public final class AppliedManifests {

  private AppliedManifests() {}

  /**
   * What is wrong with a file of manifests; nothing when it may be applied.
   *
   * @param file as problems name it
   */
  public static ImmutableList<ManifestException.Problem> problems(String file, byte[] bytes) {
    try {
      Manifests.read(file, bytes);
      return ImmutableList.of();
    } catch (ManifestException e) {
      Set<String> custom = unknownKinds(file, bytes);
      return e.problems().stream()
          .filter(problem -> !custom.contains(problem.message()))
          .collect(ImmutableList.toImmutableList());
    }
  }

  /**
   * Refuses what may not be applied.
   *
   * @throws ManifestException with every problem found
   */
  static void check(String file, String text) {
    if (!problems(file, text.getBytes(StandardCharsets.UTF_8)).isEmpty()) {
      Manifests.read(file, text);
    }
  }

  /** What the check says of each kind in a group that is not built in. */
  private static Set<String> unknownKinds(String file, byte[] bytes) {
    Set<String> builtIn = new LinkedHashSet<>();
    for (ResourceType type : ResourceType.BUILT_IN) {
      builtIn.add(type.group());
    }
    Set<String> messages = new LinkedHashSet<>();
    try {
      for (Manifest manifest : Manifests.parse(file, bytes)) {
        String version = manifest.object().apiVersion();
        String group = version.substring(0, Math.max(0, version.indexOf('/')));
        if (!builtIn.contains(group)) {
          String kind = manifest.object().kind();
          messages.add("no matches for kind \"" + kind + "\" in version \"" + version + "\"");
        }
      }
    } catch (ManifestException e) {
      // Not even YAML: its problems are all real.
    }
    return messages;
  }
}
