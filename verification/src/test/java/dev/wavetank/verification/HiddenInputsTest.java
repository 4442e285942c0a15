package dev.wavetank.verification;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class HiddenInputsTest {

  @SuppressWarnings({"unused", "DefaultLocale", "StringCaseLocaleUsage", "UnnecessaryLambda"})
  static final class Trapped {
    private final Map<String, String> field = new HashMap<>();

    Object map() {
      return Map.of("a", 1);
    }

    Object hiddenInLambda() {
      Supplier<Object> supplier = () -> System.nanoTime();
      return supplier;
    }

    Object hiddenInReference() {
      Supplier<Object> supplier = java.util.UUID::randomUUID;
      return supplier;
    }

    Object collector() {
      return List.of("a").stream().collect(Collectors.groupingBy(String::length));
    }

    Object parallel() {
      return List.of("a").parallelStream().toList();
    }

    Object threads() {
      return new java.util.concurrent.ConcurrentHashMap<String, String>();
    }

    int array(java.util.Random[] randoms) {
      return randoms.length;
    }

    String locale() {
      return String.format("%d", 1) + "%d".formatted(1) + "I".toLowerCase();
    }
  }

  @SuppressWarnings("unused")
  static final class Innocent {
    private final Map<String, String> linked = new LinkedHashMap<>();
    private final Map<String, Integer> immutable = ImmutableMap.of("a", 1);

    Map<String, String> toMap() {
      return Stream.of("a")
          .collect(Collectors.toMap(a -> a, a -> a, (a, b) -> a, LinkedHashMap::new));
    }

    Map<Integer, List<String>> groupingBy() {
      return Stream.of("a")
          .collect(Collectors.groupingBy(String::length, LinkedHashMap::new, Collectors.toList()));
    }

    String locale() {
      return String.format(Locale.ROOT, "%d", 1) + "I".toLowerCase(Locale.ROOT);
    }
  }

  private static Set<String> of(Class<?> type) {
    return HiddenInputs.of(new ClassFileImporter().importClass(type));
  }

  @Test
  void everyTrapIsSeen() {
    String here = HiddenInputsTest.class.getName() + " uses ";
    assertThat(of(Trapped.class))
        .containsExactlyInAnyOrder(
            here + "java.util.HashMap",
            here + "java.util.Map#of",
            here + "java.lang.System#nanoTime",
            here + "java.util.UUID#randomUUID",
            here + "java.util.stream.Collectors#groupingBy(Function)",
            here + "java.util.List#parallelStream",
            here + "java.util.concurrent.ConcurrentHashMap",
            here + "java.util.Random",
            here + "java.lang.String#format(String, Object[])",
            here + "java.lang.String#formatted",
            here + "java.lang.String#toLowerCase()");
  }

  @Test
  void whatKeepsItsOrderIsFine() {
    assertThat(of(Innocent.class)).isEmpty();
  }
}
