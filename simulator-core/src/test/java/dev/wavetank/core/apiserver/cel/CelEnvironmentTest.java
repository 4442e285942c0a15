package dev.wavetank.core.apiserver.cel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableMap;
import dev.cel.common.types.SimpleType;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.Manifests;
import org.junit.jupiter.api.Test;

class CelEnvironmentTest {

  private final CelEnvironment environment =
      new CelEnvironment(ImmutableMap.of("self", SimpleType.DYN));

  private Object value(String expression, String self) throws Exception {
    KubeMap tree = (KubeMap) Manifests.value("test.yaml", self);
    return environment.compile(expression).evaluate(ImmutableMap.of("self", CelValues.of(tree)));
  }

  @Test
  void listsHaveTheFunctionsOfKubernetes() throws Exception {
    String self = "{l: [1, 3, 2]}";
    assertThat(value("self.l.sum() == 6", self)).isEqualTo(true);
    assertThat(value("self.l.max()", self)).isEqualTo(3L);
    assertThat(value("self.l.min()", self)).isEqualTo(1L);
    assertThat(value("self.l.isSorted()", self)).isEqualTo(false);
    assertThat(value("self.l.indexOf(2)", self)).isEqualTo(2L);
  }

  @Test
  void textsAreSearched() throws Exception {
    assertThat(value("'abc 123 45'.find('[0-9]+')", "{}")).isEqualTo("123");
    assertThat(value("'abc 123 45'.findAll('[0-9]+').size()", "{}")).isEqualTo(2L);
    assertThat(value("'aB'.lowerAscii()", "{}")).isEqualTo("ab");
  }

  @Test
  void optionalValuesAreAskedFor() throws Exception {
    assertThat(value("self.?a.?b.orValue('z')", "{a: {}}")).isEqualTo("z");
  }

  @Test
  void errorsAreToldInTheWordsOfUpstream() {
    assertThatThrownBy(() -> value("self.a == 1", "{}")).hasMessage("no such key: a");
    assertThatThrownBy(() -> value("1 / self.a", "{a: 0}")).hasMessage("division by zero");
    assertThatThrownBy(() -> value("self.a[2]", "{a: [1]}")).hasMessage("index out of bounds: 2");
  }

  @Test
  void anEvaluationIsBounded() {
    StringBuilder list = new StringBuilder("{l: [0");
    list.append(", 1".repeat(1100)).append("]}");
    assertThatThrownBy(() -> value("self.l.all(x, self.l.all(y, x + y < 100))", list.toString()))
        .hasMessage("operation cancelled: actual cost limit exceeded");
  }

  @Test
  void namesOfFieldsAreIdentifiers() {
    assertThat(CelValues.identifier("a.b-c/d")).isEqualTo("a__dot__b__dash__c__slash__d");
    assertThat(CelValues.identifier("x__y")).isEqualTo("x__underscores__y");
    assertThat(CelValues.identifier("in")).isEqualTo("__in__");
    assertThat(CelValues.identifier("ä")).isEmpty();
  }
}
