package dev.wavetank.verification;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The laws of {@code docs/architecture.md} that compiled classes can break. */
class ArchitectureTest {

  /** Raise it as the project grows: a rule that looks at nothing always holds. */
  private static final int CLASSES_MIN = 60;

  /**
   * Hidden inputs that are known to have no effect on a run, each with its reason. Short, and it
   * should stay so.
   */
  private static final ImmutableMap<String, String> HARMLESS =
      ImmutableMap.of(
          "dev.wavetank.core.api.Keys uses java.util.concurrent.ConcurrentHashMap",
          "interns the key sets of objects for all simulations of the JVM; looked up, never walked",
          "dev.wavetank.core.api.Quantity uses java.util.concurrent.ConcurrentHashMap",
          "keeps what a text means for all simulations of the JVM; looked up, never walked",
          "dev.wavetank.core.api.SchemaType uses java.util.concurrent.ConcurrentHashMap",
          "keeps the order of fields for all simulations of the JVM; looked up, never walked",
          "dev.wavetank.core.httpproxy.TlsSecret uses java.util.Date",
          "is how a certificate tells until when it is good; made an Instant at once",
          "dev.wavetank.testkit.InProcessBody uses java.util.concurrent.CompletableFuture",
          "is what fabric8 asks for; completed on the thread that runs the cluster",
          "dev.wavetank.testkit.InProcessHttpClient uses java.util.concurrent.CompletableFuture",
          "is what fabric8 asks for; completed before it is given away");

  /** {@code …Manager} and {@code Default…} that Kubernetes itself has. */
  private static final ImmutableSet<String> NAMES_OF_KUBERNETES =
      ImmutableSet.of(
          "AllocationManager",
          "StatusManager",
          "ImageManager",
          "ControllerRefManager",
          "KubeControllerManager",
          "FieldManager",
          "DefaultIngressClass",
          "DefaultTolerationSeconds",
          "DefaultPlugins",
          "ProbeManager",
          "ProberManager",
          "CacheManager",
          "EvictionManager",
          "VolumeManager",
          "DefaultBinder",
          "DefaultPreemption",
          "DefaultStorageClass");

  private static final String CONTAINER = "dev.wavetank.core.container";

  /** The rooms of {@link #CONTAINER}, the lowest first; those of one layer never see each other. */
  private static final ImmutableList<ImmutableSet<String>> LAYERS_OF_A_CONTAINER =
      ImmutableList.of(
          ImmutableSet.of(".text", ".filesystem", ".stream"),
          ImmutableSet.of(".http", ".conversation"),
          ImmutableSet.of(""),
          ImmutableSet.of(".program"),
          ImmutableSet.of(
              ".program.text",
              ".program.file",
              ".program.network",
              ".program.system",
              ".awk",
              ".shell"),
          ImmutableSet.of(".agnhost"),
          ImmutableSet.of(".image"));

  /** Modules that meet the world: sockets, threads, files and the wall clock. */
  private static final ImmutableSet<String> OUTSIDE_OF_RUNS = ImmutableSet.of("server", "cli");

  private static final Pattern ACCESSOR_WITH_GET = Pattern.compile("get[A-Z]\\w*");

  private static final ImmutableSet<String> TEST_ANNOTATIONS =
      ImmutableSet.of(
          "org.junit.jupiter.api.Test",
          "org.junit.jupiter.api.TestFactory",
          "org.junit.jupiter.api.RepeatedTest",
          "org.junit.jupiter.params.ParameterizedTest",
          "net.jqwik.api.Property",
          "net.jqwik.api.Example");

  @Test
  void theRulesLookAtTheWholeProject() {
    assertThat(ProductCode.main().size()).isGreaterThanOrEqualTo(CLASSES_MIN);
    for (String owner : ProductCode.PACKAGE_OF_MODULE.values()) {
      assertThat(ProductCode.below(ProductCode.ROOT_PACKAGE + "." + owner)).as(owner).isNotEmpty();
    }
  }

