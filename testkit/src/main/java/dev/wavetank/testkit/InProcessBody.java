package dev.wavetank.testkit;

import dev.wavetank.core.apiserver.ApiServer;
import dev.wavetank.core.apiserver.Latencies;
import dev.wavetank.core.apiserver.http.ResponseStream;
import dev.wavetank.core.sim.ChoiceStream;
import dev.wavetank.core.sim.Simulation;
import io.fabric8.kubernetes.client.http.AsyncBody;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A body on its way to a fabric8 client, which asks for one piece after the other. A piece that is
 * asked for before it is there is delivered when it comes. What a stream brings after its beginning
 * arrives as an event of its own, with the latency that a watcher of the cluster has.
 */
final class InProcessBody implements AsyncBody, ResponseStream.Sink {

  private final ApiServer server;
  private final ChoiceStream latency;
  private final Consumer<List<ByteBuffer>> consumer;
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private final Queue<byte[]> pieces = new ArrayDeque<>();
  private @Nullable ResponseStream stream;
  private long asked;
  private boolean started;
  private boolean over;
  private boolean delivering;
  private long lastArrivalNanos;

  InProcessBody(ApiServer server, Consumer<List<ByteBuffer>> consumer) {
    this.server = server;
    this.latency = server.simulation().choices().stream("watch/fabric8-client");
    this.consumer = consumer;
  }

  /** The body is known. */
  void whole(byte[] body) {
    if (body.length > 0) {
      pieces.add(body);
    }
    over = true;
  }

  /** The body comes into being while time passes. */
  void stream(ResponseStream source) {
    stream = source;
    source.start(this);
    started = true;
  }

  @Override
  public void write(byte[] piece) {
    arrive("piece", () -> pieces.add(piece));
  }

  @Override
  public void end() {
    arrive("end", () -> over = true);
  }

  /** Pieces arrive in the order in which they were sent. */
  private void arrive(String what, Runnable arrival) {
    if (!started) {
      arrival.run();
      return;
    }
    Simulation simulation = server.simulation();
    Latencies latencies = server.latencies();
    long nanos = latency.between(latencies.watchMinNanos(), latencies.watchMaxNanos());
    lastArrivalNanos = Math.max(lastArrivalNanos, simulation.now() + nanos);
    simulation.at(
        lastArrivalNanos,
        "fabric8-client/receive",
        what,
        () -> {
          arrival.run();
          deliver();
        });
  }

  @Override
  public void consume() {
    asked++;
    deliver();
  }

  /** Asking for more while a piece is delivered only counts up what is asked. */
  private void deliver() {
    if (delivering) {
      return;
    }
    delivering = true;
    try {
      while (asked > 0 && !pieces.isEmpty() && !done.isDone()) {
        asked--;
        consumer.consume(List.of(ByteBuffer.wrap(pieces.remove())), this);
      }
    } catch (Exception e) {
      done.completeExceptionally(e);
      stop();
    } finally {
      delivering = false;
    }
    if (over && pieces.isEmpty() && asked > 0) {
      done.complete(null);
    }
  }

  private void stop() {
    if (stream != null) {
      stream.stop();
    }
  }

  @Override
  public CompletableFuture<Void> done() {
    return done;
  }

  @Override
  public void cancel() {
    pieces.clear();
    stop();
    done.cancel(false);
  }
}
