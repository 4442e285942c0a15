package dev.wavetank.core.container;

import com.google.common.collect.ImmutableMap;
import dev.wavetank.core.container.http.HttpRequest;
import dev.wavetank.core.container.http.HttpResponse;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A network that leads nowhere. */
final class NoNetwork implements ProgramNetwork {

  private static final HttpResponse NOTHING = new HttpResponse(0, ImmutableMap.of(), "");
  private static final String SILENT =
      ";; communications error: network unreachable\n;; no servers could be reached\n";

  @Override
  public void http(
      PodSandbox from,
      String host,
      int port,
      HttpRequest request,
      long timeoutNanos,
      Consumer<Outcome> then) {
    then.accept(new Outcome(Failure.NO_ROUTE, NOTHING, host + ":" + port));
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
    then.accept(new Outcome(Failure.NO_ROUTE, NOTHING, host + ":" + port));
  }

  @Override
  public void connect(
      PodSandbox from, String host, int port, long timeoutNanos, Consumer<Outcome> then) {
    then.accept(new Outcome(Failure.NO_ROUTE, NOTHING, host + ":" + port));
  }

  @Override
  public void datagram(
      PodSandbox from,
      String host,
      int port,
      String text,
      long timeoutNanos,
      Consumer<Outcome> then) {
    then.accept(new Outcome(Failure.NO_ROUTE, NOTHING, host + ":" + port));
  }

  @Override
  public void open(
      PodSandbox from, String host, int port, long timeoutNanos, SocketListener listener) {
    listener.failed(new Outcome(Failure.NO_ROUTE, NOTHING, host + ":" + port));
  }

  @Override
  public void dig(PodSandbox from, List<String> arguments, Consumer<ProgramOutput> then) {
    then.accept(new ProgramOutput(9, SILENT, ""));
  }

  @Override
  public void nslookup(PodSandbox from, List<String> arguments, Consumer<ProgramOutput> then) {
    then.accept(new ProgramOutput(1, SILENT, ""));
  }

  @Override
  public String resolvConf(PodSandbox from) {
    return "";
  }

  @Override
  public String iptablesSave(PodSandbox from, boolean ipv6) {
    return "";
  }

  @Override
  public String etcHosts(PodSandbox from) {
    return "127.0.0.1\tlocalhost\n" + from.ip() + "\t" + from.hostname() + "\n";
  }
}
