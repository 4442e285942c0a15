package dev.wavetank.verification;

import com.google.common.collect.ImmutableSet;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnitAccess;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What makes a run differ from the one before without having been asked: hash order, clocks,
 * randomness, threads, the environment, locale and time zone.
 *
 * <p>Guava's immutable collections, {@code LinkedHashMap}, {@code TreeMap} and arrays keep an order
 * of their own and are the replacement; randomness is asked of {@code Choices}, time of {@code
 * Simulation}.
 */
final class HiddenInputs {
  private static final ImmutableSet<String> TYPES =
      ImmutableSet.of(
          "java.util.HashMap",
          "java.util.HashSet",
          "java.util.Hashtable",
          "java.util.IdentityHashMap",
          "java.util.WeakHashMap",
          "java.util.Properties",
          "java.util.Random",
          "java.util.SplittableRandom",
          "java.util.Timer",
          "java.util.TimerTask",
          "java.security.SecureRandom",
          "java.lang.Thread",
          "java.lang.ThreadLocal",
          "java.lang.Process",
          "java.lang.ProcessBuilder",
          "java.lang.Runtime",
          "java.lang.ref.Cleaner",
          "java.time.Clock",
          "java.util.Date",
          "java.util.Calendar",
          "java.text.SimpleDateFormat",
          "java.net.Socket",
          "java.net.ServerSocket",
          "java.net.DatagramSocket",
          "java.net.NetworkInterface",
          "com.google.common.collect.HashBasedTable",
          "com.google.common.collect.HashBiMap",
          "com.google.common.collect.HashMultimap",
          "com.google.common.collect.HashMultiset",
          "com.google.common.collect.ArrayListMultimap",
          "com.google.common.base.Stopwatch",
          "org.xbill.DNS.SimpleResolver",
          "org.xbill.DNS.ExtendedResolver",
          "org.xbill.DNS.ResolverConfig",
          "org.xbill.DNS.lookup.LookupSession");

  private static final ImmutableSet<String> PACKAGES =
      ImmutableSet.of(
          "java.util.random",
          "java.util.concurrent",
          "java.util.concurrent.locks",
          "java.nio.channels",
          "java.net.http");

  private static final ImmutableSet<String> TYPES_THAT_ARE_FINE =
      ImmutableSet.of("java.util.concurrent.TimeUnit");

  /** {@code owner#method} and, where only one form hides something, its parameters. */
  private static final ImmutableSet<String> METHODS =
      ImmutableSet.of(
          "java.util.Map#of",
          "java.util.Map#ofEntries",
          "java.util.Map#copyOf",
          "java.util.Set#of",
          "java.util.Set#copyOf",
          "java.util.stream.Collectors#toSet",
          "java.util.stream.Collectors#toUnmodifiableSet",
          "java.util.stream.Collectors#toUnmodifiableMap",
          "java.util.stream.Collectors#groupingByConcurrent",
          "java.util.stream.Collectors#toConcurrentMap",
          "java.util.stream.Collectors#toMap(Function, Function)",
          "java.util.stream.Collectors#toMap(Function, Function, BinaryOperator)",
          "java.util.stream.Collectors#groupingBy(Function)",
          "java.util.stream.Collectors#groupingBy(Function, Collector)",
          "java.util.Collections#shuffle",
          "java.util.UUID#randomUUID",
          "java.lang.Math#random",
          "java.lang.StrictMath#random",
          "java.lang.System#nanoTime",
          "java.lang.System#currentTimeMillis",
          "java.lang.System#identityHashCode",
          "java.lang.System#getenv",
          "java.lang.System#getProperty",
          "java.lang.System#getProperties",
          "java.lang.System#lineSeparator",
          "java.lang.Integer#getInteger",
          "java.lang.Long#getLong",
          "java.lang.Boolean#getBoolean",
          "java.time.Instant#now",
          "java.time.LocalDate#now",
          "java.time.LocalTime#now",
          "java.time.LocalDateTime#now",
          "java.time.ZonedDateTime#now",
          "java.time.OffsetDateTime#now",
          "java.time.Year#now",
          "java.time.ZoneId#systemDefault",
          "java.util.TimeZone#getDefault",
          "java.util.Locale#getDefault",
          "java.nio.charset.Charset#defaultCharset",
          "java.net.InetAddress#getByName",
          "java.net.InetAddress#getAllByName",
          "java.net.InetAddress#getLocalHost",
          "com.google.common.collect.Maps#newHashMap",
          "com.google.common.collect.Maps#newHashMapWithExpectedSize",
          "com.google.common.collect.Sets#newHashSet",
          "com.google.common.collect.Sets#newHashSetWithExpectedSize",
          "com.google.common.hash.Hashing#goodFastHash",
          "org.xbill.DNS.Message#newQuery",
          "org.xbill.DNS.Message#<init>()",
          "org.xbill.DNS.Header#<init>()");

