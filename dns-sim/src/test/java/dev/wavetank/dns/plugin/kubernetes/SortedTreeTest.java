package dev.wavetank.dns.plugin.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class SortedTreeTest {

  @Property
  void agreesWithATreeMapAndOldVersionsStay(
      @ForAll List<@IntRange(min = -40, max = 40) Integer> changes) {
    SortedTree<Integer> tree = SortedTree.empty();
    TreeMap<String, Integer> model = new TreeMap<>();
    for (int change : changes) {
      String key = "k" + Math.abs(change);
      SortedTree<Integer> before = tree;
      Integer old = before.get(key);
      if (change < 0) {
        tree = tree.without(key);
        model.remove(key);
      } else {
        tree = tree.with(key, change);
        model.put(key, change);
      }
      assertThat(before.get(key)).isEqualTo(old);
    }
    for (int i = 0; i <= 40; i++) {
      assertThat(tree.get("k" + i)).isEqualTo(model.get("k" + i));
    }
  }
}
