package dev.wavetank.verification;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeNull;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.proxy.KubeProxyConfiguration;
import dev.wavetank.proxy.ProxyMode;
import dev.wavetank.proxy.ProxyNode;
import dev.wavetank.proxy.ProxyState;
import dev.wavetank.proxy.ServiceChangeTracker;
import dev.wavetank.proxy.netfilter.AddressBlock;
import dev.wavetank.proxy.netfilter.IpFamily;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A recorded cluster of {@code network/cases}: its objects, settings and texts. */
final class RecordedNetwork {

  private static final YAMLMapper YAML = new YAMLMapper();

  private final Path directory;
  private final List<KubeObject> services = new ArrayList<>();
  private final List<KubeObject> endpointSlices = new ArrayList<>();
  private final List<KubeObject> nodes = new ArrayList<>();
  private final KubeProxyConfiguration configuration;
  private final String nodeName;

  private RecordedNetwork(Path directory, Path configurationFile) {
    this.directory = directory;
    KubeMap document = documents(configurationFile).get(0);
    this.configuration = KubeProxyConfiguration.of(document);
    this.nodeName = document.string("hostnameOverride", "");
    for (KubeMap object : documents(directory.resolve("input.yaml"))) {
      switch (object.string("kind", "")) {
        case "Service" -> services.add(KubeObject.of(object));
        case "EndpointSlice" -> endpointSlices.add(KubeObject.of(object));
        case "Node" -> nodes.add(KubeObject.of(object));
        default -> throw new IllegalArgumentException("unexpected object " + object);
      }
    }
  }

  /** The case in a directory of its own. */
  static RecordedNetwork of(Path directory) {
    return new RecordedNetwork(directory, directory.resolve("config.yaml"));
  }

  /** A step of a sequence. */
  static RecordedNetwork step(Path sequence, String step) {
    return new RecordedNetwork(sequence.resolve(step), sequence.resolve("config.yaml"));
  }

  /** The directories of all cases, sorted by name. */
  static List<Path> caseDirectories(Path recordings) {
    Path cases = recordings.resolve("network/cases");
    return Files.isDirectory(cases) ? directories(cases) : List.of();
  }

  /** The names of the steps of a sequence, in order; none for a case of one state. */
  static List<String> steps(Path directory) {
    return directories(directory).stream().map(step -> step.getFileName().toString()).toList();
  }

  private static List<Path> directories(Path parent) {
    try (Stream<Path> all = Files.list(parent)) {
      return all.filter(Files::isDirectory).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A node of a recorded case whose JSON is the directory's name. */
  static JsonNode json(Path directory) {
    return JsonNodeFactory.instance.textNode(directory.toString());
  }

  boolean has(String file) {
    return Files.exists(directory.resolve(file));
  }

  String text(String file) {
    try {
      return Files.readString(directory.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  KubeProxyConfiguration configuration() {
    return configuration;
  }

  List<KubeObject> services() {
    return services;
  }

  List<KubeObject> endpointSlices() {
    return endpointSlices;
  }

  /** The node on which kube-proxy ran. */
  ProxyNode node() {
    return nodes.stream()
        .filter(node -> node.name().equals(nodeName))
        .map(ProxyNode::of)
        .findFirst()
        .orElseThrow();
  }

  ProxyState state(IpFamily family) {
    return state(this, family);
  }

  /** The state of a kube-proxy in another mode, with the service CIDR of the recordings. */
  ProxyState state(ProxyMode mode, IpFamily family) {
    KubeProxyConfiguration other =
        configuration
            .withMode(mode)
            .withServiceCidrs(
                ImmutableList.of(
                    AddressBlock.parse("10.96.0.0/12"), AddressBlock.parse("fd00:10:96::/112")));
    return ServiceChangeTracker.state(other, family, services, endpointSlices);
  }

  /** The state with these Services and the EndpointSlices of another step. */
  ProxyState state(RecordedNetwork slicesOf, IpFamily family) {
    return ServiceChangeTracker.state(configuration, family, services, slicesOf.endpointSlices);
  }

  private static List<KubeMap> documents(Path file) {
    List<KubeMap> documents = new ArrayList<>();
    try (var read = YAML.readerFor(JsonNode.class).<JsonNode>readValues(file.toFile())) {
      while (read.hasNext()) {
        documents.add((KubeMap) tree(read.next()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    }
    return documents;
  }

  private static Object tree(JsonNode node) {
    if (node.isObject()) {
      KubeMap.Builder map = KubeMap.builder();
      for (Map.Entry<String, JsonNode> entry : node.properties()) {
        map.put(entry.getKey(), tree(entry.getValue()));
      }
      return map.build();
    }
    if (node.isArray()) {
      List<Object> values = new ArrayList<>();
      node.forEach(value -> values.add(tree(value)));
      return KubeList.copyOf(values);
    }
    if (node.isIntegralNumber()) {
      return node.longValue();
    }
    if (node.isNumber()) {
      return node.doubleValue();
    }
    if (node.isBoolean()) {
      return node.booleanValue();
    }
    return node.isNull() ? KubeNull.NULL : node.textValue();
  }
}
