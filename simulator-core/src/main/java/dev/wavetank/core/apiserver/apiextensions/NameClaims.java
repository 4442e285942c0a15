package dev.wavetank.core.apiserver.apiextensions;

import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which of the names that a definition asks for it gets: those that it has already, and those that
 * no other definition of the group has.
 *
 * <p>Follows staging/src/k8s.io/apiextensions-apiserver/pkg/controller/status/naming_controller.go
 * (v1.36).
 */
final class NameClaims {

  private static final String SHORT_NAMES = "shortNames";

  private final KubeMap asked;
  private final Set<String> resources = new LinkedHashSet<>();
  private final Set<String> kinds = new LinkedHashSet<>();
  private KubeMap accepted;
  private String reason = "";
  private String conflict = "";

  NameClaims(KubeObject definition, List<KubeObject> all) {
    this.asked = definition.spec().mapOrEmpty("names");
    this.accepted = definition.status().mapOrEmpty("acceptedNames");
    for (KubeObject other : all) {
      if (other.spec().get("group") instanceof String group
          && group.equals(definition.spec().get("group"))) {
        KubeMap names = other.status().mapOrEmpty("acceptedNames");
        resources.add(names.string("plural", ""));
        resources.add(names.string("singular", ""));
        names.listOrEmpty(SHORT_NAMES).forEach(name -> resources.add(name.toString()));
        kinds.add(names.string("kind", ""));
        kinds.add(names.string("listKind", ""));
      }
    }
    claim("plural", "PluralConflict", resources);
    claim("singular", "SingularConflict", resources);
    claimShortNames();
    claim("kind", "KindConflict", kinds);
    claim("listKind", "ListKindConflict", kinds);
    KubeList categories = asked.listOrEmpty("categories");
    accepted = accepted.with("categories", categories.isEmpty() ? null : categories);
  }

  private void claim(String field, String why, Set<String> taken) {
    String name = asked.string(field, "");
    if (!name.equals(accepted.string(field, "")) && taken.contains(name)) {
      reason = why;
      conflict = "\"" + name + "\" is already in use";
    } else {
      accepted = accepted.with(field, name);
    }
  }

  private void claimShortNames() {
    KubeList wanted = asked.listOrEmpty(SHORT_NAMES);
    KubeList own = accepted.listOrEmpty(SHORT_NAMES);
    List<String> problems = new ArrayList<>();
    for (Object name : wanted) {
      if (!own.contains(name) && resources.contains(name.toString())) {
        problems.add("\"" + name + "\" is already in use");
      }
    }
    if (problems.isEmpty()) {
      accepted = accepted.with(SHORT_NAMES, wanted.isEmpty() ? null : wanted);
    } else {
      reason = "ShortNamesConflict";
      String joined = String.join(", ", problems);
      conflict = problems.size() > 1 ? "[" + joined + "]" : joined;
    }
  }

  /** The names that the definition has from now on. */
  KubeMap accepted() {
    return accepted;
  }

  /** What is wrong with the last name that was not accepted; empty when all were. */
  String conflict() {
    return conflict;
  }

  /** The conflict in one word. */
  String reason() {
    return reason;
  }
}
