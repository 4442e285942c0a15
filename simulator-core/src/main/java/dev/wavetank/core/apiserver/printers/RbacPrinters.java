package dev.wavetank.core.apiserver.printers;

import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Bindings of roles; roles themselves have no columns of their own. */
final class RbacPrinters {

  static final TablePrinter BINDINGS =
      new TablePrinter(
          TablePrinter.NAME,
          TablePrinter.column("Role", "The role that is given."),
          TablePrinter.AGE,
          TablePrinter.wide("Users", "The users that it is given to."),
          TablePrinter.wide("Groups", "The groups that it is given to."),
          TablePrinter.wide("ServiceAccounts", "The ServiceAccounts that it is given to.")) {
        @Override
        void print(KubeObject object, Instant now, ImmutableList.Builder<Object> cells) {
          KubeMap role = object.root().mapOrEmpty("roleRef");
          cells.add(object.name(), role.string("kind", "") + "/" + role.string("name", ""));
          cells.add(age(object, now));
          cells.add(subjects(object, "User"), subjects(object, "Group"));
          cells.add(subjects(object, "ServiceAccount"));
        }
      };

  private RbacPrinters() {}

  private static String subjects(KubeObject binding, String kind) {
    List<String> names = new ArrayList<>();
    for (KubeMap subject : binding.root().listOrEmpty("subjects").maps()) {
      if (subject.string("kind", "").equals(kind)) {
        String name = subject.string("name", "");
        boolean account = kind.equals("ServiceAccount");
        names.add(account ? subject.string("namespace", "") + "/" + name : name);
      }
    }
    return String.join(", ", names);
  }
}
