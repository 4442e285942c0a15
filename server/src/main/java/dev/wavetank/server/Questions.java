package dev.wavetank.server;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.wavetank.core.api.ApiException;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.ObjectKey;
import dev.wavetank.core.api.Status;
import dev.wavetank.core.apiserver.http.QueryParameters;
import dev.wavetank.core.kubectl.Output;
import dev.wavetank.core.kubectl.flags.Words;
import dev.wavetank.core.kubectl.resource.FileSource;
import dev.wavetank.core.trace.Explanation;
import dev.wavetank.scenarios.cluster.Cluster;
import dev.wavetank.scenarios.expect.ObjectReference;

/**
 * What a served cluster is asked beside its API. The answer is what the scenario step of that name
 * prints.
 *
 * <ul>
 *   <li>{@code GET /wavetank/why?object=TYPE/NAMESPACE/NAME}
 *   <li>{@code GET /wavetank/path?from=CLIENT&host=NAME&port=PORT}; lets time pass
 *   <li>{@code GET /wavetank/dig?from=CLIENT&argument=WORD...}; lets time pass
 *   <li>{@code GET /wavetank/iptables-save?node=NAME}
 *   <li>{@code GET /wavetank/events?namespace=NAME&argument=WORD...}: {@code kubectl events}
 * </ul>
 */
final class Questions {

  private static final String DEFAULT_NAMESPACE = "default";
  private static final int PORT_MAX = 65535;

  /** Most words of one command line. */
  private static final int ARGUMENTS_MAX = 256;

  private static final ImmutableSet<String> WORDS =
      ImmutableSet.of("why", "path", "dig", "iptables-save", "events");

  private final Cluster cluster;

  Questions(Cluster cluster) {
    this.cluster = cluster;
  }

  boolean knows(String word) {
    return WORDS.contains(word);
  }

  /**
   * The answer: what a command prints, and the code that it ends with.
   *
   * @throws ApiException when the cluster does not know who or what is meant
   */
  KubeMap answer(String word, QueryParameters query) {
    try {
      Output output =
          switch (word) {
            case "why" -> printed(why(query));
            case "path" -> printed(path(query));
            case "dig" -> printed(dig(query));
            case "iptables-save" -> printed(cluster.rules(required(query, "node")).iptablesSave());
            case "events" -> events(query);
            default -> throw new IllegalArgumentException("no question \"" + word + "\"");
          };
      return KubeMap.of(
          "stdout",
          output.stdout(),
          "stderr",
          output.stderr(),
          "exitCode",
          (long) output.exitCode());
    } catch (IllegalArgumentException e) {
      throw new ApiException(Status.badRequest(String.valueOf(e.getMessage())));
    }
  }

  private static Output printed(String text) {
    return new Output(text, "", 0);
  }

  private String why(QueryParameters query) {
    ObjectReference object = ObjectReference.parse(required(query, "object"));
    ObjectKey key = object.key(DEFAULT_NAMESPACE);
    if (cluster.api().find(key) == null
        && new Explanation(cluster.trace()).factsAbout(key).isEmpty()) {
      throw new ApiException(Status.notFound(object.type(), object.name()));
    }
    return cluster.why(key);
  }

  private String path(QueryParameters query) {
    Long port = query.number("port");
    if (port == null || port < 1 || port > PORT_MAX) {
      throw new IllegalArgumentException("port must be 1 to " + PORT_MAX);
    }
    return cluster.path(from(query), required(query, "host"), port.intValue()).text();
  }

  private String dig(QueryParameters query) {
    return cluster.dig(from(query), arguments(query).toArray(new String[0]));
  }

  private Output events(QueryParameters query) {
    String namespace = query.string("namespace");
    StringBuilder words = new StringBuilder("events");
    arguments(query).forEach(word -> words.append(' ').append(Words.quoted(word)));
    return cluster.kubectl(
        words.toString(), "", namespace.isEmpty() ? DEFAULT_NAMESPACE : namespace, FileSource.NONE);
  }

  private static String from(QueryParameters query) {
    String from = required(query, "from");
    Cluster.checkClient(from);
    return from;
  }

  private static ImmutableList<String> arguments(QueryParameters query) {
    ImmutableList<String> arguments = query.strings("argument");
    if (arguments.size() > ARGUMENTS_MAX) {
      throw new IllegalArgumentException("more than " + ARGUMENTS_MAX + " arguments");
    }
    return arguments;
  }

  private static String required(QueryParameters query, String name) {
    String value = query.string(name);
    if (value.isEmpty()) {
      throw new IllegalArgumentException("the parameter " + name + " is missing");
    }
    return value;
  }
}
