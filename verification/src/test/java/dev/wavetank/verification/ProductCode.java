package dev.wavetank.verification;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The compiled classes of the modules, and the packages that each module owns. */
final class ProductCode {
  static final String ROOT_PACKAGE = "dev.wavetank";

  /** Module directory -> the word after {@code dev.wavetank} in its packages. */
  static final ImmutableMap<String, String> PACKAGE_OF_MODULE =
      ImmutableMap.<String, String>builder()
          .put("simulator-core", "core")
          .put("scheduler", "scheduler")
          .put("kube-proxy-sim", "proxy")
          .put("dns-sim", "dns")
          .put("scenarios", "scenarios")
          .put("testkit", "testkit")
          .put("server", "server")
          .put("cli", "cli")
          .buildOrThrow();

  /** Owner of a package -> the owners that it may see besides itself. */
  static final ImmutableMap<String, ImmutableSet<String>> MAY_SEE =
      ImmutableMap.<String, ImmutableSet<String>>builder()
          .put("core", ImmutableSet.of())
          .put("scheduler", ImmutableSet.of("core"))
          .put("proxy", ImmutableSet.of("core"))
          .put("dns", ImmutableSet.of("core"))
          .put("scenarios", ImmutableSet.of("core", "scheduler", "proxy", "dns"))
          .put("testkit", ImmutableSet.of("core", "scheduler", "proxy", "dns", "scenarios"))
          .put("server", ImmutableSet.of("core", "scheduler", "proxy", "dns", "scenarios"))
          .put("cli", ImmutableSet.of("core", "scheduler", "proxy", "dns", "scenarios", "server"))
          .buildOrThrow();

  private static final JavaClasses MAIN = importFrom("target/classes");
  private static final JavaClasses TESTS = importFrom("target/test-classes");

  private ProductCode() {}

  static JavaClasses main() {
    return MAIN;
  }

  static JavaClasses tests() {
    return TESTS;
  }

  /** Main classes of that package and the packages below it. */
  static List<JavaClass> below(String packageName) {
    return MAIN.stream().filter(c -> isBelow(c.getPackageName(), packageName)).toList();
  }

  static boolean isBelow(String packageName, String ancestor) {
    return packageName.equals(ancestor) || packageName.startsWith(ancestor + ".");
  }

  /** The word after {@code dev.wavetank}; empty for a class of others. */
  static String owner(JavaClass javaClass) {
    String prefix = ROOT_PACKAGE + ".";
    String name = javaClass.getPackageName();
    return name.startsWith(prefix) ? name.substring(prefix.length()).split("\\.", 2)[0] : "";
  }

  /** The file of the outermost class, as people name it. */
  static JavaClass outermost(JavaClass javaClass) {
    JavaClass at = javaClass;
    while (at.getEnclosingClass().isPresent()) {
      at = at.getEnclosingClass().get();
    }
    return at;
  }

  private static JavaClasses importFrom(String directory) {
    List<Path> paths =
        Checkout.modules().stream()
            .map(module -> module.resolve(directory))
            .filter(Files::isDirectory)
            .toList();
    return new ClassFileImporter()
        .withImportOption(location -> !location.contains("/jmh_generated/"))
        .importPaths(paths);
  }
}