  /** Methods that ask the default locale when none is given, so that digits and case differ. */
  private static final ImmutableSet<String> LOCALE_METHODS =
      ImmutableSet.of(
          "java.lang.String#format(String, Object[])",
          "java.lang.String#formatted",
          "java.lang.String#toLowerCase()",
          "java.lang.String#toUpperCase()",
          "java.io.PrintStream#format(String, Object[])",
          "java.io.PrintStream#printf(String, Object[])",
          "java.io.PrintWriter#format(String, Object[])",
          "java.io.PrintWriter#printf(String, Object[])",
          "java.util.Formatter#<init>()",
          "java.util.Formatter#<init>(Appendable)",
          "java.time.format.DateTimeFormatter#ofPattern(String)",
          "java.text.DecimalFormat#<init>(String)",
          "java.text.NumberFormat#getInstance()");

  private HiddenInputs() {}

  /** Every hidden input of the class, as {@code <outermost class> uses <what>}. */
  static Set<String> of(JavaClass javaClass) {
    Set<String> found = new TreeSet<>();
    javaClass.getDirectDependenciesFromSelf().stream()
        .map(dependency -> dependency.getTargetClass().getBaseComponentType())
        .filter(HiddenInputs::isHiddenType)
        .forEach(type -> found.add(sentence(javaClass, type.getFullName())));
    calls(javaClass, METHODS::contains).forEach(found::add);
    calls(javaClass, method -> method.endsWith("#parallelStream") || isParallel(method))
        .forEach(found::add);
    found.addAll(localesOf(javaClass));
    return found;
  }

  /** The calls that ask the default locale, in the same form. */
  static Set<String> localesOf(JavaClass javaClass) {
    Set<String> found = new TreeSet<>();
    calls(javaClass, LOCALE_METHODS::contains).forEach(found::add);
    return found;
  }

  private static boolean isHiddenType(JavaClass type) {
    String name = type.getFullName();
    return TYPES.contains(name)
        || (PACKAGES.contains(type.getPackageName()) && !TYPES_THAT_ARE_FINE.contains(name));
  }

  private static boolean isParallel(String method) {
    return method.startsWith("java.util.stream.") && method.endsWith("Stream#parallel");
  }

  private static Stream<String> calls(JavaClass javaClass, Predicate<String> hidden) {
    return Stream.concat(
            javaClass.getCodeUnitCallsFromSelf().stream(),
            javaClass.getCodeUnitReferencesFromSelf().stream())
        .map(JavaCodeUnitAccess::getTarget)
        .flatMap(HiddenInputs::names)
        .filter(hidden)
        .map(method -> sentence(javaClass, method));
  }

  /** The two forms in which a method may be listed. */
  private static Stream<String> names(CodeUnitAccessTarget target) {
    String name = target.getOwner().getFullName() + "#" + target.getName();
    String parameters =
        String.join(
            ", ", target.getRawParameterTypes().stream().map(JavaClass::getSimpleName).toList());
    return Stream.of(name, name + "(" + parameters + ")");
  }

  private static String sentence(JavaClass javaClass, String what) {
    return ProductCode.outermost(javaClass).getFullName() + " uses " + what;
  }
}
