package dev.wavetank.core.apiserver.printers;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import java.time.Instant;

/** Admission policies and their bindings. */
final class PolicyPrinters {

  private static final String UNSET = "<unset>";

  static final TablePrinter POLICIES =
      policies("validations", "Validations", "How many validations there are.");

  static final TablePrinter MUTATING_POLICIES =
      policies("mutations", "Mutations", "How many mutations there are.");

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

  private static TablePrinter policies(String field, String column, String description) {
    return new TablePrinter(
        TablePrinter.NAME,
        TablePrinter.integer(column, description),
        TablePrinter.column("ParamKind", "The kind of what parameterizes the policy."),
        TablePrinter.AGE) {
      @Override
      void print(KubeObject object, Instant now, ImmutableList.Builder<Object> cells) {
        KubeMap kind = object.spec().map("paramKind");
        cells.add(object.name(), (long) object.spec().listOrEmpty(field).size());
        cells.add(
            kind == null ? UNSET : kind.string("apiVersion", "") + "/" + kind.string("kind", ""));
        cells.add(age(object, now));
      }
    };
  }

  private static String shown(KubeMap reference) {
    String name = reference.string("name", "*");
    String namespace = reference.string("namespace", "*");
    return namespace + "/" + name;
  }
}
