package dev.wavetank.scheduler.framework;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The domains of one topology key: nodes that have the label with the same value are in one domain.
 * Domains are numbered from 0, so that counts by domain are arrays. It stands for one order of
 * nodes, see {@link SharedLister#topologyGeneration}.
 */
public final class Domains {

  /** The domain of a node without the label. */
  public static final int NONE = -1;

  private final String topologyKey;
  private final int[] byPosition;
  private final String[] values;

  private Domains(String topologyKey, int[] byPosition, String[] values) {
    this.topologyKey = topologyKey;
    this.byPosition = byPosition;
    this.values = values;
  }

  /** The domains of nodes in their order. */
  public static Domains of(String topologyKey, NodeInfo[] nodes) {
    int[] byPosition = new int[nodes.length];
    Map<String, Integer> numbers = new LinkedHashMap<>();
    for (int i = 0; i < nodes.length; i++) {
      String value = nodes[i].labels().string(topologyKey);
      if (value == null) {
        byPosition[i] = NONE;
        continue;
      }
      Integer number = numbers.putIfAbsent(value, numbers.size());
      byPosition[i] = number == null ? numbers.size() - 1 : number;
    }
    return new Domains(topologyKey, byPosition, numbers.keySet().toArray(new String[0]));
  }

  public String topologyKey() {
    return topologyKey;
  }

  /** How many domains there are. */
  public int count() {
    return values.length;
  }

  /** The value of the label in a domain. */
  public String value(int domain) {
    return values[domain];
  }

  /** The domain of a node, or {@link #NONE}. */
  public int of(NodeInfo node) {
    int position = node.position();
    return position < 0 ? NONE : byPosition[position];
  }

  /** The domain of the node at a position, or {@link #NONE}. */
  public int at(int position) {
    return byPosition[position];
  }

  @Override
  public String toString() {
    return topologyKey + "=" + Arrays.toString(values);
  }
}
