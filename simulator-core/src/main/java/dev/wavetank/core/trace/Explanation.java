package dev.wavetank.core.trace;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jgrapht.Graph;
import org.jgrapht.graph.DefaultEdge;
import org.jgrapht.graph.builder.GraphTypeBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Answers <em>why</em>: the chain of events from what the user did to what happened.
 *
 * <p>The events and facts that led to something form a graph, an edge from each cause to its
 * effect.
 */
public final class Explanation {

  /** Longest chain that is followed; a longer one is cut at its beginning. */
  static final int CHAIN_MAX = 10_000;

  private final Trace trace;

  public Explanation(Trace trace) {
    this.trace = trace;
  }

  /** The newest entry about that subject, or null when none is kept. */
  public Trace.@Nullable Entry newestAbout(Object subject) {
    for (long i = trace.count() - 1; i >= trace.firstKept(); i--) {
      Trace.Entry entry = trace.entry(i);
      if (entry.subject().equals(subject)) {
        return entry;
      }
    }
    return null;
  }

  /** The facts about that subject, the oldest first. */
  public List<Trace.Entry> factsAbout(Object subject) {
    List<Trace.Entry> facts = new ArrayList<>();
    trace.forEach(
        entry -> {
          if (entry.fact() && entry.subject().equals(subject)) {
            facts.add(entry);
          }
        });
    return facts;
  }

  /** The chain of causes that ends with that entry, the first cause first. */
  public List<Trace.Entry> chain(Trace.Entry last) {
    Deque<Trace.Entry> chain = new ArrayDeque<>();
    chain.addFirst(last);
    long cause = last.cause();
    while (cause > 0 && chain.size() < CHAIN_MAX) {
      long index = trace.indexOfEvent(cause);
      if (index < 0) {
        break;
      }
      Trace.Entry entry = trace.entry(index);
      if (entry.index() != last.index()) {
        chain.addFirst(entry);
      }
      cause = entry.cause();
    }
    return List.copyOf(chain);
  }

  /** Everything that led to any of those entries, as a graph from causes to effects. */
  public Graph<Trace.Entry, DefaultEdge> graph(Iterable<Trace.Entry> effects) {
    Graph<Trace.Entry, DefaultEdge> graph =
        GraphTypeBuilder.<Trace.Entry, DefaultEdge>directed()
            .allowingMultipleEdges(false)
            .allowingSelfLoops(false)
            .edgeClass(DefaultEdge.class)
            .buildGraph();
    for (Trace.Entry effect : effects) {
      Trace.Entry later = null;
      List<Trace.Entry> chain = chain(effect);
      for (int i = chain.size() - 1; i >= 0; i--) {
        Trace.Entry entry = chain.get(i);
        graph.addVertex(entry);
        if (later != null) {
          graph.addEdge(entry, later);
        }
        later = entry;
      }
    }
    return graph;
  }
}
