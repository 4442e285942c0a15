package dev.wavetank.core.kubectl.flags;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class WordsTest {

  @Property
  void quotedWordsComeBackWhateverIsInThem(@ForAll List<String> words) {
    String line = words.stream().map(Words::quoted).collect(Collectors.joining(" "));
    assertThat(Words.split(line)).isEqualTo(words);
  }
}
