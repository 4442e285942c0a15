package dev.wavetank.core.apiserver.controlplane;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.sim.SimulationBug;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The roles and bindings that every cluster begins with: {@code cluster-admin}, {@code admin},
 * {@code edit}, {@code view}, and those of the cluster's own components. They are data, in a file
 * beside this class.
 *
 * <p>Follows plugin/pkg/auth/authorizer/rbac/bootstrappolicy (v1.36).
 */
final class BootstrapPolicy {

  private static final String FILE = "bootstrap-policy.txt";
  private static final String AGGREGATE = "rbac.authorization.k8s.io/aggregate-to-";
  private static final String GROUP = "rbac.authorization.k8s.io";
  private static final Splitter WORDS = Splitter.on(' ').omitEmptyStrings();
  private static final Splitter LIST = Splitter.on(',');

  private static final ImmutableMap<String, ResourceType> TYPES =
      ImmutableMap.of(
          "clusterrole", ResourceType.CLUSTER_ROLES,
          "role", ResourceType.ROLES,
          "clusterrolebinding", ResourceType.CLUSTER_ROLE_BINDINGS,
          "rolebinding", ResourceType.ROLE_BINDINGS);

  private static final class Policy {
    static final List<Made> ALL = new BootstrapPolicy().read();
  }

  private record Made(ResourceType type, KubeObject object) {}

  private final List<Made> made = new ArrayList<>();
  private final Map<String, Set<KubeMap>> rules = new LinkedHashMap<>();
  private final Map<String, String> from = new LinkedHashMap<>();
  private final Map<String, List<String>> to = new LinkedHashMap<>();

  private BootstrapPolicy() {}

  /** Creates all of them. */
  static void create(ApiServer server) {
    for (Made one : Policy.ALL) {
      server.create(one.type(), one.object());
    }
  }

  private static String text() {
    try (InputStream in = BootstrapPolicy.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new SimulationBug("absent: " + FILE);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<Made> read() {
    String current = "";
    for (String line : Splitter.on('\n').split(text())) {
      List<String> words = WORDS.splitToList(line);
      if (words.isEmpty() || line.charAt(0) == '#') {
        continue;
      }
      if (line.charAt(0) == ' ') {
        rules.computeIfAbsent(current, any -> new LinkedHashSet<>()).add(rule(words));
      } else {
        current = words.get(0) + " " + words.get(1);
        declare(words, current);
      }
    }
    aggregate();
    List<Made> complete = new ArrayList<>();
    for (Made one : made) {
      complete.add(isRole(one.type()) ? withRules(one) : one);
    }
    return complete;
  }

  private static boolean isRole(ResourceType type) {
    return type.equals(ResourceType.ROLES) || type.equals(ResourceType.CLUSTER_ROLES);
  }

  private static KubeMap rule(List<String> words) {
    KubeMap rule = KubeMap.of("verbs", list(words.get(0)));
    if (words.get(1).equals("url")) {
      return rule.with("nonResourceURLs", list(words.get(2)));
    }
    rule = rule.with("apiGroups", list(words.get(1))).with("resources", list(words.get(2)));
    return words.size() > 3 ? rule.with("resourceNames", list(words.get(3))) : rule;
  }

  private static KubeList list(String written) {
    KubeList list = KubeList.EMPTY;
    for (String word : LIST.split(written)) {
      list = list.plus(word.equals("\"\"") ? "" : word);
    }
    return list;
  }

  private void declare(List<String> words, String key) {
    ResourceType type = TYPES.get(words.get(0));
    if (type == null) {
      throw new SimulationBug(FILE + " has a word " + words.get(0));
    }
    String name = words.get(1);
    int slash = type.namespaced() ? name.indexOf('/') : -1;
    KubeMap labels = KubeMap.of("kubernetes.io/bootstrapping", "rbac-defaults");
    List<String> rest = words.subList(2, words.size());
    KubeMap root = KubeMap.EMPTY;
    if (isRole(type)) {
      for (String word : rest) {
        String role = word.substring(word.indexOf('=') + 1);
        if (word.startsWith("to=")) {
          labels = labels.with(AGGREGATE + role, "true");
          to.computeIfAbsent(role, any -> new ArrayList<>()).add(key);
        } else {
          from.put(key, role);
          KubeMap selector = KubeMap.of("matchLabels", KubeMap.of(AGGREGATE + role, "true"));
          root =
              root.with(
                  "aggregationRule", KubeMap.of("clusterRoleSelectors", KubeList.of(selector)));
        }
      }
    } else {
      root = binding(rest);
    }
    KubeMap metadata =
        KubeMap.of(
            "name",
            name.substring(slash + 1),
            "namespace",
            slash < 0 ? null : name.substring(0, slash),
            "labels",
            labels,
            "annotations",
            KubeMap.of("rbac.authorization.kubernetes.io/autoupdate", "true"));
    KubeObject object = KubeObject.of(type, metadata);
    for (int i = 0; i < root.size(); i++) {
      object = object.with(root.valueAt(i), root.keyAt(i));
    }
    made.add(new Made(type, object));
  }

  private static KubeMap binding(List<String> words) {
    String role = words.get(0);
    int slash = role.indexOf('/');
    KubeMap reference =
        KubeMap.of(
            "apiGroup", GROUP,
            "kind", role.substring(0, slash),
            "name", role.substring(slash + 1));
    KubeList subjects = KubeList.EMPTY;
    for (String word : words.subList(1, words.size())) {
      String name = word.substring(word.indexOf('=') + 1);
      int at = name.indexOf('/');
      subjects =
          subjects.plus(
              switch (word.substring(0, word.indexOf('='))) {
                case "user" -> KubeMap.of("kind", "User", "apiGroup", GROUP, "name", name);
                case "group" -> KubeMap.of("kind", "Group", "apiGroup", GROUP, "name", name);
                default ->
                    KubeMap.of(
                        "kind",
                        "ServiceAccount",
                        "name",
                        name.substring(at + 1),
                        "namespace",
                        name.substring(0, at));
              });
    }
    KubeMap root = KubeMap.of("roleRef", reference);
    return subjects.isEmpty() ? root : root.with("subjects", subjects);
  }

  /** Adds rules up until nothing is added: roles are made of roles that are made of others. */
  private void aggregate() {
    for (int round = 0; round < from.size(); round++) {
      for (Map.Entry<String, String> role : from.entrySet()) {
        Set<KubeMap> sum = new LinkedHashSet<>();
        for (String part : to.getOrDefault(role.getValue(), List.of())) {
          sum.addAll(rules.getOrDefault(part, ImmutableSet.of()));
        }
        rules.put(role.getKey(), sum);
      }
    }
  }

  private Made withRules(Made role) {
    String name = role.object().namespace().isEmpty() ? "" : role.object().namespace() + "/";
    String word = role.type().equals(ResourceType.ROLES) ? "role " : "clusterrole ";
    Set<KubeMap> own = rules.getOrDefault(word + name + role.object().name(), ImmutableSet.of());
    return new Made(role.type(), role.object().with(KubeList.copyOf(own), "rules"));
  }
}
