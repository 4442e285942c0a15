package dev.wavetank.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ServiceTreeTest {

  /** Positive numbers put a Service, negative ones take it away. */
  @Property(tries = 200)
  void holdsWhatASortedSetHoldsAtEveryRevision(
      @ForAll List<@IntRange(min = -30, max = 30) Integer> changes) {
    ServiceTree tree = ServiceTree.EMPTY;
    TreeSet<ServiceEntry> model = new TreeSet<>();
    List<ServiceTree> revisions = new ArrayList<>();
    List<List<ServiceEntry>> expected = new ArrayList<>();
    for (int change : changes) {
      ServiceEntry entry =
          ServiceEntry.empty("ns-" + Math.abs(change) % 3, "web" + Math.abs(change));
      if (change > 0) {
        tree = tree.with(entry);
        model.add(entry);
      } else {
        tree = tree.without(entry);
        model.remove(entry);
      }
      assertThat(tree.get(entry) != null).isEqualTo(model.contains(entry));
      revisions.add(tree);
      expected.add(new ArrayList<>(model));
    }
    for (int i = 0; i < revisions.size(); i++) {
      List<ServiceEntry> found = new ArrayList<>();
      revisions.get(i).forEach(found::add);
      assertThat(found).isEqualTo(expected.get(i));
    }
  }
}