  @Test
  void aModuleOwnsItsPackagesAlone() {
    List<String> wrong = new ArrayList<>();
    for (JavaClass javaClass : ProductCode.main()) {
      String location = javaClass.getSource().orElseThrow().getUri().toString();
      String owner = ProductCode.owner(javaClass);
      boolean atHome =
          ProductCode.PACKAGE_OF_MODULE.entrySet().stream()
              .anyMatch(
                  module ->
                      module.getValue().equals(owner)
                          && location.contains("/" + module.getKey() + "/target/classes/"));
      if (!atHome) {
        wrong.add(javaClass.getFullName());
      }
    }
    assertThat(wrong).as("classes in a package of another module, or of none").isEmpty();
  }

  @Test
  void modulesSeeOnlyWhatIsBelowThem() {
    assertThat(
            dependencies(
                ProductCode.main().stream().toList(),
                (from, to) ->
                    !ProductCode.owner(to).isEmpty()
                        && !ProductCode.owner(to).equals(ProductCode.owner(from))
                        && !ProductCode.MAY_SEE
                            .getOrDefault(ProductCode.owner(from), ImmutableSet.of())
                            .contains(ProductCode.owner(to))))
        .isEmpty();
  }

  @Test
  void schedulerProxyAndDnsNeverSeeEachOther() {
    Set<String> siblings = ImmutableSet.of("scheduler", "proxy", "dns");
    assertThat(
            dependencies(
                ProductCode.main().stream().toList(),
                (from, to) ->
                    siblings.contains(ProductCode.owner(from))
                        && siblings.contains(ProductCode.owner(to))
                        && !ProductCode.owner(from).equals(ProductCode.owner(to))))
        .isEmpty();
  }

  @Test
  void noControllerSeesAnother() {
    String controllers = "dev.wavetank.core.controller.";
    assertThat(
            dependencies(
                ProductCode.below("dev.wavetank.core.controller"),
                (from, to) ->
                    from.getPackageName().startsWith(controllers)
                        && to.getPackageName().startsWith(controllers)
                        && !child(from, controllers).equals(child(to, controllers))))
        .isEmpty();
  }

  @Test
  void inTheCoreOnlyTheControllerManagerSeesControllers() {
    String controllers = "dev.wavetank.core.controller.";
    assertThat(
            dependencies(
                ProductCode.below("dev.wavetank.core"),
                (from, to) ->
                    to.getPackageName().startsWith(controllers)
                        && !from.getPackageName().startsWith(controllers)
                        && !from.getPackageName().equals("dev.wavetank.core.controllermanager")))
        .isEmpty();
    assertThat(mustNotKnow("dev.wavetank.core.controllermanager", "dev.wavetank.core.kubelet"))
        .isEmpty();
  }

  @Test
  void onlyTheApiServerTouchesTheStore() {
    assertThat(
            dependencies(
                ProductCode.main().stream().toList(),
                (from, to) ->
                    ProductCode.outermost(to)
                            .getFullName()
                            .equals("dev.wavetank.core.apiserver.Store")
                        && !from.getPackageName().equals("dev.wavetank.core.apiserver")))
        .isEmpty();
  }

  @Test
  void theSimulationKnowsNoKubernetesWord() {
    assertThat(mustNotKnow("dev.wavetank.core.sim", "dev.wavetank")).isEmpty();
    assertThat(ProductCode.below("dev.wavetank.core.sim"))
        .extracting(JavaClass::getSimpleName)
        .noneMatch(name -> name.matches(".*(Pod|Node|Kube|Service|Namespace|Deployment).*"));
  }

  @Test
  void whatRunsInAContainerKnowsNoKubelet() {
    assertThat(mustNotKnow(CONTAINER, "dev.wavetank.core.kubelet")).isEmpty();
  }

