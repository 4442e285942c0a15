package dev.wavetank.core.apiserver.printers;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import java.time.Instant;

/** Admission policies and their bindings. */
final class PolicyPrinters {

  private static final String UNSET = "<unset>";

  static final TablePrinter POLICIES =
      new TablePrinter(
          TablePrinter.NAME,
          TablePrinter.integer("Validations", "How many validations there are."),
          TablePrinter.column("ParamKind", "The kind of what parameterizes the policy."),
          TablePrinter.AGE) {
        @Override
        void print(KubeObject object, Instant now, ImmutableList.Builder<Object> cells) {
          KubeMap kind = object.spec().map("paramKind");
          long validations = object.spec().listOrEmpty("validations").size();
          cells.add(object.name(), validations);
          cells.add(
              kind == null ? UNSET : kind.string("apiVersion", "") + "/" + kind.string("kind", ""));
          cells.add(age(object, now));
        }
      };

  static final TablePrinter BINDINGS =
      new TablePrinter(
          TablePrinter.NAME,
          TablePrinter.column("PolicyName", "The policy that is bound."),
          TablePrinter.column("ParamRef", "What parameterizes the policy."),
          TablePrinter.AGE) {
        @Override
        void print(KubeObject object, Instant now, ImmutableList.Builder<Object> cells) {
          KubeMap reference = object.spec().map("paramRef");
          cells.add(object.name(), object.spec().string("policyName", ""));
          cells.add(reference == null ? UNSET : shown(reference), age(object, now));
        }
      };

  private PolicyPrinters() {}

  private static String shown(KubeMap reference) {
    String name = reference.string("name", "*");
    String namespace = reference.string("namespace", "*");
    return namespace + "/" + name;
  }
}
