package dev.wavetank.core.container.program.file;

import dev.wavetank.core.container.Container;
import dev.wavetank.core.container.ProgramContext;
import dev.wavetank.core.container.filesystem.FileOwner;
import dev.wavetank.core.container.program.ProgramOptions;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The program {@code chown}. Users and groups are numbers or root; other names are taken, and
 * change nothing. What nobody has made, such as a volume as a whole, keeps its owner.
 */
final class Chown {

  private static final Pattern OWNER = Pattern.compile("([\\w.-]*)(?:[:.]([\\w-]*))?");

  private Chown() {}

  static void run(ProgramContext context) {
    ProgramOptions options = ProgramOptions.leading(context, "RvfhLHP");
    if (options == null) {
      return;
    }
    List<String> operands = options.operands();
    Matcher owner = OWNER.matcher(operands.isEmpty() ? "" : operands.get(0));
    if (operands.size() < 2 || !owner.matches()) {
      context.err("Usage: chown [-Rhfv]... USER[:[GRP]] FILE...\n");
      context.exit(1);
      return;
    }
    String user = owner.group(1);
    String group = owner.group(2) == null ? "" : owner.group(2);
    int code = 0;
    for (String operand : operands.subList(1, operands.size())) {
      String path = context.path(operand);
      if (!context.container().files().exists(path)) {
        context.err("chown: " + operand + ": No such file or directory\n");
        code = 1;
        continue;
      }
      give(context.container(), path, user, group);
      if (options.has("R")) {
        String prefix = path.equals("/") ? "/" : path + "/";
        for (String below : context.container().files().paths().tailSet(prefix, false)) {
          if (below.startsWith(prefix)) {
            give(context.container(), below, user, group);
          }
        }
      }
    }
    context.exit(code);
  }

  private static void give(Container container, String path, String user, String group) {
    FileOwner before = container.files().owner(path);
    FileOwner after = new FileOwner(number(user, before.user()), number(group, before.group()));
    container.files().setOwner(path, after);
  }

  private static long number(String name, long before) {
    return name.equals("root") ? 0 : name.matches("\\d{1,9}") ? Long.parseLong(name) : before;
  }
}