  @Test
  void roomsOfAContainerSeeOnlyLayersBelowThem() {
    Collection<JavaClass> classes = ProductCode.below(CONTAINER);
    assertThat(classes).extracting(JavaClass::getPackageName).allMatch(name -> layer(name) >= 0);
    assertThat(LAYERS_OF_A_CONTAINER.stream().flatMap(Collection::stream))
        .allSatisfy(room -> assertThat(ProductCode.below(CONTAINER + room)).as(room).isNotEmpty());
    assertThat(
            dependencies(
                classes,
                (from, to) ->
                    !to.getPackageName().equals(from.getPackageName())
                        && layer(to.getPackageName()) >= layer(from.getPackageName())))
        .isEmpty();
  }

  @Test
  void rulesKnowNoService() {
    for (String room : new String[] {"netfilter", "iptables", "nftables", "ipvs"}) {
      String rules = "dev.wavetank.proxy." + room;
      assertThat(mustNotKnow(rules, "dev.wavetank.core.api")).isEmpty();
      assertThat(mustNotKnow(rules, "dev.wavetank.core.apiserver")).isEmpty();
      assertThat(mustNotKnow(rules, "dev.wavetank.core.informer")).isEmpty();
    }
    String netfilter = "dev.wavetank.proxy.netfilter";
    assertThat(mustNotKnow(netfilter, "dev.wavetank.proxy.iptables")).isEmpty();
    assertThat(mustNotKnow(netfilter, "dev.wavetank.proxy.nftables")).isEmpty();
    assertThat(mustNotKnow("dev.wavetank.proxy.nftables", "dev.wavetank.proxy.iptables")).isEmpty();
  }

  @Test
  void theApiServerKnowsNoSocketsAndNoClients() {
    assertThat(mustNotKnow("dev.wavetank.core.apiserver", "io.netty")).isEmpty();
    assertThat(mustNotKnow("dev.wavetank.core.apiserver", "dev.wavetank.core.kubectl")).isEmpty();
    assertThat(mustNotKnow("dev.wavetank.core.apiserver", "dev.wavetank.core.kubelet")).isEmpty();
  }

  @Test
  void packagesHaveNoCycles() {
    slices()
        .matching("dev.wavetank.(**)")
        .should()
        .beFreeOfCycles()
        .allowEmptyShould(false)
        .check(ProductCode.main());
  }

  @Test
  void nothingHiddenDecidesARun() {
    Set<String> found = new TreeSet<>();
    for (JavaClass javaClass : ProductCode.main()) {
      if (!OUTSIDE_OF_RUNS.contains(ProductCode.owner(javaClass))) {
        found.addAll(HiddenInputs.of(javaClass));
      }
    }
    found.removeAll(HARMLESS.keySet());
    assertThat(found).as("ask Choices and Simulation, or use what keeps its order").isEmpty();
  }

  @Test
  void outputDoesNotDependOnTheLocale() {
    Set<String> found = new TreeSet<>();
    for (String module : OUTSIDE_OF_RUNS) {
      ProductCode.below("dev.wavetank." + module)
          .forEach(c -> found.addAll(HiddenInputs.localesOf(c)));
    }
    assertThat(found).as("name Locale.ROOT").isEmpty();
  }

  @Test
  void onlyTheTestkitKnowsAClientLibraryOfKubernetes() {
    assertThat(
            dependencies(
                ProductCode.main().stream()
                    .filter(c -> !ProductCode.owner(c).equals("testkit"))
                    .toList(),
                (from, to) ->
                    ProductCode.isBelow(to.getPackageName(), "io.fabric8")
                        || ProductCode.isBelow(to.getPackageName(), "io.kubernetes")))
        .isEmpty();
  }

  @Test
  void namesSayWhatAClassIs() {
    Predicate<String> empty =
        name ->
            name.endsWith("Impl")
                || name.startsWith("Abstract")
                || name.matches(".*(Util|Utils|Helper|Helpers)")
                || (name.matches(".*Manager|Default.+") && !NAMES_OF_KUBERNETES.contains(name));
    assertThat(ProductCode.main().stream().filter(c -> empty.test(c.getSimpleName()))).isEmpty();
    assertThat(
            ProductCode.main().stream()
                .map(JavaClass::getPackageName)
                .filter(name -> name.matches(".*\\.(util|utils|common|misc|helpers?)(\\..*)?")))
        .isEmpty();
  }

