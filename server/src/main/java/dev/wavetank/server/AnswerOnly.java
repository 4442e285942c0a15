package dev.wavetank.server;

import dev.wavetank.core.apiserver.http.ApiResponse;
import java.util.function.Consumer;

/** A client that takes the answer to its request and nothing of what may be streamed after it. */
final class AnswerOnly implements Session.Client {

  private final Consumer<ApiResponse> then;

  AnswerOnly(Consumer<ApiResponse> then) {
    this.then = then;
  }

  @Override
  public void answer(ApiResponse response) {
    then.accept(response);
  }

  @Override
  public void write(byte[] piece) {}

  @Override
  public void end() {}

  @Override
  public void write(int stream, byte[] piece) {}

  @Override
  public void end(int stream) {}

  @Override
  public void close() {}
}
