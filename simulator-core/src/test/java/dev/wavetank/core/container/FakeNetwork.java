package dev.wavetank.core.container;

import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.container.http.HttpRequest;
import dev.wavetank.core.container.http.HttpResponse;
import dev.wavetank.core.container.text.ByteText;
import dev.wavetank.core.network.Protocol;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A network in which tests say what each place answers; what they do not name has no name. */
public final class FakeNetwork implements ProgramNetwork {

  public static final HttpResponse NOTHING = new HttpResponse(0, ImmutableMap.of(), "");

  private final Map<String, Outcome> outcomes = new LinkedHashMap<>();
  private final Map<String, ProgramOutput> lookups = new LinkedHashMap<>();

  /** Requests so far, with where they went. */
  public final List<HttpRequest> requests = new ArrayList<>();

  public final List<String> places = new ArrayList<>();
  public final List<Long> timeouts = new ArrayList<>();

  /** Sets what a host, port and path such as {@code web:80/a} answer. */
  public FakeNetwork answers(String place, int status, String body) {
    return answers(place, HttpResponse.of(status, "text/plain", body));
  }

  public FakeNetwork answers(String place, HttpResponse response) {
    outcomes.put(place, new Outcome(Failure.NONE, response, "10.96.7.7:80"));
    return this;
  }

  /** Sets how requests to a host and port such as {@code web:80} fail. */
  public FakeNetwork fails(String place, Failure failure) {
    boolean named = failure != Failure.NAME_NOT_FOUND && failure != Failure.NAME_SERVER_SILENT;
    outcomes.put(place, new Outcome(failure, NOTHING, named ? "10.96.7.7:80" : ""));
    return this;
  }

  /** Sets what comes back instead of an answer. */
  public FakeNetwork gives(String place, Failure failure, String body) {
    HttpResponse received = new HttpResponse(0, ImmutableMap.of(), body);
    outcomes.put(place, new Outcome(failure, received, "10.96.7.7:80"));
    return this;
  }

  /** Sets what {@code dig} or {@code nslookup} print, by the whole command line. */
  public FakeNetwork prints(String command, ProgramOutput output) {
    lookups.put(command, output);
    return this;
  }

  @Override
  public void https(
      PodSandbox from,
      String host,
      int port,
      @Nullable HttpRequest request,
      TlsClient client,
      long timeoutNanos,
      Consumer<Outcome> then) {
    if (request == null) {
      connect(from, host, port, timeoutNanos, then);
    } else {
      http(from, host, port, request, timeoutNanos, then);
    }
  }

  @Override
  public void http(
      PodSandbox from,
      String host,
      int port,
      HttpRequest request,
      long timeoutNanos,
      Consumer<Outcome> then) {
    requests.add(request);
    places.add(host + ":" + port);
    timeouts.add(timeoutNanos);
    Outcome failure = outcomes.get(host + ":" + port);
    Outcome outcome = outcomes.getOrDefault(host + ":" + port + request.path(), failure);
    then.accept(outcome == null ? new Outcome(Failure.NAME_NOT_FOUND, NOTHING, "") : outcome);
  }

  @Override
  public void connect(
      PodSandbox from, String host, int port, long timeoutNanos, Consumer<Outcome> then) {
    Outcome outcome = outcomes.get(host + ":" + port);
    then.accept(outcome == null ? new Outcome(Failure.NAME_NOT_FOUND, NOTHING, "") : outcome);
  }

  /** The pod itself hears datagrams; other places answer with their body. */
  @Override
  public void datagram(
      PodSandbox from,
      String host,
      int port,
      String text,
      long timeoutNanos,
      Consumer<Outcome> then) {
    if (host.equals("127.0.0.1") && from.listening(Protocol.UDP, port)) {
      from.datagram(
          port,
          text,
          "127.0.0.1:40000",
          answer ->
              then.accept(
                  new Outcome(
                      Failure.NONE,
                      new HttpResponse(0, ImmutableMap.of(), answer),
                      host + ":" + port)));
      return;
    }
    connect(from, host, port, timeoutNanos, then);
  }

  /** The pod itself speaks; an answer of another place ends the connection when asked. */
  @Override
  public void open(
      PodSandbox from, String host, int port, long timeoutNanos, SocketListener listener) {
    if (host.equals("127.0.0.1") || host.equals("localhost")) {
      if (from.listening(Protocol.TCP, port)) {
        new OwnSocket(listener).open(from, port);
      } else {
        listener.failed(new Outcome(Failure.REFUSED, NOTHING, "127.0.0.1:" + port));
      }
      return;
    }
    connect(
        from,
        host,
        port,
        timeoutNanos,
        outcome -> {
          if (outcome.failure() != Failure.NONE) {
            listener.failed(outcome);
          } else {
            listener.opened(new SilentSocket(listener), outcome.address());
          }
        });
  }

  private record SilentSocket(SocketListener listener) implements Socket {
    @Override
    public void send(String text) {}

    @Override
    public void finish() {
      listener.ended();
    }

    @Override
    public void close() {}
  }

  /** A connection to a server of the same pod, at once. */
  private static final class OwnSocket implements Socket, ServerConnection.Client {
    private final SocketListener listener;
    private ServerConnection server;
    private final StringBuilder early = new StringBuilder();

    OwnSocket(SocketListener listener) {
      this.listener = listener;
    }

    void open(PodSandbox sandbox, int port) {
      server = ServerConnection.to(sandbox, port, "127.0.0.1:40000", this);
      write(new byte[0]);
      listener.opened(this, "127.0.0.1:" + port);
    }

    @Override
    public void send(String text) {
      server.receive(ByteText.bytes(text));
    }

    @Override
    public void finish() {
      server.receiveEnd();
    }

    @Override
    public void close() {
      server.stop();
    }

    @Override
    public void write(byte[] piece) {
      early.append(ByteText.text(piece));
      if (server != null && early.length() > 0) {
        String text = early.toString();
        early.setLength(0);
        listener.received(text);
      }
    }

    @Override
    public void end() {
      listener.ended();
    }
  }

  @Override
  public void dig(PodSandbox from, List<String> arguments, Consumer<ProgramOutput> then) {
    lookup(from, "dig " + String.join(" ", arguments), then);
  }

  @Override
  public void nslookup(PodSandbox from, List<String> arguments, Consumer<ProgramOutput> then) {
    lookup(from, "nslookup " + String.join(" ", arguments), then);
  }

  /** Lookups take one millisecond. */
  private void lookup(PodSandbox from, String command, Consumer<ProgramOutput> then) {
    ProgramOutput output =
        lookups.getOrDefault(command, new ProgramOutput(1, "", command + ": unknown\n"));
    from.runtime()
        .simulation()
        .after(1_000_000L, "fake-network/lookup", command, () -> then.accept(output));
  }

  @Override
  public String resolvConf(PodSandbox from) {
    return "nameserver 10.96.0.10\n";
  }

  @Override
  public String iptablesSave(PodSandbox from, boolean ipv6) {
    return from.hostNetwork() ? "*filter\n:INPUT ACCEPT\nCOMMIT\n*nat\n:KUBE-NODES\nCOMMIT\n" : "";
  }

  @Override
  public String etcHosts(PodSandbox from) {
    return "127.0.0.1\tlocalhost\n" + from.ip() + "\t" + from.hostname() + "\n";
  }
}