  @Test
  void accessorsAreNamedWithoutGet() {
    Set<String> found = new TreeSet<>();
    for (JavaClass javaClass : ProductCode.main()) {
      for (JavaMethod method : javaClass.getMethods()) {
        if (ACCESSOR_WITH_GET.matcher(method.getName()).matches()
            && method.getRawParameterTypes().isEmpty()
            && !method.getModifiers().contains(JavaModifier.SYNTHETIC)
            && !isNamedByOthers(method)) {
          found.add(method.getFullName());
        }
      }
    }
    assertThat(found).isEmpty();
  }

  @Test
  void everyTestClassEndsInTest() {
    assertThat(ProductCode.tests().size()).isPositive();
    Set<String> wrong = new TreeSet<>();
    for (JavaClass javaClass : ProductCode.tests()) {
      String name = ProductCode.outermost(javaClass).getFullName();
      boolean inherited = javaClass.getModifiers().contains(JavaModifier.ABSTRACT);
      if (hasTests(javaClass) && !inherited && !name.endsWith("Test")) {
        wrong.add(name);
      }
    }
    assertThat(wrong).as("classes whose tests surefire does not run").isEmpty();
  }

  @Test
  void everyClassThatEndsInTestHasTests() {
    Set<String> named = new TreeSet<>();
    Set<String> tested = new TreeSet<>();
    for (JavaClass javaClass : ProductCode.tests()) {
      JavaClass outermost = ProductCode.outermost(javaClass);
      if (outermost.getSimpleName().endsWith("Test")
          && !outermost.getModifiers().contains(JavaModifier.ABSTRACT)) {
        named.add(outermost.getFullName());
      }
      if (hasTests(javaClass)
          || javaClass.getAllRawSuperclasses().stream().anyMatch(c -> hasTests(c))) {
        tested.add(outermost.getFullName());
      }
    }
    named.removeAll(tested);
    assertThat(named).isEmpty();
  }

  private static boolean hasTests(JavaClass javaClass) {
    return javaClass.getMethods().stream()
        .flatMap(method -> method.getAnnotations().stream())
        .anyMatch(annotation -> TEST_ANNOTATIONS.contains(annotation.getRawType().getFullName()));
  }

  /** Whether the name comes from a type that is not of this project. */
  private static boolean isNamedByOthers(JavaMethod method) {
    return Stream.concat(
            method.getOwner().getAllRawSuperclasses().stream(),
            method.getOwner().getAllRawInterfaces().stream())
        .filter(type -> ProductCode.owner(type).isEmpty())
        .anyMatch(type -> type.tryGetMethod(method.getName()).isPresent());
  }

  private static Set<String> mustNotKnow(String packageName, String unknown) {
    return dependencies(
        ProductCode.below(packageName),
        (from, to) ->
            ProductCode.isBelow(to.getPackageName(), unknown)
                && !ProductCode.isBelow(to.getPackageName(), packageName));
  }

  private static Set<String> dependencies(
      Collection<JavaClass> classes, BiPredicate<JavaClass, JavaClass> forbidden) {
    return classes.stream()
        .flatMap(javaClass -> javaClass.getDirectDependenciesFromSelf().stream())
        .filter(
            dependency ->
                forbidden.test(
                    dependency.getOriginClass(),
                    dependency.getTargetClass().getBaseComponentType()))
        .map(Dependency::getDescription)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The place among {@link #LAYERS_OF_A_CONTAINER}; -1 for a package that is none of them. */
  private static int layer(String packageName) {
    for (int i = 0; i < LAYERS_OF_A_CONTAINER.size(); i++) {
      for (String room : LAYERS_OF_A_CONTAINER.get(i)) {
        if (packageName.equals(CONTAINER + room)) {
          return i;
        }
      }
    }
    return -1;
  }

  private static String child(JavaClass javaClass, String prefix) {
    return javaClass.getPackageName().substring(prefix.length()).split("\\.", 2)[0];
  }
}
