package dev.wavetank.dns;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import dev.wavetank.core.api.KubeList;
import dev.wavetank.core.api.KubeMap;
import dev.wavetank.core.api.KubeObject;
import dev.wavetank.core.api.ResourceType;
import dev.wavetank.core.network.Protocol;
import dev.wavetank.core.sim.ChoiceStream;
import dev.wavetank.core.sim.Choices;
import dev.wavetank.core.sim.Simulation;
import dev.wavetank.dns.plugin.Outside;
import dev.wavetank.dns.plugin.OutsideZone;
import dev.wavetank.dns.plugin.kubernetes.ClusterRecords;
import dev.wavetank.dns.resolver.DigText;
import dev.wavetank.dns.resolver.Lookup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** A few objects, a DNS server that has seen them, and questions in zone text. */
public final class TestCluster {
  private static final String ZONE =
      """
      @ 3600 IN SOA ns1 hostmaster 1 7200 3600 1209600 60
      @ 3600 IN NS ns1
      db 120 IN A 192.0.2.50
      www 3600 IN A 192.0.2.80
      alias 600 IN CNAME www
      """;

  public static final long LATENCY_NANOS = 1_000_000;

  public final Outside outside = new Outside();
  public final DnsServer server;
  private long revision = 1;
  public long nowNanos;

  public TestCluster(String corefile, Choices choices, ClusterRecords records) {
    outside.with(
        "192.0.2.53",
        new Outside.Server(ImmutableList.of(zone()), Outside.rootSoa(), true, LATENCY_NANOS));
    server =
        new DnsServer(
            "coredns",
            Corefile.parse("Corefile", corefile),
            records,
            ImmutableList.of("10.1.0.5"),
            ImmutableList.of("192.0.2.53"),
            outside,
            choices,
            Simulation.START);
    for (ResourceType type : server.controller().types()) {
      server.controller().listed(type, List.of(), revision, 0);
    }
    add(ResourceType.NAMESPACES, namespace("default"));
    add(ResourceType.NAMESPACES, namespace("kube-system"));
  }

  public TestCluster() {
    this(Corefile.kubeadm("cluster.local"), Choices.first(), new ClusterRecords());
  }

  private static OutsideZone zone() {
    try {
      return OutsideZone.parse(Name.fromConstantString("example.com."), ZONE);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  public TestCluster add(ResourceType type, KubeObject object) {
    return change(type, null, object);
  }

  public TestCluster change(
      ResourceType type, @Nullable KubeObject before, @Nullable KubeObject after) {
    server.controller().observed(type, before, after, ++revision, nowNanos);
    return this;
  }

  public TestCluster service(String namespace, String name, String clusterIp, Object... ports) {
    return add(ResourceType.SERVICES, serviceObject(namespace, name, clusterIp, ports));
  }

  public TestCluster external(String namespace, String name, String target) {
    return add(
        ResourceType.SERVICES,
        object(ResourceType.SERVICES, namespace, name)
            .withSpec(KubeMap.of("type", "ExternalName", "externalName", target)));
  }

  public TestCluster slice(
      String namespace, String service, String name, KubeList endpoints, Object... ports) {
    return add(
        ResourceType.ENDPOINT_SLICES, sliceObject(namespace, service, name, endpoints, ports));
  }

  public static KubeObject namespace(String name) {
    return KubeObject.of(ResourceType.NAMESPACES, KubeMap.of("name", name));
  }

  public static KubeObject object(ResourceType type, String namespace, String name) {
    return KubeObject.of(type, KubeMap.of("name", name, "namespace", namespace));
  }

  /** A Service with addresses divided by commas and ports such as {@code http/TCP/80}. */
  public static KubeObject serviceObject(
      String namespace, String name, String clusterIps, Object... ports) {
    return object(ResourceType.SERVICES, namespace, name)
        .withSpec(
            KubeMap.of(
                "type",
                "ClusterIP",
                "clusterIPs",
                KubeList.copyOf(Splitter.on(',').splitToList(clusterIps)),
                "ports",
                ports(ports)));
  }

  public static KubeObject sliceObject(
      String namespace, String service, String name, KubeList endpoints, Object... ports) {
    KubeMap metadata =
        KubeMap.of(
            "name",
            name,
            "namespace",
            namespace,
            "labels",
            KubeMap.of("kubernetes.io/service-name", service));
    return KubeObject.of(ResourceType.ENDPOINT_SLICES, metadata)
        .with(endpoints, "endpoints")
        .with(ports(ports), "ports");
  }

  private static KubeList ports(Object... ports) {
    List<Object> list = new ArrayList<>();
    for (Object port : ports) {
      List<String> parts = Splitter.on('/').splitToList((String) port);
      list.add(
          KubeMap.of(
              "name",
              parts.get(0).isEmpty() ? null : parts.get(0),
              "protocol",
              parts.get(1),
              "port",
              Long.parseLong(parts.get(2))));
    }
    return KubeList.copyOf(list);
  }

  /** An endpoint; an empty hostname is none. */
  public static KubeMap endpoint(String ip, String hostname, boolean ready) {
    return KubeMap.of(
        "addresses",
        KubeList.of(ip),
        "hostname",
        hostname.isEmpty() ? null : hostname,
        "conditions",
        KubeMap.of("ready", ready));
  }

  public Message ask(String name, String type) {
    return response(name, type, Protocol.UDP).message();
  }

  public DnsServer.Response response(String name, String type, Protocol transport) {
    DnsServer.Response response = server.answer(question(name, type), transport, nowNanos);
    if (response == null) {
      throw new AssertionError("no answer");
    }
    return response;
  }

  public static Message question(String name, String type) {
    Message question = new Message(1);
    question.getHeader().setFlag(Flags.RD);
    question.addRecord(
        Record.newRecord(Name.fromConstantString(name), Type.value(type), DClass.IN),
        Section.QUESTION);
    return question;
  }

  /** The code, then a line for each record: {@code answer}, {@code + additional}, {@code ; SOA}. */
  public String zoneText(String name, String type) {
    Message message = ask(name, type);
    StringBuilder text = new StringBuilder(Rcode.string(message.getRcode())).append('\n');
    lines(text, "", message, Section.ANSWER);
    lines(text, "; ", message, Section.AUTHORITY);
    lines(text, "+ ", message, Section.ADDITIONAL);
    return text.toString();
  }

  private static void lines(StringBuilder text, String prefix, Message message, int section) {
    for (Record record : message.getSection(section)) {
      text.append(prefix).append(DigText.record(record).replaceAll("[ \t]+", " ")).append('\n');
    }
  }

  public static ChoiceStream ids() {
    return Choices.first().stream("ids");
  }

  /** Answers a lookup until it is over; returns what it asked. */
  public List<String> converse(Lookup lookup) {
    List<String> asked = new ArrayList<>();
    for (Lookup.Ask ask = lookup.ask(); ask != null; ask = lookup.ask()) {
      ImmutableList.Builder<Lookup.Answer> answers = ImmutableList.builder();
      for (Message question : ask.questions()) {
        DnsServer.Response response = server.answer(question, ask.transport(), nowNanos);
        if (response == null) {
          throw new AssertionError("no answer");
        }
        Record record = question.getQuestion();
        asked.add(record.getName() + " " + Type.string(record.getType()));
        answers.add(new Lookup.Answer(response.message(), response.sizeBytes(), LATENCY_NANOS));
      }
      lookup.answered(answers.build());
    }
    return asked;
  }
}
